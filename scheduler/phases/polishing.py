"""Fewer breaks by annealing, and the bounds of the lower levels that need no search."""

from __future__ import annotations

from scheduler.instance import LevelName
from scheduler.phases.bounding import bound_breaks, bound_idle
from scheduler.phases.search import Search
from scheduler.placing.colouring import colour
from scheduler.placing.improvement import SWEEPS, Annealing
from scheduler.problem import Fixed

WAITS = frozenset({LevelName.BREAKS, LevelName.IDLE})
FIRST_SWEEPS, FIRST_SHARE = 12, 0.1  # what small events need: before it is worth knowing what is out of reach
LONG_SHARE = 0.9  # the rest is for the bound of idle slots


def polish(search: Search, fixed: Fixed, *, share: float) -> None:
    """Reduce breaks by annealing for a share of the time, and prove what can be proven of them without search."""
    policy = search.problem.policy
    if not search.best or not WAITS & set(policy) or search.clock.stopped():
        return
    search.clock.report("breaks", search.levels())
    annealing = _annealing(search, fixed)
    _anneal(search, annealing, sweeps=FIRST_SWEEPS, spend=share * FIRST_SHARE)
    if LevelName.BREAKS in policy:
        bound_breaks(search, fixed)
    are_fewest = search.value(LevelName.BREAKS) == search.least_breaks
    if are_fewest and LevelName.IDLE in policy:
        bound_idle(search, fixed)
    search.clock.report("breaks", search.levels())
    _anneal(search, annealing, sweeps=SWEEPS, spend=share * LONG_SHARE)
    if not are_fewest and LevelName.IDLE in policy:
        bound_idle(search, fixed)
    _settle(search, fixed)


def _annealing(search: Search, fixed: Fixed) -> Annealing | None:
    """Return the best schedule ready to be annealed, if each meeting may be at any time."""
    problem, best = search.problem, search.best
    if problem.precedences or problem.instance.max_break_difference is not None or not best:
        return None
    timetable = colour(problem, best, fixed, hint=best)
    if timetable.unplaced() or search.clock.stopped():
        return None
    rest = set(problem.policy) - {LevelName.COVERAGE, LevelName.SATISFACTION, *WAITS}
    return Annealing(timetable, search.config.seed, free_selection=not rest - {LevelName.CHANGES})


def _anneal(search: Search, annealing: Annealing | None, *, sweeps: int, spend: float) -> None:
    """Offer what annealing finds, unless no wait less is possible."""
    least = (search.least_breaks, search.least_idle) if search.reaches_flow() else (0, 0)
    if annealing is None or (search.value(LevelName.BREAKS), search.value(LevelName.IDLE)) == least:
        return
    search.offer(annealing.run(search.clock, spend=spend, least=least, sweeps=sweeps))


def _settle(search: Search, fixed: Fixed) -> None:
    """Offer the best schedule with meetings back where they were, as far as no wait grows."""
    annealing = _annealing(search, fixed) if search.problem.previous else None
    if annealing is not None:
        search.offer(annealing.settle())


def bound_lower_levels(search: Search, lower: tuple[LevelName, ...]) -> None:
    """Note what is out of reach below the flow's levels: some breaks are forced, and each lasts a slot or more."""
    for name in lower:
        search.bounds[name] = search.trivial_bound(name)
        if name is LevelName.BREAKS and search.reaches_flow():
            search.bounds[name] = search.least_breaks
        if name is LevelName.IDLE and search.reaches_flow():
            breaks = search.least_breaks if LevelName.BREAKS in lower else 0
            search.bounds[name] = max(breaks, search.least_idle)
