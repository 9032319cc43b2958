"""A malformed instance or solution is refused with the path of what is wrong, whatever it is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import InvalidInput, instance_sha256, read_instance, read_solution
from scheduler.checking.fingerprint import fingerprint
from scheduler.checks import violations
from scheduler.cli import INVALID_INPUT, main
from tests.scheduler.documents import REPEATABLE, Document, buyer, instance_of, request, solution_of, structure

INSTANCE = instance_of(
    [buyer("B1", unavailable=[3]), buyer("B2", capacity=2), structure("S1", max_meetings=4, max_consecutive=3)],
    [request("S1", "B1", weight=5, required=False, slots=[0, 1, 2]), request("S1", "B2", required=True)],
    slots=4,
    name="numériques",
    sessions=[[0, 2], [2, 4]],
    tables=[3, 3, 3, 3],
    pins=[{"request": "S1-B1", "slot": 2}],
    precedences=[["S1-B2", "S1-B1"]],
    previous=[{"request": "S1-B2", "slot": 0}],
    policy=["coverage", "satisfaction", "breaks", "changes"],
    coverage_group="structure",
    max_break_difference=2,
)
SOLUTION = solution_of(INSTANCE, {"S1-B1": (2, 1), "S1-B2": (0, 1)})
Step = str | int
Value = TypeVar("Value")


def places_in(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Every path inside a document, the document itself first."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in inside:
        yield from places_in(below, (*path, step))


def replaced(document: Document, path: tuple[Step, ...], value: Any) -> Any:
    """A copy of the document with another value at the path."""
    if not path:
        return value
    changed: Any = copy.deepcopy(document)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


def read_or_refused(read: Callable[[str], Value], document: Any) -> tuple[Value | None, str]:
    """What was read, or the message it was refused with."""
    try:
        return read(json.dumps(document)), ""
    except InvalidInput as wrong:
        return None, str(wrong)


def assert_says_where(refusal: str, path: tuple[Step, ...]) -> None:
    """The message starts with the key, at the top of the document, under which something was replaced or missed."""
    assert refusal.isprintable()
    assert not path or refusal.startswith(tuple(INSTANCE.keys() | SOLUTION.keys()))


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 9),
    st.sampled_from([10**9, -(10**400), 1.5, 1e308, "", "x", "S1", "S1-B1", "\x00", "\ud800", "é" * 300, [], {}, [[]]]),
    st.recursive(st.integers(0, 5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)),
)


@given(st.sampled_from(list(places_in(INSTANCE))), JUNK)
@settings(REPEATABLE, max_examples=600)
def test_an_instance_with_one_value_replaced_is_read_or_refused_there(path: tuple[Step, ...], junk: Any) -> None:
    changed = replaced(INSTANCE, path, junk)
    instance, refusal = read_or_refused(read_instance, changed)
    if instance is None:
        assert_says_where(refusal, path)
    else:
        assert fingerprint(changed) == instance_sha256(instance)


@given(st.sampled_from(list(places_in(SOLUTION))), JUNK)
@settings(REPEATABLE, max_examples=400)
def test_a_solution_with_one_value_replaced_is_read_and_checked_or_refused(path: tuple[Step, ...], junk: Any) -> None:
    changed = replaced(SOLUTION, path, junk)
    solution, refusal = read_or_refused(read_solution, changed)
    if solution is None:
        assert_says_where(refusal, path)
    else:
        assert all(str(violation).count("\n") == 0 for violation in violations(INSTANCE, changed))


@given(st.sampled_from([INSTANCE, SOLUTION]), st.data())
@settings(REPEATABLE)
def test_a_document_cut_short_is_no_json(document: Document, data: st.DataObject) -> None:
    text = json.dumps(document, ensure_ascii=False).encode()
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    read = read_instance if document is INSTANCE else read_solution
    with pytest.raises(InvalidInput, match=r"not JSON at line|not UTF-8 at byte"):
        read(cut)


@given(st.binary(max_size=60))
@settings(REPEATABLE)
def test_bytes_of_any_kind_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_instance(content)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format",), "openmap-instance/2", "format: "),
        (("slots",), 0, "slots: "),
        (("slots",), True, "slots: "),
        (("participants", 1, "id"), "B1", 'participants[1].id: "B1"'),
        (("participants", 0, "unavailable", 0), 4, "participants[0].unavailable"),
        (("participants", 2, "colour"), "red", "participants[2].colour: unknown key"),
        (("requests", 0, "between", 1), "B77", 'requests[0].between[1]: no participant "B77"'),
        (("requests", 1, "between"), ["S1"], "requests[1].between: "),
        (("requests", 1, "between"), ["S1", "S1"], "requests[1].between[1]: "),
        (("requests", 1, "id"), "S1-B1", 'requests[1].id: "S1-B1"'),
        (("requests", 0, "weight"), "heavy", "requests[0].weight: "),
        (("requests", 0, "slots"), [1, 9], "requests[0].slots"),
        (("sessions",), [[0, 3], [2, 4]], "sessions[1][0]: "),
        (("tables",), [3, 3], "tables: "),
        (("pins", 0, "request"), "S9-B9", 'pins[0].request: no request "S9-B9"'),
        (("pins", 0, "slot"), 4, "pins[0].slot: "),
        (("precedences", 0), ["S1-B1"], "precedences[0]: "),
        (("previous", 0, "request"), "S9-B9", 'previous[0].request: no request "S9-B9"'),
        (("policy",), ["beauty"], "policy[0]: "),
        (("max_break_difference",), -1, "max_break_difference: "),
    ],
)
def test_the_command_names_the_offending_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: tuple[Step, ...], value: Any, message: str
) -> None:
    file = tmp_path / "morning.json"
    file.write_text(json.dumps(replaced(INSTANCE, path, value)), encoding="utf-8")
    assert main(["solve", str(file)]) == INVALID_INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{file}: {message}")
    assert shown.err.count("\n") == 1


def test_a_solution_that_cant_be_printed_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question, answer = tmp_path / "morning.json", tmp_path / "answer.json"
    question.write_text(json.dumps(INSTANCE), encoding="utf-8")
    answer.write_text(json.dumps(SOLUTION | {"instance_sha256": "\ud800"}), encoding="utf-8")
    assert main(["check", str(question), str(answer)]) == INVALID_INPUT
    assert "instance_sha256: holds a character that can't be printed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON at line 1, column 1"),
        ('{"slots": ' + "[" * 100_000, "slots: nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ('{"slots": NaN}', "NaN is not a number of JSON"),
        ('{"slots": 1, "slots": 2}', "given twice"),
        ('{"slots": 1' + "0" * 5_000 + "}", "too many digits"),
        ("[]", "expected an object"),
        ("{}", "format: missing"),
    ],
)
def test_what_is_no_document_at_all_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    file = tmp_path / "morning.json"
    file.write_text(text, encoding="utf-8")
    assert main(["bound", str(file)]) == INVALID_INPUT
    assert message in capsys.readouterr().err
