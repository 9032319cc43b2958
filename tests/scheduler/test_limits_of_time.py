"""A time limit is a promise: it counts from the start of the process, and keeps what the report takes."""

from __future__ import annotations

from time import monotonic

import pytest

from scheduler import Instance, Participant, Progress, Request, SolverConfig, Status, solve
from scheduler.generate import Recipe, generate
from scheduler.phases.clock import PROMISE, PROMISE_S, SLACK_S, Clock
from scheduler.placing.rooms import too_many_required
from scheduler.problem import Problem


def test_what_was_spent_before_counts() -> None:
    clock = Clock(10, started=monotonic() - 9)
    assert 0 < clock.left() <= 1
    assert Clock(10, started=monotonic() - 10).stopped()


def test_the_report_is_kept_its_time_on_a_slow_machine_more() -> None:
    clock = Clock(10)
    clock.reserve(3, pace=1)
    assert clock.search_s == 10
    clock.reserve(3, pace=3)
    assert clock.search_s == pytest.approx(PROMISE * 10 + PROMISE_S - 9 - SLACK_S)


def test_what_cant_be_interrupted_only_begins_where_it_ends_in_time() -> None:
    clock = Clock(1, started=monotonic() - 1)
    assert clock.stopped()
    assert clock.allows(1.5)
    assert not clock.allows(3)
    assert not clock.granting(1)()


def test_who_wants_to_stop_is_heard_by_everything() -> None:
    clock = Clock(100, should_stop=lambda: True)
    assert clock.stopped()
    assert not clock.allows(0)
    assert clock.granting(50)()


def test_progress_never_goes_back() -> None:
    seen: list[Progress] = []
    solve(generate(Recipe(6, 40, 120, 6)), SolverConfig(time_limit_s=20), on_progress=seen.append)
    fractions = [each.fraction for each in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_limit_that_is_over_still_gives_a_valid_schedule_without_a_false_proof() -> None:
    solution = solve(generate(Recipe(50, 300, 2000, 16)), SolverConfig(time_limit_s=0.1), started=monotonic() - 60)
    assert solution.status is Status.FEASIBLE
    assert solution.meetings


def test_a_crowd_of_required_meetings_is_told_by_the_fewest_that_prove_it() -> None:
    structures = tuple(Participant(f"S{n}", "structure") for n in range(3_000))
    desks = (Participant("B1", "buyer", frozenset({0})), Participant("B2", "buyer", max_meetings=100))
    requests = tuple(
        Request(f"S{n}-{desk.id}", (f"S{n}", desk.id), required=True) for n in range(3_000) for desk in desks
    )
    instance = Instance("crowd", 3, (*desks, *structures), requests)
    assert too_many_required(Problem(instance, instance.policy)) == [0, 2, 4]
    solution = solve(instance, SolverConfig(time_limit_s=20))
    assert solution.status is Status.INFEASIBLE
    assert len(solution.conflict) < 20
    assert any("B1" in sentence for sentence in solution.conflict)
