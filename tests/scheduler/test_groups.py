"""Two or three structures before one desk: proven by whole numbers of meetings, then slots, then exchanges."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from scheduler import Instance, LevelName, SolverConfig, read_instance
from scheduler.exact.whole import WholeProgramme, offer_whole, placed
from scheduler.generate import Recipe, generate
from scheduler.instance import DEFAULT_POLICY
from scheduler.phases.clock import Clock
from scheduler.phases.measuring import measured
from scheduler.phases.search import Search
from scheduler.phases.start import start
from scheduler.placing.colouring import colour
from scheduler.placing.improvement import Annealing
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Problem
from scheduler.solver import solve
from tests.scheduler.brute_force import best_figures
from tests.scheduler.documents import Document, buyer, instance_of, request, structure

UPPER = DEFAULT_POLICY[:2]
MORNING = Recipe(16, 120, 343, 8)
SCARCE = Recipe(16, 120, 343, 8, skew=1.2, unavailability=0.3)


def grouped(recipe: Recipe, share: float = 0.1) -> Instance:
    """A share of the requests is of two or three structures, drawn at random."""
    instance, random = generate(recipe), Random(recipe.seed)
    structures = [each.id for each in instance.participants if each.group == "structure"]
    requests = []
    for each in instance.requests:
        if random.random() < share:
            others = [name for name in structures if name not in each.between]
            requests.append(replace(each, between=(*each.between, *random.sample(others, random.choice((1, 2))))))
        else:
            requests.append(each)
    return replace(instance, requests=tuple(requests))


def tiny(seed: int) -> Document:
    """Two desks, five structures, seven requests of which some are groups, in three slots."""
    random = Random(seed)
    structures = [f"S{n}" for n in range(5)]
    people = [buyer(f"B{n}", unavailable=random.sample(range(3), random.randint(0, 1))) for n in range(2)]
    people += [structure(name, unavailable=random.sample(range(3), random.randint(0, 2))) for name in structures]
    asked = {
        (f"B{random.randrange(2)}", *sorted(random.sample(structures, random.choice((1, 1, 2, 3))))) for _ in range(7)
    }
    requests = [request(*between, weight=random.randint(1, 5)) for between in sorted(asked)]
    return instance_of(people, requests, slots=3, tables=random.choice((None, 1, 2)))


def search_of(instance: Instance) -> Search:
    return Search(Problem(instance, instance.policy), SolverConfig(), Clock(60))


@pytest.mark.parametrize("seed", range(30))
def test_whole_meetings_in_slots_told_apart_are_the_best_there_are(seed: int):
    document = tiny(seed)
    best = best_figures(document)
    search = search_of(read_instance(json.dumps(document)))
    programme = WholeProgramme(search, [1 << slot for slot in range(3)])
    found = programme.best(UPPER)
    assert best is not None
    assert found == {name: best[name] for name in UPPER}
    assert placed(search.problem, programme.windows(), search.clock, search.config) is not None


def test_bounds_that_nothing_whole_reaches_are_lowered_to_what_is_reached():
    search = search_of(grouped(Recipe(6, 40, 110, 5, seed=4, skew=1.2, unavailability=0.4), 0.4))
    start(search, UPPER)
    assert search.bounds == dict(zip(UPPER, [(35, 3, 1), 171], strict=True))
    offer_whole(search, UPPER)
    assert search.bounds == dict(zip(UPPER, [(35, 2, 1), 170], strict=True))
    assert [search.is_proven(name) for name in UPPER] == [True, True]


@pytest.mark.parametrize("seed", range(3))
def test_a_morning_with_groups_is_proven(seed: int):
    instance = replace(grouped(replace(MORNING, seed=seed)), policy=UPPER)
    assert [level.proven for level in solve(instance, SolverConfig(time_limit_s=60)).objectives] == [True, True]


@pytest.mark.parametrize("recipe", [MORNING, replace(MORNING, tables=12), SCARCE])
def test_annealing_groups_keeps_every_rule_and_the_levels_above(recipe: Recipe):
    instance = grouped(recipe)
    capacities = [2 if number % 5 == 0 else 1 for number in range(len(instance.participants))]
    people = [replace(each, capacity=c) for each, c in zip(instance.participants, capacities, strict=True)]
    search = search_of(replace(instance, participants=tuple(people)))
    fixed = start(search, UPPER)
    problem, schedule = search.problem, search.best
    assert schedule is not None
    assert any(len(problem.ends[each]) > 2 for each in schedule)
    timetable = colour(problem, schedule, fixed, hint=schedule)
    assert timetable.unplaced() == []
    better = Annealing(timetable, seed=0, free_selection=True).run(search.clock, spend=1.0, sweeps=6)

    assert keeps_hard_rules(problem, better)
    assert [measured(problem, better, name) for name in UPPER] == [measured(problem, schedule, name) for name in UPPER]
    assert measured(problem, better, LevelName.BREAKS) < measured(problem, schedule, LevelName.BREAKS)  # type: ignore[operator]  # breaks are a number
