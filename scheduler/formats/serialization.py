"""Instances and solutions as JSON; anything unexpected is refused with its path."""

from __future__ import annotations

import json
from enum import StrEnum
from hashlib import sha256
from typing import Any

from scheduler.errors import InvalidInput, InvalidInstance, InvalidSolution, shown
from scheduler.formats.json_values import (
    Reader,
    expect_format,
    list_of,
    or_null,
    parsed,
    paused_collector,
    raised_as,
    read_flag,
    read_number,
    read_object,
    read_text,
    read_whole,
)
from scheduler.instance import Instance, LevelName, Participant, Pin, Request
from scheduler.solution import Change, ChangeKind, Count, Level, Meeting, Reason, Solution, Status, Unmet

INSTANCE_FORMAT = "openmap-instance/1"
SOLUTION_FORMAT = "openmap-solution/1"


def read_instance(text: str | bytes) -> Instance:
    """Return the instance that `text` (JSON, UTF-8) describes; raises InvalidInstance."""
    with paused_collector(), raised_as(InvalidInstance):
        fields = read_object(parsed(text), _INSTANCE, ("format", "slots", "participants", "requests"))
        expect_format(fields.pop("format"), INSTANCE_FORMAT)
        fields.setdefault("name", "")
        return Instance(**fields)


def dump_instance(instance: Instance) -> str:
    """Return the one JSON text of `instance`: values by default left out, one participant or request a line."""
    with paused_collector():
        head, tail = _head(instance), _tail(instance)
        participants = ",\n".join(_compact(_participant_fields(participant)) for participant in instance.participants)
        requests = ",\n".join(_compact(_request_fields(request)) for request in instance.requests)
    rows = f'"participants":[\n{participants}],\n"requests":[\n{requests}]'
    return f"{_compact(head)[:-1]},\n{rows},\n{_compact(tail)[1:]}\n"


def instance_document(instance: Instance) -> dict[str, Any]:
    """Return the parsed JSON of `dump_instance`: only lists, dicts, texts, whole numbers, true and null."""
    return {
        **_head(instance),
        "participants": [_participant_fields(participant) for participant in instance.participants],
        "requests": [_request_fields(request) for request in instance.requests],
        **_tail(instance),
    }


def _head(instance: Instance) -> dict[str, Any]:
    return {
        "format": INSTANCE_FORMAT,
        "name": instance.name,
        "slots": instance.slots,
        "sessions": [list(session) for session in instance.sessions],
        "tables": list(instance.tables) if isinstance(instance.tables, tuple) else instance.tables,
    }


def _tail(instance: Instance) -> dict[str, Any]:
    return {
        "pins": [{"request": pin.request, "slot": pin.slot} for pin in instance.pins],
        "precedences": [list(pair) for pair in instance.precedences],
        "previous": [{"request": pin.request, "slot": pin.slot} for pin in instance.previous],
        "policy": [str(name) for name in instance.policy],
        "coverage_group": instance.coverage_group,
        "max_break_difference": instance.max_break_difference,
    }


def instance_sha256(instance: Instance) -> str:
    """Return the SHA-256 (hexadecimal) of the document of `instance`: keys sorted, no spaces, UTF-8."""
    with paused_collector():
        return document_sha256(instance_document(instance))


def document_sha256(document: dict[str, Any]) -> str:
    """Return the SHA-256 (hexadecimal) of what `instance_document` returned."""
    return sha256(_sorted(document).encode()).hexdigest()


def read_solution(text: str | bytes) -> Solution:
    """Return the solution that `text` (JSON, UTF-8) describes; raises InvalidSolution."""
    with paused_collector(), raised_as(InvalidSolution):
        required = ("format", "instance_sha256", "status", "seconds", "seed", "meetings", "objectives")
        fields = read_object(parsed(text), _SOLUTION, required)
        expect_format(fields.pop("format"), SOLUTION_FORMAT)
        return Solution(**fields)


def dump_solution(solution: Solution) -> str:
    """Return the JSON text of `solution`, one meeting a line."""
    with paused_collector():
        document = solution_document(solution)
        lines = {
            key: "[\n" + ",\n".join(map(_compact, value)) + "]" if key in {"meetings", "unmet"} else _compact(value)
            for key, value in document.items()
        }
    return "{" + ",\n".join(f"{_compact(key)}:{text}" for key, text in lines.items()) + "}\n"


