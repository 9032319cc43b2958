"""The fingerprint of an instance, taken from its parsed JSON: equal for all ways of writing the same question."""

from __future__ import annotations

from hashlib import sha256
from json import JSONEncoder
from typing import Any

from scheduler.checking.reading import Json

ALL_LEVELS = ("coverage", "satisfaction", "breaks", "idle", "changes")

_compact = JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def fingerprint(instance: Json) -> str:
    """Return the SHA-256 (hexadecimal) of an openmap-instance/1 in full: keys sorted, no spaces, UTF-8."""
    document = {
        "format": instance["format"],
        "name": instance.get("name", ""),
        "slots": instance["slots"],
        "sessions": instance.get("sessions") or [[0, instance["slots"]]],
        "tables": instance.get("tables"),
        "participants": [_participant(each) for each in instance["participants"]],
        "requests": [_request(each) for each in instance["requests"]],
        "pins": [_place(each) for each in instance.get("pins", ())],
        "precedences": instance.get("precedences", []),
        "previous": [_place(each) for each in instance.get("previous", ())],
        "policy": instance.get("policy", ALL_LEVELS),
        "coverage_group": instance.get("coverage_group", "structure"),
        "max_break_difference": instance.get("max_break_difference"),
    }
    return sha256(_compact(document).encode()).hexdigest()


def _place(place: Json) -> Json:
    return {"request": place["request"], "slot": place["slot"]}


def _participant(participant: Json) -> Json:
    fields: dict[str, Any] = {"id": participant["id"], "group": participant.get("group", "")}
    if unavailable := sorted(set(participant.get("unavailable", ()))):
        fields["unavailable"] = unavailable
    if (capacity := participant.get("capacity", 1)) != 1:
        fields["capacity"] = capacity
    for limit in ("max_meetings", "max_consecutive"):
        if participant.get(limit) is not None:
            fields[limit] = participant[limit]
    return fields


def _request(request: Json) -> Json:
    fields: dict[str, Any] = {"id": request["id"], "between": request["between"], "weight": request.get("weight", 1)}
    if request.get("required", False):
        fields["required"] = True
    if request.get("slots") is not None:
        fields["slots"] = sorted(set(request["slots"]))
    return fields
