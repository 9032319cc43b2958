"""Taking over the settings of a morning part by part: rows without anybody in them, their dates moved along."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from openmap.core.db import session
from openmap.core.models import Base
from openmap.events.models import Event, MeetingSession
from openmap.questions.enums import QuestionPurpose
from openmap.questions.queries import questions_of
from openmap.series.enums import Part
from openmap.series.moving import Dates
from openmap.series.plan import CALL, CONFIRM, JURY, coaching_name
from openmap.series.settings import PLACES, RULES, call_of, coaching_of, exhibition_of, rows_at

Row = TypeVar("Row", bound=Base)
Copy = Callable[[Event, Event, Dates, datetime], None]
NOBODY: Mapping[str, Any] = MappingProxyType(
    {
        "registration_id": None,
        "exhibitor": "",
        "description": "",
        "contact_name": "",
        "contact_email": "",
        "contact_phone": "",
    }
)


def copy_parts(source: Event, event: Event, parts: Collection[Part], *, dates: Dates, at: datetime) -> None:
    """Take over each of `parts`, in the order of Part: coaching comes after the call it belongs to."""
    for part in Part:
        if part in parts:
            _COPIES[part](source, event, dates, at)
    session.expire(event)


def _again(row: Row, **changed: object) -> Row:
    """The same row once more with a key of its own; in the current unit of work."""
    kept = {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs if column.key != "id"}
    new = type(row)(**{name: list(value) if isinstance(value, list) else value for name, value in kept.items()})
    for name, value in changed.items():
        setattr(new, name, value)
    session.add(new)
    session.flush()
    return new


def _copy_introduction(source: Event, event: Event, __dates: Dates, _at: datetime) -> None:
    event.introduction = source.introduction
    session.flush()


def _copy_slots(source: Event, event: Event, dates: Dates, _at: datetime) -> None:
    for each in source.meeting_sessions:
        again = MeetingSession(event_id=event.id, position=each.position)
        session.add(again)
        session.flush()
        for slot in each.slots:
            starts_at, ends_at = dates.move.span(slot.starts_at, slot.ends_at)
            _again(slot, event_id=event.id, meeting_session_id=again.id, starts_at=starts_at, ends_at=ends_at)
    for table in source.tables:
        _again(table, event_id=event.id)


def _copy_programme(source: Event, event: Event, dates: Dates, _at: datetime) -> None:
    for item in source.programme:
        starts_at, ends_at = dates.move.span(item.starts_at, item.ends_at)
        _again(item, event_id=event.id, starts_at=starts_at, ends_at=ends_at, sequence=0)


def _copy_questions(source: Event, event: Event, _dates: Dates, at: datetime) -> None:
    for question in questions_of(source, QuestionPurpose.REGISTRATION):
        _again(question, event_id=event.id, created_at=at)


def _copy_places(source: Event, event: Event, _dates: Dates, _at: datetime) -> None:
    for table in PLACES:
        for row in rows_at(source, table):
            _again(row, event_id=event.id)


def _copy_rules(source: Event, event: Event, _dates: Dates, at: datetime) -> None:
    for table in RULES:
        for row in rows_at(source, table):
            dated = {"created_at": at} if "created_at" in row.__mapper__.column_attrs else {}
            _again(row, event_id=event.id, **dated)


def _copy_pitches(source: Event, event: Event, dates: Dates, at: datetime) -> None:
    call = call_of(source)
    if call is None:
        return
    for question in questions_of(source, QuestionPurpose.PITCH):
        _again(question, event_id=event.id, created_at=at)
    opens_at, closes_at = dates.span(CALL, call.row.opens_at, call.row.closes_at)
    again = _again(
        call.row,
        event_id=event.id,
        opens_at=opens_at,
        closes_at=closes_at,
        jury_closes_at=max(closes_at, dates.instant(JURY, call.row.jury_closes_at)),
        confirm_before=dates.instant(CONFIRM, call.row.confirm_before) if call.row.confirm_before else None,
        published_at=None,
        released_at=None,
        board_version=0,
        created_at=at,
    )
    for row in (*call.criteria, *call.constraints):
        _again(row, call_id=again.id)


def _copy_coaching(source: Event, event: Event, dates: Dates, at: datetime) -> None:
    call = call_of(event)
    if call is None:
        return
    for each in coaching_of(source):
        starts_at, ends_at = dates.span(coaching_name(each.id), each.starts_at, each.ends_at)
        moved = {"starts_at": starts_at, "ends_at": ends_at, "created_at": at, "edited_at": None}
        _again(each, call_id=call.row.id, link="", sequence=0, **moved)  # a link opens one video room, once


def _copy_exhibition(source: Event, event: Event, dates: Dates, _at: datetime) -> None:
    hall = exhibition_of(source)
    if hall is None:
        return
    opens_at, closes_at = dates.move.span(hall.opens_at, hall.closes_at)
    again = _again(hall, event_id=event.id, opens_at=opens_at, closes_at=closes_at, is_public=False)
    for stand in hall.stands:
        _again(stand, exhibition_id=again.id, **NOBODY)


_COPIES: Mapping[Part, Copy] = MappingProxyType(
    {
        Part.INTRODUCTION: _copy_introduction,
        Part.SLOTS: _copy_slots,
        Part.PROGRAMME: _copy_programme,
        Part.QUESTIONS: _copy_questions,
        Part.PLACES: _copy_places,
        Part.RULES: _copy_rules,
        Part.PITCHES: _copy_pitches,
        Part.COACHING: _copy_coaching,
        Part.EXHIBITION: _copy_exhibition,
    }
)
