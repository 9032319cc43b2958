"""What the worker does every so often: reminders, digests, estimates; of all workers, one at a time does it.

A task opens its own units of work and may be cut short or done twice: what it sends goes through the outbox, whose
unique key lets no mail leave a second time.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, UniqueConstraint, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.models import Base

Task = Callable[[datetime], None]

log = logging.getLogger(__name__)


class RecurringTask(Base):
    """When a task was last begun; whoever's conditional UPDATE changed the row is the one that does it."""

    __tablename__ = "recurring_task"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Recurring:
    """A task, its name ("requests.reminders") and how long to leave between two beginnings."""

    name: str
    every: timedelta
    task: Task

    def __call__(self, at: datetime) -> None:
        """Do it, whether its time has come or not."""
        self.task(at)


def recurring(name: str, *, every: timedelta) -> Callable[[Task], Recurring]:
    """Make a function of the instant a task; it is done once it stands in `RECURRING` of openmap/cli/processes.py."""

    def named(task: Task) -> Recurring:
        return Recurring(name, every, task)

    return named


def run_due(tasks: Iterable[Recurring], *, stopped: Callable[[], bool] = lambda: False) -> list[str]:
    """Do every task whose time has come and that no other worker began; returns their names.

    One that fails is told in the log and tried again next time: it stops no other.
    """
    begun = dict(session.execute(select(RecurringTask.name, RecurringTask.started_at)).all())
    session.rollback()
    done = []
    for each in tasks:
        at = now()
        if stopped():
            break
        if not _is_due(begun.get(each.name), each.every, at) or not _claim(each, at):
            continue
        try:
            each.task(at)
        except Exception:  # whatever it is, the other tasks go on, and the log tells it
            log.exception("recurring task %s", each.name)
        finally:
            session.remove()
        done.append(each.name)
    return done


def _is_due(begun: datetime | None, every: timedelta, at: datetime) -> bool:
    """Whether its time has come; a beginning far ahead was written under another clock."""
    return begun is None or not at - every < begun <= at + every


def _claim(each: Recurring, at: datetime) -> bool:
    """Take a task that is due; false when another worker was first."""
    rows = RecurringTask.started_at
    due = or_(rows <= at - each.every, rows > at + each.every)
    try:
        with unit_of_work():
            begins = update(RecurringTask).where(RecurringTask.name == each.name, due).values(started_at=at)
            if session.scalar(begins.returning(RecurringTask.id).execution_options(synchronize_session=False)):
                return True
            if session.scalar(select(RecurringTask.id).filter_by(name=each.name)):
                return False
            session.add(RecurringTask(name=each.name, started_at=at))
    except IntegrityError:
        return False
    return True
