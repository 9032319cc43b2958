"""Mails as messages, and the way they leave: over SMTP with a checked certificate, or onto a page of the site."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from typing import Protocol, cast
from urllib.parse import urlsplit

from flask import Flask
from flask_mail import Connection, Mail, Message

from openmap.config import Config
from openmap.core.text import clean_text

TIMEOUT_S = 20
UTF_8 = Charset("utf-8")
UTF_8.body_encoding = QP  # lines of a page may be longer than the 998 bytes that mail servers take


class NotSent(Exception):
    """One mail did not leave; `permanent` when trying again cannot help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class ServerAway(Exception):
    """The mail server can't be reached or refuses us: no mail's fault."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is needed to send one row of the outbox, read before its transaction ended; `tries` counts this one."""

    id: int
    recipient: str
    subject: str
    text: str
    html: str
    locale: str
    calendar: str | None
    unsubscribe: str | None
    created_at: datetime
    tries: int


class Post(Protocol):
    """A way for mails to leave."""

    def send(self, letter: Letter) -> None:
        """Send one; raises NotSent, or ServerAway."""

    def close(self) -> None:
        """No more mails for now."""


class SitePost:
    """Mails stay on a page of the site: nothing leaves a demonstration."""

    def send(self, letter: Letter) -> None:
        """Nothing to do: its row is what the page shows."""

    def close(self) -> None:
        """Nothing to leave."""


class _SafeConnection(Connection):
    """Flask-Mail's connection with a time limit and a certificate that is checked."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in as the settings say; raises OSError (smtplib's errors are some)."""
        server, port = self.mail.server, self.mail.port
        if self.mail.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(server, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        else:
            host = smtplib.SMTP(server, port, timeout=TIMEOUT_S)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host


class SmtpPost:
    """The mail server of the settings; one connection serves as many mails as it bears."""

    def __init__(self, app: Flask, config: Config) -> None:
        app.config.update(
            MAIL_SERVER=config.smtp_host,
            MAIL_PORT=config.smtp_port,
            MAIL_USE_TLS=config.smtp_tls == "starttls",
            MAIL_USE_SSL=config.smtp_tls == "tls",
            MAIL_USERNAME=config.smtp_username or None,
            MAIL_PASSWORD=config.smtp_password or None,
            MAIL_DEFAULT_SENDER=config.mail_sender,
            MAIL_SUPPRESS_SEND=False,
        )
        self._mail = Mail(app)
        self._sender, self._reply_to = config.mail_sender, config.mail_reply_to
        self._host = str(urlsplit(config.public_url).hostname)
        self._connection: Connection | None = None

    def send(self, letter: Letter) -> None:
        """Send one; raises NotSent, or ServerAway."""
        try:
            message = compose(letter, sender=self._sender, reply_to=self._reply_to, host=self._host)
            message.as_bytes()
        except (ValueError, LookupError) as error:
            raise NotSent(f"the message can't be written: {error}", permanent=True) from error
        connection = self._connection or self._connect()
        try:
            connection.send(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
            code, answer = _answer(refusal)
            if code == 421:  # the server says goodbye
                self.close()
            # A refused sender is a matter of settings: mails wait until someone mends them.
            permanent = code >= 500 and not isinstance(refusal, smtplib.SMTPSenderRefused)
            raise NotSent(f"{code} {answer}", permanent=permanent) from refusal
        except OSError as error:
            self.close()
            raise NotSent(f"{type(error).__name__}: {error}", permanent=False) from error

    def close(self) -> None:
        """Leave the server; the next mail connects again."""
        connection, self._connection = self._connection, None
        if connection and connection.host:
            try:
                connection.host.quit()
            except OSError:
                connection.host.close()

    def _connect(self) -> Connection:
        connection = _SafeConnection(self._mail)
        try:
            connection.__enter__()
        except OSError as error:
            raise ServerAway(f"{type(error).__name__}: {error}") from error
        self._connection = connection
        return connection


def post_of(app: Flask) -> Post:
    """The way out that the settings name."""
    config: Config = app.extensions["openmap"]
    return SitePost() if config.mail_delivery == "site" else SmtpPost(app, config)


def compose(letter: Letter, *, sender: str, reply_to: str, host: str) -> Message:
    """Write the message: text and HTML, with the invitation if any; the same bytes at each try.

    Answers go to `reply_to`, "" for the sender.
    Raises ValueError when an address holds what no header may.
    """
    message = Message(
        subject=" ".join(clean_text(letter.subject).split()),
        recipients=[letter.recipient],
        body=letter.text,
        html=letter.html,
        sender=sender,
        reply_to=reply_to or None,
        date=letter.created_at.timestamp(),
        charset=cast("str", UTF_8),  # Flask-Mail hands it to MIMEText and Header, which take a Charset too
        extra_headers=_headers(letter),
    )
    if letter.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in letter.calendar else "REQUEST"
        message.alts[f"calendar; method={method}"] = letter.calendar
    message.msgId = message_id(letter, host=host)
    if message.has_bad_headers():
        raise ValueError("a line break in a header")
    return message


def _headers(letter: Letter) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": letter.locale}
    if letter.unsubscribe:  # RFC 8058: the mail program shows a button that posts there
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def message_id(letter: Letter, *, host: str) -> str:
    """The Message-ID of a row: a mail sent twice after a crash is shown once by the recipient's program."""
    return f"<outbox-{letter.id}-{letter.created_at:%Y%m%d%H%M%S}@{host}>"


def _answer(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> tuple[int, str]:
    answer: bytes | str
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(refusal.recipients.values()))
    else:
        code, answer = refusal.smtp_code, refusal.smtp_error
    return code, answer.decode(errors="replace") if isinstance(answer, bytes) else answer
