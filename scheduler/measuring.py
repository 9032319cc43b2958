"""What a schedule is worth at each level, counted without any solver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from scheduler.instance import LevelName
from scheduler.problem import Fixed, Problem
from scheduler.relaxation import coverage_of
from scheduler.solution import Count

MORE_IS_BETTER = frozenset({LevelName.COVERAGE, LevelName.SATISFACTION, LevelName.KEPT})


def busy_masks(problem: Problem, schedule: Fixed) -> dict[int, int]:
    """Return the slots in which each participant has a meeting, as masks."""
    busy: dict[int, int] = defaultdict(int)
    for request, slot in schedule.items():
        for end in problem.ends[request]:
            busy[end] |= 1 << slot
    return busy


def measured(problem: Problem, schedule: Fixed, name: LevelName) -> Count:
    """Return what `schedule` reaches at the level called `name`."""
    return _MEASURES[name](problem, schedule)


def _coverage(problem: Problem, schedule: Fixed) -> Count:
    return coverage_of(problem, list(schedule))


def _satisfaction(problem: Problem, schedule: Fixed) -> Count:
    return sum(problem.weights[request] for request in schedule)


def _breaks(problem: Problem, schedule: Fixed) -> Count:
    return sum(problem.waits(busy)[0] for busy in busy_masks(problem, schedule).values())


def _idle(problem: Problem, schedule: Fixed) -> Count:
    return sum(problem.waits(busy)[1] for busy in busy_masks(problem, schedule).values())


def _changes(problem: Problem, schedule: Fixed) -> Count:
    previous = problem.previous
    concerned = previous.keys() | schedule.keys() if previous else set()
    return sum(previous.get(request) != schedule.get(request) for request in concerned)


def _kept(problem: Problem, schedule: Fixed) -> Count:
    return sum(schedule.get(request) == slot for request, slot in problem.previous.items())


def _moves(problem: Problem, schedule: Fixed) -> Count:
    return sum(schedule.get(request, slot) != slot for request, slot in problem.previous.items())


_MEASURES: dict[LevelName, Callable[[Problem, Fixed], Count]] = {
    LevelName.COVERAGE: _coverage,
    LevelName.SATISFACTION: _satisfaction,
    LevelName.BREAKS: _breaks,
    LevelName.IDLE: _idle,
    LevelName.CHANGES: _changes,
    LevelName.KEPT: _kept,
    LevelName.MOVES: _moves,
}


def as_vector(problem: Problem, schedule: Fixed) -> tuple[tuple[int, ...], ...]:
    """Return all levels of the policy, more being better everywhere: what one schedule beats another by."""
    vector: list[tuple[int, ...]] = []
    for name in problem.policy:
        value = measured(problem, schedule, name)
        if isinstance(value, int):
            vector.append((value if name in MORE_IS_BETTER else -value,))
        else:
            vector.append(value)
    return tuple(vector)
