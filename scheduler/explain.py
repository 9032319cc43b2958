"""Why a request got no meeting, who and what stands in its slots, and what would have given it one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from scheduler.flow.exchanges import Exchanges
from scheduler.flow.relaxation import relax
from scheduler.instance import Instance
from scheduler.phases.measuring import busy_masks
from scheduler.placing.repair import too_long
from scheduler.placing.rooms import room_of
from scheduler.problem import Fixed, Problem, slots_in
from scheduler.solution import Change, Reason, Solution, Unmet
from scheduler.supposing.unlocking import THOROUGH, WITHIN_A_SOLVE, Effort, unlocks


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


def explain(instance: Instance, solution: Solution) -> tuple[Unmet, ...]:
    """Return the true reason of each unmet request of `solution`, with changes verified to unlock it.

    Takes more time for the verification than `solve` does, so that more may be found.
    """
    problem = Problem(instance, instance.policy)
    return explained(problem, _schedule(problem, solution), THOROUGH)


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
        tuple(participants[each].id for each in full if graph.gain_of_one_more(each) > 0),
        graph.gain_of_a_place > 0,
    )


def explained(problem: Problem, schedule: Fixed, effort: Effort = WITHIN_A_SOLVE) -> tuple[Unmet, ...]:
    """Return the reason of each request that `schedule` leaves out, in the order of the instance."""
    reasons = _Reasons(problem, schedule)
    unlocked = unlocks(problem, schedule, effort)
    return tuple(
        reasons.of(request, unlocked.get(request, ()))
        for request in range(len(problem.ends))
        if request not in schedule
    )


def _schedule(problem: Problem, solution: Solution) -> Fixed:
    index = problem.request_index
    return {index[meeting.request]: meeting.slot for meeting in solution.meetings}


class _Reasons:
    """Reasons for one schedule."""

    def __init__(self, problem: Problem, schedule: Fixed) -> None:
        self.problem = problem
        self.schedule = schedule
        self.busy = busy_masks(problem, schedule)
        self.count = Counter(end for request in schedule for end in problem.ends[request])
        self.places = Counter((end, slot) for request, slot in schedule.items() for end in problem.ends[request])
        self.load = Counter(schedule.values())
        self.rooms: dict[int, int] = {}

    def of(self, request: int, unlock: tuple[Change, ...]) -> Unmet:
        """Return the reason of one unmet request."""
        reason, ends = self._reason(request)
        participants = self.problem.instance.participants
        name = self.problem.instance.requests[request].id
        return Unmet(name, reason, tuple(participants[end].id for end in ends), unlock)

    def obstacles(self, request: int) -> tuple[Obstacle, ...]:
        """Return what stands in each slot of an unmet request."""
        requests, ends = self.problem.instance.requests, set(self.problem.ends[request])
        found = []
        for slot in slots_in(self.problem.allowed[request]):
            there = [each for each, at in self.schedule.items() if at == slot and ends & set(self.problem.ends[each])]
            found.append(Obstacle(slot, tuple(requests[each].id for each in sorted(there)), not self._has_table(slot)))
        return tuple(found)

    def _reason(self, request: int) -> tuple[Reason, tuple[int, ...]]:
        ends = self.problem.ends[request]
        if not self.problem.allowed[request]:
            return (Reason.TABLES_FULL, ()) if self._would_meet_with_tables(request) else (Reason.NO_COMMON_SLOT, ends)
        for end in sorted(ends, key=self.problem.covered.__getitem__):
            if self._is_limited(end):
                return Reason.LIMIT, (end,)
            if self._is_full(end):
                return (Reason.STRUCTURE_FULL if self.problem.covered[end] else Reason.BUYER_FULL), (end,)
            if self._is_rested(end):
                return Reason.LIMIT, (end,)
        if all(not self._has_table(slot) for slot in range(self.problem.slots)):
            return Reason.TABLES_FULL, ()
        return self._reason_of_time(request)

    def _is_limited(self, end: int) -> bool:
        limit = self.problem.instance.participants[end].max_meetings
        return limit is not None and self.count[end] >= limit

    def _is_full(self, end: int) -> bool:
        """Say whether the participant meets as many as it can in every slot in which it is there."""
        return self.count[end] >= self.problem.free[end].bit_count() * self.problem.capacity[end]

    def _is_rested(self, end: int) -> bool:
        """Say whether the slots left are the rests that the participant's limit in a row asks for."""
        if end not in self.rooms:
            self.rooms[end] = room_of(self.problem, end)
        return self.count[end] >= self.rooms[end]

    def _has_table(self, slot: int) -> bool:
        tables = self.problem.tables
        return tables is None or self.load[slot] < tables[slot]

    def _reason_of_time(self, request: int) -> tuple[Reason, tuple[int, ...]]:
        """Return the reason of a request whose participants all have room: it is a matter of when."""
        ends = self.problem.ends[request]
        open_slots = [slot for slot in slots_in(self.problem.allowed[request]) if self._is_open(request, slot)]
        seated = [slot for slot in open_slots if self._has_table(slot)]
        if open_slots and not seated:
            return Reason.TABLES_FULL, ()
        tired = {
            end for slot in seated for end in ends if too_long(self.problem, end, self.busy.get(end, 0) | 1 << slot)
        }
        if seated and tired:
            return Reason.LIMIT, tuple(end for end in ends if end in tired)
        return Reason.RULE_ORDER, ends

    def _is_open(self, request: int, slot: int) -> bool:
        return all(self.places[end, slot] < self.problem.capacity[end] for end in self.problem.ends[request])

    def _would_meet_with_tables(self, request: int) -> bool:
        """Say whether only slots without any table keep the participants apart."""
        mask = -1
        for end in self.problem.ends[request]:
            mask &= self.problem.free[end]
        slots = self.problem.instance.requests[request].slots
        return any(mask >> slot & 1 for slot in (range(self.problem.slots) if slots is None else slots))
