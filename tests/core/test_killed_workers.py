"""Workers are killed again and again while mails leave over SMTP: none is lost, and a twin is known by its name."""

import os
import signal
from collections import Counter
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.delivery import lease_next, release_leases_of_the_dead
from openmap.core.outbox import Mail, MailState, OutboxMail, enqueue_all
from tests.processes import is_running, served, until
from tests.servers import SmtpServer

MAILS, KILLS = 400, 3


def queue(count: int) -> None:
    mails = [
        Mail("programme", f"version:{number}", f"p{number}@exemple.fr", "Programme", "…\n", "<p>…</p>")
        for number in range(count)
    ]
    with unit_of_work():
        enqueue_all(mails, at=now())


def has_ended(pid: int) -> bool:
    return not is_running(pid)


def sent_count() -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(OutboxMail).filter_by(state=MailState.SENT)) or 0


def test_no_mail_is_lost_with_killed_workers_and_twins_have_one_name(app: Flask, smtp_server: SmtpServer) -> None:
    data_dir: Path = app.extensions["openmap"].data_dir
    queue(MAILS)
    with served(data_dir, OPENMAP_SMTP_PORT=str(smtp_server.port)) as site:
        for kill in range(1, KILLS + 1):
            smtp_server.wait_for(kill * MAILS // (KILLS + 2), timeout_s=60)
            worker = site.worker
            os.kill(worker, signal.SIGKILL)
            until(partial(has_ended, worker), what="its end")
        until(lambda: sent_count() == MAILS, what="every mail")
    arrived = Counter(str(message["To"]) for message in smtp_server.messages)
    assert set(arrived) == {f"p{number}@exemple.fr" for number in range(MAILS)}
    assert arrived.total() <= MAILS + KILLS
    assert len({str(message["Message-ID"]) for message in smtp_server.messages}) == MAILS


def test_only_what_a_dead_worker_of_this_machine_held_is_let_go(app: Flask) -> None:
    queue(4)
    alive, dead, elsewhere, own = (
        f"here:{os.getppid()}:aa",
        "here:4194304:bb",
        "there:4194304:cc",
        f"here:{os.getpid()}:dd",
    )
    for holder in (alive, dead, elsewhere, f"here:{os.getpid()}:ee"):
        assert lease_next(worker=holder, at=now())
    assert lease_next(worker=own, at=now()) is None
    release_leases_of_the_dead(worker=own, at=now())
    taken = [lease_next(worker=own, at=now()) for _ in range(3)]
    assert [letter.recipient for letter in taken if letter] == ["p1@exemple.fr", "p3@exemple.fr"]
