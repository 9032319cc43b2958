"""On the day: who is published stays where they are, and the best is made of what remains."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

import pytest

from scheduler import (
    Absent,
    Instance,
    Newcomer,
    Participant,
    Pin,
    Present,
    Request,
    Solution,
    SolverConfig,
    Status,
    dump_instance,
    read_instance,
    solve,
)
from scheduler.config import DAY
from scheduler.supposing.changes import Supposition, applied
from tests.scheduler.brute_force import best_figures

REAL = Path(__file__).parent / "instances" / "numeriques-2015-04-17.json"
DRAFT = SolverConfig(time_limit_s=20, workers=1)
ON_THE_DAY = SolverConfig(time_limit_s=20, workers=1, policy="day")
SLOTS = 3


def after_publication(instance: Instance, solution: Solution) -> Instance:
    return replace(instance, previous=tuple(Pin(meeting.request, meeting.slot) for meeting in solution.meetings))


@pytest.fixture(scope="module")
def published() -> Instance:
    morning = read_instance(REAL.read_text(encoding="utf-8"))
    return after_publication(morning, solve(morning, DRAFT))


def lost(instance: Instance, solution: Solution) -> set[str]:
    """The published meetings that are no longer where they were."""
    now = {(meeting.request, meeting.slot) for meeting in solution.meetings}
    return {pin.request for pin in instance.previous if (pin.request, pin.slot) not in now}


@pytest.mark.parametrize("absent", ["B05", "B12", "S001", "S042", "S100"])
def test_only_the_meetings_of_who_is_absent_go(published: Instance, absent: str) -> None:
    solution = solve(applied(published, [Absent(absent)]), ON_THE_DAY)
    assert solution.status is Status.OPTIMAL
    assert lost(published, solution) == {pin.request for pin in published.previous if absent in pin.request.split("-")}


def test_who_comes_late_loses_the_first_meetings_only(published: Instance) -> None:
    solution = solve(applied(published, [Absent("B05", frozenset({0, 1}))]), ON_THE_DAY)
    early = {pin.request for pin in published.previous if pin.request.endswith("-B05") and pin.slot < 2}
    assert lost(published, solution) == early
    assert solution.status is Status.OPTIMAL


def test_an_absence_is_answered_while_one_waits(published: Instance) -> None:
    seconds = []
    for absent in ("B05", "S001", "S042"):
        instance = applied(published, [Absent(absent)])
        solve(instance, ON_THE_DAY)
        started = perf_counter()
        solve(instance, ON_THE_DAY)
        seconds.append(perf_counter() - started)
    assert median(seconds) < 0.2 * 3  # the target is 200 ms on a machine of one's own


def tiny(seed: int) -> tuple[Instance, list[Supposition]]:
    """A morning with a draft, and what happens on its day."""
    random = Random(seed)
    people = [
        Participant(name, "structure" if name.startswith("S") else "buyer") for name in ("S1", "S2", "S3", "B1", "B2")
    ]
    pairs = [(one, desk) for one in ("S1", "S2", "S3") for desk in ("B1", "B2")]
    asked: list[tuple[str, ...]] = list(random.sample(pairs, 5))
    if seed % 4 == 0:
        asked[0] = ("S1", "S2", "B1")
    requests = tuple(Request("-".join(each), each, random.randint(1, 3)) for each in asked)
    tables = random.choice((None, 1, 2))
    before = Instance("tiny", SLOTS, tuple(people), requests, tables=tables)
    gone = random.choice(people).id
    changes: list[Supposition] = [Absent(gone, frozenset(random.sample(range(SLOTS), random.randint(1, SLOTS))))]
    if seed % 3 == 0:
        late = Participant("S4", "structure", frozenset({0}))
        changes.append(Newcomer(late, (Request("S4-B1", ("S4", "B1"), 2), Request("S4-B2", ("S4", "B2"), 1))))
    if seed % 5 == 0:
        changes.append(Present(gone))
    return before, changes


@pytest.mark.parametrize("seed", range(40))
def test_every_level_of_the_day_is_that_of_exhaustion(seed: int) -> None:
    before, changes = tiny(seed)
    today = replace(applied(after_publication(before, solve(before, DRAFT)), changes), policy=DAY)
    solution = solve(today, ON_THE_DAY)
    truth = best_figures(json.loads(dump_instance(today)))
    assert truth is not None
    assert solution.status is Status.OPTIMAL
    assert {str(level.name): level.value for level in solution.objectives} == {name: truth[name] for name in DAY}


def test_two_meetings_moved_by_a_pin_move_no_third() -> None:
    people = tuple(Participant(name, "buyer" if name == "B1" else "structure") for name in ("B1", "S1", "S2", "S3"))
    requests = tuple(Request(f"{name}-B1", (name, "B1")) for name in ("S1", "S2", "S3"))
    previous = (Pin("S1-B1", 0), Pin("S2-B1", 1), Pin("S3-B1", 2))
    today = Instance("pinned", 3, people, requests, previous=previous, pins=(Pin("S1-B1", 1),))
    solution = solve(today, ON_THE_DAY)
    assert {(each.request, each.slot) for each in solution.meetings} == {("S1-B1", 1), ("S2-B1", 0), ("S3-B1", 2)}
    assert solution.status is Status.OPTIMAL
