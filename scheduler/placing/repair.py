"""Does a schedule keep the hard rules, and what has to leave it until it does?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from scheduler.phases.measuring import busy_masks, occupancy
from scheduler.placing.colouring import colour
from scheduler.problem import Fixed, Problem

MOST_TRIES = 30  # each one colours again, which large instances can't afford for every request


def keeps_hard_rules(problem: Problem, schedule: Fixed, *, partial: bool = False) -> bool:
    """Say whether a schedule keeps every hard rule; a `partial` one may still lack required requests."""
    allowed = problem.allowed
    return not (
        (not partial and not problem.required <= schedule.keys())
        or any(not allowed[request] >> slot & 1 for request, slot in schedule.items())
        or _overbooked(problem, schedule)
        or _in_a_row(problem, schedule)
        or any(
            first in schedule and second in schedule and schedule[first] >= schedule[second]
            for first, second in problem.precedences
        )
        or (not partial and _unfair(problem, schedule))
    )


def _overbooked(problem: Problem, schedule: Fixed) -> bool:
    tables = problem.tables
    if tables is not None and any(count > tables[slot] for slot, count in Counter(schedule.values()).items()):
        return True
    places = occupancy(problem, schedule)
    if (places > np.array(problem.capacity)[:, None]).any():
        return True
    limits = [participant.max_meetings for participant in problem.instance.participants]
    if all(limit is None for limit in limits):
        return False
    return any(
        limit is not None and count > limit for count, limit in zip(places.sum(axis=1).tolist(), limits, strict=True)
    )


def _in_a_row(problem: Problem, schedule: Fixed) -> bool:
    if all(participant.max_consecutive is None for participant in problem.instance.participants):
        return False
    return any(too_long(problem, end, busy) for end, busy in busy_masks(problem, schedule).items())


def too_long(problem: Problem, participant: int, busy: int) -> int:
    """Return the slots that end a row longer than the participant wants, as a mask."""
    longest = problem.instance.participants[participant].max_consecutive
    if longest is None:
        return 0
    ends = 0
    for session in problem.session_masks:
        run = part = busy & session
        for step in range(1, longest + 1):
            run &= part << step
        ends |= run
    return ends


def _unfair(problem: Problem, schedule: Fixed) -> bool:
    difference = problem.instance.max_break_difference
    if difference is None:
        return False
    busy = busy_masks(problem, schedule)
    breaks = [problem.waits(busy.get(end, 0))[0] for end in range(len(problem.capacity))]
    return max(breaks, default=0) - min(breaks, default=0) > difference


def repaired(problem: Problem, schedule: Fixed, fixed: Fixed, should_stop: Callable[[], bool]) -> Fixed:
    """Return a schedule without what breaks a limit in a row or a precedence, filled up again where there is room."""
    kept = dict(schedule)
    for first, second in problem.precedences:
        if first in kept and second in kept and kept[first] >= kept[second]:
            kept.pop(second if first in problem.required else first)
    for end, busy in busy_masks(problem, kept).items():
        masked = busy
        while late := too_long(problem, end, masked):
            slot = late.bit_length() - 1
            for request in problem.requests_of[end]:
                if kept.get(request) == slot:
                    del kept[request]
            masked &= ~(1 << slot)
    return _filled_up(problem, kept, fixed, should_stop) if problem.is_plain else kept


def _filled_up(problem: Problem, schedule: Fixed, fixed: Fixed, should_stop: Callable[[], bool]) -> Fixed:
    """Add every request that still finds a slot: this can only raise coverage and satisfaction."""
    meetings = Counter(end for request in schedule for end in problem.ends[request])

    def is_full(end: int) -> bool:
        limit = problem.instance.participants[end].max_meetings
        slots = problem.free[end].bit_count() * problem.capacity[end]
        return meetings[end] >= (slots if limit is None else min(limit, slots))

    places = len(problem.ends) if problem.tables is None else sum(problem.tables)
    tries = MOST_TRIES
    for request, mask in enumerate(problem.allowed):
        ends = problem.ends[request]
        if request in schedule or not mask or len(schedule) >= places or any(is_full(end) for end in ends):
            continue
        tries -= 1
        if tries < 0 or should_stop():
            break
        timetable = colour(problem, [*schedule, request], fixed, hint=schedule, should_stop=should_stop)
        if not timetable.unplaced():
            schedule = timetable.meetings()
            meetings.update(ends)
    return schedule
