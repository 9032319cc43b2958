"""Who meets whom and roughly when: the linear programme over classes of slots, and what it proves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler import Instance, Participant, Request, SolverConfig
from scheduler.checks import violations
from scheduler.flow.relaxation import relax
from scheduler.flow.selection import select, slot_classes
from scheduler.formats.serialization import instance_document, solution_document
from scheduler.generate import Recipe, generate
from scheduler.instance import DEFAULT_POLICY
from scheduler.phases.clock import Clock
from scheduler.placing.greedy import filled
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Problem
from scheduler.solver import solve

HALF_DAYS = Recipe(16, 120, 343, 8, seed=2, unavailability=0.33, half_days=True)
UPPER = DEFAULT_POLICY[:2]


def problem_of(instance: Instance) -> Problem:
    return Problem(instance, instance.policy)


def test_half_days_are_two_classes_of_slots() -> None:
    assert sorted(slot_classes(problem_of(generate(HALF_DAYS)))) == [0b00001111, 0b11110000]


def test_slots_with_other_tables_are_told_apart() -> None:
    instance = replace(generate(HALF_DAYS), tables=(9, 9, 9, 8, 8, 8, 8, 8))
    assert sorted(slot_classes(problem_of(instance))) == [0b00000111, 0b00001000, 0b11110000]


def test_the_classes_see_the_half_days_that_the_flow_does_not() -> None:
    problem = problem_of(generate(HALF_DAYS))
    flow, selection = relax(problem), select(problem, {}, Clock(20))
    assert flow is not None
    assert selection is not None
    assert selection.is_whole
    assert (flow.coverage, flow.satisfaction) == ((84,), 800)
    assert (selection.relaxation.coverage, selection.relaxation.satisfaction) == ((84,), 799)


@pytest.mark.parametrize("seed", range(3))
def test_half_days_are_proven(seed: int) -> None:
    instance = replace(generate(replace(HALF_DAYS, seed=seed)), policy=UPPER)
    assert [level.proven for level in solve(instance, SolverConfig(time_limit_s=20)).objectives] == [True, True]


def among_themselves(tables: int | None) -> Instance:
    """Structures who want to meet structures: threes of them could meet each other, which no two sides allow."""
    participants = tuple(Participant(f"S{number}", "structure") for number in range(12))
    pairs = [(first, second) for first in range(12) for second in range(first) if (first + second) % 3]
    requests = tuple(Request(f"{a}-{b}", (f"S{a}", f"S{b}"), weight=1 + (a * b) % 7) for a, b in pairs)
    return Instance("among themselves", 7, participants, requests, tables=tables, policy=UPPER)


@pytest.mark.parametrize("tables", [None, 4])
def test_meetings_of_one_side_are_chosen_and_placed_too(tables: int | None) -> None:
    instance = among_themselves(tables)
    solution = solve(instance, SolverConfig(time_limit_s=20))
    assert violations(instance_document(instance), solution_document(solution)) == []
    assert [level.proven for level in solution.objectives] == [True, True]


@pytest.mark.parametrize("seed", range(5))
def test_in_turn_everybody_gets_what_fits_and_no_rule_is_broken(seed: int) -> None:
    instance = generate(Recipe(10, 40, 200, 6, seed=seed, unavailability=0.3, tables=7))
    participants = tuple(replace(each, max_consecutive=2, max_meetings=4) for each in instance.participants)
    first, second = instance.requests[0].id, instance.requests[7].id
    problem = problem_of(replace(instance, participants=participants, precedences=((second, first),)))
    schedule = filled(problem, {})
    assert keeps_hard_rules(problem, schedule)
    assert len(schedule) >= 25
    assert filled(problem, schedule) == schedule


def test_a_limit_of_nothing_still_gives_a_schedule() -> None:
    instance = generate(Recipe(100, 600, 5_000, 20))
    solution = solve(instance, SolverConfig(time_limit_s=0.001))
    assert len(solution.meetings) > 1_000


def test_who_stops_at_once_gets_what_fits_in_turn() -> None:
    instance = generate(Recipe(50, 300, 2_000, 16))
    assert len(solve(instance, SolverConfig(time_limit_s=60), should_stop=lambda: True).meetings) > 500
