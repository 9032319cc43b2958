"""Settings from the environment; a bad value stops the start with a sentence."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MOST_HOPS = 5


class BadSetting(ValueError):
    """A setting that cannot work; the message says which and what to write instead."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a process needs to know, read once at its start.

    `mail_delivery` is "smtp", or "site": mails stay on a page of the site, so nothing leaves a demonstration.
    `mail_reply_to` is who reads answers, "" for nobody: mails then never invite to answer.
    `clock_offset` keeps a demonstration of a past morning on its day; production refuses it.
    `forwarded_hops` counts the web servers in front whose word on the client's address is taken.
    """

    data_dir: Path
    database_url: str
    secret_key: str
    public_url: str
    production: bool
    mail_delivery: str
    smtp_host: str
    smtp_port: int
    smtp_username: str
    smtp_password: str
    smtp_tls: str
    mail_sender: str
    mail_reply_to: str
    clock_offset: timedelta
    trusted_hosts: tuple[str, ...]
    forwarded_hops: int

    @property
    def is_demo(self) -> bool:
        """Whether mails stay inside the site, for everyone to read."""
        return self.mail_delivery == "site"


def read_config(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the OPENMAP_* settings; raises BadSetting."""
    data_dir = Path(environ.get("OPENMAP_DATA_DIR", str(ROOT / "var"))).absolute()
    production = _one_of(environ, "OPENMAP_ENV", ("development", "production"), "development") == "production"
    public_url = _public_url(environ)
    offset = _clock_offset(environ, data_dir)
    if production and offset:
        raise BadSetting("OPENMAP_CLOCK_OFFSET_S: a production clock is the real one; unset it")
    demo = (data_dir / "demo").exists()
    mail_delivery = _one_of(environ, "OPENMAP_MAIL_DELIVERY", ("smtp", "site"), "site" if demo else "smtp")
    if production and mail_delivery == "site":
        raise BadSetting(
            "OPENMAP_MAIL_DELIVERY is 'site', where everyone reads every mail, sign-in links included: "
            "write smtp in production"
        )
    return Config(
        data_dir=data_dir,
        database_url=environ.get("OPENMAP_DATABASE_URL", f"sqlite:///{data_dir / 'openmap.sqlite'}"),
        secret_key=_secret_key(environ, data_dir, production=production),
        public_url=public_url,
        production=production,
        mail_delivery=mail_delivery,
        smtp_host=environ.get("OPENMAP_SMTP_HOST", "127.0.0.1"),
        smtp_port=_integer(environ, "OPENMAP_SMTP_PORT", 25, 1, 65535),
        smtp_username=environ.get("OPENMAP_SMTP_USERNAME", ""),
        smtp_password=environ.get("OPENMAP_SMTP_PASSWORD", ""),
        smtp_tls=_one_of(environ, "OPENMAP_SMTP_TLS", ("none", "starttls", "tls"), "none"),
        mail_sender=environ.get("OPENMAP_MAIL_SENDER", "OpenMap <ne-pas-repondre@exemple.fr>"),
        mail_reply_to=_reply_to(environ),
        clock_offset=offset,
        trusted_hosts=_trusted_hosts(environ, public_url),
        forwarded_hops=_integer(environ, "OPENMAP_FORWARDED_HOPS", 0, 0, MOST_HOPS),
    )


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = environ.get(name, default)
    if value not in allowed:
        raise BadSetting(f"{name} is {value!r}: write one of {', '.join(allowed)}")
    return value


def _integer(environ: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = environ.get(name, str(default))
    try:
        value = int(text)
    except ValueError:
        raise BadSetting(f"{name} is {text!r}: write a whole number") from None
    if not lowest <= value <= highest:
        raise BadSetting(f"{name} is {value}: write a number from {lowest} to {highest}")
    return value


def _public_url(environ: Mapping[str, str]) -> str:
    url = environ.get("OPENMAP_PUBLIC_URL", "http://127.0.0.1:5000")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSetting(
            f"OPENMAP_PUBLIC_URL is {url!r}: write the address people use, such as https://openmap.example"
        )
    return url.rstrip("/")


def _reply_to(environ: Mapping[str, str]) -> str:
    address = environ.get("OPENMAP_MAIL_REPLY_TO", "").strip()
    if address and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", address):
        raise BadSetting(
            f"OPENMAP_MAIL_REPLY_TO is {address!r}: write the address of a mailbox that somebody reads, "
            "such as matinales@openmap.example"
        )
    return address


def _trusted_hosts(environ: Mapping[str, str], public_url: str) -> tuple[str, ...]:
    named = environ.get("OPENMAP_TRUSTED_HOSTS", "")
    hosts = [host.strip() for host in named.split(",") if host.strip()]
    return tuple(hosts or [str(urlsplit(public_url).hostname), "127.0.0.1", "localhost"])


def _secret_key(environ: Mapping[str, str], data_dir: Path, *, production: bool) -> str:
    key = environ.get("OPENMAP_SECRET_KEY", "")
    if production:
        if len(key) < 32:
            raise BadSetting(
                "OPENMAP_SECRET_KEY must have at least 32 characters in production; draw one with: "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return key
    return key or _kept_secret(data_dir / "secret_key")


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


def _clock_offset(environ: Mapping[str, str], data_dir: Path) -> timedelta:
    """A demonstration's offset is kept beside its data, so that every command lives on the same day."""
    kept = data_dir / "demo"
    text = environ.get("OPENMAP_CLOCK_OFFSET_S") or (kept.read_text(encoding="ascii") if kept.exists() else "0")
    try:
        return timedelta(seconds=float(text))
    except (ValueError, OverflowError):
        raise BadSetting(f"OPENMAP_CLOCK_OFFSET_S is {text!r}: write a number of seconds") from None
