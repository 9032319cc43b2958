"""Selections: the published rule, its proof and its reasons, against exhaustion and under changes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python.cp_model import OPTIMAL, CpModel, CpSolver

from scheduler import choose, dump_answer, dump_selection, read_answer, read_selection
from tests.scheduler import brute_selection
from tests.scheduler.documents import REPEATABLE, Document
from tests.scheduler.selections import call, candidate, chosen_from, rule, selection_of

GROUPS = ["kind:ESAT", "kind:EA", "departement:93", "sector:it"]
LIMITS = [{key: limit} for key in ("at_least", "at_most") for limit in range(3)] + [{"at_least": 1, "at_most": 1}]


@st.composite
def questions(draw: st.DrawFn, *, most: int = 6) -> Document:
    """A tiny selection, often with ties, rules that cross each other, and now and then a contradiction."""
    orders = draw(st.permutations(range(draw(st.integers(0, most)))))
    people = [
        candidate(
            f"S{order}",
            draw(st.integers(0, 9)),
            order,
            *draw(st.lists(st.sampled_from(GROUPS), unique=True, max_size=3)),
        )
        for order in orders
    ]
    rules = [
        rule(f"r{number}", *draw(st.lists(st.sampled_from(GROUPS), unique=True, min_size=1, max_size=2)))
        | draw(st.sampled_from(LIMITS))
        for number in range(draw(st.integers(0, 4)))
    ]
    names = [each["id"] for each in people]
    fixed = draw(st.dictionaries(st.sampled_from(names), st.booleans(), max_size=2)) if names else {}
    return selection_of(
        people,
        *rules,
        places=draw(st.integers(0, 4)),
        reserve=draw(st.integers(0, 3)),
        fixed=[{"candidate": name, "chosen": chosen} for name, chosen in fixed.items()],
    )


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


@given(questions(most=8))
@settings(REPEATABLE)
def test_a_conflict_is_one_by_itself_and_none_of_it_can_be_spared(question: Document) -> None:
    conflict = chosen_from(question).get("conflict", [])
    assert not conflict or chosen_from(limited_to(question, conflict))["status"] == "infeasible"
    for each in conflict:
        others = [other for other in conflict if other != each]
        assert chosen_from(limited_to(question, others))["status"] == "optimal"


def limited_to(question: Document, conflict: list[Document]) -> Document:
    """The question with nothing required but this."""
    rules = [each for each in question["rules"] if {"rule": each["id"]} in conflict]
    return question | {
        "rules": rules,
        "fixed": [each for each in question["fixed"] if {"candidate": each["candidate"]} in conflict],
    }


def worth(answer: Document) -> tuple[int, ...]:
    """Places and score; without a selection nothing, which is less than anything."""
    return tuple(level["value"] for level in answer["objectives"])


@given(questions(most=9), st.randoms(use_true_random=False))
@settings(REPEATABLE)
def test_the_order_of_the_lists_changes_nothing(question: Document, chance: Any) -> None:
    shuffled = question | {key: chance.sample(question[key], len(question[key])) for key in ("candidates", "rules")}
    first, second = chosen_from(question), chosen_from(shuffled)
    assert (first["chosen"], first["reserve"]) == (second["chosen"], second["reserve"])
    assert [worth(first), len(first["prices"])] == [worth(second), len(second["prices"])]


@given(questions(most=9))
@settings(REPEATABLE)
def test_one_place_more_or_a_rule_less_never_lowers(question: Document) -> None:
    before = worth(chosen_from(question))
    assert worth(chosen_from(question | {"places": question["places"] + 1})) >= before
    for index in range(len(question["rules"])):
        fewer = question["rules"][:index] + question["rules"][index + 1 :]
        assert worth(chosen_from(question | {"rules": fewer})) >= before


@given(questions(most=9), st.integers(1, 5))
@settings(REPEATABLE)
def test_a_higher_score_of_a_chosen_one_keeps_it_chosen(question: Document, gain: int) -> None:
    for name in chosen_from(question)["chosen"]:
        assert name in chosen_from(with_score(question, name, gain))["chosen"]


def with_score(question: Document, name: str, gain: int) -> Document:
    people = [each | {"score": each["score"] + gain * (each["id"] == name)} for each in question["candidates"]]
    return question | {"candidates": people}


def with_limit(question: Document, unlock: Document, by: int) -> Document:
    wider = by if unlock["limit"] == "at_most" else -by
    rules = [
        each | {unlock["limit"]: each[unlock["limit"]] + wider} if each["id"] == unlock["rule"] else each
        for each in question["rules"]
    ]
    return question | {"rules": rules}


@pytest.mark.parametrize(("seed", "step"), [(1, 1), (2, 100), (3, 1_000)])
def test_each_unlock_of_a_call_is_the_smallest_that_does_it(seed: int, step: int) -> None:
    question = call(seed, candidates=40, places=5, step=step)
    for each in chosen_from(question)["left_out"]:
        for unlock in each["unlock"]:
            by = unlock["by"]
            change = with_score if unlock["change"] == "score" else with_limit
            about = each["candidate"] if unlock["change"] == "score" else unlock
            assert each["candidate"] in chosen_from(change(question, about, by))["chosen"]
            assert each["candidate"] not in chosen_from(change(question, about, by - 1))["chosen"]


@pytest.mark.parametrize("seed", range(6))
def test_a_large_selection_is_as_good_as_another_solver_finds(seed: int) -> None:
    question = call(seed, places=12, step=(1, 50, 1_000)[seed % 3])
    model, solver = CpModel(), CpSolver()
    takes = {each["id"]: model.new_bool_var("") for each in question["candidates"]}
    for each in question["rules"]:
        members = [takes[who["id"]] for who in question["candidates"] if {*who["groups"]} & {*each["groups"]}]
        if each["at_least"] is not None:
            model.add(sum(members) >= each["at_least"])
        if each["at_most"] is not None:
            model.add(sum(members) <= each["at_most"])
    model.add(sum(takes.values()) <= question["places"])
    scores = {each["id"]: each["score"] for each in question["candidates"]}
    model.maximize(sum((10**6 + scores[name]) * take for name, take in takes.items()))
    assert solver.solve(model) == OPTIMAL
    places, score = worth(chosen_from(question))
    assert 10**6 * places + score == solver.objective_value


def test_a_call_is_solved_with_all_reasons_without_cp_sat() -> None:
    program = (
        "import sys; from scheduler import choose, read_selection\n"
        "answer = choose(read_selection(sys.stdin.read()), time_limit=60)\n"
        "print(answer.status, answer.all_tried, len(answer.left_out), 'ortools.sat' in ' '.join(sys.modules))"
    )
    given_text = json.dumps(call(0))
    done = subprocess.run(
        [sys.executable, "-c", program], input=given_text, capture_output=True, text=True, timeout=90, check=True
    )
    assert done.stdout == "optimal True 192 False\n"


def test_no_time_at_all_gives_no_answer_and_no_lie() -> None:
    answer = choose(read_selection(json.dumps(call(0))), time_limit=1e-9)
    assert (str(answer.status), answer.chosen, answer.objectives) == ("unknown", (), ())


def test_the_third_of_a_departement_is_told_whose_place_it_would_need() -> None:
    people = [
        candidate("Alpha", 9_000, 1, "departement:93"),
        candidate("Bravo", 8_500, 2, "departement:93"),
        candidate("Charlie", 8_000, 3, "departement:93"),
        candidate("Delta", 7_000, 4, "departement:75"),
        candidate("Echo", 6_000, 5, "departement:75"),
    ]
    question = selection_of(people, rule("two", "departement:93", at_most=2), places=3, reserve=2)
    answer = chosen_from(question)
    assert answer["chosen"] == ["Alpha", "Bravo", "Delta"]
    assert answer["reserve"] == [
        {"candidate": "Charlie", "replaces": ["Alpha", "Bravo"]},
        {"candidate": "Echo", "replaces": ["Alpha", "Bravo", "Delta"]},
    ]
    assert answer["left_out"] == [
        {
            "candidate": "Charlie",
            "reason": "rule",
            "rules": [{"rule": "two", "limit": "at_most", "holders": ["Alpha", "Bravo"]}],
            "unlock": [
                {"change": "score", "by": 501},
                {"change": "rule", "rule": "two", "limit": "at_most", "by": 1},
            ],
        },
        {
            "candidate": "Echo",
            "reason": "score",
            "gap": 1_000,
            "behind": "Delta",
            "unlock": [{"change": "score", "by": 1_001}],
        },
    ]
    assert answer["prices"] == [{"rule": "two", "places": 0, "score": 1_000, "proven": True}]


@given(questions())
@settings(REPEATABLE)
def test_what_is_written_is_read_again(question: Document) -> None:
    read = read_selection(json.dumps(question))
    assert read_selection(dump_selection(read)) == read
    assert json.loads(dump_selection(read)) == question
    text = dump_answer(choose(read))
    assert dump_answer(read_answer(text)) == text
