"""Jobs: done once by whoever claims them, taken up again when a worker dies, ended when nobody wants them."""

import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from openmap.core import outbox
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.jobs import Job, JobState, enqueue
from openmap.core.outbox import Mail, MailState, OutboxMail
from openmap.core.worker import (
    DEAD_AFTER,
    TRY_LIMIT,
    Handler,
    JobCancelled,
    JobContext,
    JobFailed,
    claim,
    reap_jobs,
    run_claimed,
    run_next_job,
    run_worker,
    worker_is_alive,
)
from tests.processes import until


def queue(kind: str = "count", subject_id: int = 7) -> int:
    with unit_of_work():
        return enqueue(kind, subject_id=subject_id, at=now()).id


def job(job_id: int) -> Job:
    session.rollback()
    return session.scalars(select(Job).filter_by(id=job_id)).one()


def finish_job(handlers: Mapping[str, Handler]) -> bool:
    return run_next_job(handlers, worker="alice")


def test_a_job_is_done_with_its_subject_and_says_how_far_it_is(app: Flask) -> None:
    job_id = queue(subject_id=42)
    seen = []

    def count(context: JobContext) -> None:
        context.beat(0.5, "counting")
        seen.append(context.subject_id)

    assert finish_job({"count": count}) is True
    assert finish_job({"count": count}) is False
    done = job(job_id)
    assert seen == [42]
    assert (done.state, done.progress, done.tries, done.worker) == (JobState.DONE, 1.0, 1, "alice")
    assert done.finished_at is not None


def test_a_job_without_a_handler_waits_for_a_worker_that_has_one(app: Flask) -> None:
    job_id = queue("solve")
    assert finish_job({}) is False
    assert job(job_id).state is JobState.QUEUED


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (JobFailed("Aucun créneau n’est défini."), "Aucun créneau n’est défini."),
        (ZeroDivisionError("division"), "ZeroDivisionError: division"),
    ],
)
def test_a_failed_job_keeps_its_sentence_and_the_next_one_runs(app: Flask, failure: Exception, sentence: str) -> None:
    failing, fine = queue("fail"), queue()

    def fail(context: JobContext) -> None:
        raise failure

    handlers: dict[str, Handler] = {"fail": fail, "count": lambda context: None}
    assert finish_job(handlers)
    assert finish_job(handlers)
    assert (job(failing).state, job(failing).error) == (JobState.FAILED, sentence)
    assert job(fine).state is JobState.DONE


def test_two_workers_claim_a_job_once(any_app: Flask) -> None:
    job_ids = [queue(subject_id=number) for number in range(20)]
    start = threading.Barrier(2)

    def claims(worker: str) -> list[int]:
        with any_app.app_context():
            start.wait(timeout=20)
            won = []
            for job_id in job_ids:
                with unit_of_work():
                    if claim(job_id, worker=worker):
                        won.append(job_id)
            return won

    with ThreadPoolExecutor(2) as pool:
        of_alice, of_bob = pool.map(claims, ["alice", "bob"])
    assert sorted(of_alice + of_bob) == job_ids
    assert {job(job_id).worker for job_id in of_alice} <= {"alice"}


def test_whoever_asks_to_cancel_is_heard_within_a_heartbeat(app: Flask) -> None:
    job_id = queue()

    def count(context: JobContext) -> None:
        with unit_of_work():
            session.execute(update(Job).where(Job.id == job_id).values(cancel_requested_at=now()))
        assert context.stopped.wait(timeout=20)
        assert context.cancel_requested()
        raise JobCancelled

    finish_job({"count": count})
    assert job(job_id).state is JobState.CANCELLED


def test_a_job_cancelled_before_it_began_never_begins(app: Flask) -> None:
    job_id = queue()
    with unit_of_work():
        session.execute(update(Job).values(cancel_requested_at=now()))
    reap_jobs()
    assert finish_job({"count": lambda context: None}) is False
    assert job(job_id).state is JobState.CANCELLED


def test_the_heartbeat_writes_progress_while_the_work_goes_on(app: Flask) -> None:
    job_id = queue()
    written = []

    def count(context: JobContext) -> None:
        first = job(job_id).heartbeat_at
        context.beat(0.25, "counting")
        ticks = threading.Event()
        for _ in range(200):
            row = job(job_id)
            if row.heartbeat_at != first:
                written.append((row.progress, row.phase))
                return
            ticks.wait(0.05)

    finish_job({"count": count})
    assert written == [(0.25, "counting")]


