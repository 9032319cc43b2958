"""Questions and answers, as forms, reviews and the purge need them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from openmap.core.db import session
from openmap.events.models import Event
from openmap.questions.enums import QuestionPurpose
from openmap.questions.models import Answer, AnswerSheet, Question


def questions_of(event: Event, purpose: QuestionPurpose, *, with_retired: bool = False) -> Sequence[Question]:
    """A morning's questions in the order of the form, those no longer asked only on demand."""
    asked = select(Question).filter_by(event_id=event.id, purpose=purpose).order_by(Question.position, Question.id)
    return session.scalars(asked if with_retired else asked.where(Question.retired_at.is_(None))).all()


def questions_for(event: Event, purpose: QuestionPurpose, participant_kind: str) -> list[Question]:
    """What one kind of participant is asked (the values of JSON lists are looked at here: engines differ)."""
    return [question for question in questions_of(event, purpose) if question.is_for(participant_kind)]


def find_question(event: Event, question_id: int) -> Question | None:
    """One question of a morning, of whatever form, asked or retired."""
    own = select(Question).filter_by(event_id=event.id, id=question_id)
    return session.scalars(own).one_or_none()


def answer_counts(questions: Iterable[Question]) -> Mapping[int, int]:
    """How many answers each question has, by its key; those without any are left out."""
    keys = [question.id for question in questions]
    counted = select(Answer.question_id, func.count()).where(Answer.question_id.in_(keys)).group_by(Answer.question_id)
    return dict(session.execute(counted).all())


def sheet_count(event: Event, purpose: QuestionPurpose) -> int:
    """How many have filled this form already."""
    counted = select(func.count()).select_from(AnswerSheet).filter_by(event_id=event.id, purpose=purpose)
    return session.scalar(counted) or 0


def answers_on(sheet_ids: Iterable[int]) -> Mapping[int, list[Answer]]:
    """The answers of many sheets in the order of the form, by sheet; one query, and no file is read."""
    kept = (
        select(Answer)
        .join(Answer.question)
        .where(Answer.sheet_id.in_(set(sheet_ids)))
        .options(contains_eager(Answer.question), joinedload(Answer.file))
        .order_by(Question.position, Question.id)
    )
    found: dict[int, list[Answer]] = {}
    for answer in session.scalars(kept):
        found.setdefault(answer.sheet_id, []).append(answer)
    return found


def find_answer(sheet_id: int | None, answer_id: int) -> Answer | None:
    """One answer of a sheet."""
    return session.scalars(select(Answer).filter_by(sheet_id=sheet_id, id=answer_id)).one_or_none()


def expired_answers(at: datetime) -> Sequence[Answer]:
    """Answers kept longer than their question says, counted in days from the morning."""
    limited = select(Question).where(Question.retention_days.is_not(None)).options(joinedload(Question.event))
    over = [question.id for question in session.scalars(limited) if _is_over(question, at)]
    kept = (
        select(Answer)
        .where(Answer.question_id.in_(over))
        .options(joinedload(Answer.question).joinedload(Question.event), joinedload(Answer.file))
        .order_by(Answer.id)
    )
    return session.scalars(kept).all()


def _is_over(question: Question, at: datetime) -> bool:
    event = question.event
    days = timedelta(days=question.retention_days or 0)
    return event.held_on + days < at.astimezone(event.zone).date()
