"""The worker: one thread sends mails, one does what recurs, and one claims jobs; any number of workers may run.

A job belongs to whoever's conditional UPDATE changed its row, for as long as heartbeats follow.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app
from flask.ctx import AppContext
from sqlalchemy import Update, and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.delivery import deliver_due, release_leases_of_the_dead
from openmap.core.errors import RuleBroken
from openmap.core.jobs import Job, JobState
from openmap.core.recurring import Recurring, run_due
from openmap.core.smtp import ServerAway, post_of
from openmap.core.text import mark

POLL_S = 0.5
RECURRING_POLL_S = 5.0
BEAT_S = 1.0
AWAY_S = 15.0  # how long to leave a mail server or a database alone that does not answer
DEAD_AFTER = timedelta(seconds=30)
TRY_LIMIT = 3
INTERRUPTED = mark("Le calcul s’est interrompu trois fois sans finir. Relancez-le ; si cela se répète, prévenez-nous.")

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """A handler can't do its job; the sentence is shown to whoever asked for it."""


class JobCancelled(Exception):
    """A handler stopped because someone asked for it, and stored nothing."""


@dataclass
class JobContext:
    """What a handler knows of its job and says of its progress; it never touches the job's row itself."""

    job_id: int
    subject_id: int
    worker: str
    progress: float = 0.0
    phase: str = ""
    watch: Callable[[float, str], None] | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    def beat(self, progress: float, phase: str) -> None:
        """Say how far the work is, from 0 to 1, and what it is doing; the heartbeat writes it within a second."""
        self.progress, self.phase = min(1.0, max(0.0, progress)), phase[:60]
        if self.watch:
            self.watch(self.progress, self.phase)

    def cancel_requested(self) -> bool:
        """Whether to stop: someone asked for it, or the job is another worker's by now."""
        return self.stopped.is_set()


Handler = Callable[[JobContext], None]


def worker_name() -> str:
    """A name that no other worker has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def run_worker(handlers: Mapping[str, Handler], recurring: Sequence[Recurring] = (), *, stop: threading.Event) -> None:
    """Send mails, do jobs and what recurs until `stop` is set; needs the application's context."""
    name = worker_name()
    beside = [
        _beside(_send_mails, name, stop, name="mails"),
        _beside(_do_recurring, recurring, stop, name="recurring"),
    ]
    try:
        while not stop.is_set():
            if not _in_peace(lambda: _look_for_work(handlers, worker=name), stop):
                stop.wait(POLL_S)
    finally:
        stop.set()
        for thread in beside:
            thread.join(timeout=10)  # the mail under way is finished and noted


def _beside(work: Callable[..., None], *arguments: object, name: str) -> threading.Thread:
    """Start a thread that works with the application's context and a database session of its own."""
    thread = threading.Thread(target=work, args=(current_app.app_context(), *arguments), name=name, daemon=True)
    thread.start()
    return thread


def _look_for_work(handlers: Mapping[str, Handler], *, worker: str) -> bool:
    reap_jobs()
    return run_next_job(handlers, worker=worker)


def _send_mails(context: AppContext, worker: str, stop: threading.Event) -> None:
    with context:
        post = post_of(current_app)
        _in_peace(lambda: _take_over(worker), stop)
        while not stop.is_set():
            _in_peace(lambda: deliver_due(post, worker=worker, now=now, stopped=stop.is_set) > 0, stop)
            post.close()
            stop.wait(POLL_S)


def _do_recurring(context: AppContext, recurring: Sequence[Recurring], stop: threading.Event) -> None:
    with context:
        while not stop.is_set():
            _in_peace(lambda: bool(run_due(recurring, stopped=stop.is_set)), stop)
            stop.wait(RECURRING_POLL_S)


def _take_over(worker: str) -> bool:
    release_leases_of_the_dead(worker=worker, at=now())
    return True


def _in_peace(work: Callable[[], bool], stop: threading.Event) -> bool:
    """Do a round of work; a server that is away for a while, or a fault of ours, does not end the worker."""
    _say_alive()
    try:
        return work()
    except (ServerAway, SQLAlchemyError) as trouble:
        log.warning("the worker waits %s s: %s", AWAY_S, trouble)
    except Exception:
        log.exception("the worker waits %s s", AWAY_S)
    finally:
        session.remove()
    stop.wait(AWAY_S)
    return False


# --- jobs


def run_next_job(handlers: Mapping[str, Handler], *, worker: str) -> bool:
    """Claim the oldest queued job that a handler can do, and do it; false when there is none."""
    queued = select(Job.id).where(Job.state == JobState.QUEUED, Job.kind.in_(handlers))
    job_id = session.scalar(queued.order_by(Job.created_at, Job.id).limit(1))
    session.rollback()
    if job_id is None:
        return False
    with unit_of_work():
        claimed = claim(job_id, worker=worker)
    if claimed:
        run_claimed(job_id, handlers, worker=worker)
    return True  # another worker may have been first: look again at once


