"""From a question to a checked answer: proven, in time, repeatable, or honestly impossible."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from scheduler import (
    Instance,
    Participant,
    Pin,
    Progress,
    Request,
    Solution,
    SolverConfig,
    Status,
    read_instance,
    solve,
)
from scheduler.generate import Recipe, generate

REAL = Path(__file__).parent / "instances" / "numeriques-2015-04-17.json"
QUICK = SolverConfig(time_limit_s=20)


@pytest.fixture(scope="module")
def morning() -> Instance:
    return read_instance(REAL.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def published(morning: Instance) -> Solution:
    return solve(morning, QUICK)


def without_slots(instance: Instance, participant: str, slots: set[int]) -> Instance:
    return replace(
        instance,
        participants=tuple(
            replace(each, unavailable=each.unavailable | slots) if each.id == participant else each
            for each in instance.participants
        ),
    )


def after_publication(instance: Instance, solution: Solution) -> Instance:
    return replace(instance, previous=tuple(Pin(meeting.request, meeting.slot) for meeting in solution.meetings))


def test_the_morning_of_2015_is_proven_at_every_level(published: Solution) -> None:
    assert published.status is Status.OPTIMAL
    assert [(level.name, level.value) for level in published.objectives] == [
        ("coverage", (120, 7)),
        ("satisfaction", 740),
        ("breaks", 0),
        ("idle", 0),
        ("changes", 0),
    ]


def test_the_same_question_gets_the_same_answer(morning: Instance, published: Solution) -> None:
    again = solve(morning, QUICK)
    assert again.meetings == published.meetings
    assert [each[:3] for each in again.unmet] == [each[:3] for each in published.unmet]
    if again.all_tried and published.all_tried:  # a busy machine may not get to try every change within a second
        assert again.unmet == published.unmet


def test_each_desk_keeps_its_table_all_morning(published: Solution) -> None:
    tables = defaultdict(set)
    for meeting in published.meetings:
        tables[meeting.request.split("-")[1]].add(meeting.table)
    assert [desk for desk, used in tables.items() if len(used) > 1] == []


def test_on_the_day_only_the_absent_desk_loses_its_meetings(morning: Instance, published: Solution) -> None:
    absent = without_slots(after_publication(morning, published), "B05", set(range(8)))
    solution = solve(absent, replace(QUICK, policy="day"))
    before = {(meeting.request, meeting.slot) for meeting in published.meetings}
    lost = before - {(meeting.request, meeting.slot) for meeting in solution.meetings}
    assert {request.split("-")[1] for request, _ in lost} == {"B05"}
    assert solution.status is Status.OPTIMAL


def test_a_new_draft_moves_few_of_those_who_already_have_a_slot(morning: Instance, published: Solution) -> None:
    again = solve(after_publication(morning, published), QUICK)
    assert {(meeting.request, meeting.slot) for meeting in again.meetings} == {
        (meeting.request, meeting.slot) for meeting in published.meetings
    }


def test_nobody_sits_more_than_three_in_a_row_and_nothing_is_lost_by_it(morning: Instance) -> None:
    limited = replace(
        morning,
        policy=morning.policy[:2],
        participants=tuple(replace(each, max_consecutive=3) for each in morning.participants),
    )
    solution = solve(limited, QUICK)
    assert solution.status is Status.OPTIMAL


def test_too_many_required_requests_are_named_with_the_desk_they_overfill() -> None:
    participants = (Participant("B1", "buyer"), *(Participant(f"S{n}", "structure") for n in range(5)))
    requests = tuple(Request(f"S{n}-B1", (f"S{n}", "B1"), required=n < 3) for n in range(5))
    solution = solve(Instance("full", 2, participants, requests), QUICK)
    assert solution.status is Status.INFEASIBLE
    assert solution.meetings == ()
    assert solution.conflict == (
        "B1 can hold 1 at once, in 2 slots",
        "S0-B1 (S0 with B1) is required",
        "S1-B1 (S1 with B1) is required",
        "S2-B1 (S2 with B1) is required",
    )


def test_a_pin_on_an_absence_is_a_contradiction_of_two() -> None:
    participants = (Participant("B1", "buyer", frozenset({1})), Participant("S1", "structure"))
    instance = Instance("pin", 3, participants, (Request("S1-B1", ("S1", "B1")),), pins=(Pin("S1-B1", 1),))
    assert solve(instance, QUICK).conflict == ("B1 is unavailable in slots 1", "S1-B1 is fixed at slot 1")


def test_three_meet_together_or_not_at_all() -> None:
    participants = (Participant("B1", "buyer"), *(Participant(f"S{n}", "structure") for n in range(4)))
    requests = (
        Request("S0+S1", ("S0", "S1", "B1"), weight=1),
        Request("S2+S3", ("S2", "S3", "B1"), weight=2),
        Request("S1+S2", ("S1", "S2", "B1"), weight=9),
    )
    solution = solve(Instance("groups", 2, participants, requests), QUICK)
    assert {meeting.request for meeting in solution.meetings} == {"S0+S1", "S2+S3"}
    assert solution.status is Status.OPTIMAL


def test_who_wants_to_stop_gets_the_best_so_far_at_once() -> None:
    stop = Event()

    def stop_at_the_breaks(progress: Progress) -> None:
        if progress.phase == "breaks":
            stop.set()

    started = monotonic()
    instance = generate(Recipe(buyers=50, structures=300, requests=2_000, slots=16))
    solution = solve(instance, SolverConfig(time_limit_s=600), on_progress=stop_at_the_breaks, should_stop=stop.is_set)
    assert monotonic() - started < 30
    assert solution.status is Status.FEASIBLE
    assert [level.proven for level in solution.objectives[:2]] == [True, True]


def test_the_time_limit_is_a_promise() -> None:
    instance = generate(Recipe(buyers=50, structures=300, requests=2_000, slots=16, unavailability=0.4, tables=20))
    started = monotonic()
    solution = solve(instance, SolverConfig(time_limit_s=1))
    assert monotonic() - started < 1.2 * 1 + 2
    assert len(solution.meetings) > 0


def test_progress_goes_forward_to_its_end(morning: Instance) -> None:
    seen: list[Progress] = []
    solve(morning, QUICK, on_progress=seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert (seen[-1].phase, seen[-1].fraction) == ("done", 1.0)
