"""What recurs: done when its time has come, by one worker only, and without harm to the rest when it fails."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from openmap.core import outbox
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import Mail
from openmap.core.recurring import Recurring, recurring, run_due
from openmap.core.worker import run_worker

MORNING = datetime.fromisoformat("2026-11-20T09:00+01:00")
DAY = timedelta(days=1)


class Bell:
    """A task that notes when it rang."""

    def __init__(self) -> None:
        self.rang: list[datetime] = []
        self.task = recurring("bell", every=DAY)(self.rang.append)


def test_a_task_waits_for_its_time(app: Flask) -> None:
    bell = Bell()
    with time_machine.travel(MORNING, tick=False):
        assert run_due([bell.task]) == ["bell"]
    with time_machine.travel(MORNING + DAY - timedelta(seconds=1), tick=False):
        assert run_due([bell.task]) == []
    with time_machine.travel(MORNING + DAY, tick=False):
        assert run_due([bell.task]) == ["bell"]
    assert bell.rang == [MORNING, MORNING + DAY]


def test_a_clock_set_back_stops_no_task(app: Flask) -> None:
    bell = Bell()
    for at in (MORNING + 30 * DAY, MORNING):
        with time_machine.travel(at, tick=False):
            run_due([bell.task])
    assert bell.rang == [MORNING + 30 * DAY, MORNING]


def test_of_four_workers_one_does_the_task(any_app: Flask) -> None:
    bell, start = Bell(), threading.Barrier(4)

    def work(_number: int) -> None:
        with any_app.app_context():
            start.wait(timeout=20)
            run_due([bell.task])

    for expected in (1, 2):  # the row is new, then known
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        assert len(bell.rang) == expected
        with unit_of_work():
            session.execute(text("DELETE FROM recurring_task") if expected > 1 else text(_A_DAY_AGO[_dialect()]))


_A_DAY_AGO = {
    "sqlite": "UPDATE recurring_task SET started_at = datetime(started_at, '-2 days')",
    "postgresql": "UPDATE recurring_task SET started_at = started_at - interval '2 days'",
}


def _dialect() -> str:
    return session.connection().dialect.name


def test_a_task_that_fails_is_told_and_stops_no_other(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    bell = Bell()

    @recurring("broken", every=DAY)
    def broken(at: datetime) -> None:
        raise ZeroDivisionError(at)

    with caplog.at_level(logging.ERROR, logger="openmap.core.recurring"):
        assert run_due([broken, bell.task]) == ["broken", "bell"]
    assert "recurring task broken" in caplog.text
    assert run_due([broken]) == []  # until its next time


def test_a_worker_does_what_recurs_and_its_mail_leaves_once(app: Flask) -> None:
    stop = threading.Event()

    def remind(at: datetime) -> None:
        with unit_of_work():
            outbox.enqueue(Mail("reminder", "event:1", "amina@exemple.fr", "Rappel", "…", "<p>…</p>"), at=at)

    def end(at: datetime) -> None:
        stop.set()

    tasks = [Recurring("again", DAY, remind), Recurring("remind", DAY, remind), Recurring("end", DAY, end)]
    run_worker({}, tasks, stop=stop)
    assert session.scalar(text("SELECT count(*) FROM outbox_mail")) == 1
    assert now() > MORNING
