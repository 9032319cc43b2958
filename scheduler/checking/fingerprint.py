"""The fingerprint of an instance, taken from its parsed JSON: equal for all ways of writing the same question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from json import JSONEncoder
from json.encoder import encode_basestring as quoted
from typing import Any

Json = Mapping[str, Any]

ALL_LEVELS = ("coverage", "satisfaction", "breaks", "idle", "changes")
AT_ONCE = 1_000  # rows encoded together: the text of all of them is never there
PLAIN = {"id", "between", "weight"}  # what nearly all requests say

_compact = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def fingerprint(instance: Json) -> str:
    """Return the SHA-256 (hexadecimal) of an openmap-instance/1 in full: keys sorted, no spaces, UTF-8."""
    digest = sha256()
    for text in _texts(instance):
        digest.update(text.encode())
    return digest.hexdigest()


def _texts(instance: Json) -> Iterator[str]:
    """Yield the pieces of the document, its keys in alphabetical order."""
    yield f'{{"coverage_group":{_compact(instance.get("coverage_group", "structure"))}'
    yield f',"format":{_compact(instance["format"])}'
    yield f',"max_break_difference":{_compact(instance.get("max_break_difference"))}'
    yield f',"name":{_compact(instance.get("name", ""))},"participants":'
    yield from _rows(_participant, instance["participants"])
    yield ',"pins":'
    yield from _rows(_place, instance.get("pins", ()))
    yield f',"policy":{_compact(instance.get("policy", ALL_LEVELS))},"precedences":'
    yield from _rows(list, instance.get("precedences", ()))
    yield ',"previous":'
    yield from _rows(_place, instance.get("previous", ()))
    yield ',"requests":'
    yield from _joined(map(_request_text, instance["requests"]))
    yield f',"sessions":{_compact(instance.get("sessions") or [[0, instance["slots"]]])}'
    yield f',"slots":{_compact(instance["slots"])},"tables":{_compact(instance.get("tables"))}}}'


def _rows(fields: Callable[[Any], Any], rows: Iterable[Any]) -> Iterator[str]:
    left = iter(rows)
    return _joined(iter(lambda: _compact(list(map(fields, islice(left, AT_ONCE))))[1:-1], ""))


def _joined(texts: Iterator[str]) -> Iterator[str]:
    separator = "["
    while some := ",".join(islice(texts, AT_ONCE)):
        yield separator + some
        separator = ","
    yield "]" if separator == "," else "[]"


def _place(place: Json) -> Json:
    return {"request": place["request"], "slot": place["slot"]}


def _participant(participant: Json) -> Json:
    fields: dict[str, Any] = {}
    if (capacity := participant.get("capacity", 1)) != 1:
        fields["capacity"] = capacity
    fields |= {"group": participant.get("group", ""), "id": participant["id"]}
    for limit in ("max_consecutive", "max_meetings"):
        if participant.get(limit) is not None:
            fields[limit] = participant[limit]
    if unavailable := sorted(set(participant.get("unavailable", ()))):
        fields["unavailable"] = unavailable
    return fields


def _request_text(request: Json) -> str:
    if request.keys() != PLAIN:
        return _compact(_request(request))
    between = ",".join(map(quoted, request["between"]))
    return f'{{"between":[{between}],"id":{quoted(request["id"])},"weight":{request["weight"]}}}'


def _request(request: Json) -> Json:
    fields: dict[str, Any] = {"between": request["between"], "id": request["id"]}
    if request.get("required", False):
        fields["required"] = True
    if request.get("slots") is not None:
        fields["slots"] = sorted(set(request["slots"]))
    fields["weight"] = request.get("weight", 1)
    return fields
