"""Real servers for the tests: a private PostgreSQL, an SMTP server that keeps what it gets, and Chromium."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from psycopg import sql

LOCALHOST = "127.0.0.1"

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as listener:
        listener.bind((LOCALHOST, 0))
        return int(listener.getsockname()[1])


def chromium_path() -> str | None:
    """The Chromium of the system; None where Playwright should use the one it downloaded itself."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


class ServerDidNotStart(Exception):
    """A server of the tests did not come up; the message ends with what it said."""


class PostgresServer:
    """A throw-away PostgreSQL of its own, on a free port, for the length of a `with` block."""

    def __init__(self) -> None:
        self.port = 0
        self._programs = postgres_programs()
        self._owner = server_owner()
        self._folder = Path()

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="openmap-postgres-"))
        try:
            if self._owner is not None:
                shutil.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
            self._run("initdb", "--username=openmap", "--auth=trust", "--no-sync", "--encoding=UTF8", "--no-locale")
            self._start()
        except BaseException:
            shutil.rmtree(self._folder)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._run("pg_ctl", "stop", "--wait", "--mode=immediate")
        finally:
            shutil.rmtree(self._folder)

    def new_database(self, name: str, *, template: str = "template1") -> str:
        """Create the database `name`, in place of an older one of that name; returns its SQLAlchemy address.

        It is empty, or a copy of `template`, which nobody may be connected to.
        """
        with psycopg.connect(self._address("postgresql", "postgres"), autocommit=True) as connection:
            for statement in ("DROP DATABASE IF EXISTS {0} WITH (FORCE)", "CREATE DATABASE {0} TEMPLATE {1}"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))
        return self._address("postgresql+psycopg", name)

    def _address(self, scheme: str, database: str) -> str:
        return f"{scheme}://openmap@{LOCALHOST}:{self.port}/{database}"

    def _start(self) -> None:
        settings = {
            "listen_addresses": LOCALHOST,
            "unix_socket_directories": "",
            "fsync": "off",  # nothing here outlives the test
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "shared_buffers": "32MB",
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        for attempt in range(3):  # another program may take the port between our look and the start
            self.port = free_port()
            try:
                self._run("pg_ctl", "start", "--wait", f"--log={self._folder}/log", f"-o {options} -p {self.port}")
            except ServerDidNotStart:
                if attempt == 2:
                    raise
            else:
                return

    def _run(self, program: str, *arguments: str) -> None:
        # pg_ctl's server inherits its output: a pipe would never end, a file can.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self._programs / program, *arguments, f"--pgdata={self._folder}/data"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                timeout=60,
                check=False,
                **self._identity(),
            )
            if done.returncode:
                output.seek(0)
                log = self._folder / "log"
                raise ServerDidNotStart(f"{program}: {output.read()}{log.read_text() if log.exists() else ''}")

    def _identity(self) -> dict[str, Any]:
        if self._owner is None:
            return {}
        return {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}


def postgres_programs() -> Path:
    """The folder of `initdb` and `pg_ctl`, which Debian and others keep out of PATH; the newest one."""
    in_path = shutil.which("initdb")
    if in_path and shutil.which("pg_ctl"):
        return Path(in_path).parent
    usable = [
        folder
        for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")
        for folder in Path("/").glob(pattern)
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists()
    ]
    if not usable:
        raise ServerDidNotStart("PostgreSQL's initdb and pg_ctl were not found: .ci/system-packages installs them.")
    return max(usable, key=lambda folder: [int(number) for number in re.findall(r"\d+", str(folder))])


def server_owner() -> pwd.struct_passwd | None:
    """Who runs the server when the tests run as root, which PostgreSQL refuses; None for the current user."""
    if os.getuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


class SmtpServer:
    """An SMTP server that keeps every message, for the length of a `with` block.

    Recipients in `refused` get a permanent error (550); those in `deferred` a temporary one (451).
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.deferred: set[str] = set()
        self._arrived = threading.Condition()
        self._controller = Controller(self, hostname=LOCALHOST, port=free_port())

    @property
    def host(self) -> str:
        """The address to connect to."""
        return LOCALHOST

    @property
    def port(self) -> int:
        """The port to connect to."""
        return int(self._controller.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    def wait_for(self, count: int, *, timeout_s: float = 10) -> list[EmailMessage]:
        """All messages, as soon as there are `count` or more; raises TimeoutError when they don't come."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.messages) >= count, timeout_s):
                raise TimeoutError(f"{len(self.messages)} of {count} messages came in {timeout_s} s")
            return list(self.messages)

    def to(self, address: str) -> list[EmailMessage]:
        """The messages whose visible recipients include `address`."""
        return [message for message in self.messages if address in str(message["To"])]

    # aiosmtpd calls the two below; it gives their names.

    async def handle_RCPT(  # noqa: N802 - see above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to a recipient."""
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        if address in self.deferred:
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - see above
        """Keep a message."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        with self._arrived:
            self.messages.append(message_from_bytes(content, policy=policy.default))
            self._arrived.notify_all()
        return "250 OK"
