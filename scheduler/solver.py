"""The whole way from a question to a checked answer: bound, colours, exact search for what is left, fewer breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduler.config import NAMED_POLICIES, SolverConfig
from scheduler.formats.json_text import paused_collector
from scheduler.instance import Instance, LevelName
from scheduler.phases.clock import Clock
from scheduler.phases.polishing import bound_lower_levels, polish
from scheduler.phases.reporting import prepared, reported, unknown
from scheduler.phases.search import BY_FLOW, Outcome, Search
from scheduler.phases.start import start
from scheduler.problem import Problem
from scheduler.solution import Progress, Solution

if TYPE_CHECKING:
    from scheduler.exact.levels import LevelSearch

MOST_LITERALS = 400_000  # beyond, building the CP-SAT model alone takes longer than most time limits
SECONDS_TO_LOAD, SECONDS_PER_LITERAL = 0.5, 40e-6
MOST_LITERALS_FOR_BREAKS = 60_000  # beyond, CP-SAT finds nothing
MOST_LITERALS_AFTER_ANNEALING = 20_000  # beyond, CP-SAT finds nothing that annealing has not found
SECONDS_TO_REPORT = 8e-6  # per request: filling up, tables, reasons, the check, and writing it all down
SECONDS_TO_LOOK = 0.8e-6  # per request: the first tables, which tell how fast the machine is now
SLOWEST = 4.0  # beyond, the first look tells less about the machine than about itself


def solve(
    instance: Instance,
    config: SolverConfig | None = None,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    started: float | None = None,
) -> Solution:
    """Return the best schedule found within the time limit, with a proven bound for each level of the rule.

    The limit runs from `started` (`time.monotonic()`; now by default): who reads the instance first lets that count.
    Who stops a large one before its first schedule gets the status unknown, instead of waiting for one.
    `on_progress` and `should_stop` are called from several threads. Raises WrongResult if the independent check
    refuses the schedule, which is a bug.
    """
    config = config or SolverConfig()
    clock = Clock(config.time_limit_s, on_progress, should_stop, started=started)
    problem = Problem(instance, instance.policy if config.policy is None else NAMED_POLICIES[config.policy])
    search = Search(problem, config, clock)
    with paused_collector():
        clock.reserve(SECONDS_TO_REPORT * len(instance.requests), pace=_pace(problem, clock))
        known = prepared(search)
        if known is None or search.is_given_up():
            return unknown(search)
        solution = reported(search, _searched(search), known)
    clock.report("done", solution.objectives)
    return solution


def _pace(problem: Problem, clock: Clock) -> float:
    """Return how many times longer than on an idle machine it took to have a first look at the problem."""
    before = clock.spent()
    looked_at = max(len(problem.allowed), len(problem.requests_of))
    usual = SECONDS_TO_LOOK * looked_at + 0.01
    return min(SLOWEST, max(1.0, (clock.spent() - before) / usual))


def _searched(search: Search) -> Outcome:
    """Go through the phases until every level is proven or the time is up."""
    upper = _upper_levels(search.problem)
    lower = search.problem.policy[len(upper) :]
    fixed = start(search, upper)
    if search.is_impossible:
        return Outcome.IMPOSSIBLE
    if search.is_given_up():
        return Outcome.NOTHING
    if search.best is not None and all(search.is_proven(name) for name in search.problem.policy):
        return Outcome.PROVEN
    exact: LevelSearch | None = None
    if search.best is None or not all(search.is_proven(name) for name in upper):
        exact = _exact_search(search)
        if exact is not None:
            outcome = exact.run(upper)
            if outcome is Outcome.IMPOSSIBLE or (outcome is Outcome.NOTHING and search.best is None):
                return outcome
    if search.best is None:
        exact = exact or _exact_search(search)
        return Outcome.NOTHING if exact is None else exact.run(lower)
    exact_follows = _is_small(search.problem) and _seconds_to_build(search.problem) < search.clock.left() / 4
    polish(search, fixed, share=0.5 if exact_follows else 0.95)
    _finish(search, exact, upper, lower)
    return Outcome.PROVEN if all(search.is_proven(name) for name in search.problem.policy) else Outcome.FOUND


def _upper_levels(problem: Problem) -> tuple[LevelName, ...]:
    """Return the levels that the flow speaks of, up to the first that needs a timetable."""
    for position, name in enumerate(problem.policy):
        if name not in BY_FLOW:
            return problem.policy[:position]
    return problem.policy


def _exact_search(search: Search) -> LevelSearch | None:
    """Build the CP-SAT model, unless it would be too large or take most of the time left."""
    if search.clock.stopped() or _literals(search.problem) > MOST_LITERALS:
        return None
    if search.best is not None and _seconds_to_build(search.problem) > search.clock.left() / 2:
        return None
    search.clock.report("model")
    from scheduler.exact.levels import LevelSearch

    return LevelSearch(search)


def _finish(
    search: Search, exact: LevelSearch | None, upper: tuple[LevelName, ...], lower: tuple[LevelName, ...]
) -> None:
    """Prove or improve the lower levels, by what is obvious and then by CP-SAT."""
    above_proven = all(search.is_proven(name) for name in upper)
    bound_lower_levels(search, lower)
    if all(search.is_proven(name) for name in lower) or search.clock.stopped():
        return
    if not _is_small(search.problem):
        return
    exact_before = exact is not None
    exact = exact or _exact_search(search)
    if exact is None:
        return
    if not exact_before:
        exact.hold(upper)
    first = next(position for position, name in enumerate(lower) if not search.is_proven(name))
    exact.hold(lower[:first])
    exact.run(lower[first:], above_proven=above_proven)


def _seconds_to_build(problem: Problem) -> float:
    places = len(problem.capacity) * problem.slots
    return SECONDS_TO_LOAD + (_literals(problem) + places) * SECONDS_PER_LITERAL


def _is_small(problem: Problem) -> bool:
    """Say whether CP-SAT can still do something about breaks, or has to since nothing else does."""
    is_annealed = not problem.precedences and problem.instance.max_break_difference is None
    most = MOST_LITERALS_AFTER_ANNEALING if is_annealed else MOST_LITERALS_FOR_BREAKS
    return _literals(problem) <= most or not problem.is_paired


def _literals(problem: Problem) -> int:
    return sum(mask.bit_count() for mask in problem.allowed)
