"""Selections and their answers as JSON, both ways; anything unexpected is refused with its path."""

from __future__ import annotations

import json
from enum import StrEnum
from hashlib import sha256
from typing import Any

from scheduler.errors import InvalidInput, shown
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
from scheduler.selection.answer import (
    BindingRule,
    Contradiction,
    LeftOut,
    LeftOutReason,
    Limit,
    Reserve,
    RulePrice,
    SelectionAnswer,
    SelectionLevel,
    SelectionLevelName,
    Unlock,
    UnlockKind,
)
from scheduler.selection.question import (
    MAX_CANDIDATES,
    MAX_GROUPS,
    MAX_RESERVE,
    MAX_RULES,
    Candidate,
    FixedCandidate,
    GroupRule,
    InvalidSelection,
    SelectionQuestion,
)
from scheduler.solution import Status

QUESTION_FORMAT = "openmap-selection/1"
ANSWER_FORMAT = "openmap-selection-answer/1"
MAX_CHARACTERS = 20_000_000  # of a text: it is there as a whole, unlike an instance's


def read_selection(text: str | bytes) -> SelectionQuestion:
    """Return the selection that `text` (JSON, UTF-8) asks for; raises InvalidSelection."""
    with raised_as(InvalidSelection):
        fields = read_document(_short(text), _QUESTION, ("format", "places", "candidates"))
        expect_format(fields.pop("format"), QUESTION_FORMAT)
        fields.setdefault("name", "")
        return SelectionQuestion(**fields)


def read_answer(text: str | bytes) -> SelectionAnswer:
    """Return the answer that `text` (JSON, UTF-8) gives; raises InvalidSelection."""
    with raised_as(InvalidSelection):
        required = ("format", "question_sha256", "status", "seconds", "seed", "chosen", "objectives", "left_out")
        fields = read_document(_short(text), _ANSWER, required)
        expect_format(fields.pop("format"), ANSWER_FORMAT)
        return SelectionAnswer(**fields)


def _short(text: str | bytes) -> str | bytes:
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput("", f"longer than {MAX_CHARACTERS} characters")
    return text


def dump_selection(question: SelectionQuestion) -> str:
    """Return the one JSON text of `question`, a line per key and per candidate."""
    return _lines(selection_document(question))


def dump_answer(answer: SelectionAnswer) -> str:
    """Return the JSON text of `answer`, a line per key and per candidate."""
    return _lines(answer_document(answer))


def selection_sha256(question: SelectionQuestion) -> str:
    """Return the SHA-256 (hexadecimal) of the document of `question`: keys sorted, no spaces, UTF-8."""
    return sha256(_sorted(selection_document(question)).encode()).hexdigest()


def selection_document(question: SelectionQuestion) -> dict[str, Any]:
    """Return the parsed JSON of `dump_selection`."""
    return {
        "format": QUESTION_FORMAT,
        "name": question.name,
        "places": question.places,
        "reserve": question.reserve,
        "candidates": [
            {"id": each.id, "score": each.score, "order": each.order, "groups": list(each.groups)}
            for each in question.candidates
        ],
        "rules": [
            {"id": each.id, "groups": list(each.groups), "at_least": each.at_least, "at_most": each.at_most}
            for each in question.rules
        ],
        "fixed": [{"candidate": each.candidate, "chosen": each.chosen} for each in question.fixed],
    }


def answer_document(answer: SelectionAnswer) -> dict[str, Any]:
    """Return the parsed JSON of `dump_answer`; `conflict` and `all_tried` only where they say something."""
    document: dict[str, Any] = {
        "format": ANSWER_FORMAT,
        "question_sha256": answer.question_sha256,
        "status": str(answer.status),
        "seconds": round(answer.seconds, 4),
        "seed": answer.seed,
        "versions": dict(answer.versions),
        "chosen": list(answer.chosen),
        "reserve": [{"candidate": each.candidate, "replaces": list(each.replaces)} for each in answer.reserve],
        "objectives": [_level_fields(each) for each in answer.objectives],
        "left_out": [_left_out_fields(each) for each in answer.left_out],
        "prices": [
            {"rule": each.rule, "places": each.places, "score": each.score, "proven": each.proven}
            for each in answer.prices
        ],
    }
    if answer.conflict:
        document["conflict"] = [_said(rule=each.rule, candidate=each.candidate) for each in answer.conflict]
    return document | ({} if answer.all_tried else {"all_tried": False})


def _level_fields(level: SelectionLevel) -> dict[str, Any]:
    return {"name": str(level.name), "value": level.value, "bound": level.bound, "proven": level.proven}


