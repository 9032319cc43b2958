"""Instances and solutions read from JSON; anything unexpected is refused with its path."""

from __future__ import annotations

from enum import StrEnum
from sys import intern
from typing import Any

from scheduler.errors import InvalidInput, InvalidInstance, InvalidSolution, shown
from scheduler.formats.json_text import paused_collector
from scheduler.formats.json_values import (
    ListOf,
    Reader,
    expect_format,
    or_null,
    pairs_of,
    raised_as,
    read_document,
    read_flag,
    read_number,
    read_object,
    read_text,
    read_whole,
)
from scheduler.instance import MAX_PARTICIPANTS, MAX_REQUESTS, Instance, LevelName, Participant, Pin, Request
from scheduler.solution import Change, ChangeKind, Count, Level, Meeting, Reason, Solution, Status, Unmet

INSTANCE_FORMAT = "openmap-instance/1"
SOLUTION_FORMAT = "openmap-solution/1"


def read_instance(text: str | bytes) -> Instance:
    """Return the instance that `text` (JSON, UTF-8) describes; raises InvalidInstance."""
    with paused_collector(), raised_as(InvalidInstance):
        fields = read_document(text, _INSTANCE, ("format", "slots", "participants", "requests"))
        expect_format(fields.pop("format"), INSTANCE_FORMAT)
        fields.setdefault("name", "")
        return Instance(**fields)


def read_solution(text: str | bytes) -> Solution:
    """Return the solution that `text` (JSON, UTF-8) describes; raises InvalidSolution."""
    with paused_collector(), raised_as(InvalidSolution):
        required = ("format", "instance_sha256", "status", "seconds", "seed", "meetings", "objectives")
        fields = read_document(text, _SOLUTION, required)
        expect_format(fields.pop("format"), SOLUTION_FORMAT)
        return Solution(**fields)


_TEXTS = {str}
_whole_set = ListOf(read_whole)


def _read_slots(raw: Any) -> frozenset[int]:
    slots = _whole_set(raw)
    distinct = frozenset(slots)
    if len(distinct) != len(slots):
        twice = next(place for place, slot in enumerate(slots) if slot in slots[:place])
        raise InvalidInput(f"[{twice}]", f"slot {shown(slots[twice])} is given twice")
    return distinct


def _read_tables(raw: Any) -> int | tuple[int, ...]:
    return _whole_set(raw) if type(raw) is list else read_whole(raw)


def _read_session(raw: Any) -> tuple[int, int]:
    ends = _whole_set(raw)
    if len(ends) != 2:
        raise InvalidInput("", f"expected [start, end], got {len(ends)} values")
    return ends[0], ends[1]


def _read_precedence(raw: Any) -> tuple[str, str]:
    pair = ListOf(read_text)(raw)
    if len(pair) != 2:
        raise InvalidInput("", f"expected [before, after], got {len(pair)} values")
    return pair[0], pair[1]


def _read_level_name(raw: Any) -> LevelName:
    return LevelName(_one_of(LevelName, raw))


def _one_of(names: type[StrEnum], raw: Any) -> str:
    text = read_text(raw)
    if text not in set(names):
        raise InvalidInput("", f"expected one of {', '.join(names)}, got {shown(text)}")
    return text


def _read_participant(raw: Any) -> Participant:
    fields = read_object(raw, _PARTICIPANT, ("id",))
    return Participant(intern(fields.pop("id")), **fields)


def _read_request(raw: Any) -> Request:
    if type(raw) is tuple and len(raw) == 3:
        (first, name), (second, between), (third, weight) = raw
        is_plain = first == "id" and second == "between" and third == "weight" and type(name) is str
        if is_plain and type(between) is list and type(weight) is int and set(map(type, between)) == _TEXTS:
            return Request(name, tuple(map(intern, between)), weight)  # most of a million are like that
    return Request(**read_object(raw, _REQUEST, ("id", "between")))


def _read_name(raw: Any) -> str:
    return intern(read_text(raw))


def _read_pin(raw: Any) -> Pin:
    return Pin(**read_object(raw, _PIN, ("request", "slot")))


def _read_count(raw: Any) -> Count:
    return _whole_set(raw) if type(raw) is list else read_whole(raw)


def _read_level(raw: Any) -> Level:
    fields = read_object(raw, _LEVEL, ("name", "value", "bound", "proven"))
    del fields["proven"]  # follows from value and bound; a file that claims otherwise is for `checks` to expose
    return Level(**fields)


def _read_change(raw: Any) -> Change:
    return Change(**read_object(raw, _CHANGE, ("change",)))


def _read_unmet(raw: Any) -> Unmet:
    fields = read_object(raw, _UNMET, ("request", "reason", "with", "unlock"))
    return Unmet(fields["request"], fields["reason"], fields["with"], fields["unlock"])


def _read_meeting(raw: Any) -> Meeting:
    return Meeting(**read_object(raw, _MEETING, ("request", "slot")))


def _read_versions(raw: Any) -> dict[str, str]:
    return read_object(raw, {key: read_text for key, _ in pairs_of(raw)}, ())


_PARTICIPANT: dict[str, Reader] = {
    "id": read_text,
    "group": read_text,
    "unavailable": _read_slots,
    "capacity": read_whole,
    "max_meetings": or_null(read_whole),
    "max_consecutive": or_null(read_whole),
}
_REQUEST: dict[str, Reader] = {
    "id": read_text,
    "between": ListOf(_read_name),
    "weight": read_whole,
    "required": read_flag,
    "slots": or_null(_read_slots),
}
_PIN: dict[str, Reader] = {"request": read_text, "slot": read_whole}
_INSTANCE: dict[str, Reader] = {
    "format": read_text,
    "name": read_text,
    "slots": read_whole,
    "sessions": ListOf(_read_session),
    "tables": or_null(_read_tables),
    "participants": ListOf(_read_participant, most=MAX_PARTICIPANTS),
    "requests": ListOf(_read_request, most=MAX_REQUESTS),
    "pins": ListOf(_read_pin, most=MAX_REQUESTS),
    "precedences": ListOf(_read_precedence, most=MAX_REQUESTS),
    "previous": ListOf(_read_pin, most=MAX_REQUESTS),
    "policy": ListOf(_read_level_name),
    "coverage_group": read_text,
    "max_break_difference": or_null(read_whole),
}
_LEVEL: dict[str, Reader] = {
    "name": _read_level_name,
    "value": _read_count,
    "bound": _read_count,
    "proven": read_flag,
}
_CHANGE: dict[str, Reader] = {
    "change": lambda raw: ChangeKind(_one_of(ChangeKind, raw)),
    "participant": or_null(_read_name),
}
_UNMET: dict[str, Reader] = {
    "request": read_text,
    "reason": lambda raw: Reason(_one_of(Reason, raw)),
    "with": ListOf(_read_name),
    "unlock": ListOf(_read_change),
}
_MEETING: dict[str, Reader] = {"request": read_text, "slot": read_whole, "table": or_null(read_whole)}
_SOLUTION: dict[str, Reader] = {
    "format": read_text,
    "instance_sha256": read_text,
    "status": lambda raw: Status(_one_of(Status, raw)),
    "seconds": read_number,
    "seed": read_whole,
    "versions": _read_versions,
    "meetings": ListOf(_read_meeting, most=MAX_REQUESTS),
    "objectives": ListOf(_read_level),
    "unmet": ListOf(_read_unmet, most=MAX_REQUESTS),
    "conflict": ListOf(read_text),
    "all_tried": read_flag,
}
