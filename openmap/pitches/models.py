"""The call for pitches, its criteria, and the applications with their documents."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.files import StoredFile
from openmap.core.models import Base
from openmap.events.models import Event
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.questions.models import AnswerSheet
from openmap.registrations.models import Registration


class PitchCall(Base):
    """One morning's call: when, how many pitches of how many minutes, and until when the jury gives its scores.

    Its questions are the morning's questions of purpose `pitch`. `board_version` counts the changes of the selection's
    board, so that two organisers never decide over each other.
    """

    __tablename__ = "pitch_call"
    __table_args__ = (
        UniqueConstraint("event_id"),
        CheckConstraint("opens_at < closes_at", name="closes_after_it_opens"),
        CheckConstraint("closes_at <= jury_closes_at", name="jury_closes_last"),
        CheckConstraint("places > 0", name="places_are_counted"),
        CheckConstraint("reserve_places >= 0", name="reserve_is_counted"),
        CheckConstraint("pitch_minutes > 0", name="minutes_are_counted"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    jury_closes_at: Mapped[datetime]
    places: Mapped[int]
    reserve_places: Mapped[int] = mapped_column(default=0)
    pitch_minutes: Mapped[int] = mapped_column(default=5)
    guidance: Mapped[str] = mapped_column(Text, default="")
    is_blind: Mapped[bool] = mapped_column(default=False)  # the jury reads files without who sent them
    is_normalised: Mapped[bool] = mapped_column(default=False)  # each reviewer's scores on the same mean and spread
    published_at: Mapped[datetime | None]  # until then only organisers see the call
    released_at: Mapped[datetime | None]  # decisions were told
    confirm_before: Mapped[datetime | None]  # until when the selected confirm
    board_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    criteria: Mapped[list["Criterion"]] = relationship(back_populates="call", order_by="Criterion.position")

    def is_open(self, at: datetime) -> bool:
        """Whether anybody may apply at `at`."""
        return self.published_at is not None and self.opens_at <= at < self.closes_at


class Criterion(Base):
    """What the jury judges, from `lowest` to `highest`, counted `weight` times; retired, it is judged no more."""

    __tablename__ = "pitch_criterion"
    __table_args__ = (
        CheckConstraint("weight > 0", name="weight_counts"),
        CheckConstraint("lowest < highest", name="scale_has_an_order"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("pitch_call.id"), index=True)
    label: Mapped[str] = mapped_column(String(120))
    help_text: Mapped[str] = mapped_column(String(500), default="")
    weight: Mapped[int] = mapped_column(default=1)
    lowest: Mapped[int] = mapped_column(default=1)
    highest: Mapped[int] = mapped_column(default=5)
    position: Mapped[int]
    retired_at: Mapped[datetime | None]

    call: Mapped[PitchCall] = relationship(back_populates="criteria")


class PitchApplication(Base):
    """One structure's file for one call; applying again after a withdrawal, it is the same row again.

    `reserve_rank` is its place on the reserve list; `extended_until` a deadline of its own, with the reason on record;
    `confirm_before` until when it says whether it comes, which a file of the reserve hears later than the others.
    """

    __tablename__ = "pitch_application"
    __table_args__ = (
        UniqueConstraint("call_id", "registration_id"),
        Index("uq_pitch_application_reserve_rank", "call_id", "reserve_rank", unique=True),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL OR state = 'withdrawn'", name="sent_has_time"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_time"),
        CheckConstraint("(state = 'reserve') = (reserve_rank IS NOT NULL)", name="reserve_has_rank"),
        CheckConstraint("(state = 'selected') = (confirmation IS NOT NULL)", name="selected_is_asked"),
        CheckConstraint("(extended_until IS NULL) = (extension_reason = '')", name="extension_has_reason"),
        CheckConstraint("confirmation <> 'asked' OR confirm_before IS NOT NULL", name="asked_has_deadline"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("pitch_call.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    speaker: Mapped[str] = mapped_column(String(120), default="")
    is_first_time: Mapped[bool] = mapped_column(default=False)  # never pitched at any morning
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.DRAFT)
    answer_sheet_id: Mapped[int | None] = mapped_column(ForeignKey("answer_sheet.id"), index=True)
    extended_until: Mapped[datetime | None]
    extension_reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    reserve_rank: Mapped[int | None]
    confirmation: Mapped[Confirmation | None]
    confirm_before: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]  # when the confirmation was given or declined
    decline_reason: Mapped[str] = mapped_column(String(500), default="")

    call: Mapped[PitchCall] = relationship()
    registration: Mapped[Registration] = relationship()
    answer_sheet: Mapped[AnswerSheet | None] = relationship()
    documents: Mapped[list["ApplicationDocument"]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="ApplicationDocument.id"
    )

    def deadline(self, closes_at: datetime | None = None) -> datetime:
        """Until when this file may be sent and edited; with `closes_at`, if the call closed then."""
        closes_at = closes_at or self.call.closes_at
        return max(closes_at, self.extended_until or closes_at)


class ApplicationDocument(Base):
    """A PDF or an image that goes with a file."""

    __tablename__ = "pitch_document"

    application_id: Mapped[int] = mapped_column(ForeignKey("pitch_application.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    added_at: Mapped[datetime]

    application: Mapped[PitchApplication] = relationship(back_populates="documents")
    file: Mapped[StoredFile] = relationship()