def _left_out_fields(left_out: LeftOut) -> dict[str, Any]:
    why = _said(gap=left_out.gap, behind=left_out.behind)
    if left_out.rules:
        why["rules"] = [
            {"rule": each.rule, "limit": str(each.limit), "holders": list(each.holders)} for each in left_out.rules
        ]
    unlock = [
        {"change": str(each.change)} | _said(rule=each.rule, limit=each.limit, by=each.by) for each in left_out.unlock
    ]
    return {"candidate": left_out.candidate, "reason": str(left_out.reason)} | why | {"unlock": unlock}


def _said(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_sorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def _lines(document: dict[str, Any]) -> str:
    return "{" + ",\n".join(f"{_compact(key)}:{_value(value)}" for key, value in document.items()) + "}\n"


def _value(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(map(_compact, value)) + "]"
    return _compact(value)


def _one_of(names: type[StrEnum]) -> Reader:
    def read(raw: Any) -> StrEnum:
        text = read_text(raw)
        if text not in set(names):
            raise InvalidInput("", f"expected one of {', '.join(names)}, got {shown(text)}")
        return names(text)

    return read


def _built(kind: type[Any], readers: dict[str, Reader], required: tuple[str, ...]) -> Reader:
    """Return a reader of objects whose keys are the fields of `kind`."""
    return lambda raw: kind(**read_object(raw, readers, required))


def _read_level(raw: Any) -> SelectionLevel:
    fields = read_object(raw, _LEVEL, ("name", "value", "bound", "proven"))
    del fields["proven"]  # follows from value and bound; a file that claims otherwise is for `checks` to expose
    return SelectionLevel(**fields)


def _read_versions(raw: Any) -> dict[str, str]:
    return read_object(raw, {key: read_text for key, _ in pairs_of(raw)}, ())


_names = ListOf(read_text, most=MAX_CANDIDATES)
_LEVEL: dict[str, Reader] = {
    "name": _one_of(SelectionLevelName),
    "value": read_whole,
    "bound": read_whole,
    "proven": read_flag,
}
_CANDIDATE: dict[str, Reader] = {
    "id": read_text,
    "score": read_whole,
    "order": read_whole,
    "groups": ListOf(read_text, most=MAX_GROUPS),
}
_RULE: dict[str, Reader] = {
    "id": read_text,
    "groups": ListOf(read_text, most=MAX_GROUPS),
    "at_least": or_null(read_whole),
    "at_most": or_null(read_whole),
}
_FIXED: dict[str, Reader] = {"candidate": read_text, "chosen": read_flag}
_QUESTION: dict[str, Reader] = {
    "format": read_text,
    "name": read_text,
    "places": read_whole,
    "reserve": read_whole,
    "candidates": ListOf(_built(Candidate, _CANDIDATE, ("id", "score", "order")), most=MAX_CANDIDATES),
    "rules": ListOf(_built(GroupRule, _RULE, ("id", "groups")), most=MAX_RULES),
    "fixed": ListOf(_built(FixedCandidate, _FIXED, ("candidate", "chosen")), most=MAX_CANDIDATES),
}
_UNLOCK: dict[str, Reader] = {
    "change": _one_of(UnlockKind),
    "by": or_null(read_whole),
    "rule": or_null(read_text),
    "limit": or_null(_one_of(Limit)),
}
_BINDING: dict[str, Reader] = {"rule": read_text, "limit": _one_of(Limit), "holders": _names}
_LEFT_OUT: dict[str, Reader] = {
    "candidate": read_text,
    "reason": _one_of(LeftOutReason),
    "gap": or_null(read_whole),
    "behind": or_null(read_text),
    "rules": ListOf(_built(BindingRule, _BINDING, ("rule", "limit", "holders")), most=MAX_RULES),
    "unlock": ListOf(_built(Unlock, _UNLOCK, ("change",)), most=MAX_RULES + 2),
}
_PRICE: dict[str, Reader] = {"rule": read_text, "places": read_whole, "score": read_whole, "proven": read_flag}
_RESERVE: dict[str, Reader] = {"candidate": read_text, "replaces": _names}
_CONTRADICTION: dict[str, Reader] = {"rule": or_null(read_text), "candidate": or_null(read_text)}
_ANSWER: dict[str, Reader] = {
    "format": read_text,
    "question_sha256": read_text,
    "status": _one_of(Status),
    "seconds": read_number,
    "seed": read_whole,
    "versions": _read_versions,
    "chosen": _names,
    "reserve": ListOf(_built(Reserve, _RESERVE, ("candidate",)), most=MAX_RESERVE),
    "objectives": ListOf(_read_level, most=2),
    "left_out": ListOf(_built(LeftOut, _LEFT_OUT, ("candidate", "reason")), most=MAX_CANDIDATES),
    "prices": ListOf(_built(RulePrice, _PRICE, ("rule", "places", "score", "proven")), most=MAX_RULES),
    "conflict": ListOf(_built(Contradiction, _CONTRADICTION, ()), most=MAX_RULES + MAX_CANDIDATES),
    "all_tried": read_flag,
}
