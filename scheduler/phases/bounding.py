"""What breaks and idle slots the best selections force, beyond search: as far as the time allows."""

from __future__ import annotations

import numpy as np

from scheduler.flow.faces import Face, FlowFace
from scheduler.flow.prices import PricedSlots, Waits
from scheduler.instance import LevelName
from scheduler.phases.search import Search
from scheduler.problem import Fixed, Problem

SHARE_OF_TIME = 0.25
SECONDS_PER_REQUEST = 5e-6  # in a cheapest flow, which can't be interrupted
SECONDS_PER_CELL = 0.4e-6  # a participant's state in a slot, priced and traced back once
LONGEST_ROUND_S = 1.0  # who wants to stop doesn't wait longer
SECONDS_PER_COLUMN = 100e-6  # of a linear programme, solved once
FEWEST_ROUNDS = 10  # with fewer, prices prove nothing that no prices don't
BREAKS_IN_IDLE = 2.0  # what a break counts where idle slots are asked for and the fewest breaks are known


def bound_breaks(search: Search, fixed: Fixed) -> None:
    """Raise what is known of the fewest breaks of a schedule as good as the best one above them."""
    value = search.value(LevelName.BREAKS)
    if not search.reaches_flow() or not isinstance(value, int) or search.least_breaks >= value:
        return
    found = _least(search, fixed, Waits(), enough=value)
    if found is not None:
        search.least_breaks = max(search.least_breaks, found)


def bound_idle(search: Search, fixed: Fixed) -> None:
    """The same for idle slots; where the fewest breaks are reached, of schedules with as many."""
    breaks, idle = search.value(LevelName.BREAKS), search.value(LevelName.IDLE)
    if not search.reaches_flow() or not isinstance(breaks, int) or not isinstance(idle, int):
        return
    per_break = BREAKS_IN_IDLE if breaks == search.least_breaks and _breaks_come_first(search) else 0.0
    search.least_idle = max(search.least_idle, search.least_breaks)
    if search.least_idle >= idle:
        return
    given = per_break * breaks
    found = _least(search, fixed, Waits(per_break, 1.0), enough=idle + given)
    if found is not None:
        search.least_idle = max(search.least_idle, int(found - given))


def _breaks_come_first(search: Search) -> bool:
    policy = search.problem.policy
    return LevelName.BREAKS in policy and policy.index(LevelName.BREAKS) < policy.index(LevelName.IDLE)


def _least(search: Search, fixed: Fixed, waits: Waits, enough: float) -> int | None:
    """Return the bound that prices prove, None where they say nothing or would take too long."""
    clock = search.clock
    round_s = _round_s(search.problem)
    ends = clock.spent() + clock.left() * SHARE_OF_TIME
    if round_s > LONGEST_ROUND_S or clock.spent() + round_s * FEWEST_ROUNDS > ends:
        return None
    face = _face(search, fixed)
    if face is None:
        return None
    from scheduler.flow.pricing import least_waits  # its linear programmes take a moment to import

    slots = PricedSlots(search.problem, face, waits)
    return least_waits(slots, enough, lambda: clock.stopped() or clock.spent() > ends)


def _round_s(problem: Problem) -> float:
    """Return about how long it takes to find the bound at some prices: a flow, and all participants in all slots."""
    degrees = np.bincount(problem.members[1], minlength=len(problem.capacity))
    states = np.minimum(degrees, problem.presence.sum(axis=1)) + 1
    return len(problem.ends) * SECONDS_PER_REQUEST + float(states.sum()) * problem.slots * SECONDS_PER_CELL


def _face(search: Search, fixed: Fixed) -> Face | None:
    """Return the selections that are as good as the best schedule, None where nothing is said of them."""
    problem = search.problem
    coverage = search.value(LevelName.COVERAGE)
    satisfaction = search.value(LevelName.SATISFACTION) if LevelName.SATISFACTION in search.by_flow else None
    if LevelName.COVERAGE not in search.by_flow or not isinstance(coverage, tuple) or isinstance(satisfaction, tuple):
        return None
    if problem.is_two_sided:
        face = FlowFace(problem, fixed, coverage, satisfaction)
        if face.cheapest(np.zeros(len(face.owners))) is not None:
            return face
    from scheduler.flow.fractions import ProgrammeFace  # takes half a second to import: only where flows don't do
    from scheduler.flow.selection import slot_classes

    classes = slot_classes(problem)
    seconds = len(problem.ends) * len(classes) * SECONDS_PER_COLUMN * FEWEST_ROUNDS
    if seconds > search.clock.left() * SHARE_OF_TIME:
        return None
    return ProgrammeFace(problem, fixed, coverage, satisfaction, search.clock)
