"""Why a request got no meeting, who and what stands in its slots, and what would have given it one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from scheduler.flow.exchanges import Exchanges
from scheduler.flow.relaxation import relax
from scheduler.formats.json_text import paused_collector
from scheduler.instance import Instance
from scheduler.phases.measuring import occupancy
from scheduler.placing.repair import too_long
from scheduler.placing.rooms import room_of
from scheduler.problem import Fixed, Problem, mask_of, slots_in
from scheduler.solution import Change, Reason, Solution, Unmet
from scheduler.supposing.effort import FOR_ONE, THOROUGH, WITHIN_A_SOLVE, Effort
from scheduler.supposing.unlocking import Unlocks, unlocks


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps a request out of one slot that it could have had: meetings of its participants, or the tables."""

    slot: int
    meetings: tuple[str, ...]
    tables_full: bool = False


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The minimum cut: what limits every best schedule.

    `full` participants are full in all of them; one slot more of any one of `decisive` would make them better, and so
    would one table more in some slot if `tables`.
    """

    full: tuple[str, ...] = ()
    decisive: tuple[str, ...] = ()
    tables: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why requests are unmet; `all_tried` says whether every change that may unlock them was tried.

    If not, a change that isn't named may unlock a request all the same.
    """

    unmet: tuple[Unmet, ...]
    all_tried: bool


def explain(instance: Instance, solution: Solution) -> tuple[Unmet, ...]:
    """Return the true reason of each unmet request of `solution`, with changes verified to unlock it.

    Takes more time for the verification than `solve` does, so that more may be found, but no more than half a minute.
    """
    return explanation(instance, solution).unmet


def explanation(instance: Instance, solution: Solution, request: str | None = None) -> Explanation:
    """Return the reasons of all unmet requests, or of one (at once, and nothing if it is met)."""
    problem = Problem(instance, instance.policy)
    with paused_collector():
        schedule = _schedule(problem, solution)
        if request is None:
            return explained(problem, schedule, THOROUGH)
        return explained(problem, schedule, FOR_ONE, only=problem.request_index[request])


def obstacles(instance: Instance, solution: Solution, request: str) -> tuple[Obstacle, ...]:
    """Return what stands in each slot that an unmet request could have had, were it alone."""
    problem = Problem(instance, instance.policy)
    reasons = _Reasons(problem, _schedule(problem, solution))
    return reasons.obstacles(problem.request_index[request])


def bottleneck(instance: Instance) -> Bottleneck:
    """Return what limits every best selection of meetings; nothing where the flow doesn't apply."""
    problem = Problem(instance, instance.policy)
    relaxation = relax(problem, problem.pinned) if problem.is_two_sided else None
    if relaxation is None:
        return Bottleneck()
    graph = Exchanges(problem, relaxation.chosen)
    participants = instance.participants
    full = graph.full_in_every_best()
    return Bottleneck(
        tuple(participants[each].id for each in full),
        tuple(participants[each].id for each in full if graph.gains[each] > 0),
        graph.gain_of_a_place > 0,
    )


