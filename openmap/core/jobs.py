"""Long work as a row: its state, heartbeat and tries are the truth; a worker only claims it."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from openmap.core.db import session
from openmap.core.models import Base


class JobState(enum.StrEnum):
    """queued → running → done, failed or cancelled; interrupted when its worker died too often."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self not in {JobState.QUEUED, JobState.RUNNING}


_ACTIVE = text("state IN ('queued', 'running')")


class Job(Base):
    """One piece of long work; `kind` names the function, `subject_id` the row it works on, nothing else travels."""

    __tablename__ = "job"
    __table_args__ = (
        Index("uq_job_exclusive_key", "exclusive_key", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("ix_job_state", "state", "created_at"),
        CheckConstraint("progress >= 0 AND progress <= 1", name="progress_is_a_fraction"),
    )

    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    exclusive_key: Mapped[str | None] = mapped_column(String(80))  # at most one active job a key
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    progress: Mapped[float] = mapped_column(default=0.0)
    phase: Mapped[str] = mapped_column(String(60), default="")
    tries: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancel_requested_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


def enqueue(kind: str, *, subject_id: int, exclusive_key: str | None = None, at: datetime) -> Job:
    """Queue a job in the current unit of work.

    Raises IntegrityError when one with the same `exclusive_key` is still active.
    """
    job = Job(kind=kind, subject_id=subject_id, exclusive_key=exclusive_key, created_at=at)
    session.add(job)
    session.flush()
    return job
