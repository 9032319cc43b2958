"""A morning's own questions and what was answered; whose answers they are, the feature that asks knows."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.files import StoredFile
from openmap.core.models import Base
from openmap.events.models import Event
from openmap.questions.enums import QuestionKind, QuestionPurpose


class Question(Base):
    """One question; retired, it is asked no more and its answers stay readable.

    `participant_kinds` holds values of OrganisationKind, none meaning everyone; `choices` are the words to choose
    from; `smallest` and `largest` bound a number, or how many boxes are ticked; `retention_days` count from the
    morning, None meaning as long as the registration.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_event_purpose", "event_id", "purpose", "position"),
        CheckConstraint("smallest IS NULL OR largest IS NULL OR smallest <= largest", name="bounds_are_in_order"),
        CheckConstraint("retention_days IS NULL OR retention_days >= 0", name="retention_is_after_the_morning"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    purpose: Mapped[QuestionPurpose]
    kind: Mapped[QuestionKind]
    label: Mapped[str] = mapped_column(String(200))
    help_text: Mapped[str] = mapped_column(String(500), default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    participant_kinds: Mapped[list[Any]] = mapped_column(default=list)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    smallest: Mapped[int | None]
    largest: Mapped[int | None]
    retention_days: Mapped[int | None]
    position: Mapped[int]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()

    def is_for(self, participant_kind: str) -> bool:
        """Whether participants of this kind are asked."""
        return not self.participant_kinds or participant_kind in self.participant_kinds

    @property
    def field_name(self) -> str:
        """The name of its field in a form."""
        return f"question_{self.id}"


class AnswerSheet(Base):
    """One participant's answers for one purpose."""

    __tablename__ = "answer_sheet"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    purpose: Mapped[QuestionPurpose]
    created_at: Mapped[datetime]

    answers: Mapped[list["Answer"]] = relationship(back_populates="sheet", cascade="all, delete-orphan")


class Answer(Base):
    """One answer in words (several choices, one a line), or a file; purged, its row is gone."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("sheet_id", "question_id"),
        CheckConstraint("(file_id IS NULL) = (value <> '')", name="words_or_file"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("answer_sheet.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    value: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    answered_at: Mapped[datetime]

    sheet: Mapped[AnswerSheet] = relationship(back_populates="answers")
    question: Mapped[Question] = relationship()
    file: Mapped[StoredFile | None] = relationship()
