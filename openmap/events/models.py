"""A series of mornings; each with its programme, meeting sessions, time slots and tables."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base
from openmap.events.enums import ProgrammeKind
from openmap.organisations.enums import Sector


class Series(Base):
    """Mornings of one family: OpenMap Numériques, OpenMap ESS."""

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("slug"),)

    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")


class Event(Base):
    """One morning: where, when, until when to register, ask and answer, and how many requests each may send."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("request_quota > 0", name="quota_is_positive"),
        CheckConstraint("registration_closes_at <= requests_close_at", name="registration_closes_first"),
        CheckConstraint("requests_close_at <= answers_close_at", name="answers_close_last"),
    )

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    sector: Mapped[Sector]
    held_on: Mapped[date]
    timezone: Mapped[str] = mapped_column(String(60), default="Europe/Paris")
    venue: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300))
    introduction: Mapped[str] = mapped_column(Text, default="")
    registration_closes_at: Mapped[datetime]
    requests_close_at: Mapped[datetime]
    answers_close_at: Mapped[datetime]
    request_quota: Mapped[int] = mapped_column(default=5)
    reported: Mapped[dict[str, Any]] = mapped_column(default=dict)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    is_draft: Mapped[bool] = mapped_column(default=False, server_default=false())  # only organisers see it yet

    series: Mapped[Series] = relationship(lazy="joined")
    programme: Mapped[list["ProgrammeItem"]] = relationship(order_by="ProgrammeItem.starts_at")
    meeting_sessions: Mapped[list["MeetingSession"]] = relationship(order_by="MeetingSession.position")
    slots: Mapped[list["TimeSlot"]] = relationship(order_by="TimeSlot.position")
    tables: Mapped[list["Table"]] = relationship(order_by="Table.number")

    @property
    def zone(self) -> ZoneInfo:
        """The morning's own time zone, in which its deadlines and slots are told."""
        return ZoneInfo(self.timezone)

    def registration_open(self, at: datetime) -> bool:
        """Whether someone may still register at `at`; nobody does before the morning is published."""
        return not self.is_draft and at < self.registration_closes_at

    def requests_open(self, at: datetime) -> bool:
        """Whether a structure may still send, rank or withdraw requests at `at`."""
        return not self.is_draft and at < self.requests_close_at

    def answers_open(self, at: datetime) -> bool:
        """Whether a desk may still answer at `at`."""
        return not self.is_draft and at < self.answers_close_at

    def is_past(self, at: datetime) -> bool:
        """Whether the morning's day is over at `at`, where it takes place."""
        return self.held_on < at.astimezone(self.zone).date()


class ProgrammeItem(Base):
    """One line of the programme; `capacity` is how many the room holds, None where nobody counts.

    Where `is_reserved`, participants reserve their place in it beforehand.
    """

    __tablename__ = "programme_item"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_it_starts"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_is_counted"),
        CheckConstraint("NOT is_reserved OR capacity IS NOT NULL", name="reserved_places_are_counted"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    kind: Mapped[ProgrammeKind]
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(120), default="", server_default="")
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    capacity: Mapped[int | None]
    is_reserved: Mapped[bool] = mapped_column(default=False, server_default=false())
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")  # of its calendar entry


class MeetingSession(Base):
    """A stretch of consecutive slots; a pause between two of them is nobody's waiting."""

    __tablename__ = "meeting_session"
    __table_args__ = (UniqueConstraint("event_id", "position"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    position: Mapped[int]

    slots: Mapped[list["TimeSlot"]] = relationship(order_by="TimeSlot.position", back_populates="meeting_session")


class TimeSlot(Base):
    """One slot; `position` counts from 0 over the whole morning, as in the instance given to the scheduler."""

    __tablename__ = "time_slot"
    __table_args__ = (
        UniqueConstraint("event_id", "position"),
        CheckConstraint("starts_at < ends_at", name="ends_after_it_starts"),
        CheckConstraint("position >= 0", name="position_counts_from_0"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    meeting_session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id"), index=True)
    position: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    meeting_session: Mapped[MeetingSession] = relationship(back_populates="slots")


class Table(Base):
    """A numbered table of the meeting room."""

    __tablename__ = "meeting_table"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        CheckConstraint("number > 0", name="number_counts_from_1"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int]