def fall_silent(job_id: int, by: timedelta) -> None:
    with unit_of_work():
        session.execute(update(Job).where(Job.id == job_id).values(heartbeat_at=now() - by))


def test_a_silent_workers_job_is_queued_again_then_interrupted(any_app: Flask) -> None:
    job_id = queue()
    for number in range(1, TRY_LIMIT + 1):
        with unit_of_work():
            assert claim(job_id, worker=f"worker {number}")
        reap_jobs()
        assert job(job_id).state is JobState.RUNNING  # its heart beats
        fall_silent(job_id, DEAD_AFTER + timedelta(seconds=1))
        reap_jobs()
        assert job(job_id).state is (JobState.QUEUED if number < TRY_LIMIT else JobState.INTERRUPTED)
    interrupted = job(job_id)
    assert interrupted.finished_at is not None
    assert "Relancez-le" in str(interrupted.error)


def test_a_job_that_began_under_a_later_clock_is_not_taken_for_alive(app: Flask) -> None:
    job_id = queue()
    with unit_of_work():
        claim(job_id, worker="alice")
    fall_silent(job_id, -timedelta(days=6))
    reap_jobs()
    assert job(job_id).state is JobState.QUEUED


def test_a_worker_that_lost_its_job_stops_and_changes_nothing(app: Flask) -> None:
    job_id = queue()

    def count(context: JobContext) -> None:
        fall_silent(job_id, DEAD_AFTER * 2)
        reap_jobs()
        with unit_of_work():
            assert claim(job_id, worker="bob")
        assert context.stopped.wait(timeout=20)

    finish_job({"count": count})
    assert (job(job_id).state, job(job_id).worker) == (JobState.RUNNING, "bob")


def test_a_job_left_because_the_process_ends_waits_for_the_next_worker(app: Flask) -> None:
    job_id = queue()
    with unit_of_work():
        claim(job_id, worker="alice")

    def leave(context: JobContext) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        run_claimed(job_id, {"count": leave}, worker="alice")
    assert (job(job_id).state, job(job_id).tries) == (JobState.QUEUED, 0)


def test_a_worker_works_until_it_is_told_to_stop(app: Flask) -> None:
    job_id, stop = queue(), threading.Event()
    assert not worker_is_alive(app)

    def count(context: JobContext) -> None:
        stop.set()

    run_worker({"count": count}, stop=stop)
    assert job(job_id).state is JobState.DONE
    assert worker_is_alive(app)


class Listener(logging.Handler):
    """Notes that something was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.set()


def test_a_database_in_trouble_does_not_end_the_worker(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openmap.core.worker.AWAY_S", 0.01)
    listener, stop = Listener(), threading.Event()
    logging.getLogger("openmap.core.worker").addHandler(listener)
    job_id = queue()

    def rename(old: str, new: str) -> None:
        with unit_of_work():
            session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    def mend(context: JobContext) -> None:
        assert listener.heard.wait(timeout=20)
        rename("elsewhere", "outbox_mail")
        with unit_of_work():
            outbox.enqueue(Mail("programme", "1", "amina@exemple.fr", "Programme", "…", "<p>…</p>"), at=now())
        until(lambda: _only_mail() is MailState.SENT, what="the mail")
        stop.set()

    rename("outbox_mail", "elsewhere")  # every look at the mails fails
    run_worker({"count": mend}, stop=stop)
    logging.getLogger("openmap.core.worker").removeHandler(listener)
    assert (job(job_id).state, _only_mail()) == (JobState.DONE, MailState.SENT)


def _only_mail() -> MailState:
    session.rollback()
    return session.scalars(select(OutboxMail.state)).one()


STUCK = """
    import threading
    from openmap.app import create_app
    from openmap.core.worker import run_next_job

    def stuck(context):
        print("begun", flush=True)
        threading.Event().wait()

    with create_app().app_context():
        run_next_job({"count": stuck}, worker="killed")
"""


def test_a_killed_workers_job_is_done_by_the_next_one(app: Flask) -> None:
    job_id = queue()
    environment = {"OPENMAP_DATA_DIR": str(app.extensions["openmap"].data_dir), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", textwrap.dedent(STUCK)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n"
        worker.send_signal(signal.SIGKILL)
    handlers: dict[str, Handler] = {"count": lambda context: None}
    reap_jobs()
    assert not finish_job(handlers)  # it may still be alive
    fall_silent(job_id, DEAD_AFTER + timedelta(seconds=1))
    reap_jobs()
    assert finish_job(handlers)
    assert (job(job_id).state, job(job_id).tries, job(job_id).worker) == (JobState.DONE, 2, "alice")
