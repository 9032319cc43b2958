"""A first schedule and the bounds that prove it: by flow and colours, by classes of slots, or else in turn."""

from __future__ import annotations

from scheduler.flow.cheapest import FlowStopped
from scheduler.flow.relaxation import Relaxation, relax
from scheduler.instance import LevelName
from scheduler.phases.search import Search
from scheduler.placing.colouring import Timetable, colour
from scheduler.placing.greedy import filled
from scheduler.placing.improvement import Annealing
from scheduler.placing.remainder import best_around
from scheduler.placing.repair import keeps_hard_rules, repaired
from scheduler.placing.rooms import too_many_required
from scheduler.problem import Fixed, Problem
from scheduler.solution import Count

SECONDS_OF_FLOW = 6e-6  # per request
SECONDS_OF_EXHAUSTION = 0.5  # at the most
SECONDS_OF_COLOURS = 6e-6  # per meeting, where nothing has to be ejected: a pity to stop before
SECONDS_OF_PROGRAMME = 200e-6  # per request, at the least
GRACE_S = 0.5  # a bound is worth being late by so much


def start(search: Search, upper: tuple[LevelName, ...]) -> Fixed:
    """Find a first schedule and bounds of the `upper` levels; return the meetings that it fixed."""
    problem, clock = search.problem, search.clock
    pinned = problem.pinned
    if not keeps_hard_rules(problem, pinned, partial=True):
        return pinned
    if too_many_required(problem):
        search.is_impossible = True
        return pinned
    fixed = _kept_and_pinned(problem) if LevelName.KEPT in upper[:1] else pinned
    little_remains = bool(problem.previous) and clock.allows(SECONDS_OF_EXHAUSTION)
    if little_remains and _keeps_what_can_stay(problem, fixed, upper) and _start_by_exhaustion(search, fixed):
        return fixed
    if _flow_speaks(upper):
        hit = frozenset(problem.previous.keys() - fixed.keys()) if LevelName.MOVES in upper else frozenset()
        in_time = clock.allows(SECONDS_OF_FLOW * len(problem.ends))
        if problem.is_two_sided and in_time and not _start_by_flow(search, upper, fixed, hit):
            search.is_impossible = fixed == pinned
            return pinned
        if _is_worth_selecting(search):
            _start_by_classes(search, upper, fixed, hit)
    if search.best is None and not search.is_given_up():
        search.offer(filled(problem, fixed))
    return fixed


def _flow_speaks(upper: tuple[LevelName, ...]) -> bool:
    """Say whether the order of the levels is the one in which the relaxations optimise."""
    order = (LevelName.COVERAGE, LevelName.SATISFACTION, LevelName.MOVES)
    levels = upper[1:] if upper[:1] == (LevelName.KEPT,) else upper
    return bool(levels) and levels == order[: len(levels)]


def _kept_and_pinned(problem: Problem) -> Fixed:
    """Return the previous meetings that can all stay where they are, with the pins; the pins alone if they can't."""
    held = {request: slot for request, slot in problem.previous.items() if problem.allowed[request] >> slot & 1}
    together = held | problem.pinned
    return together if keeps_hard_rules(problem, together, partial=True) else problem.pinned


def _keeps_what_can_stay(problem: Problem, fixed: Fixed, upper: tuple[LevelName, ...]) -> bool:
    """Say whether the first level is settled: every previous meeting that can stay is fixed."""
    return LevelName.KEPT in upper[:1] and all(
        request in fixed for request, slot in problem.previous.items() if problem.allowed[request] >> slot & 1
    )


def _start_by_exhaustion(search: Search, fixed: Fixed) -> bool:
    """Find and prove the best that remains around the fixed meetings; return False where too much remains."""
    schedule = best_around(search.problem, fixed, search.clock.stopped)
    if schedule is None or not keeps_hard_rules(search.problem, schedule):
        return False
    search.best = schedule
    search.bounds = {name: search.value(name) for name in search.problem.policy}
    return True


