"""Every figure the rule is judged by, recomputed from the meetings alone."""

from __future__ import annotations

import numpy as np

from scheduler.checking.reading import Schedule


def coverage(schedule: Schedule) -> tuple[int, ...]:
    """How many participants of the coverage group have at least 1, 2, 3… meetings."""
    group = schedule.instance.get("coverage_group", "structure")
    counts = [
        count
        for count, participant in zip(schedule.meeting_counts, schedule.participants.values(), strict=True)
        if participant.get("group", "") == group
    ]
    exactly = np.bincount(np.array(counts, dtype=np.int64), minlength=1)
    at_least: list[int] = np.cumsum(exactly[::-1])[::-1][1:].tolist()
    return tuple(at_least)


def satisfaction(schedule: Schedule) -> int:
    """The total weight of the met requests."""
    return int(schedule.weights[np.unique(schedule.numbers)].sum())


def breaks(schedule: Schedule) -> int:
    """How many times somebody waits between two meetings of one session."""
    return len(schedule.waits[1])


def idle(schedule: Schedule) -> int:
    """How many slots all those waits last together."""
    return int(schedule.waits[1].sum())


def changes(schedule: Schedule) -> int:
    """How many requests are met in another slot than before, or newly, or no longer; 0 without a previous schedule."""
    if not schedule.previous:
        return 0
    concerned = schedule.previous.keys() | schedule.slot_of.keys()
    return sum(schedule.previous.get(request) != schedule.slot_of.get(request) for request in concerned)


def moves(schedule: Schedule) -> int:
    """How many requests met before are met still, but in another slot."""
    now = schedule.slot_of
    return sum(request in now and now[request] != slot for request, slot in schedule.previous.items())


def kept(schedule: Schedule) -> int:
    """How many requests are met in the very slot they had."""
    return sum(schedule.slot_of.get(request) == slot for request, slot in schedule.previous.items())