def explained(
    problem: Problem,
    schedule: Fixed,
    effort: Effort | None = WITHIN_A_SOLVE,
    *,
    only: int | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Explanation:
    """Return the reason of each request that `schedule` leaves out (or `only` of one), in the order of the instance.

    Without an effort no change is tried.
    """
    reasons = _Reasons(problem, schedule)
    found = Unlocks({}, all_tried=len(schedule) == len(problem.ends))
    if effort is not None:
        found = unlocks(problem, schedule, effort, only=only, should_stop=should_stop)
    asked = range(len(problem.ends)) if only is None else (only,)
    unmet = tuple([reasons.of(each, found.changes.get(each, ())) for each in asked if each not in schedule])
    return Explanation(unmet, found.all_tried)


def _schedule(problem: Problem, solution: Solution) -> Fixed:
    index = problem.request_index
    return {index[meeting.request]: meeting.slot for meeting in solution.meetings}


class _Reasons:
    """Reasons for one schedule."""

    def __init__(self, problem: Problem, schedule: Fixed) -> None:
        self.problem = problem
        self.schedule = schedule
        self.places = occupancy(problem, schedule)
        self.count = self.places.sum(axis=1)
        self.load = Counter(schedule.values())
        told = [self._reason_of_participant(end) for end in range(len(problem.capacity))]
        self.of_participants = [  # the desk is named first: most know it as what is scarce
            [
                None if is_covered != covered else reason
                for reason, is_covered in zip(told, problem.covered, strict=True)
            ]
            for covered in (False, True)
        ]
        self.has_any_table = any(map(self._has_table, range(problem.slots)))

    def of(self, request: int, unlock: tuple[Change, ...]) -> Unmet:
        """Return the reason of one unmet request."""
        return Unmet(self.problem.instance.requests[request].id, *self._reason(request), unlock)

    def obstacles(self, request: int) -> tuple[Obstacle, ...]:
        """Return what stands in each slot of an unmet request."""
        requests, ends = self.problem.instance.requests, self.problem.ends[request]
        near = {each for end in ends for each in self.problem.requests_of[end] if each in self.schedule}
        found = []
        for slot in slots_in(self.problem.allowed[request]):
            there = sorted(each for each in near if self.schedule[each] == slot)
            found.append(Obstacle(slot, tuple(requests[each].id for each in there), not self._has_table(slot)))
        return tuple(found)

    def _reason(self, request: int) -> tuple[Reason, tuple[str, ...]]:
        ends = self.problem.ends[request]
        if not self.problem.allowed[request]:
            lacks_tables = self._would_meet_with_tables(request)
            return (Reason.TABLES_FULL, ()) if lacks_tables else (Reason.NO_COMMON_SLOT, self._names(ends))
        for reasons in self.of_participants:
            for end in ends:
                reason = reasons[end]
                if reason is not None:
                    return reason
        return self._reason_of_time(request) if self.has_any_table else (Reason.TABLES_FULL, ())

    def _names(self, ends: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.problem.instance.participants[end].id for end in ends)

    def _reason_of_participant(self, end: int) -> tuple[Reason, tuple[str, ...]] | None:
        """Return why the participant has no room for anybody, None if it has."""
        problem, count = self.problem, self.count[end]
        described = problem.instance.participants[end]
        if described.max_meetings is not None and count >= described.max_meetings:
            return Reason.LIMIT, (described.id,)
        if count >= problem.free[end].bit_count() * described.capacity:
            return (Reason.STRUCTURE_FULL if problem.covered[end] else Reason.BUYER_FULL), (described.id,)
        if described.max_consecutive is not None and count >= room_of(problem, end):
            return Reason.LIMIT, (described.id,)  # the slots left are the rests that it asks for
        return None

    def _has_table(self, slot: int) -> bool:
        tables = self.problem.tables
        return tables is None or self.load[slot] < tables[slot]

    def _reason_of_time(self, request: int) -> tuple[Reason, tuple[str, ...]]:
        """Return the reason of a request whose participants all have room: it is a matter of when."""
        ends = self.problem.ends[request]
        open_slots = [slot for slot in slots_in(self.problem.allowed[request]) if self._is_open(request, slot)]
        seated = [slot for slot in open_slots if self._has_table(slot)]
        if open_slots and not seated:
            return Reason.TABLES_FULL, ()
        tired = {end for slot in seated for end in ends if too_long(self.problem, end, self._busy(end) | 1 << slot)}
        if seated and tired:
            return Reason.LIMIT, self._names(end for end in ends if end in tired)
        return Reason.RULE_ORDER, self._names(ends)

    def _busy(self, end: int) -> int:
        return mask_of(np.flatnonzero(self.places[end]).tolist())

    def _is_open(self, request: int, slot: int) -> bool:
        return all(self.places[end, slot] < self.problem.capacity[end] for end in self.problem.ends[request])

    def _would_meet_with_tables(self, request: int) -> bool:
        """Say whether only slots without any table keep the participants apart."""
        mask = -1
        for end in self.problem.ends[request]:
            mask &= self.problem.free[end]
        slots = self.problem.instance.requests[request].slots
        return any(mask >> slot & 1 for slot in (range(self.problem.slots) if slots is None else slots))
