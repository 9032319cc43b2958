"""Asking, rewording and retiring questions; keeping and purging answers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.files import StoredFile
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.questions import queries
from openmap.questions.enums import QuestionKind, QuestionPurpose
from openmap.questions.models import Answer, AnswerSheet, Question

QUESTION_LIMIT = 30  # more is a survey, not a registration


class KindIsFixed(RuleBroken):
    """People answered: another kind of answer would make theirs unreadable."""

    message = mark(
        "%(count)s réponses sont déjà là : le type ne peut plus changer. Retirez cette question et posez-en une "
        "autre ; les réponses resteront lisibles."
    )
    field = "kind"


class TooManyQuestions(RuleBroken):
    """The form would be too long to be filled."""

    message = mark("Il y a déjà %(limit)s questions, le maximum. Retirez-en une avant d’en ajouter.")


@dataclass(frozen=True, slots=True)
class Wording:
    """What an organiser says of a question; see Question."""

    kind: QuestionKind
    label: str
    help_text: str = ""
    is_required: bool = False
    participant_kinds: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    smallest: int | None = None
    largest: int | None = None
    retention_days: int | None = None


def add_question(
    event: Event, purpose: QuestionPurpose, wording: Wording, *, by: Person | None, at: datetime
) -> Question:
    """Ask one thing more, at the end of the form. Raises TooManyQuestions."""
    lock(event)
    _check_room(event, purpose)
    last = session.scalar(select(func.max(Question.position)).filter_by(event_id=event.id, purpose=purpose)) or 0
    question = Question(event_id=event.id, purpose=purpose, position=last + 1, created_at=at, **_columns(wording))
    session.add(question)
    audit.record(by, "question.added", question, at=at, event_id=event.id, label=wording.label)
    return question


def edit_question(question: Question, wording: Wording, *, by: Person | None, at: datetime) -> None:
    """Say it better; answers stay word by word as they were given. Raises KindIsFixed."""
    lock(question)
    count = queries.answer_counts([question]).get(question.id, 0)
    if count and wording.kind is not question.kind:
        raise KindIsFixed(count=count)
    for name, value in _columns(wording).items():
        setattr(question, name, value)
    audit.record(by, "question.edited", question, at=at, event_id=question.event_id, label=wording.label)


def move_question(question: Question, *, places: int, by: Person | None, at: datetime) -> None:
    """Move a question up (-1) or down (1) among those that are asked; at an end it stays."""
    lock(question.event)
    asked = list(queries.questions_of(question.event, question.purpose))
    if question not in asked:
        return
    place = asked.index(question)
    asked.insert(min(max(0, place + places), len(asked) - 1), asked.pop(place))
    for position, each in enumerate(asked, start=1):
        each.position = position
    audit.record(by, "question.moved", question, at=at, event_id=question.event_id, label=question.label)


def retire_question(question: Question, *, by: Person | None, at: datetime) -> None:
    """Ask it no more; its answers stay readable."""
    lock(question)
    question.retired_at = question.retired_at or at
    audit.record(by, "question.retired", question, at=at, event_id=question.event_id, label=question.label)


def restore_question(question: Question, *, by: Person | None, at: datetime) -> None:
    """Ask it again, at the place it had. Raises TooManyQuestions."""
    lock(question.event)
    if question.retired_at is not None:
        _check_room(question.event, question.purpose)
        question.retired_at = None
        audit.record(by, "question.restored", question, at=at, event_id=question.event_id, label=question.label)


def keep_answers(
    sheet: AnswerSheet | None,
    *,
    event: Event,
    purpose: QuestionPurpose,
    given: Mapping[int, str | StoredFile],
    at: datetime,
) -> AnswerSheet:
    """Keep what was answered, by question; what the form no longer asks stays, what was emptied goes."""
    if sheet is None:
        sheet = AnswerSheet(event_id=event.id, purpose=purpose, created_at=at)
        session.add(sheet)
        session.flush()
    kept = {answer.question_id: answer for answer in sheet.answers}
    for question in queries.questions_of(event, purpose):
        value, before = given.get(question.id), kept.get(question.id)
        if not value:
            if before is not None:
                _forget(before)
            continue
        answer = before or Answer(sheet_id=sheet.id, question_id=question.id)
        replaced = answer.file
        answer.value, answer.file_id = ("", value.id) if isinstance(value, StoredFile) else (value, None)
        answer.answered_at = at
        session.add(answer)
        if replaced is not None and replaced is not value:
            session.flush()
            session.delete(replaced)
    session.flush()
    session.expire(sheet, ["answers"])
    return sheet


def purge_answers(*, at: datetime) -> int:
    """Erase the answers, files included, whose time is over; returns how many there were."""
    over = queries.expired_answers(at)
    for answer in over:
        _forget(answer)
    for event_id in sorted({answer.question.event_id for answer in over}):
        count = sum(answer.question.event_id == event_id for answer in over)
        audit.record(None, "answers.purged", session.get_one(Event, event_id), at=at, event_id=event_id, answers=count)
    return len(over)


def _forget(answer: Answer) -> None:
    file = answer.file
    session.delete(answer)
    session.flush()
    if file is not None:
        session.delete(file)


def _check_room(event: Event, purpose: QuestionPurpose) -> None:
    if len(queries.questions_of(event, purpose)) >= QUESTION_LIMIT:
        raise TooManyQuestions(limit=QUESTION_LIMIT)


def _columns(wording: Wording) -> dict[str, object]:
    columns = asdict(wording)
    columns |= {name: list(columns[name]) for name in ("participant_kinds", "choices")}
    if not wording.kind.has_choices:
        columns["choices"] = []
    if not wording.kind.has_bounds:
        columns |= {"smallest": None, "largest": None}
    return columns
