"""Fewer breaks by annealing, and the bounds of the lower levels that need no search."""

from __future__ import annotations

from scheduler.instance import LevelName
from scheduler.phases.search import Search
from scheduler.placing.colouring import colour
from scheduler.placing.improvement import Annealing
from scheduler.problem import Fixed

WAITS = frozenset({LevelName.BREAKS, LevelName.IDLE})


def polish(search: Search, fixed: Fixed, *, share: float) -> None:
    """Reduce breaks by annealing for a share of the time, where each meeting is one of two and may be at any time."""
    problem, best = search.problem, search.best
    if not best or not WAITS & set(problem.policy):
        return
    if problem.precedences or problem.instance.max_break_difference is not None or not problem.is_paired:
        return
    search.clock.report("breaks", search.levels())
    timetable = colour(problem, best, fixed, hint=best)
    if timetable.unplaced():
        return
    rest = set(problem.policy) - {LevelName.COVERAGE, LevelName.SATISFACTION, *WAITS}
    least_breaks = search.least_breaks if search.reaches_flow() else 0
    annealing = Annealing(timetable, search.config.seed, free_selection=not rest - {LevelName.CHANGES})
    better = annealing.run(search.clock, spend=share, least_breaks=least_breaks)
    search.offer(better)
    if problem.previous:
        returned = colour(problem, better, fixed, hint=better)
        if not returned.unplaced():
            search.offer(Annealing(returned, search.config.seed, free_selection=False).settle())


def bound_lower_levels(search: Search, lower: tuple[LevelName, ...]) -> None:
    """Note what is out of reach below the flow's levels: some breaks are forced, and each lasts a slot or more."""
    for name in lower:
        search.bounds[name] = search.trivial_bound(name)
        if name is LevelName.BREAKS and search.reaches_flow():
            search.bounds[name] = search.least_breaks
        if name is LevelName.IDLE and LevelName.BREAKS in lower:
            search.bounds[name] = search.bounds.get(LevelName.BREAKS, 0)
