"""Selections: the published rule, its proof and its reasons, against exhaustion and under changes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import choose, dump_answer, dump_selection, read_answer, read_selection
from scheduler.checks import selection_violations
from tests.scheduler import brute_selection
from tests.scheduler.documents import REPEATABLE, Document

GROUPS = ["kind:ESAT", "kind:EA", "departement:93", "sector:it"]
LIMITS = [
    {"at_least": 1},
    {"at_least": 2},
    {"at_most": 0},
    {"at_most": 1},
    {"at_most": 2},
    {"at_least": 1, "at_most": 1},
]


@st.composite
def questions(draw: st.DrawFn, *, most: int = 6, highest: int = 9) -> Document:
    """A tiny selection, often with ties, rules that cross each other, and now and then a contradiction."""
    count = draw(st.integers(0, most))
    orders = draw(st.permutations(range(count)))
    names = [f"S{number}" for number in range(count)]
    candidates = [
        {
            "id": name,
            "score": draw(st.integers(0, highest)),
            "order": order,
            "groups": draw(st.lists(st.sampled_from(GROUPS), unique=True, max_size=3)),
        }
        for name, order in zip(names, orders, strict=True)
    ]
    rules = [
        {"id": f"r{number}", "groups": draw(st.lists(st.sampled_from(GROUPS), unique=True, min_size=1, max_size=2))}
        | draw(st.sampled_from(LIMITS))
        for number in range(draw(st.integers(0, 4)))
    ]
    fixed = draw(st.dictionaries(st.sampled_from(names), st.booleans(), max_size=2)) if names else {}
    return {
        "format": "openmap-selection/1",
        "name": "",
        "places": draw(st.integers(0, 4)),
        "reserve": draw(st.integers(0, 3)),
        "candidates": candidates,
        "rules": [{"at_least": None, "at_most": None} | rule for rule in rules],
        "fixed": [{"candidate": name, "chosen": chosen} for name, chosen in fixed.items()],
    }


def chosen_from(question: Document) -> Document:
    """The answer to a question, as JSON, right by the independent check."""
    answer: Document = json.loads(dump_answer(choose(read_selection(json.dumps(question)))))
    assert selection_violations(question, answer) == []
    return answer


@given(questions())
@settings(REPEATABLE, max_examples=400)
def test_every_field_of_the_answer_is_what_exhaustion_finds(question: Document) -> None:
    answer = chosen_from(question)
    expected: dict[str, Any] = dict(brute_selection.answer(question))
    assert answer["chosen"] == expected["chosen"]
    if "conflict" in expected:
        assert (answer["status"], answer["conflict"]) == ("infeasible", expected["conflict"])
        return
    assert answer["status"] == "optimal"
    assert [(each["name"], each["value"]) for each in answer["objectives"]] == expected["objectives"]
    assert [(each["name"], each["bound"]) for each in answer["objectives"]] == expected["objectives"]
    for key in ("reserve", "left_out", "prices"):
        assert answer[key] == expected[key]


@given(questions())
@settings(REPEATABLE)
def test_what_is_written_is_read_again(question: Document) -> None:
    read = read_selection(json.dumps(question))
    assert read_selection(dump_selection(read)) == read
    assert json.loads(dump_selection(read)) == question
    text = dump_answer(choose(read))
    assert dump_answer(read_answer(text)) == text
