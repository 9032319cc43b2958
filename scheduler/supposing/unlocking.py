"""What would have given an unmet request its meeting, each claim verified by a schedule of the changed instance.

A change unlocks a request if the best schedule becomes better by it, and one that is best then meets the request.
Most claims are read off the residual graph; the others are solved again, by flow and colours where these prove the
optimum, else by CP-SAT on small instances. What can't be verified within the effort is not claimed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scheduler.flow.exchanges import Exchanges
from scheduler.flow.relaxation import relax
from scheduler.instance import LevelName, Pin
from scheduler.phases.clock import Clock
from scheduler.placing.greedy import also_placed
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Fixed, Problem
from scheduler.solution import Change, ChangeKind
from scheduler.supposing.candidates import Candidates
from scheduler.supposing.changes import Capacity, Limits, OwnSlot, Supposition, applied
from scheduler.supposing.effort import Effort
from scheduler.what_if import UPPER, coloured, vector_of

if TYPE_CHECKING:
    from scheduler.exact.best_schedules import BestSchedules

MOST_ROUNDS = 8  # selections of one changed instance that are looked at
SECONDS_TO_TRY = 15e-6  # one change, per request of the instance
LOOKS = 10  # at the clock, of a colouring: the many that succeed do so at once


class Unlocks(NamedTuple):
    """Per unmet request, the changes verified to unlock it, those of a desk first; whether all were tried."""

    changes: dict[int, tuple[Change, ...]]
    all_tried: bool


def unlocks(
    problem: Problem,
    schedule: Fixed,
    effort: Effort,
    *,
    only: int | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Unlocks:
    """Return what was verified to unlock the unmet requests (or `only` one of them) within the effort."""
    base = _question(problem, schedule)
    if base is None:
        return Unlocks({}, all_tried=False)
    unlocking = _Unlocking(base, schedule, effort, only, should_stop)
    verified = unlocking.run()
    return Unlocks({request: tuple(changes) for request, changes in verified.items()}, unlocking.all_tried)


def _question(problem: Problem, schedule: Fixed) -> Problem | None:
    """Return the problem of the levels that unlocking speaks of; meetings kept by day stay where they are."""
    policy, instance = problem.policy, problem.instance
    pins: dict[str, int] = {}
    if policy[:1] == (LevelName.KEPT,):
        kept = {request: slot for request, slot in problem.previous.items() if schedule.get(request) == slot}
        if len(kept) < sum(problem.allowed[request] >> slot & 1 for request, slot in problem.previous.items()):
            return None
        pins = {instance.requests[request].id: slot for request, slot in (problem.pinned | kept).items()}
        policy = policy[1:]
    upper = tuple(name for name in policy[:2] if name in UPPER)
    if not upper or upper != policy[: len(upper)]:
        return None
    if not pins:
        return problem.under(upper)
    return Problem(replace(instance, pins=tuple(Pin(request, slot) for request, slot in pins.items())), upper)


class _Unlocking:
    """One schedule, and the changes that are tried on its instance."""

    def __init__(
        self,
        problem: Problem,
        schedule: Fixed,
        effort: Effort,
        only: int | None,
        should_stop: Callable[[], bool],
    ) -> None:
        self.problem = problem
        self.all_tried = True
        self.ends_at = monotonic() + effort.seconds
        self.should_stop = should_stop
        self.schedule = schedule
        self.left = effort.requests
        self.search_s = effort.search_s
        self.doubts = effort.doubts
        self.is_small = sum(mask.bit_count() for mask in problem.allowed) <= effort.literals
        self.before = vector_of(problem, schedule)
        self.verified: dict[int, list[Change]] = defaultdict(list)
        asked = range(len(problem.ends)) if only is None else (only,)
        self.unmet = [request for request in asked if request not in schedule]
        speaks = problem.is_two_sided and problem.is_plain and problem.policy == UPPER[: len(problem.policy)]
        self.graph = Exchanges(problem, schedule) if speaks and self.unmet else None
        if self.graph is not None and not self.graph.is_best:
            self.graph = None
        self._candidates = Candidates(problem, schedule, self.unmet, self.graph, self.verified)

    def run(self) -> dict[int, list[Change]]:
        """Try all changes that may matter, those that concern most first where the effort doesn't suffice for all."""
        if not self.unmet:
            return {}
        if self.graph is not None:
            self._by_graph(self.graph)
        elif not self._may_go_on() or not self._is_proven_best():
            self.all_tried = False
            return {}
        if self.left <= 0:
            self.all_tried = False
            return self.verified  # only what the graph shows: even going through all changes takes long
        for change, wanted in self._candidates.pending():
            if not self._may_go_on():
                break
            for request in self._verified_by_solving(change, wanted):
                self.verified[request].append(_told(change))
        return self.verified

    def _may_go_on(self) -> bool:
        """Say whether a further change may be tried."""
        needed = SECONDS_TO_TRY * len(self.problem.ends)
        if self.left < len(self.problem.ends) or monotonic() + needed > self.ends_at or self.should_stop():
            self.all_tried = False
        return self.all_tried

    def _by_graph(self, graph: Exchanges) -> None:
        """Note what a slot more of one participant unlocks without anybody else moving."""
        single = np.array(self.problem.capacity) == 1
        told: dict[int, Change] = {}
        for ends, met in zip((graph.right, graph.left), reversed(graph.met_directly), strict=True):
            for request in np.flatnonzero(met & single[ends]).tolist():
                end = int(ends[request])
                change = told.get(end) or told.setdefault(end, Change(ChangeKind.SLOT, self._candidates.name_of(end)))
                self.verified[request].append(change)

    def _verified_by_solving(self, change: Supposition, wanted: set[int]) -> set[int]:
        """Return the wanted requests that a best schedule meets once the change is made, if that makes it better."""
        size = len(self.problem.ends)
        self.left -= size  # making the change costs about what a flow does
        changed = Problem(applied(self.problem.instance, [change]), self.problem.policy)
        if self.graph is None:
            return self._verified_by_bound(changed, wanted)
        found: set[int] = set()
        for _ in range(MOST_ROUNDS):
            self.left -= size
            if self.left < 0 or monotonic() > self.ends_at:
                self.all_tried = False
                break
            met = self._met_in_a_best(changed, wanted - found)
            if met is None:
                return found | (self._verified_by_search(changed, wanted) if self.doubts else set())
            found |= met
            if not met or found == wanted:
                break
        return found

    def _verified_by_bound(self, changed: Problem, wanted: set[int]) -> set[int]:
        """Return which of the wanted, added to today's schedule, give what nothing can exceed; search for others."""
        bound = self._bound_of(changed)
        if bound is not None and bound <= self.before:
            return set()  # the change makes nothing better
        found = set()
        for request in wanted:
            schedule = also_placed(changed, self.schedule, request)
            if schedule is not None and keeps_hard_rules(changed, schedule) and vector_of(changed, schedule) == bound:
                found.add(request)
        return found | (self._verified_by_search(changed, wanted - found) if found != wanted else set())

    def _bound_of(self, problem: Problem) -> tuple[tuple[int, ...], ...] | None:
        """Return what no schedule exceeds, None where nothing is known."""
        if problem.policy != UPPER[: len(problem.policy)]:
            return None
        if problem.is_two_sided:
            relaxation = relax(problem, problem.pinned)
        else:
            from scheduler.flow.selection import select  # takes half a second to import

            selection = select(problem, problem.pinned, Clock(max(0.01, self.ends_at - monotonic())))
            relaxation = None if selection is None else selection.relaxation
        figures = () if relaxation is None else (relaxation.coverage, (relaxation.satisfaction,))
        return figures[: len(self.before)] or None

    def _met_in_a_best(self, changed: Problem, wanted: set[int]) -> set[int] | None:
        """Return what a best schedule that meets many of the wanted meets of them, if it beats today's.

        None if the flow's selection found no timetable, so that flow and colours don't tell.
        """
        others = frozenset(range(len(changed.ends))) - wanted
        relaxation = relax(changed, changed.pinned, unwelcome=others)
        bound = () if relaxation is None else (relaxation.coverage, (relaxation.satisfaction,))[: len(self.before)]
        if relaxation is None or bound <= self.before:
            return set()
        schedule = coloured(changed, relaxation.chosen, looks=LOOKS)
        if schedule is None or vector_of(changed, schedule) != bound:
            return None
        return wanted & schedule.keys()

    def _is_proven_best(self) -> bool:
        """Say whether nothing is better than today's schedule without any change: by its bound, or by CP-SAT."""
        if self._bound_of(self.problem) == self.before:
            return True
        if not self.is_small:
            return False
        best = self._best_by_search(self.problem)
        return best is not None and best.vector == self.before

    def _verified_by_search(self, changed: Problem, wanted: set[int]) -> set[int]:
        if not self.is_small:
            return set()
        best = self._best_by_search(changed)
        if best is None or best.vector <= self.before:
            return set()
        found = best.met & wanted
        while not found >= wanted and self.search_s > 0:
            met = best.also_meets(wanted - found, self.search_s)
            self.search_s -= best.spent
            if not met:
                break
            found |= met
        return found

    def _best_by_search(self, problem: Problem) -> BestSchedules | None:
        if self.search_s <= 0:
            return None
        from scheduler.exact.best_schedules import BestSchedules

        best = BestSchedules(problem, self.schedule)
        proven = best.prove(self.search_s)
        self.search_s -= best.spent
        return best if proven else None


def _told(change: Supposition) -> Change:
    match change:
        case OwnSlot(name):
            return Change(ChangeKind.SLOT, name)
        case Limits(name, _):
            return Change(ChangeKind.LIMIT, name)
        case Capacity(name, _):
            return Change(ChangeKind.CAPACITY, name)
    return Change(ChangeKind.TABLES)
