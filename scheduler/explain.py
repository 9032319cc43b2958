"""Why a request got no meeting, and what would have given it one: read off the residual graph of the best selection.

In that graph a path is an exchange of meetings and its length what the exchange costs in the order of the rule, so the
shortest paths answer at once, for all unmet requests, what a new optimum with one more slot would contain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scheduler.instance import Instance
from scheduler.measuring import busy_masks
from scheduler.problem import Fixed, Problem
from scheduler.relaxation import relax
from scheduler.rooms import room_of
from scheduler.solution import Change, ChangeKind, Reason, Solution, Unmet

FAR = np.int64(2**61)
MOST_ROUNDS = 2_000


def explain(instance: Instance, solution: Solution) -> tuple[Unmet, ...]:
    """Return the true reason of each unmet request of `solution`, with changes that would have unlocked it."""
    problem = Problem(instance, instance.policy)
    index = problem.request_index
    return explained(problem, {index[meeting.request]: meeting.slot for meeting in solution.meetings})


def bottleneck(instance: Instance) -> tuple[str, ...]:
    """Return the participants who are full in every best selection: one more slot of theirs would improve it."""
    problem = Problem(instance, instance.policy)
    relaxation = relax(problem, problem.pinned) if problem.is_two_sided else None
    if relaxation is None:
        return ()
    graph = Exchanges(problem, relaxation.chosen)
    everybody = range(len(problem.capacity))
    return tuple(instance.participants[each].id for each in everybody if graph.gain_of_one_more(each) > 0)


def explained(problem: Problem, schedule: Fixed) -> tuple[Unmet, ...]:
    """Return the reason of each request that `schedule` leaves out, in the order of the instance."""
    reasons = _Reasons(problem, schedule)
    return tuple(reasons.of(request) for request in range(len(problem.ends)) if request not in schedule)


class Exchanges:
    """The residual graph of a selection: what it would cost to take a meeting from here and give it there."""

    def __init__(self, problem: Problem, chosen: tuple[int, ...]) -> None:
        self.problem = problem
        self.chosen = set(chosen)
        self.count = Counter(end for request in chosen for end in problem.ends[request])
        self.slot_room = [room_of(problem, end) for end in range(len(problem.capacity))]
        limits = [participant.max_meetings for participant in problem.instance.participants]
        self.room = [
            room if limit is None else min(room, limit) for room, limit in zip(self.slot_room, limits, strict=True)
        ]
        self.step = sum(problem.weights) + 1
        self.top = max(self.count.values(), default=0) + 2
        self.places = None if problem.tables is None else sum(problem.tables) - len(self.chosen)

    def is_full(self, participant: int) -> bool:
        """Say whether the participant has as many meetings as it can hold."""
        return self.count[participant] >= self.room[participant]

    def is_limited(self, participant: int) -> bool:
        """Say whether the participant is full because of its own limit, not of its slots."""
        return self.is_full(participant) and self.room[participant] < self.slot_room[participant]

    def sides(self, request: int) -> tuple[int, int]:
        """Return (the participant that coverage counts, the other one)."""
        first, second = self.problem.ends[request]
        return (first, second) if self.problem.covered[first] else (second, first)

    def _reward(self, rank: int) -> int:
        """Return what the `rank`-th meeting (from 1) of a covered participant is worth."""
        return (self.top - rank) * self.step

    @cached_property
    def _arcs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Residual arcs (tail, head, cost); the last node is the pool where unused meetings lie."""
        arcs = [*self._arcs_of_requests(), *self._arcs_of_participants(pool=len(self.room))]
        table = np.array(arcs, dtype=np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]

    def _arcs_of_requests(self) -> Iterator[tuple[int, int, int]]:
        """Yield how a meeting can be taken up or given up."""
        for request, mask in enumerate(self.problem.allowed):
            left, right = self.sides(request)
            weight = self.problem.weights[request]
            if request not in self.chosen and mask:
                yield left, right, -weight
            elif request in self.chosen and request not in self.problem.required:
                yield right, left, weight

    def _arcs_of_participants(self, pool: int) -> Iterator[tuple[int, int, int]]:
        """Yield what one meeting more or less is worth for each participant: only those covered count."""
        for end, covered in enumerate(self.problem.covered):
            count = self.count[end]
            first, second = (pool, end) if covered else (end, pool)
            if count < self.room[end]:
                yield first, second, -self._reward(count + 1) if covered else 0
            if count:
                yield second, first, self._reward(count) if covered else 0

    def _shortest(self, *, backwards: bool) -> NDArray[np.int64] | None:
        """Return the cost of the cheapest path from (or to) the pool, None if the selection itself can be improved."""
        tails, heads, costs = self._arcs
        if backwards:
            tails, heads = heads, tails
        distance = np.full(len(self.room) + 1, FAR)
        distance[-1] = 0
        for _ in range(MOST_ROUNDS):
            before = distance.copy()
            reached = distance[tails] < FAR
            np.minimum.at(distance, heads[reached], distance[tails[reached]] + costs[reached])
            if distance[-1] < 0:
                return None
            if np.array_equal(before, distance):
                return distance
        return None

    @cached_property
    def _from_pool(self) -> NDArray[np.int64] | None:
        return self._shortest(backwards=False)

    @cached_property
    def _to_pool(self) -> NDArray[np.int64] | None:
        return self._shortest(backwards=True)

    def cost_if_met(self, request: int, participant: int) -> int | None:
        """Return the cost of meeting `request` if `participant`, one of its two, had one slot more; below 0: a gain."""
        left, right = self.sides(request)
        weight = self.problem.weights[request]
        if participant == right:
            if self._from_pool is None or self._from_pool[left] >= FAR:
                return None
            return int(self._from_pool[left]) - weight
        if self._to_pool is None or self._to_pool[right] >= FAR:
            return None
        return int(self._to_pool[right]) - weight - self._reward(self.count[left] + 1)

    @cached_property
    def _best_cost(self) -> dict[int, int]:
        """The cheapest cost of meeting any unmet request of each full participant, had it one more slot."""
        best: dict[int, int] = {}
        for request in range(len(self.problem.ends)):
            if request in self.chosen:
                continue
            for end in self.problem.ends[request]:
                cost = self.cost_if_met(request, end) if self.is_full(end) else None
                if cost is not None:
                    best[end] = min(cost, best.get(end, 0))
        return best

    def gain_of_one_more(self, participant: int) -> int:
        """Return what one more slot of the participant would add to the best selection, 0 for nothing."""
        return -self._best_cost.get(participant, 0)

    def would_be_met(self, request: int, participant: int) -> bool:
        """Say whether a best selection with one more slot of `participant` meets `request`."""
        gain = self.gain_of_one_more(participant)
        return gain > 0 and self.cost_if_met(request, participant) == -gain


