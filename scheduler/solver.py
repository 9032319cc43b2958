"""The whole way from a question to a checked answer: bound, colours, exact search for what is left, fewer breaks."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from scheduler.checks import violations
from scheduler.clock import Clock
from scheduler.colouring import colour
from scheduler.config import NAMED_POLICIES, SolverConfig
from scheduler.errors import WrongResult
from scheduler.explain import explained
from scheduler.improvement import Annealing
from scheduler.instance import Instance, LevelName
from scheduler.measuring import as_vector
from scheduler.problem import Fixed, Problem
from scheduler.relaxation import relax
from scheduler.repair import keeps_hard_rules, repaired
from scheduler.search import BY_FLOW, Outcome, Search
from scheduler.seating import numbered_tables
from scheduler.serialization import instance_document, instance_sha256, solution_document
from scheduler.solution import Count, Meeting, Progress, Solution, Status

if TYPE_CHECKING:
    from scheduler.exact import LevelSearch

MOST_LITERALS = 400_000  # beyond, building the CP-SAT model alone takes longer than most time limits
SECONDS_TO_LOAD, SECONDS_PER_LITERAL = 0.5, 40e-6
MOST_LITERALS_FOR_BREAKS = 60_000  # beyond, CP-SAT finds nothing that annealing has not found


def solve(
    instance: Instance,
    config: SolverConfig | None = None,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """Return the best schedule found within the time limit, with a proven bound for each level of the rule.

    `on_progress` and `should_stop` are called from several threads. Raises WrongResult if the independent check
    refuses the schedule, which is a bug.
    """
    config = config or SolverConfig()
    clock = Clock(config.time_limit_s, on_progress, should_stop)
    problem = Problem(instance, instance.policy if config.policy is None else NAMED_POLICIES[config.policy])
    search = Search(problem, config, clock)
    outcome = _searched(search)
    solution = _reported(search, outcome)
    found = violations(instance_document(instance), solution_document(solution))
    if found:
        raise WrongResult("; ".join(map(str, found[:5])))
    clock.report("done", solution.objectives)
    return solution


def _searched(search: Search) -> Outcome:
    """Go through the phases until every level is proven or the time is up."""
    upper = _upper_levels(search.problem)
    lower = search.problem.policy[len(upper) :]
    fixed = _start(search, upper)
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
    _improve(search, fixed)
    _finish(search, exact, upper, lower)
    return Outcome.PROVEN if all(search.is_proven(name) for name in search.problem.policy) else Outcome.FOUND


def _upper_levels(problem: Problem) -> tuple[LevelName, ...]:
    """Return the levels that the flow speaks of, up to the first that needs a timetable."""
    for position, name in enumerate(problem.policy):
        if name not in BY_FLOW:
            return problem.policy[:position]
    return problem.policy


def _start(search: Search, upper: tuple[LevelName, ...]) -> Fixed:
    """Find a first schedule by flow and colouring, and the bounds that it proves; return the meetings it fixed."""
    problem, clock = search.problem, search.clock
    pinned = problem.pinned
    fixed = _kept_and_pinned(problem) if LevelName.KEPT in upper[:1] else pinned
    if not keeps_hard_rules(problem, pinned, partial=True):
        return pinned
    if not (problem.is_two_sided and _flow_speaks(upper)):
        _start_empty(search)
        return pinned
    clock.report("selection")
    hit = frozenset(problem.previous.keys() - fixed.keys()) if LevelName.MOVES in upper else frozenset()
    relaxation = relax(problem, fixed, unwelcome=hit)
    if relaxation is None:
        return pinned
    clock.report("slots")
    timetable = colour(
        problem, relaxation.chosen, fixed, seed=search.config.seed, hint=problem.previous, should_stop=clock.stopped
    )
    schedule = timetable.meetings()
    if not keeps_hard_rules(problem, schedule) and not timetable.unplaced():
        schedule = Annealing(timetable, search.config.seed, free_selection=False).run(
            clock, spend=0.5, until_allowed=True
        )
    if not keeps_hard_rules(problem, schedule) or timetable.unplaced():
        schedule = repaired(problem, schedule, fixed, clock.stopped)
    if keeps_hard_rules(problem, schedule):
        search.best = schedule
    figures: dict[LevelName, Count] = {
        LevelName.KEPT: sum(problem.allowed[request] >> slot & 1 for request, slot in problem.previous.items()),
        LevelName.COVERAGE: relaxation.coverage,
        LevelName.SATISFACTION: relaxation.satisfaction,
        LevelName.MOVES: len(hit.intersection(relaxation.chosen)),
    }
    search.bounds = {name: figures[name] for name in upper}
    search.by_flow = dict(search.bounds)
    search.least_breaks = relaxation.breaks
    return fixed


def _flow_speaks(upper: tuple[LevelName, ...]) -> bool:
    """Say whether the order of the levels is the one in which the flow optimises."""
    order = (LevelName.COVERAGE, LevelName.SATISFACTION, LevelName.MOVES)
    levels = upper[1:] if upper[:1] == (LevelName.KEPT,) else upper
    return bool(levels) and levels == order[: len(levels)]


def _start_empty(search: Search) -> None:
    if not search.problem.required and keeps_hard_rules(search.problem, {}):
        search.best = {}


def _kept_and_pinned(problem: Problem) -> Fixed:
    """Return the previous meetings that can all stay where they are, with the pins; the pins alone if they can't."""
    held = {request: slot for request, slot in problem.previous.items() if problem.allowed[request] >> slot & 1}
    together = held | problem.pinned
    return together if keeps_hard_rules(problem, together, partial=True) else problem.pinned


