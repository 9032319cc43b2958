"""Decisions before they are told, the constraints of a balanced selection, and proposals that can be replayed."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.models import Base
from openmap.juries.models import PitchReview
from openmap.pitches.models import PitchApplication
from openmap.selections.enums import BalanceKind, ChangeKind, Outcome


class Decision(Base):
    """What is decided of one file; pending until the call is released, and only one a file.

    Released, it stays as it was told; `PitchApplication.state` says what became of it since. `mail_sha256` is that of
    the mail that somebody read last: a mail that reads otherwise today was not read.
    """

    __tablename__ = "pitch_decision"
    __table_args__ = (
        UniqueConstraint("application_id"),
        Index("uq_pitch_decision_reserve_rank", "call_id", "reserve_rank", unique=True),
        CheckConstraint("(outcome = 'reserve') = (reserve_rank IS NOT NULL)", name="reserve_has_rank"),
        CheckConstraint("(mail_sha256 = '') = (mail_read_at IS NULL)", name="read_mail_has_time"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("pitch_call.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("pitch_application.id"))
    outcome: Mapped[Outcome]
    reserve_rank: Mapped[int | None]
    message: Mapped[str] = mapped_column(Text, default="")  # the organiser's own words in the mail
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None]
    mail_sha256: Mapped[str] = mapped_column(String(64), default="")
    mail_read_at: Mapped[datetime | None]
    mail_read_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    application: Mapped[PitchApplication] = relationship()
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)
    mail_read_by: Mapped[Person | None] = relationship(foreign_keys=mail_read_by_id)
    feedback: Mapped[list["FeedbackLine"]] = relationship(
        back_populates="decision", cascade="all, delete-orphan", order_by="FeedbackLine.id"
    )


class FeedbackLine(Base):
    """One comment of the jury, chosen and perhaps reworded, that the applicant reads."""

    __tablename__ = "pitch_feedback"
    __table_args__ = (UniqueConstraint("decision_id", "review_id"), CheckConstraint("words <> ''", name="has_words"))

    decision_id: Mapped[int] = mapped_column(ForeignKey("pitch_decision.id"))
    review_id: Mapped[int] = mapped_column(ForeignKey("pitch_review.id"), index=True)
    words: Mapped[str] = mapped_column(Text)

    decision: Mapped[Decision] = relationship(back_populates="feedback")
    review: Mapped[PitchReview] = relationship()


class BoardChange(Base):
    """One change of the board, which it brought to `version`; `before` and `after` are boards by keys of files."""

    __tablename__ = "selection_change"
    __table_args__ = (UniqueConstraint("call_id", "version"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("pitch_call.id"))
    version: Mapped[int]
    kind: Mapped[ChangeKind]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(500), default="")  # a reason, or which proposal
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person | None] = relationship()


class SelectionConstraint(Base):
    """At least or at most so many pitches among files that share something: `values` are stored words of its kind."""

    __tablename__ = "selection_constraint"
    __table_args__ = (
        CheckConstraint("at_least IS NOT NULL OR at_most IS NOT NULL", name="says_something"),
        CheckConstraint("at_least IS NULL OR at_least > 0", name="at_least_is_counted"),
        CheckConstraint("at_most IS NULL OR at_most >= 0", name="at_most_is_counted"),
        CheckConstraint("at_least IS NULL OR at_most IS NULL OR at_least <= at_most", name="bounds_are_in_order"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("pitch_call.id"), index=True)
    kind: Mapped[BalanceKind]
    values: Mapped[list[Any]] = mapped_column(default=list)  # none: each value on its own
    at_least: Mapped[int | None]
    at_most: Mapped[int | None]
    position: Mapped[int]


class SelectionProposal(Base):
    """One proposal of the scheduler, its question frozen, so that anybody can ask it again."""

    __tablename__ = "selection_proposal"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("pitch_call.id"))
    number: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    question_sha256: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    created_by: Mapped[Person | None] = relationship()