def _start_by_flow(search: Search, upper: tuple[LevelName, ...], fixed: Fixed, hit: frozenset[int]) -> bool:
    """Colour the best flow; return False where not even the required requests make a flow."""
    clock = search.clock
    clock.report("selection")
    try:
        relaxation = relax(search.problem, fixed, unwelcome=hit, should_stop=lambda: clock.stopped(at=clock.latest_s))
    except FlowStopped:
        return True
    if relaxation is None:
        return False
    clock.report("slots")
    _place(search, relaxation, fixed)
    _note_bounds(search, upper, relaxation, hit)
    return True


def _is_worth_selecting(search: Search) -> bool:
    """Say whether classes of slots can tell more than the flow did: it doesn't apply, or not all meetings found one."""
    problem, clock = search.problem, search.clock
    if (
        clock.stopped()
        or SECONDS_OF_PROGRAMME * clock.pace * len(problem.ends) > clock.left() + GRACE_S
        or search.reaches_flow()
    ):
        return False
    return (problem.is_plain and bool(search.by_flow)) if problem.is_two_sided else True


def _start_by_classes(search: Search, upper: tuple[LevelName, ...], fixed: Fixed, hit: frozenset[int]) -> None:
    """Solve the linear programme over classes of slots and place what it chose in the slots of each class."""
    from scheduler.flow.selection import select  # takes half a second to import: only where the flow doesn't do

    search.clock.report("selection", search.levels() if search.best is not None else None)
    selection = select(search.problem, fixed, search.clock, hit=hit)
    if selection is None:
        return
    _note_bounds(search, upper, selection.relaxation, hit)
    if search.problem.is_paired:
        search.clock.report("slots")
        _place(search, selection.relaxation, fixed, selection.windows)


def _note_bounds(search: Search, upper: tuple[LevelName, ...], relaxation: Relaxation, hit: frozenset[int]) -> None:
    problem = search.problem
    figures: dict[LevelName, Count] = {
        LevelName.KEPT: sum(problem.allowed[request] >> slot & 1 for request, slot in problem.previous.items()),
        LevelName.COVERAGE: relaxation.coverage,
        LevelName.SATISFACTION: relaxation.satisfaction,
        LevelName.MOVES: len(hit.intersection(relaxation.chosen)),
    }
    search.bounds = {name: figures[name] for name in upper}
    search.by_flow = dict(search.bounds)
    search.least_breaks = relaxation.breaks if LevelName.SATISFACTION in upper else 0  # it was counted at the most


def _place(search: Search, relaxation: Relaxation, fixed: Fixed, windows: dict[int, int] | None = None) -> None:
    """Offer a schedule of the chosen requests, as far as they find slots, filled up with others."""
    problem, clock = search.problem, search.clock
    timetable = _coloured(search, relaxation.chosen, fixed, windows)
    if search.is_given_up():
        return
    schedule = timetable.meetings()
    complete = not timetable.unplaced()
    if complete and keeps_hard_rules(problem, schedule):
        search.best = schedule
        return
    if complete:
        annealing = Annealing(timetable, search.config.seed, free_selection=False)
        schedule = annealing.run(clock, spend=0.5, until_allowed=True)
        if keeps_hard_rules(problem, schedule):
            search.offer(schedule)
            return
    schedule = repaired(problem, schedule, fixed, clock.stopped)
    search.offer(schedule)
    search.offer(filled(problem, schedule))


def _coloured(search: Search, chosen: tuple[int, ...], fixed: Fixed, windows: dict[int, int] | None) -> Timetable:
    """Colour within the windows first, then again wherever each request can take place."""
    problem, seed = search.problem, search.config.seed
    stopped = search.clock.granting(SECONDS_OF_COLOURS * len(chosen))
    hint = problem.previous
    if windows is not None:
        inside = colour(problem, chosen, fixed, seed=seed, hint=hint, should_stop=stopped, windows=windows)
        hint = inside.meetings()
    return colour(problem, chosen, fixed, seed=seed, hint=hint, should_stop=stopped)
