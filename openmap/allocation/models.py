"""Runs: one solve each, with frozen input, its proposals, and what it left out."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.jobs import Job
from openmap.core.models import Base
from openmap.events.models import Event, Table, TimeSlot
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.models import ScheduleVersion


class Run(Base):
    """One solve of one morning: the frozen instance and, once its job is done, the solution, both as JSON text."""

    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        UniqueConstraint("job_id"),
        CheckConstraint("time_limit_s > 0", name="time_limit_is_positive"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    instance: Mapped[str] = mapped_column(Text, deferred=True)
    instance_sha256: Mapped[str] = mapped_column(String(64))
    policy: Mapped[str] = mapped_column(String(20), default="draft")
    time_limit_s: Mapped[int] = mapped_column(default=20)
    seed: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    status: Mapped[str | None] = mapped_column(String(20))  # the solution's own word: optimal, feasible, …
    objectives: Mapped[list[Any] | None]
    solution: Mapped[str | None] = mapped_column(Text, deferred=True)
    all_tried: Mapped[bool | None]  # whether every change that could unlock a request was tried
    version_id: Mapped[int | None] = mapped_column(ForeignKey("schedule_version.id"), index=True)

    event: Mapped[Event] = relationship()
    job: Mapped[Job] = relationship(lazy="joined")
    version: Mapped[ScheduleVersion | None] = relationship()
    allocations: Mapped[list["Allocation"]] = relationship(back_populates="run")
    unmet_requests: Mapped[list["UnmetRequest"]] = relationship(back_populates="run")


class Allocation(Base):
    """One meeting a run proposes."""

    __tablename__ = "allocation"
    __table_args__ = (
        UniqueConstraint("run_id", "request_id"),
        UniqueConstraint("run_id", "table_id", "slot_id"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id"), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("time_slot.id"))
    table_id: Mapped[int] = mapped_column(ForeignKey("meeting_table.id"))

    run: Mapped[Run] = relationship(back_populates="allocations")
    request: Mapped[MeetingRequest] = relationship()
    slot: Mapped[TimeSlot] = relationship(lazy="joined")
    table: Mapped[Table] = relationship(lazy="joined")


class UnmetRequest(Base):
    """One request a run leaves out, why, and what would have unlocked it (JSON of the solution format).

    A declined one is here too: its requester is owed the same answer, though the scheduler never saw it.
    """

    __tablename__ = "unmet_request"
    __table_args__ = (UniqueConstraint("run_id", "request_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    involved: Mapped[list[Any]] = mapped_column(default=list)
    unlock: Mapped[list[Any]] = mapped_column(default=list)
    desk_meetings: Mapped[int] = mapped_column(default=0)  # what the run gives the desk asked for,
    desk_only_meetings: Mapped[int] = mapped_column(default=0)  # and how many of them are a structure's only one

    run: Mapped[Run] = relationship(back_populates="unmet_requests")
    request: Mapped[MeetingRequest] = relationship()


class Pin(Base):
    """A meeting the organiser fixed to a slot: every later run keeps it there."""

    __tablename__ = "pin"
    __table_args__ = (UniqueConstraint("event_id", "request_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("time_slot.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    request: Mapped[MeetingRequest] = relationship()
    slot: Mapped[TimeSlot] = relationship()
