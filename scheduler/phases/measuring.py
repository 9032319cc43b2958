"""What a schedule is worth at each level, counted without any solver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scheduler.flow.relaxation import coverage_of
from scheduler.instance import LevelName
from scheduler.problem import Fixed, Problem
from scheduler.solution import Count

MORE_IS_BETTER = frozenset({LevelName.COVERAGE, LevelName.SATISFACTION, LevelName.KEPT})


def busy_masks(problem: Problem, schedule: Fixed) -> dict[int, int]:
    """Return the slots in which each participant has a meeting, as masks."""
    busy: dict[int, int] = defaultdict(int)
    for request, slot in schedule.items():
        for end in problem.ends[request]:
            busy[end] |= 1 << slot
    return busy


def occupancy(problem: Problem, schedule: Fixed) -> NDArray[np.int32]:
    """Return the number of meetings of each participant (row) in each slot (column)."""
    slot_of = np.full(len(problem.ends), -1, dtype=np.int64)
    slot_of[np.fromiter(schedule.keys(), np.int64, len(schedule))] = np.fromiter(
        schedule.values(), np.int64, len(schedule)
    )
    requests, participants = problem.members
    slots = slot_of[requests]
    met = slots >= 0
    cells = participants[met] * problem.slots + slots[met]
    counts = np.bincount(cells, minlength=len(problem.capacity) * problem.slots)
    return counts.astype(np.int32).reshape(len(problem.capacity), problem.slots)


def measured(problem: Problem, schedule: Fixed, name: LevelName) -> Count:
    """Return what `schedule` reaches at the level called `name`."""
    return _MEASURES[name](problem, schedule)


def _coverage(problem: Problem, schedule: Fixed) -> Count:
    return coverage_of(problem, list(schedule))


def _satisfaction(problem: Problem, schedule: Fixed) -> Count:
    return sum(map(problem.weights.__getitem__, schedule))


def _waits(problem: Problem, schedule: Fixed) -> tuple[int, int]:
    """Return (holes, idle slots) of everybody together."""
    busy = occupancy(problem, schedule) > 0
    holes = idle = 0
    for start, end in problem.instance.sessions:
        part = busy[:, start:end]
        part = part[part.any(axis=1)]
        runs = part[:, 0].astype(np.int64) + (part[:, 1:] & ~part[:, :-1]).sum(axis=1)
        spans = (end - start) - part.argmax(axis=1) - part[:, ::-1].argmax(axis=1)
        holes += int((runs - 1).sum())
        idle += int((spans - part.sum(axis=1)).sum())
    return holes, idle


def _breaks(problem: Problem, schedule: Fixed) -> Count:
    return _waits(problem, schedule)[0]


def _idle(problem: Problem, schedule: Fixed) -> Count:
    return _waits(problem, schedule)[1]


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


def is_better(problem: Problem, schedule: Fixed, other: Fixed) -> bool:
    """Say whether a schedule beats another one at the first level of the policy at which they differ."""
    for name in problem.policy:
        value, known = measured(problem, schedule, name), measured(problem, other, name)
        if value != known:
            return _is_more(value, known) == (name in MORE_IS_BETTER)
    return False


def _is_more(value: Count, other: Count) -> bool:
    if isinstance(value, tuple) and isinstance(other, tuple):
        return value > other
    return isinstance(value, int) and isinstance(other, int) and value > other
