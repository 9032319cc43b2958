"""What would change: coverage and satisfaction before and after a supposition, at once, by flow and colours.

Where the coloured meetings reach the flow's bound the answer is proven; else it says what was reached and what
nothing can exceed. CP-SAT is only loaded when the caller grants a search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from scheduler.config import SolverConfig
from scheduler.flow.relaxation import relax
from scheduler.instance import Instance, LevelName
from scheduler.phases.clock import Clock
from scheduler.phases.measuring import measured
from scheduler.placing.colouring import colour
from scheduler.placing.greedy import filled
from scheduler.placing.repair import keeps_hard_rules, repaired
from scheduler.placing.rooms import too_many_required
from scheduler.problem import Fixed, Problem
from scheduler.solution import Level, Status
from scheduler.supposing.changes import Slots, Supposition, applied

UPPER = (LevelName.COVERAGE, LevelName.SATISFACTION)
SEEDS = 3  # the colours of a few tries: chains that fail in one order succeed in another
LOOKS = 40  # at the clock, of one colouring; each after some steps
LONGEST_CURVE = 200
SECONDS_OF_CLASSES = 1.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What can be had: the two upper levels with their bounds, and the counts that people ask for.

    `asking` participants of the coverage group have requests, `served` of them would have a meeting. `possible` is
    false where it is proven that required or pinned requests contradict the other rules.
    """

    possible: bool
    coverage: Level
    satisfaction: Level
    meetings: int
    served: int
    asking: int

    @property
    def without_any(self) -> int:
        """How many of those that ask would have no meeting."""
        return self.asking - self.served

    @property
    def proven(self) -> bool:
        """Say whether some schedule reaches these figures and none exceeds them."""
        return self.possible and self.coverage.proven and self.satisfaction.proven


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The outlook before and after the changes."""

    before: Outlook
    after: Outlook

    @property
    def proven(self) -> bool:
        """Say whether both outlooks are proven, and so the difference."""
        return self.before.proven and self.after.proven

    @property
    def meetings(self) -> int:
        """How many meetings more (or less)."""
        return self.after.meetings - self.before.meetings

    @property
    def served(self) -> int:
        """How many participants of the coverage group more (or less) with a meeting."""
        return self.after.served - self.before.served

    @property
    def satisfaction(self) -> int:
        """How much total weight more (or less)."""
        return _number(self.after.satisfaction) - _number(self.before.satisfaction)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the curve: the outlook with so many slots."""

    slots: int
    outlook: Outlook


def what_if(
    instance: Instance,
    changes: Iterable[Supposition],
    *,
    before: Outlook | None = None,
    search: SolverConfig | None = None,
) -> WhatIf:
    """Return the outlooks before and after the changes; raises InvalidInstance where they can't be made.

    `before` spares the first half where it is known. With `search`, CP-SAT looks as long as that where the flow
    doesn't prove the answer.
    """
    after = applied(instance, changes)
    return WhatIf(before or outlook(instance, search=search), outlook(after, search=search))


def sweep(instance: Instance, slots: Iterable[int], *, search: SolverConfig | None = None) -> tuple[Point, ...]:
    """Return the curve of the outlook over the number of slots, changed at the end of the last session."""
    counts = list(slots)
    if len(counts) > LONGEST_CURVE:
        raise ValueError(f"at most {LONGEST_CURVE} points")
    return tuple(
        Point(count, outlook(applied(instance, [Slots(count - instance.slots)]), search=search)) for count in counts
    )


def outlook(instance: Instance, *, search: SolverConfig | None = None) -> Outlook:
    """Return what coverage and satisfaction can be had, the other levels left aside."""
    problem = Problem(replace(instance, policy=UPPER, previous=()), UPPER)
    found = by_flow(problem)
    if search is not None and found is not None and not found.proven:
        return _searched(problem, search) or found
    return found or _impossible(problem)


def by_flow(problem: Problem) -> Outlook | None:
    """Return the outlook that the flow bounds and colours reach, None if what is required doesn't fit."""
    if not problem.is_two_sided:
        return _by_classes(problem)
    relaxation = relax(problem, problem.pinned)
    if relaxation is None:
        return None
    schedule = timetabled(problem, relaxation.chosen)
    return _reported(problem, schedule, relaxation.coverage, relaxation.satisfaction)


def _by_classes(problem: Problem) -> Outlook | None:
    """Return the outlook of requests that don't all join two sides: bounds by a linear programme, and a schedule."""
    from scheduler.flow.selection import select  # takes half a second to import

    if too_many_required(problem):
        return None
    selection = select(problem, problem.pinned, Clock(SECONDS_OF_CLASSES))
    schedules = [filled(problem, problem.pinned)]
    if selection is not None and problem.is_paired:
        placed = timetabled(problem, selection.relaxation.chosen, selection.windows)
        schedules.append(filled(problem, placed or {}))
    allowed = [schedule for schedule in schedules if keeps_hard_rules(problem, schedule)]
    best = max(allowed, key=lambda schedule: vector_of(problem, schedule), default=None)
    if selection is None:
        return _reported(problem, best, _trivial(problem), sum(problem.weights))
    return _reported(problem, best, selection.relaxation.coverage, selection.relaxation.satisfaction)


