"""Instances and solutions written as JSON."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from scheduler.formats.json_text import paused_collector
from scheduler.formats.reading import INSTANCE_FORMAT, SOLUTION_FORMAT
from scheduler.instance import Instance, Participant, Request
from scheduler.solution import Level, Solution, Unmet


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
