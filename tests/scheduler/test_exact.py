"""The fewest breaks, proven: by counting, and against exhaustion."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from scheduler import Instance, LevelName, Participant, Pin, Request, SolverConfig, solve
from scheduler.exact.counting import counted_breaks
from scheduler.phases.clock import Clock
from scheduler.phases.measuring import measured
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Problem

BREAKS = (LevelName.BREAKS,)


def everybody_meets(random: Random) -> Problem:
    """Four people, five required meetings in five slots with two tables, some absences, perhaps a fair share.

    Some meetings are in the morning only, in an order, or fixed.
    """
    people = tuple(
        Participant(f"P{n}", unavailable=frozenset(random.sample(range(5), random.choice((0, 0, 1, 2)))))
        for n in range(4)
    )
    pairs = [tuple(random.sample([each.id for each in people], 2)) for _ in range(5)]
    halves = (*[None] * 6, frozenset({0, 1, 2}), frozenset({3, 4}))
    requests = tuple(Request(f"M{n}", pair, required=True, slots=random.choice(halves)) for n, pair in enumerate(pairs))
    instance = Instance(
        "tiny",
        5,
        people,
        requests,
        tables=2,
        pins=random.choice(((), (), (Pin("M4", 2),))),
        precedences=random.choice(((), (), (("M0", "M1"),), (("M0", "M1"), ("M2", "M3")))),
        policy=BREAKS,
        max_break_difference=random.choice([None, 0, 1]),
    )
    return Problem(instance, BREAKS)


def fewest_by_exhaustion(problem: Problem) -> int | None:
    schedules = (dict(enumerate(slots)) for slots in product(range(problem.slots), repeat=len(problem.ends)))
    breaks = [measured(problem, each, LevelName.BREAKS) for each in schedules if keeps_hard_rules(problem, each)]
    return min((count for count in breaks if isinstance(count, int)), default=None)


@pytest.mark.parametrize("seed", range(40))
def test_the_fewest_breaks_are_those_of_exhaustion_and_no_count_exceeds_them(seed: int):
    problem = everybody_meets(Random(seed))
    fewest = fewest_by_exhaustion(problem)
    solution = solve(problem.instance, SolverConfig(time_limit_s=20))
    counted = counted_breaks(problem, Clock(20), SolverConfig())

    if fewest is None:
        assert solution.status == "infeasible"
        return
    assert (solution.status, solution.objectives[0].value, solution.objectives[0].bound) == ("optimal", fewest, fewest)
    assert counted is not None
    assert counted <= fewest


def test_possible_and_impossible_cases_were_seen():
    possible = [fewest_by_exhaustion(everybody_meets(Random(seed))) for seed in range(40)]
    assert 10 < sum(fewest is None for fewest in possible) < 30
    assert len({fewest for fewest in possible if fewest is not None}) > 2


def test_a_table_taken_in_the_middle_forces_breaks_that_counting_alone_proves():
    people = tuple(Participant(name) for name in "ABCD")
    pairs = (("A", "B"), ("A", "B"), ("C", "D"))
    requests = tuple(Request(f"M{n}", pair, required=True) for n, pair in enumerate(pairs))
    instance = Instance("middle", 3, people, requests, tables=1, pins=(Pin("M2", 1),), policy=BREAKS)

    assert counted_breaks(Problem(instance, BREAKS), Clock(20), SolverConfig()) == 2


def test_counting_notices_that_the_numbers_allow_no_schedule():
    people = tuple(Participant(name) for name in "ABCD")
    requests = (Request("M1", ("A", "B"), required=True), Request("M2", ("C", "D"), required=True))
    instance = Instance("one table, one slot", 1, people, requests, tables=1, policy=BREAKS)

    assert counted_breaks(Problem(instance, BREAKS), Clock(20), SolverConfig()) is None
    assert solve(instance, SolverConfig(time_limit_s=20)).status == "infeasible"
