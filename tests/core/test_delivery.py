"""Mails leave over a real SMTP server: each once, refused ones alone, and nothing is lost with a killed worker."""

import ssl
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from openmap.app import create_app
from openmap.config import Config
from openmap.core.db import db, session, unit_of_work
from openmap.core.delivery import LEASE, TRY_LIMIT, deliver_due, lease_next, wait_after
from openmap.core.outbox import Mail, MailState, OutboxMail, enqueue
from openmap.core.smtp import Letter, Post, ServerAway, post_of
from tests.applications import settings_for
from tests.servers import LOCALHOST, SmtpServer, free_port

CERTIFICATE = Path(__file__).with_name("mail_server.pem")  # self-signed for 127.0.0.1, with its key
NOON = datetime(2017, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def smtp_app(config: Config, smtp_server: SmtpServer) -> Iterator[Flask]:
    """An application whose mails leave over SMTP."""
    yield from application(config, smtp_server.port)


def application(config: Config, port: int, **settings: str) -> Iterator[Flask]:
    settings |= {"OPENMAP_MAIL_DELIVERY": "smtp", "OPENMAP_SMTP_PORT": str(port)}
    app = create_app(settings_for(config.data_dir, **settings))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def write_to(
    recipient: str,
    *,
    subject: str = "Votre programme",
    calendar: str | None = None,
    unsubscribe: str | None = None,
) -> OutboxMail:
    mail = Mail(
        kind="programme",
        key=f"version:1:{subject}",
        recipient=recipient,
        subject=subject,
        text="Premier rendez-vous à 10 h 45.\n",
        html="<p>Premier rendez-vous à <strong>10 h 45</strong>." + " " * 1500 + "</p>",
        calendar=calendar,
        unsubscribe=unsubscribe,
    )
    with unit_of_work():
        return enqueue(mail, at=NOON)


def deliver(app: Flask, *, at: datetime = NOON, worker: str = "alice") -> int:
    post = post_of(app)
    try:
        return deliver_due(post, worker=worker, now=lambda: at, stopped=lambda: False)
    finally:
        post.close()


def mail_to(recipient: str) -> OutboxMail:
    session.rollback()
    return session.scalars(select(OutboxMail).filter_by(recipient=recipient)).one()


def test_a_mail_arrives_once_with_text_html_and_honest_headers(smtp_app: Flask, smtp_server: SmtpServer) -> None:
    write_to("amina@exemple.fr", subject="Votre programme\r\nBcc: bruno@exemple.fr")
    assert deliver(smtp_app) == 1
    assert deliver(smtp_app, at=NOON + timedelta(days=2)) == 0
    [message] = smtp_server.messages
    assert message["Subject"] == "Votre programme Bcc: bruno@exemple.fr"
    assert message["To"] == "amina@exemple.fr"
    assert message["From"] == "OpenMap <ne-pas-repondre@exemple.fr>"
    assert message["Bcc"] is None
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOON
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Premier rendez-vous à 10 h 45."
    assert "<strong>10 h 45</strong>" in html.get_content()
    assert max(len(line) for line in message.as_bytes().splitlines()) <= 998
    row = mail_to("amina@exemple.fr")
    assert (row.state, row.sent_at, row.tries, row.leased_by) == (MailState.SENT, NOON, 1, None)


def test_answers_reach_the_mailbox_of_the_settings(config: Config, smtp_server: SmtpServer) -> None:
    for recipient, settings in (
        ("amina@exemple.fr", {}),
        ("bruno@exemple.fr", {"OPENMAP_MAIL_REPLY_TO": "matinales@exemple.fr"}),
    ):
        with contextmanager(application)(config, smtp_server.port, **settings) as app:
            write_to(recipient)
            deliver(app)
    assert [message["Reply-To"] for message in smtp_server.messages] == [None, "matinales@exemple.fr"]


def test_an_invitation_travels_as_a_calendar_part(smtp_app: Flask, smtp_server: SmtpServer) -> None:
    write_to("amina@exemple.fr", calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    deliver(smtp_app)
    [part] = [part for part in smtp_server.messages[0].walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    assert "BEGIN:VCALENDAR" in part.get_content()


def test_a_mail_that_may_be_ended_by_one_click_says_where_to_mail_programs(
    smtp_app: Flask, smtp_server: SmtpServer
) -> None:
    address = f"https://openmap.example.fr/next-editions/end/{'0123456789abcdef' * 4}"
    write_to("amina@exemple.fr", unsubscribe=address)
    write_to("bruno@exemple.fr")
    deliver(smtp_app)
    to_amina, to_bruno = smtp_server.messages
    assert to_amina["List-Unsubscribe"].replace(" ", "") == f"<{address}>"
    assert to_amina["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert to_bruno["List-Unsubscribe"] is None


def test_a_temporary_refusal_is_tried_again_later_and_later(smtp_app: Flask, smtp_server: SmtpServer) -> None:
    write_to("bruno@exemple.fr")
    smtp_server.deferred.add("bruno@exemple.fr")
    assert deliver(smtp_app) == 0
    row = mail_to("bruno@exemple.fr")
    assert (row.state, row.next_try_at, row.last_error) == (
        MailState.RETRY,
        NOON + timedelta(minutes=1),
        "451 4.3.0 Try again later",
    )
    smtp_server.deferred.clear()
    assert deliver(smtp_app, at=NOON + timedelta(seconds=59)) == 0
    assert deliver(smtp_app, at=NOON + timedelta(seconds=60)) == 1
    assert [message["To"] for message in smtp_server.messages] == ["bruno@exemple.fr"]
    waits = [wait_after(tries) for tries in range(1, TRY_LIMIT)]
    assert waits == sorted(waits)
    assert sum(waits, timedelta()) > timedelta(days=1)


def test_after_eight_tries_a_mail_is_parked_for_someone_to_look_at(smtp_app: Flask, smtp_server: SmtpServer) -> None:
    write_to("bruno@exemple.fr")
    smtp_server.deferred.add("bruno@exemple.fr")
    for day in range(TRY_LIMIT + 1):
        deliver(smtp_app, at=NOON + timedelta(days=day))
    row = mail_to("bruno@exemple.fr")
    assert (row.state, row.tries) == (MailState.PARKED, TRY_LIMIT)


def test_one_poisoned_mail_never_stops_the_others(smtp_app: Flask, smtp_server: SmtpServer) -> None:
    write_to("nobody@exemple.fr")
    write_to("evil@exemple.fr\r\nBcc: everyone@exemple.fr")
    write_to("charlie@exemple.fr")
    smtp_server.refused.add("nobody@exemple.fr")
    assert deliver(smtp_app) == 1
    assert [message["To"] for message in smtp_server.messages] == ["charlie@exemple.fr"]
    refused = mail_to("nobody@exemple.fr")
    assert (refused.state, refused.last_error) == (MailState.PARKED, "550 5.1.1 No such mailbox")
    assert mail_to("evil@exemple.fr\r\nBcc: everyone@exemple.fr").state is MailState.PARKED


def test_a_mail_server_that_is_away_counts_against_no_mail(config: Config) -> None:
    for app in application(config, free_port()):
        write_to("amina@exemple.fr")
        for _ in range(TRY_LIMIT + 1):
            with pytest.raises(ServerAway):
                deliver(app)
        row = mail_to("amina@exemple.fr")
        assert (row.state, row.tries) == (MailState.QUEUED, 0)
        assert "refused" in str(row.last_error)


def test_a_mail_never_leaves_in_clear_when_encryption_is_demanded(config: Config, smtp_server: SmtpServer) -> None:
    for app in application(config, smtp_server.port, OPENMAP_SMTP_TLS="starttls"):  # the server offers none
        write_to("amina@exemple.fr")
        with pytest.raises(ServerAway):
            deliver(app)
    assert smtp_server.messages == []


@pytest.fixture(params=["starttls", "tls"])
def encrypted(request: pytest.FixtureRequest, smtp_server: SmtpServer) -> Iterator[tuple[str, int]]:
    """A way to encrypt, and the port of a server that does so under a certificate of its own making."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    options: dict[str, Any] = {"tls_context" if request.param == "starttls" else "ssl_context": context}
    controller = Controller(smtp_server, hostname=LOCALHOST, port=free_port(), **options)
    controller.start()
    yield request.param, controller.port
    controller.stop()


def test_a_certificate_that_nobody_vouches_for_is_refused(
    config: Config, encrypted: tuple[str, int], smtp_server: SmtpServer
) -> None:
    for app in application(config, encrypted[1], OPENMAP_SMTP_TLS=encrypted[0]):
        write_to("amina@exemple.fr")
        with pytest.raises(ServerAway, match="CERTIFICATE_VERIFY_FAILED"):
            deliver(app)
    assert smtp_server.messages == []


def test_mails_travel_encrypted_to_a_server_that_is_trusted(
    config: Config, encrypted: tuple[str, int], smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    for app in application(config, encrypted[1], OPENMAP_SMTP_TLS=encrypted[0]):
        write_to("amina@exemple.fr")
        assert deliver(app) == 1
    assert [message["To"] for message in smtp_server.messages] == ["amina@exemple.fr"]


def test_workers_share_the_queue_and_each_mail_leaves_once(any_app: Flask) -> None:
    names = [f"p{number}@exemple.fr" for number in range(40)]
    for name in names:
        write_to(name)
    start, left = threading.Barrier(3), Recorder()

    def work(worker: str) -> None:
        with any_app.app_context():
            start.wait(timeout=20)
            deliver_due(left, worker=worker, now=lambda: NOON, stopped=lambda: False)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, ["alice", "bob", "charlie"]))
    assert sorted(left.recipients) == sorted(names)
    session.rollback()
    assert set(session.scalars(select(OutboxMail.state))) == {MailState.SENT}


class Recorder:
    """A post that remembers whom it was given mails for."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    def send(self, letter: Letter) -> None:
        self.recipients.append(letter.recipient)

    def close(self) -> None:
        """Nothing to leave."""


def test_a_leased_mail_is_nobody_elses_until_its_lease_ends(smtp_app: Flask) -> None:
    write_to("amina@exemple.fr")
    first = lease_next(worker="alice", at=NOON)
    assert first is not None
    assert lease_next(worker="bob", at=NOON + LEASE - timedelta(seconds=1)) is None
    again = lease_next(worker="bob", at=NOON + LEASE)
    assert again is not None
    assert (again.id, again.tries) == (first.id, 2)


KILLED = """
    import os, signal, sys
    from datetime import datetime
    from openmap.app import create_app
    from openmap.core.delivery import deliver_due
    from openmap.core.smtp import post_of

    class Killed:
        def __init__(self, post, moment):
            self.post, self.moment = post, moment
        def send(self, letter):
            if self.moment == "after":
                self.post.send(letter)
            os.kill(os.getpid(), signal.SIGKILL)

    app = create_app()
    with app.app_context():
        at = datetime.fromisoformat(sys.argv[1])
        deliver_due(Killed(post_of(app), sys.argv[2]), worker="killed", now=lambda: at, stopped=lambda: False)
"""


@pytest.mark.parametrize(("moment", "arrivals"), [("before", 1), ("after", 2)])
def test_a_killed_workers_mail_leaves_after_its_lease_with_the_same_message_id(
    smtp_app: Flask, smtp_server: SmtpServer, moment: str, arrivals: int
) -> None:
    write_to("amina@exemple.fr")
    environment = {
        "OPENMAP_DATA_DIR": str(smtp_app.extensions["openmap"].data_dir),
        "OPENMAP_PUBLIC_URL": "http://localhost",
        "OPENMAP_SMTP_PORT": str(smtp_server.port),
    }
    command = [sys.executable, "-c", textwrap.dedent(KILLED), NOON.isoformat(), moment]
    killed = subprocess.run(command, env=environment, timeout=60, check=False)
    assert killed.returncode == -9
    assert mail_to("amina@exemple.fr").state is MailState.LEASED
    assert deliver(smtp_app) == 0
    assert deliver(smtp_app, at=NOON + LEASE) == 1
    assert len(smtp_server.messages) == arrivals
    row = mail_to("amina@exemple.fr")
    assert {message["Message-ID"] for message in smtp_server.messages} == {
        f"<outbox-{row.id}-20171102120000@localhost>"
    }


def test_in_a_demonstration_mails_are_sent_without_leaving(app: Flask, smtp_server: SmtpServer) -> None:
    write_to("amina@exemple.fr")
    assert deliver(app) == 1
    assert mail_to("amina@exemple.fr").state is MailState.SENT
    assert smtp_server.messages == []


def test_a_mail_queued_under_a_later_clock_is_not_held_back(app: Flask) -> None:
    write_to("amina@exemple.fr")
    assert deliver(app, at=NOON - timedelta(days=6)) == 1


class Faulty:
    """A post with a fault of its own."""

    def send(self, letter: Letter) -> None:
        raise ZeroDivisionError

    def close(self) -> None:
        """Nothing to leave."""


def test_a_fault_of_ours_delays_a_mail_and_loses_none(app: Flask) -> None:
    write_to("amina@exemple.fr")
    write_to("bruno@exemple.fr")
    faulty: Post = Faulty()
    assert deliver_due(faulty, worker="alice", now=lambda: NOON, stopped=lambda: False) == 0
    assert {mail_to(f"{name}@exemple.fr").state for name in ("amina", "bruno")} == {MailState.RETRY}
    assert deliver(app, at=NOON + timedelta(minutes=1)) == 2
