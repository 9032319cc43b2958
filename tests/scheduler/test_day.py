"""On the day: who is published stays where they are, and the best is made of what remains."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from time import process_time

import pytest

from scheduler import (
    Absent,
    Instance,
    LevelName,
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
from scheduler.phases.measuring import measured
from scheduler.placing.remainder import best_around
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Problem
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


@pytest.mark.parametrize("absent", ["B05", "S001", "S042"])
def test_an_absence_is_answered_while_one_waits(published: Instance, absent: str) -> None:
    instance = applied(published, [Absent(absent)])
    started = process_time()  # not what the neighbours of a shared machine take
    solution = solve(instance, ON_THE_DAY)
    assert process_time() - started < 0.2
    assert solution.status is Status.OPTIMAL


def test_the_command_answers_an_absence_without_loading_cp_sat(published: Instance, tmp_path: Path) -> None:
    question, answer = tmp_path / "today.json", tmp_path / "answer.json"
    question.write_text(dump_instance(applied(published, [Absent("B05")])), encoding="utf-8")
    program = (
        "import sys; from scheduler.cli import main; "
        f"code = main(['solve', {str(question)!r}, '--policy', 'day', '-o', {str(answer)!r}]); "
        "sys.exit(code or any(name.startswith('ortools.sat') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0
    found = json.loads(answer.read_text(encoding="utf-8"))
    assert [level["name"] for level in found["objectives"]] == [str(name) for name in DAY]
    assert all(level["proven"] for level in found["objectives"])


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
    if seed % 7 == 0:
        people[3] = replace(people[3], capacity=2, max_meetings=3)
        people[0] = replace(people[0], max_consecutive=1)
    order = ((requests[1].id, requests[2].id),) if seed % 6 == 0 else ()
    before = Instance("tiny", SLOTS, tuple(people), requests, tables=tables, precedences=order)
    gone = random.choice(people).id
    changes: list[Supposition] = [Absent(gone, frozenset(random.sample(range(SLOTS), random.randint(1, SLOTS))))]
    if seed % 3 == 0:
        late = Participant("S4", "structure", frozenset({0}))
        changes.append(Newcomer(late, (Request("S4-B1", ("S4", "B1"), 2), Request("S4-B2", ("S4", "B2"), 1))))
    if seed % 5 == 0:
        changes.append(Present(gone))
    return before, changes


@pytest.mark.parametrize("seed", range(60))
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


@pytest.mark.parametrize("seed", range(60))
def test_what_remains_is_made_the_best_of_around_whatever_is_fixed(seed: int) -> None:
    before, changes = tiny(seed)
    random = Random(seed)
    kept = [each for each in after_publication(before, solve(before, DRAFT)).previous if random.random() < 0.5]
    policy = random.choice((DAY, (LevelName.KEPT, LevelName.SATISFACTION, LevelName.IDLE, LevelName.CHANGES)))
    today = replace(applied(replace(before, previous=tuple(kept)), changes), policy=policy)
    problem = Problem(today, policy)
    fixed = {request: slot for request, slot in problem.previous.items() if problem.allowed[request] >> slot & 1}
    best = best_around(problem, fixed)
    truth = best_figures(json.loads(dump_instance(today)))
    assert truth is not None
    assert best is not None
    assert keeps_hard_rules(problem, best)
    assert {str(name): measured(problem, best, name) for name in policy} == {str(name): truth[name] for name in policy}