class _Reasons:
    """Reasons for one schedule."""

    def __init__(self, problem: Problem, schedule: Fixed) -> None:
        self.problem = problem
        self.graph = Exchanges(problem, tuple(schedule))
        self.busy = busy_masks(problem, schedule)
        self.places = Counter((end, slot) for request, slot in schedule.items() for end in problem.ends[request])
        self.load = Counter(schedule.values())

    def of(self, request: int) -> Unmet:
        """Return the reason of one unmet request."""
        reason, ends = self._reason(request)
        participants = self.problem.instance.participants
        return Unmet(
            self.problem.instance.requests[request].id,
            reason,
            tuple(participants[end].id for end in ends),
            self._unlocking(request),
        )

    def _reason(self, request: int) -> tuple[Reason, tuple[int, ...]]:
        problem, graph = self.problem, self.graph
        ends = problem.ends[request]
        if not problem.allowed[request]:
            return (Reason.TABLES_FULL, ()) if self._would_meet_with_tables(request) else (Reason.NO_COMMON_SLOT, ends)
        for end in sorted(ends, key=problem.covered.__getitem__):
            if graph.is_limited(end):
                return Reason.LIMIT, (end,)
            if graph.is_full(end):
                return (Reason.STRUCTURE_FULL if problem.covered[end] else Reason.BUYER_FULL), (end,)
        if graph.places is not None and graph.places <= 0:
            return Reason.TABLES_FULL, ()
        return self._reason_of_time(request)

    def _reason_of_time(self, request: int) -> tuple[Reason, tuple[int, ...]]:
        """Return the reason of a request whose participants all have room: it is a matter of when."""
        ends, tables = self.problem.ends[request], self.problem.tables
        open_slots = [slot for slot in range(self.problem.slots) if self._is_open(request, slot)]
        if open_slots and tables is not None and all(self.load[slot] >= tables[slot] for slot in open_slots):
            return Reason.TABLES_FULL, ()
        in_a_row = [end for end in ends if self.problem.instance.participants[end].max_consecutive is not None]
        if open_slots and in_a_row:
            return Reason.LIMIT, tuple(in_a_row)
        return Reason.RULE_ORDER, ends

    def _is_open(self, request: int, slot: int) -> bool:
        problem = self.problem
        return bool(problem.allowed[request] >> slot & 1) and all(
            self.places[end, slot] < problem.capacity[end] for end in problem.ends[request]
        )

    def _would_meet_with_tables(self, request: int) -> bool:
        """Say whether only slots without any table keep the participants apart."""
        mask = -1
        for end in self.problem.ends[request]:
            mask &= self.problem.free[end]
        slots = self.problem.instance.requests[request].slots
        return any(mask >> slot & 1 for slot in (range(self.problem.slots) if slots is None else slots))

    def _unlocking(self, request: int) -> tuple[Change, ...]:
        problem, graph = self.problem, self.graph
        if not problem.is_two_sided or (graph.places is not None and graph.places <= 0):
            return ()
        if not problem.allowed[request] and problem.instance.requests[request].slots is not None:
            return ()
        participants = problem.instance.participants
        return tuple(
            Change(ChangeKind.LIMIT if graph.is_limited(end) else ChangeKind.SLOT, participants[end].id)
            for end in sorted(problem.ends[request], key=problem.covered.__getitem__)
            if graph.is_full(end) and graph.would_be_met(request, end)
        )