def claim(job_id: int, *, worker: str) -> bool:
    """Take a queued job in the current unit of work; false when another worker was first."""
    at = now()
    taken = (
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.QUEUED)
        .values(state=JobState.RUNNING, worker=worker, tries=Job.tries + 1, started_at=at, heartbeat_at=at)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(taken) is not None


def run_claimed(
    job_id: int,
    handlers: Mapping[str, Handler],
    *,
    worker: str,
    watch: Callable[[float, str], None] | None = None,
) -> None:
    """Do a claimed job and note how it ended; `watch` hears of its progress in this process."""
    kind, subject_id = session.execute(select(Job.kind, Job.subject_id).where(Job.id == job_id)).one()
    session.rollback()
    context = JobContext(job_id, subject_id, worker, watch=watch)
    try:
        with _heartbeat(context):
            handlers[kind](context)
    except JobCancelled:
        _finish(context, JobState.CANCELLED)
    except (JobFailed, RuleBroken) as failure:
        _finish(context, JobState.FAILED, error=str(failure))
    except Exception as error:
        log.exception("job %s (%s)", job_id, kind)
        _finish(context, JobState.FAILED, error=f"{type(error).__name__}: {error}")
    except BaseException:  # the process ends: the next worker starts it again, and this try does not count
        _give_back(context)
        raise
    else:
        _finish(context, JobState.DONE, progress=1.0)


@contextmanager
def _heartbeat(context: JobContext) -> Iterator[None]:
    own_context = current_app.app_context()  # with a database session of its own
    over = threading.Event()

    def beat() -> None:
        with own_context:
            while not over.wait(BEAT_S):
                try:
                    _write_beat(context)
                except SQLAlchemyError as trouble:
                    log.warning("heartbeat of job %s: %s", context.job_id, trouble)
                _say_alive()

    thread = threading.Thread(target=beat, name=f"heartbeat of job {context.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=15)


def _write_beat(context: JobContext) -> None:
    values = {"heartbeat_at": now(), "progress": context.progress, "phase": context.phase}
    with unit_of_work():
        row = session.execute(_held(context).values(values).returning(Job.cancel_requested_at)).one_or_none()
    if row is None or row.cancel_requested_at is not None:
        context.stopped.set()


def _finish(context: JobContext, state: JobState, **values: object) -> None:
    values |= {"state": state, "finished_at": now()}
    with unit_of_work():
        if session.scalar(_held(context).values(values).returning(Job.id)) is None:
            log.warning("job %s was taken over while it ran; its end (%s) is not noted", context.job_id, state)


def _give_back(context: JobContext) -> None:
    with unit_of_work():
        session.execute(_held(context).values(state=JobState.QUEUED, worker=None, tries=Job.tries - 1))


def _held(context: JobContext) -> Update:
    """The update of a job as long as it is still this worker's."""
    return (
        update(Job)
        .where(Job.id == context.job_id, Job.state == JobState.RUNNING, Job.worker == context.worker)
        .execution_options(synchronize_session=False)
    )


def reap_jobs() -> None:
    """Queue again what dead workers left; what they left too often is interrupted, what was cancelled ends."""
    at = now()
    unwanted = and_(Job.state == JobState.QUEUED, Job.cancel_requested_at.is_not(None))
    # A heartbeat far ahead was written under another clock (a demonstration that starts again): nobody beats there.
    silent = or_(Job.heartbeat_at < at - DEAD_AFTER, Job.heartbeat_at > at + DEAD_AFTER)
    dead = and_(Job.state == JobState.RUNNING, silent)
    found = session.scalar(select(Job.id).where(or_(dead, unwanted)).limit(1))
    session.rollback()
    if found is None:
        return
    jobs = update(Job).execution_options(synchronize_session=False)
    left = jobs.where(dead)
    with unit_of_work():
        unwanted_or_left = jobs.where(or_(unwanted, and_(dead, Job.cancel_requested_at.is_not(None))))
        session.execute(unwanted_or_left.values(state=JobState.CANCELLED, finished_at=at))
        session.execute(left.where(Job.tries < TRY_LIMIT).values(state=JobState.QUEUED, worker=None))
        session.execute(left.values(state=JobState.INTERRUPTED, finished_at=at, error=INTERRUPTED))


# --- signs of life


def _say_alive() -> None:
    with suppress(OSError):  # a full disk is said elsewhere
        _sign_of_life(current_app).touch()


def worker_is_alive(app: Flask, *, within_s: float = 60.0) -> bool:
    """Whether a worker of this machine gave a sign of life lately."""
    try:
        return time.time() - _sign_of_life(app).stat().st_mtime < within_s
    except OSError:
        return False


def _sign_of_life(app: Flask) -> Path:
    folder: Path = app.extensions["openmap"].data_dir
    return folder / "worker_beat"
