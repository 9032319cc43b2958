"""Instances and solutions written as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any

from scheduler.formats.json_text import paused_collector
from scheduler.formats.reading import INSTANCE_FORMAT, SOLUTION_FORMAT
from scheduler.instance import Instance, Participant, Pin, Request
from scheduler.solution import Change, Level, Meeting, Solution, Unmet

AT_ONCE = 1_000  # rows that are encoded together


class Rows(Iterable[Any]):
    """The items of a long list as JSON, made anew each time they are gone through: never all there at once."""

    def __init__(self, values: Sequence[Any], fields: Callable[[Any], Any]) -> None:
        self._values = values
        self._fields = fields

    def __iter__(self) -> Iterator[Any]:
        return map(self._fields, self._values)

    def texts(self, encode: Callable[[Any], str]) -> Iterator[str]:
        """Yield the text of some rows at a time, without brackets and the commas between the times."""
        rows = iter(self)
        while some := list(islice(rows, AT_ONCE)):
            yield encode(some)[1:-1]


def dump_instance(instance: Instance) -> str:
    """Return the one JSON text of `instance`: values by default left out, one participant or request a line."""
    return "".join(_lines(instance_rows(instance), "id"))


def dump_solution(solution: Solution) -> str:
    """Return the JSON text of `solution`, one meeting a line."""
    return "".join(_lines(solution_rows(solution), "request"))


def _lines(document: dict[str, Any], first_key: str) -> Iterator[str]:
    """Yield the pieces of a document's text, a line per key and per object of a long list."""
    between = f'}},{{"{first_key}":'  # inside a text its quotation marks would be escaped
    with paused_collector():
        opening = "{"
        for key, value in document.items():
            yield f"{opening}{_compact(key)}:"
            if isinstance(value, Rows):
                texts = (text.replace(between, between.replace(",", ",\n")) for text in value.texts(_compact))
                yield from _joined(texts, "[\n", ",\n", "]")
            else:
                yield _compact(value)
            opening = ",\n"
    yield "}\n"


def _joined(texts: Iterable[str], first: str, between: str, last: str) -> Iterator[str]:
    opening = first
    for text in texts:
        yield opening + text
        opening = between
    yield last if opening == between else first + last


def instance_document(instance: Instance) -> dict[str, Any]:
    """Return the parsed JSON of `dump_instance`: only lists, dicts, texts, whole numbers, true and null."""
    return {key: list(value) if isinstance(value, Rows) else value for key, value in instance_rows(instance).items()}


def instance_rows(instance: Instance) -> dict[str, Any]:
    """Return `instance_document` with `Rows` for its long lists."""
    return {
        "format": INSTANCE_FORMAT,
        "name": instance.name,
        "slots": instance.slots,
        "sessions": [list(session) for session in instance.sessions],
        "tables": list(instance.tables) if isinstance(instance.tables, tuple) else instance.tables,
        "participants": Rows(instance.participants, _participant_fields),
        "requests": Rows(instance.requests, _request_fields),
        "pins": Rows(instance.pins, _pin_fields),
        "precedences": Rows(instance.precedences, list),
        "previous": Rows(instance.previous, _pin_fields),
        "policy": [str(name) for name in instance.policy],
        "coverage_group": instance.coverage_group,
        "max_break_difference": instance.max_break_difference,
    }


def instance_sha256(instance: Instance) -> str:
    """Return the SHA-256 (hexadecimal) of the document of `instance`: keys sorted, no spaces, UTF-8."""
    digest = sha256()
    with paused_collector():
        opening = "{"
        for key, value in sorted(instance_rows(instance).items()):
            digest.update(f"{opening}{_compact(key)}:".encode())
            texts = _joined(value.texts(_sorted), "[", ",", "]") if isinstance(value, Rows) else [_sorted(value)]
            for text in texts:
                digest.update(text.encode())
            opening = ","
    digest.update(b"}")
    return digest.hexdigest()


def solution_document(solution: Solution) -> dict[str, Any]:
    """Return the parsed JSON of `dump_solution`; `conflict` and `all_tried` only where they say something."""
    return {key: list(value) if isinstance(value, Rows) else value for key, value in solution_rows(solution).items()}


def solution_rows(solution: Solution) -> dict[str, Any]:
    """Return `solution_document` with `Rows` for its long lists."""
    document: dict[str, Any] = {
        "format": SOLUTION_FORMAT,
        "instance_sha256": solution.instance_sha256,
        "status": str(solution.status),
        "seconds": round(solution.seconds, 4),
        "seed": solution.seed,
        "versions": dict(solution.versions),
        "meetings": Rows(solution.meetings, _meeting_fields),
        "objectives": [_level_fields(level) for level in solution.objectives],
        "unmet": Rows(solution.unmet, _unmet_fields),
    }
    if not solution.all_tried:
        document["all_tried"] = False
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


def _pin_fields(pin: Pin) -> dict[str, Any]:
    return {"request": pin.request, "slot": pin.slot}


def _meeting_fields(meeting: Meeting) -> dict[str, Any]:
    return {"request": meeting.request, "slot": meeting.slot, "table": meeting.table}


def _level_fields(level: Level) -> dict[str, Any]:
    value = list(level.value) if isinstance(level.value, tuple) else level.value
    bound = list(level.bound) if isinstance(level.bound, tuple) else level.bound
    return {"name": str(level.name), "value": value, "bound": bound, "proven": level.proven}


def _unmet_fields(unmet: Unmet) -> dict[str, Any]:
    unlock = list(map(_change_fields, unmet.unlock)) if unmet.unlock else []
    return {"request": unmet.request, "reason": unmet.reason.value, "with": list(unmet.with_), "unlock": unlock}


def _change_fields(change: Change) -> dict[str, Any]:
    return {"change": change.change.value} | ({} if change.participant is None else {"participant": change.participant})
