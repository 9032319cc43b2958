"""Who stops a search gets the best schedule so far, checked like any other, at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import process_time
from typing import Any

import pytest

from scheduler import Progress, Solution, SolverConfig, Status, dump_solution, explain, read_solution, solve
from scheduler.checks import Question, violations, violations_of
from scheduler.formats.serialization import instance_document, solution_document
from scheduler.generate import Recipe, generate
from scheduler.instance import Instance

LARGE = generate(Recipe(buyers=200, structures=1_600, requests=20_000, slots=40))
VERY_LARGE = generate(Recipe(buyers=200, structures=1_600, requests=24_000, slots=40))


class Gone(Iterable[Any]):
    """Rows that know how often they were gone through."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows
        self.times = 0

    def __iter__(self) -> Iterator[Any]:
        self.times += 1
        return iter(self.rows)


class Caller:
    """Somebody who stops the search as soon as it is in a phase, and looks at the processor's clock."""

    def __init__(self, phase: str) -> None:
        self.phase = phase
        self.begun = process_time()
        self.stopped_at = 0.0

    def hears(self, progress: Progress) -> None:
        if progress.phase == self.phase and not self.stopped_at:
            self.stopped_at = process_time()

    def stops(self) -> bool:
        return self.stopped_at > 0

    def solves(self, policy: Any = None, instance: Instance = LARGE) -> Solution:
        config = SolverConfig(time_limit_s=120, policy=policy)
        return solve(instance, config, on_progress=self.hears, should_stop=self.stops)


@pytest.mark.parametrize("phase", ["selection", "slots", "breaks"])
@pytest.mark.parametrize("policy", ["draft", "day"])
def test_a_stopped_search_gives_a_right_schedule_and_says_that_no_change_was_tried(phase: str, policy: str) -> None:
    caller = Caller(phase)
    solution = caller.solves(policy)
    assert caller.stops()
    assert solution.status is Status.FEASIBLE
    assert solution.meetings
    assert not solution.all_tried
    assert len(solution.unmet) + len(solution.meetings) == len(LARGE.requests)
    assert not any(each.unlock for each in solution.unmet)
    assert violations(instance_document(LARGE), solution_document(solution)) == []


@pytest.mark.parametrize("phase", ["selection", "slots"])
def test_who_stops_a_very_large_one_before_its_first_schedule_is_not_kept_waiting_for_it(phase: str) -> None:
    caller = Caller(phase)
    solution = caller.solves(instance=VERY_LARGE)
    assert caller.stops()
    assert solution.status is Status.UNKNOWN
    assert not solution.meetings
    assert violations(instance_document(VERY_LARGE), solution_document(solution)) == []


def test_who_stops_a_very_large_one_later_gets_the_schedule() -> None:
    solution = Caller("breaks").solves(instance=VERY_LARGE)
    assert solution.status is Status.FEASIBLE
    assert len(solution.unmet) + len(solution.meetings) == len(VERY_LARGE.requests)


def test_the_answer_takes_less_work_than_what_came_before_it() -> None:
    caller = Caller("breaks")
    caller.solves()
    assert process_time() - caller.stopped_at < caller.stopped_at - caller.begun


def test_reasons_that_are_brief_after_a_stop_are_the_same_when_asked_for_later() -> None:
    solution = Caller("breaks").solves()
    later = explain(LARGE, solution)
    assert [(each.request, each.reason, each.with_) for each in later] == [
        (each.request, each.reason, each.with_) for each in solution.unmet
    ]
    assert any(each.unlock for each in later)


def test_that_not_all_was_tried_is_written_down_and_read_again() -> None:
    stopped = Caller("slots").solves()
    assert not read_solution(dump_solution(stopped)).all_tried
    small = solve(generate(Recipe(3, 10, 20, 8)), SolverConfig(time_limit_s=20))
    assert '"all_tried"' not in dump_solution(small)


def test_the_instance_is_read_for_the_check_before_there_is_a_schedule() -> None:
    document = instance_document(LARGE)
    requests = document["requests"] = Gone(document["requests"])
    question = Question(document)
    claimed = question.fingerprint
    times = requests.times
    right = solution_document(Caller("slots").solves())
    assert claimed == right["instance_sha256"]
    assert violations_of(question, right) == []
    wrong = right | {"meetings": [right["meetings"][0], *right["meetings"]], "instance_sha256": "0" * 64}
    found = {violation.rule for violation in violations_of(question, wrong)}
    assert {"each_request_at_most_once", "one_meeting_at_a_time", "made_for_this_instance"} <= found
    assert requests.times == times
