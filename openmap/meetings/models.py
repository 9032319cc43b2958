"""Published schedules: numbered versions whose meetings cannot overlap, because the database refuses it."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base
from openmap.events.models import Event, Table, TimeSlot
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.enums import MeetingOutcome
from openmap.registrations.models import Desk, Registration

_IS_CURRENT = text("is_current")


class ScheduleVersion(Base):
    """One published schedule of a morning; exactly one version is the current one."""

    __tablename__ = "schedule_version"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        Index(
            "uq_schedule_version_current",
            "event_id",
            unique=True,
            sqlite_where=_IS_CURRENT,
            postgresql_where=_IS_CURRENT,
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=False)
    instance_sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    event: Mapped[Event] = relationship()
    meetings: Mapped[list["Meeting"]] = relationship(back_populates="version")


class Meeting(Base):
    """One published meeting: who, where, when, in one schedule version; `uid` is the same in every version."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("id", "version_id", "slot_id"),  # the target of MeetingParticipant's key
        UniqueConstraint("version_id", "desk_id", "slot_id"),
        UniqueConstraint("version_id", "table_id", "slot_id"),
        UniqueConstraint("version_id", "request_id"),
        UniqueConstraint("version_id", "uid"),
        CheckConstraint("(outcome = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_time"),
        CheckConstraint("sequence >= 0", name="sequence_counts_from_0"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("schedule_version.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("time_slot.id"), index=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"), index=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("meeting_table.id"), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id"), index=True)
    uid: Mapped[str] = mapped_column(String(120))
    sequence: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[MeetingOutcome] = mapped_column(default=MeetingOutcome.PLANNED)
    cancelled_at: Mapped[datetime | None]

    version: Mapped[ScheduleVersion] = relationship(back_populates="meetings")
    slot: Mapped[TimeSlot] = relationship(lazy="joined")
    desk: Mapped[Desk] = relationship()
    table: Mapped[Table] = relationship(lazy="joined")
    request: Mapped[MeetingRequest] = relationship()
    participants: Mapped[list["MeetingParticipant"]] = relationship(back_populates="meeting")


class MeetingParticipant(Base):
    """One participant of one meeting, the desk's own registration included; nobody sits twice in a slot."""

    __tablename__ = "meeting_participant"
    __table_args__ = (
        ForeignKeyConstraint(
            ["meeting_id", "version_id", "slot_id"], ["meeting.id", "meeting.version_id", "meeting.slot_id"]
        ),
        UniqueConstraint("version_id", "registration_id", "slot_id", "seat"),
        UniqueConstraint("meeting_id", "registration_id"),
    )

    meeting_id: Mapped[int]
    version_id: Mapped[int]
    slot_id: Mapped[int]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    seat: Mapped[int] = mapped_column(default=0)  # more than one only for a participant with a capacity above 1

    meeting: Mapped[Meeting] = relationship(back_populates="participants")
    registration: Mapped[Registration] = relationship()
