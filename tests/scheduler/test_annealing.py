"""Fewer breaks by exchanging chains and requests: nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from scheduler import Instance, Participant, Pin, Request
from scheduler.generate import Recipe, generate
from scheduler.instance import LevelName
from scheduler.phases.clock import Clock
from scheduler.phases.measuring import measured
from scheduler.placing.colouring import colour
from scheduler.placing.greedy import filled
from scheduler.placing.improvement import Annealing
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Fixed, Problem

UPPER = (LevelName.COVERAGE, LevelName.SATISFACTION)


def peculiar(seed: int) -> Instance:
    """A morning in two sessions with few tables, double desks, limits, and requests between structures."""
    random = Random(seed)
    instance = generate(Recipe(6, 24, 80, 8, seed, unavailability=0.2, tables=4))
    people = [
        replace(
            each,
            capacity=random.choice([1, 1, 2]),
            max_meetings=random.choice([None, None, 3]),
        )
        for each in instance.participants
    ]
    among = [(f"S{n:02}", f"S{n + 1:02}") for n in range(1, 20, 3)]
    requests = (*instance.requests, *(Request("+".join(pair), pair, 5) for pair in among))
    return replace(instance, participants=tuple(people), requests=requests, sessions=((0, 3), (3, 8)))


def started(problem: Problem, schedule: Fixed, fixed: Fixed | None = None) -> Annealing:
    timetable = colour(problem, schedule, fixed, hint=schedule)
    assert timetable.unplaced() == []
    return Annealing(timetable, seed=0, free_selection=True)


@pytest.mark.parametrize("seed", range(12))
def test_annealing_keeps_every_rule_and_the_levels_above(seed: int) -> None:
    instance = peculiar(seed)
    problem = Problem(instance, instance.policy)
    schedule = filled(problem, {})
    annealing = started(problem, schedule, dict(list(schedule.items())[:3]))
    better = annealing.run(Clock(60), spend=1.0, sweeps=6)

    assert keeps_hard_rules(problem, better)
    assert [measured(problem, better, name) for name in UPPER] == [measured(problem, schedule, name) for name in UPPER]
    assert measured(problem, better, LevelName.BREAKS) < measured(problem, schedule, LevelName.BREAKS)  # type: ignore[operator]  # breaks are a number


@pytest.mark.parametrize("seed", range(6))
def test_what_annealing_keeps_in_mind_is_what_the_schedule_shows(seed: int) -> None:
    instance = peculiar(seed)
    problem = Problem(instance, instance.policy)
    annealing = started(problem, filled(problem, {}))
    annealing.run(Clock(60), spend=1.0, sweeps=3)
    now = started(problem, dict(zip(annealing.requests.tolist(), annealing.slot.tolist(), strict=True)))

    assert annealing.cost == now.cost
    assert np.array_equal(annealing.load, now.load)
    assert np.array_equal(annealing.counts, now.counts)
    assert annealing.room is not None
    assert np.array_equal(annealing.room, now.room if now.room is not None else [])


def test_the_same_seed_finds_the_same_schedule() -> None:
    instance = peculiar(1)
    problem = Problem(instance, instance.policy)
    first, second = (started(problem, filled(problem, {})).run(Clock(60), spend=1.0, sweeps=4) for _ in range(2))
    assert first == second


def test_too_long_a_row_is_broken_up() -> None:
    desk = Participant("B1", "buyer", max_consecutive=2)
    structures = tuple(Participant(f"S{n}", "structure") for n in range(4))
    requests = tuple(Request(f"S{n}", (f"S{n}", "B1")) for n in range(4))
    problem = Problem(Instance("row", 6, (desk, *structures), requests), UPPER)
    annealing = started(problem, {0: 0, 1: 1, 2: 2, 3: 3})
    assert keeps_hard_rules(problem, annealing.run(Clock(60), spend=1.0, until_allowed=True))


def test_meetings_settle_where_they_were_if_nobody_waits_for_it() -> None:
    people = (Participant("B1", "buyer"), *(Participant(f"S{n}", "structure") for n in range(3)))
    requests = tuple(Request(f"S{n}", (f"S{n}", "B1")) for n in range(3))
    previous = (Pin("S0", 2), Pin("S1", 0), Pin("S2", 1))
    problem = Problem(Instance("before", 6, people, requests, previous=previous), UPPER)
    assert started(problem, {0: 0, 1: 1, 2: 2}).settle() == {0: 2, 1: 0, 2: 1}


def test_nobody_settles_at_the_price_of_a_break() -> None:
    people = (Participant("B1", "buyer"), *(Participant(f"S{n}", "structure") for n in range(2)))
    requests = tuple(Request(f"S{n}", (f"S{n}", "B1")) for n in range(2))
    problem = Problem(Instance("before", 6, people, requests, previous=(Pin("S0", 5),)), UPPER)
    assert started(problem, {0: 0, 1: 1}).settle() == {0: 0, 1: 1}