def timetabled(problem: Problem, chosen: tuple[int, ...], windows: dict[int, int] | None = None) -> Fixed | None:
    """Return a schedule of the chosen requests, or of most of them, None if none was found that keeps the rules.

    Each first goes within its slots of `windows`.
    """
    for seed in range(SEEDS):
        schedule = coloured(problem, chosen, seed=seed, windows=windows)
        if schedule is not None:
            return schedule
    most = colour(problem, chosen, problem.pinned, windows=windows, should_stop=_after(LOOKS)).meetings()
    schedule = repaired(problem, most, problem.pinned, _after(SEEDS))
    return schedule if keeps_hard_rules(problem, schedule) else _least(problem)


def coloured(
    problem: Problem,
    chosen: tuple[int, ...],
    *,
    seed: int = 0,
    looks: int = LOOKS,
    windows: dict[int, int] | None = None,
) -> Fixed | None:
    """Return a schedule of all chosen requests, None if a bounded effort found none that keeps the rules."""
    timetable = colour(problem, chosen, problem.pinned, seed=seed, windows=windows, should_stop=_after(looks))
    schedule = timetable.meetings()
    return schedule if not timetable.unplaced() and keeps_hard_rules(problem, schedule) else None


def vector_of(problem: Problem, schedule: Fixed) -> tuple[tuple[int, ...], ...]:
    """Return coverage and satisfaction as the policy orders them, to be compared: more is better."""
    values = (measured(problem, schedule, name) for name in problem.policy)
    return tuple(value if isinstance(value, tuple) else (value,) for value in values)


def _after(looks: int) -> Callable[[], bool]:
    """Return a question that is answered with yes from that time on: an effort that doesn't depend on the machine."""
    left = iter(range(looks))
    return lambda: next(left, None) is None


def _least(problem: Problem) -> Fixed | None:
    """Return the pinned meetings alone, if nothing else is required."""
    return problem.pinned if keeps_hard_rules(problem, problem.pinned) else None


def _searched(problem: Problem, config: SolverConfig) -> Outlook | None:
    from scheduler.solver import solve  # loads CP-SAT, which takes half a second

    solution = solve(problem.instance, replace(config, policy=None))
    if solution.status is Status.INFEASIBLE:
        return _impossible(problem)
    if solution.status is Status.UNKNOWN:
        return None
    coverage, satisfaction = solution.objectives
    return _outlook(problem, coverage, satisfaction, len(solution.meetings))


def _reported(
    problem: Problem, schedule: Fixed | None, coverage_bound: tuple[int, ...], satisfaction_bound: int
) -> Outlook:
    reached = schedule or {}
    coverage = measured(problem, reached, LevelName.COVERAGE)
    satisfaction = measured(problem, reached, LevelName.SATISFACTION)
    if coverage != coverage_bound:
        satisfaction_bound = sum(problem.weights)  # the flow's holds only under the flow's coverage
    return _outlook(
        problem,
        Level(LevelName.COVERAGE, coverage, coverage_bound),
        Level(LevelName.SATISFACTION, satisfaction, satisfaction_bound),
        len(reached),
    )


def _outlook(problem: Problem, coverage: Level, satisfaction: Level, meetings: int) -> Outlook:
    counts = coverage.value if isinstance(coverage.value, tuple) else ()
    return Outlook(True, coverage, satisfaction, meetings, counts[0] if counts else 0, _asking(problem))


def _impossible(problem: Problem) -> Outlook:
    nothing = Level(LevelName.COVERAGE, (), ()), Level(LevelName.SATISFACTION, 0, 0)
    return Outlook(False, *nothing, 0, 0, _asking(problem))


def _asking(problem: Problem) -> int:
    return sum(covered and bool(asked) for covered, asked in zip(problem.covered, problem.requests_of, strict=True))


def _trivial(problem: Problem) -> tuple[int, ...]:
    """Return counts of coverage that nothing exceeds: nobody meets more than it asks, or has slots for."""
    most = [
        min(len(asked), problem.free[end].bit_count() * problem.capacity[end])
        for end, asked in enumerate(problem.requests_of)
        if problem.covered[end]
    ]
    return tuple(sum(count >= rank for count in most) for rank in range(1, max(most, default=0) + 1))


def _number(level: Level) -> int:
    return level.value if isinstance(level.value, int) else 0