def solution_document(solution: Solution) -> dict[str, Any]:
    """Return the parsed JSON of `dump_solution`; `conflict` is there only when the hard rules contradict each other."""
    document: dict[str, Any] = {
        "format": SOLUTION_FORMAT,
        "instance_sha256": solution.instance_sha256,
        "status": str(solution.status),
        "seconds": round(solution.seconds, 4),
        "seed": solution.seed,
        "versions": dict(solution.versions),
        "meetings": [{"request": each.request, "slot": each.slot, "table": each.table} for each in solution.meetings],
        "objectives": [_level_fields(level) for level in solution.objectives],
        "unmet": [_unmet_fields(unmet) for unmet in solution.unmet],
    }
    return document | ({"conflict": list(solution.conflict)} if solution.conflict else {})


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def _participant_fields(participant: Participant) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": participant.id, "group": participant.group}
    if participant.unavailable:
        fields["unavailable"] = sorted(participant.unavailable)
    if participant.capacity != 1:
        fields["capacity"] = participant.capacity
    if participant.max_meetings is not None:
        fields["max_meetings"] = participant.max_meetings
    if participant.max_consecutive is not None:
        fields["max_consecutive"] = participant.max_consecutive
    return fields


def _request_fields(request: Request) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": request.id, "between": list(request.between), "weight": request.weight}
    if request.required:
        fields["required"] = True
    if request.slots is not None:
        fields["slots"] = sorted(request.slots)
    return fields


def _level_fields(level: Level) -> dict[str, Any]:
    value = list(level.value) if isinstance(level.value, tuple) else level.value
    bound = list(level.bound) if isinstance(level.bound, tuple) else level.bound
    return {"name": str(level.name), "value": value, "bound": bound, "proven": level.proven}


def _unmet_fields(unmet: Unmet) -> dict[str, Any]:
    unlock = [
        {"change": str(change.change)} | ({} if change.participant is None else {"participant": change.participant})
        for change in unmet.unlock
    ]
    return {"request": unmet.request, "reason": str(unmet.reason), "with": list(unmet.with_), "unlock": unlock}


_whole_set = list_of(read_whole)


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
    pair = list_of(read_text)(raw)
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
    return Participant(**read_object(raw, _PARTICIPANT, ("id",)))


def _read_request(raw: Any) -> Request:
    return Request(**read_object(raw, _REQUEST, ("id", "between")))


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
    if type(raw) is not dict:
        raise InvalidInput("", f"expected an object, got {shown(raw)}")
    return {key: read_text(value) for key, value in raw.items()}


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
    "between": list_of(read_text),
    "weight": read_whole,
    "required": read_flag,
    "slots": or_null(_read_slots),
}
_PIN: dict[str, Reader] = {"request": read_text, "slot": read_whole}
_INSTANCE: dict[str, Reader] = {
    "format": read_text,
    "name": read_text,
    "slots": read_whole,
    "sessions": list_of(_read_session),
    "tables": or_null(_read_tables),
    "participants": list_of(_read_participant),
    "requests": list_of(_read_request),
    "pins": list_of(_read_pin),
    "precedences": list_of(_read_precedence),
    "previous": list_of(_read_pin),
    "policy": list_of(_read_level_name),
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
    "participant": or_null(read_text),
}
_UNMET: dict[str, Reader] = {
    "request": read_text,
    "reason": lambda raw: Reason(_one_of(Reason, raw)),
    "with": list_of(read_text),
    "unlock": list_of(_read_change),
}
_MEETING: dict[str, Reader] = {"request": read_text, "slot": read_whole, "table": or_null(read_whole)}
_SOLUTION: dict[str, Reader] = {
    "format": read_text,
    "instance_sha256": read_text,
    "status": lambda raw: Status(_one_of(Status, raw)),
    "seconds": read_number,
    "seed": read_whole,
    "versions": _read_versions,
    "meetings": list_of(_read_meeting),
    "objectives": list_of(_read_level),
    "unmet": list_of(_read_unmet),
    "conflict": list_of(read_text),
}