def _exact_search(search: Search) -> LevelSearch | None:
    """Build the CP-SAT model, unless it would be too large or take most of the time left."""
    if search.clock.stopped() or _literals(search.problem) > MOST_LITERALS:
        return None
    if search.best is not None and _seconds_to_build(search.problem) > search.clock.left() / 2:
        return None
    search.clock.report("model")
    from scheduler.exact import LevelSearch

    return LevelSearch(search)


def _improve(search: Search, fixed: Fixed) -> None:
    """Reduce breaks by annealing, where the schedule is one of two sides without further rules."""
    problem, best = search.problem, search.best
    if best is None or not {LevelName.BREAKS, LevelName.IDLE} & set(problem.policy) or not best:
        return
    rest = set(problem.policy) - {LevelName.COVERAGE, LevelName.SATISFACTION, LevelName.BREAKS, LevelName.IDLE}
    if problem.precedences or problem.instance.max_break_difference is not None or not problem.is_two_sided:
        return
    search.clock.report("breaks", search.levels())
    timetable = colour(problem, best, fixed, hint=best)
    if timetable.unplaced():
        return
    free_selection = not rest - {LevelName.CHANGES}
    least_breaks = search.least_breaks if search.reaches_flow() else 0
    exact_follows = _is_small(problem) and _seconds_to_build(problem) < search.clock.left() / 4
    spend = 0.5 if exact_follows else 0.95
    annealing = Annealing(timetable, search.config.seed, free_selection=free_selection)
    better = annealing.run(search.clock, spend=spend, least_breaks=least_breaks)
    candidates = [better]
    if problem.previous:
        returned = colour(problem, better, fixed, hint=better)
        if not returned.unplaced():
            candidates.append(Annealing(returned, search.config.seed, free_selection=False).settle())
    for schedule in candidates:
        if keeps_hard_rules(problem, schedule) and as_vector(problem, schedule) > as_vector(problem, search.best or {}):
            search.best = schedule


def _finish(
    search: Search, exact: LevelSearch | None, upper: tuple[LevelName, ...], lower: tuple[LevelName, ...]
) -> None:
    """Prove or improve the lower levels, by what is obvious and then by CP-SAT."""
    above_proven = all(search.is_proven(name) for name in upper)
    _bound_lower_levels(search, lower)
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


def _bound_lower_levels(search: Search, lower: tuple[LevelName, ...]) -> None:
    """Note what is out of reach below the flow's levels: some breaks are forced, and each lasts a slot or more."""
    for name in lower:
        search.bounds[name] = search.trivial_bound(name)
        if name is LevelName.BREAKS and search.reaches_flow():
            search.bounds[name] = search.least_breaks
        if name is LevelName.IDLE and LevelName.BREAKS in lower:
            search.bounds[name] = search.bounds.get(LevelName.BREAKS, 0)


def _seconds_to_build(problem: Problem) -> float:
    places = len(problem.capacity) * problem.slots
    return SECONDS_TO_LOAD + (_literals(problem) + places) * SECONDS_PER_LITERAL


def _is_small(problem: Problem) -> bool:
    """Say whether CP-SAT can still do something about breaks, or has to since nothing else does."""
    return _literals(problem) <= MOST_LITERALS_FOR_BREAKS or not problem.is_two_sided


def _literals(problem: Problem) -> int:
    return sum(mask.bit_count() for mask in problem.allowed)


def _reported(search: Search, outcome: Outcome) -> Solution:
    """Put the result into words and numbers."""
    problem, instance = search.problem, search.problem.instance
    status = {
        Outcome.PROVEN: Status.OPTIMAL,
        Outcome.FOUND: Status.FEASIBLE,
        Outcome.IMPOSSIBLE: Status.INFEASIBLE,
        Outcome.NOTHING: Status.UNKNOWN,
    }[outcome]
    schedule = search.best or {}
    if outcome in {Outcome.IMPOSSIBLE, Outcome.NOTHING}:
        schedule = {}
    conflict: tuple[str, ...] = ()
    if outcome is Outcome.IMPOSSIBLE:
        from scheduler.conflict import smallest_conflict

        conflict = smallest_conflict(problem, search.clock, search.config)
    has_schedule = status in {Status.OPTIMAL, Status.FEASIBLE}
    tables = numbered_tables(problem, schedule)
    requests = instance.requests
    order = sorted(schedule, key=lambda request: (schedule[request], request))
    return Solution(
        instance_sha256=instance_sha256(instance),
        status=status,
        seconds=search.clock.spent(),
        seed=search.config.seed,
        versions=_versions(),
        meetings=tuple(Meeting(requests[each].id, schedule[each], tables.get(each)) for each in order),
        objectives=search.levels() if has_schedule else (),
        unmet=explained(problem, schedule) if has_schedule else (),
        conflict=conflict,
    )


def _versions() -> dict[str, str]:
    versions = {}
    for name in ("openmap", "ortools"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "unknown"
    return versions
