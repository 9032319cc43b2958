"""Hard rules that contradict each other: a set of them of which none can be spared, against exhaustion."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from scheduler import Instance, Participant, Pin, Request, SolverConfig, Status, dump_instance, solve
from scheduler.exact.conflict import rules
from tests.scheduler.brute_force import best_figures

QUICK = SolverConfig(time_limit_s=20, workers=1)
SLOTS = 3


def is_possible(instance: Instance) -> bool:
    return best_figures(json.loads(dump_instance(replace(instance, previous=())))) is not None


def tiny(seed: int) -> Instance:
    """A morning with so many hard rules that about half of them contradict each other."""
    random = Random(seed)
    people = tuple(
        Participant(
            name,
            "structure" if name.startswith("S") else "buyer",
            frozenset(slot for slot in range(SLOTS) if random.random() < 0.2),
            max_meetings=random.choice((None, None, None, 1)),
            max_consecutive=random.choice((None, None, None, 1)),
        )
        for name in ("S1", "S2", "S3", "B1", "B2")
    )
    pairs = [(one, desk) for one in ("S1", "S2", "S3") for desk in ("B1", "B2")]
    asked: list[tuple[str, ...]] = list(random.sample(pairs, 4))
    if seed % 4 == 0:
        asked[0] = ("S1", "S2", "B1")
    some = frozenset({0, 1})
    requests = tuple(
        Request("-".join(each), each, required=random.random() < 0.6, slots=random.choice((None, None, some)))
        for each in asked
    )
    pins = (Pin(requests[0].id, random.randrange(SLOTS)),) if seed % 2 else ()
    order = ((requests[1].id, requests[2].id),) if seed % 3 == 0 else ()
    return Instance(
        "strict",
        SLOTS,
        people,
        requests,
        tables=random.choice((None, 2, 1)),
        pins=pins,
        precedences=order,
        max_break_difference=random.choice((None, None, None, 0)),
    )


def only(instance: Instance, kept: set[str]) -> Instance:
    """The instance without the hard rules that the conflict doesn't name."""
    for rule in rules(instance):
        if rule.sentence not in kept:
            instance = rule.without(instance)
    return instance


@pytest.mark.parametrize("seed", range(60))
def test_a_conflict_is_impossible_and_possible_again_without_any_one_of_its_rules(seed: int) -> None:
    instance = tiny(seed)
    solution = solve(instance, QUICK)
    assert (solution.status is Status.INFEASIBLE) == (not is_possible(instance))
    if solution.status is not Status.INFEASIBLE:
        assert solution.conflict == ()
        return
    named = set(solution.conflict)
    assert named
    assert len(named) == len(solution.conflict)
    assert not is_possible(only(instance, named))
    for sentence in named:
        assert is_possible(only(instance, named - {sentence})), sentence


def test_both_kinds_of_cases_were_seen() -> None:
    assert 10 < sum(is_possible(tiny(seed)) for seed in range(60)) < 50


def test_many_rules_of_a_kind_are_said_in_one_sentence() -> None:
    people = (Participant("B1", "buyer"), *(Participant(f"S{number}", "structure") for number in range(20)))
    requests = tuple(Request(f"S{number}-B1", (f"S{number}", "B1"), required=True) for number in range(20))
    solution = solve(Instance("crowded", 13, people, requests), QUICK)
    assert solution.status is Status.INFEASIBLE
    assert solution.conflict[0] == "B1 can hold 1 at once, in 13 slots"
    assert solution.conflict[1].startswith("14 meetings are required: S")
    assert solution.conflict[1].endswith(" and 9 others")
    assert solution.conflict[1].count("-B1") == 5
    assert len(solution.conflict) == 2
