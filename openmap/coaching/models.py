"""Coaching sessions, who coaches, and who booked a place."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.models import Base
from openmap.pitches.models import PitchApplication, PitchCall

_STANDS = text("cancelled_at IS NULL")


class CoachingSession(Base):
    """Half a day with coaches, before the morning; `link` where it is held at a distance."""

    __tablename__ = "coaching_session"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_it_starts"),
        CheckConstraint("places > 0", name="places_are_counted"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("pitch_call.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(300), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    places: Mapped[int]
    instructions: Mapped[str] = mapped_column(Text, default="")
    sequence: Mapped[int] = mapped_column(default=0)  # of its calendar entries
    edited_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    call: Mapped[PitchCall] = relationship()
    coaches: Mapped[list["Coach"]] = relationship(
        back_populates="coaching_session", cascade="all, delete-orphan", order_by="Coach.id"
    )
    bookings: Mapped[list["CoachingBooking"]] = relationship(
        back_populates="coaching_session", order_by="CoachingBooking.id"
    )


class Coach(Base):
    """Somebody who coaches in one session, told by mail."""

    __tablename__ = "coach"
    __table_args__ = (UniqueConstraint("session_id", "email"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("coaching_session.id"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # who signs in to write notes

    coaching_session: Mapped[CoachingSession] = relationship(back_populates="coaches")
    person: Mapped[Person | None] = relationship()


class CoachingBooking(Base):
    """One selected structure's place in one session; at most one stands at a time."""

    __tablename__ = "coaching_booking"
    __table_args__ = (
        Index(
            "uq_coaching_booking_standing",
            "application_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("coaching_session.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("pitch_application.id"), index=True)
    booked_at: Mapped[datetime]
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reminded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    came: Mapped[bool | None]

    coaching_session: Mapped[CoachingSession] = relationship(back_populates="bookings")
    application: Mapped[PitchApplication] = relationship()
    notes: Mapped[list["CoachingNote"]] = relationship(
        back_populates="booking", cascade="all, delete-orphan", order_by="CoachingNote.id"
    )


class CoachingNote(Base):
    """What was said in a session; the structure reads it only where `is_shared`."""

    __tablename__ = "coaching_note"
    __table_args__ = (CheckConstraint("words <> ''", name="has_words"),)

    booking_id: Mapped[int] = mapped_column(ForeignKey("coaching_booking.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]

    booking: Mapped[CoachingBooking] = relationship(back_populates="notes")
    author: Mapped[Person] = relationship()
