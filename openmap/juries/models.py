"""Reviewers, the files given to them, and their scores."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.models import Base
from openmap.pitches.models import Criterion, PitchApplication, PitchCall


class Reviewer(Base):
    """Somebody invited by mail to judge files; the secret of the invitation is stored hashed."""

    __tablename__ = "pitch_reviewer"
    __table_args__ = (
        UniqueConstraint("call_id", "email"),
        UniqueConstraint("call_id", "person_id"),
        UniqueConstraint("token_hash"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint("accepted_at IS NULL OR person_id IS NOT NULL", name="accepted_is_somebody"),
        CheckConstraint("accepted_at IS NULL OR declined_at IS NULL", name="answers_once"),
        CheckConstraint("(extended_until IS NULL) = (extension_reason = '')", name="extension_has_reason"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("pitch_call.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="")
    body: Mapped[str] = mapped_column(String(200), default="")
    token_hash: Mapped[str] = mapped_column(String(64))
    invited_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    extended_until: Mapped[datetime | None]  # reopened for this reviewer alone, on record
    extension_reason: Mapped[str] = mapped_column(String(300), default="")

    call: Mapped[PitchCall] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def is_active(self) -> bool:
        """Whether this reviewer judges."""
        return self.accepted_at is not None and self.removed_at is None

    @property
    def title(self) -> str:
        """What pages call this reviewer."""
        return self.name or self.email

    def deadline(self) -> datetime:
        """Until when this reviewer gives and changes scores."""
        return max(self.call.jury_closes_at, self.extended_until or self.call.jury_closes_at)

    def judges_at(self, at: datetime) -> bool:
        """Whether this reviewer may still give scores at `at`: never once the decisions were told."""
        return self.is_active and at < self.deadline() and self.call.released_at is None


class Assignment(Base):
    """One file for one reviewer; with a declared conflict of interest it is judged by others."""

    __tablename__ = "pitch_assignment"
    __table_args__ = (
        UniqueConstraint("reviewer_id", "application_id"),
        CheckConstraint("(conflict_at IS NULL) = (conflict_reason = '')", name="conflict_has_reason"),
    )

    reviewer_id: Mapped[int] = mapped_column(ForeignKey("pitch_reviewer.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("pitch_application.id"), index=True)
    assigned_at: Mapped[datetime]
    conflict_at: Mapped[datetime | None]
    conflict_reason: Mapped[str] = mapped_column(String(300), default="")

    reviewer: Mapped[Reviewer] = relationship()
    application: Mapped[PitchApplication] = relationship()
    review: Mapped["PitchReview | None"] = relationship(back_populates="assignment", cascade="all, delete-orphan")


class PitchReview(Base):
    """What one reviewer says of one file: a draft until `submitted_at`; an abstention holds no score."""

    __tablename__ = "pitch_review"
    __table_args__ = (
        UniqueConstraint("assignment_id"),
        CheckConstraint("NOT is_abstention OR submitted_at IS NOT NULL", name="abstention_is_given"),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("pitch_assignment.id"))
    is_abstention: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(Text, default="")  # to the jury; part of it may become feedback
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship(back_populates="review")
    scores: Mapped[list["Score"]] = relationship(back_populates="review", cascade="all, delete-orphan")

    @property
    def is_given(self) -> bool:
        """Whether this is the reviewer's word, and no draft."""
        return self.submitted_at is not None


class Score(Base):
    """One value on one criterion's scale."""

    __tablename__ = "pitch_score"
    __table_args__ = (UniqueConstraint("review_id", "criterion_id"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("pitch_review.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("pitch_criterion.id"), index=True)
    value: Mapped[int]

    review: Mapped[PitchReview] = relationship(back_populates="scores")
    criterion: Mapped[Criterion] = relationship()
