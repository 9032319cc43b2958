"""The residual graph of a best selection: what it would cost to take a meeting from here and give it there.

A path is an exchange of meetings and its length what the exchange costs in the order of the rule, so the shortest
paths answer at once, for all unmet requests, what a new optimum with one more slot would contain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scheduler.placing.rooms import room_of
from scheduler.problem import Problem

FAR = np.int64(2**61)
MOST_ROUNDS = 2_000


class Exchanges:
    """The residual graph of a selection of two-sided requests; costs below 0 are gains.

    Meetings start at the source, go to a covered participant, to its counterpart and to the sink; the tables, where
    they are counted, are what leads from the sink back to the source.
    """

    def __init__(self, problem: Problem, chosen: Iterable[int]) -> None:
        self.problem = problem
        self.chosen = set(chosen)
        self.count = Counter(end for request in self.chosen for end in problem.ends[request])
        self.slot_room = [room_of(problem, end) for end in range(len(problem.capacity))]
        limits = [participant.max_meetings for participant in problem.instance.participants]
        self.room = [
            room if limit is None else min(room, limit) for room, limit in zip(self.slot_room, limits, strict=True)
        ]
        self.step = sum(problem.weights) + 1
        self.top = max(self.count.values(), default=0) + 3
        self.places = None if problem.tables is None else sum(problem.tables) - len(self.chosen)

    def is_full(self, participant: int) -> bool:
        """Say whether the participant has as many meetings as it can hold."""
        return self.count[participant] >= self.room[participant]

    def is_limited(self, participant: int) -> bool:
        """Say whether the participant is full because of its own limit, not of its slots."""
        limit = self.problem.instance.participants[participant].max_meetings
        return limit is not None and self.count[participant] >= limit

    def sides(self, request: int) -> tuple[int, int]:
        """Return (the participant that coverage counts, the other one)."""
        first, second = self.problem.ends[request]
        return (first, second) if self.problem.covered[first] else (second, first)

    def _reward(self, rank: int) -> int:
        """Return what the `rank`-th meeting (from 1) of a covered participant is worth."""
        return (self.top - rank) * self.step

    @cached_property
    def _arcs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Residual arcs (tail, head, cost); the last two nodes are the source and the sink."""
        arcs = [*self._arcs_of_requests(), *self._arcs_of_participants(), *self._arcs_of_places()]
        table = np.array(arcs, dtype=np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]

    @property
    def _source(self) -> int:
        return len(self.room)

    @property
    def _sink(self) -> int:
        return len(self.room) + 1

    def _arcs_of_requests(self) -> Iterator[tuple[int, int, int]]:
        """Yield how a meeting can be taken up or given up."""
        for request, mask in enumerate(self.problem.allowed):
            left, right = self.sides(request)
            weight = self.problem.weights[request]
            if request not in self.chosen and mask:
                yield left, right, -weight
            elif request in self.chosen and request not in self.problem.required:
                yield right, left, weight

    def _arcs_of_participants(self) -> Iterator[tuple[int, int, int]]:
        """Yield what one meeting more or less is worth for each participant: only those covered count."""
        for end, covered in enumerate(self.problem.covered):
            count = self.count[end]
            first, second = (self._source, end) if covered else (end, self._sink)
            if count < self.room[end]:
                yield first, second, -self._reward(count + 1) if covered else 0
            if count:
                yield second, first, self._reward(count) if covered else 0

    def _arcs_of_places(self) -> Iterator[tuple[int, int, int]]:
        """Yield how a table can be used or given back."""
        if self.places is None or self.places > 0:
            yield self._sink, self._source, 0
        if self.chosen:
            yield self._source, self._sink, 0

    def _distances(self, start: int, *, backwards: bool = False) -> NDArray[np.int64] | None:
        """Return the cost of the cheapest path from (or to) a node, None if the selection itself can be improved."""
        tails, heads, costs = self._arcs
        if backwards:
            tails, heads = heads, tails
        distance = np.full(len(self.room) + 2, FAR)
        distance[start] = 0
        for _ in range(min(MOST_ROUNDS, len(self.room) + 3)):
            before = distance.copy()
            reached = distance[tails] < FAR
            np.minimum.at(distance, heads[reached], distance[tails[reached]] + costs[reached])
            if distance[start] < 0:
                return None
            if np.array_equal(before, distance):
                return distance
        return None

    @cached_property
    def _from_source(self) -> NDArray[np.int64] | None:
        return self._distances(self._source)

    @cached_property
    def _to_sink(self) -> NDArray[np.int64] | None:
        return self._distances(self._sink, backwards=True)

    @property
    def is_best(self) -> bool:
        """Say whether no exchange improves the selection, as far as paths through the places tell."""
        return self._from_source is not None and self._to_sink is not None

    def cost_of_own_slot(self, request: int, participant: int) -> int | None:
        """Return the cost of meeting `request` if one of its two had one slot (and table) more of its own."""
        if self._from_source is None or self._to_sink is None:
            return None
        left, right = self.sides(request)
        path, rest = (self._from_source[left], 0) if participant == right else (self._to_sink[right], self._entry(left))
        return None if path >= FAR else int(path) + rest - self.problem.weights[request]

    def _entry(self, left: int) -> int:
        return -self._reward(self.count[left] + 1)

    def may_need(self, request: int, participant: int) -> bool:
        """Say whether one more slot could matter: it is full, never there with the other, or no table is left."""
        if self.is_limited(participant):
            return False
        return self.is_full(participant) or not self.problem.allowed[request] or self.lacks_places

    @property
    def lacks_places(self) -> bool:
        """Say whether every table is taken in every slot."""
        return self.places is not None and self.places <= 0

    @cached_property
    def _best_cost(self) -> dict[int, int]:
        """The cheapest cost of meeting any unmet request of each participant that may need it, had it one more slot.

        The table that comes with the slot may serve others better.
        """
        best: dict[int, int] = {}
        for request in range(len(self.problem.ends)):
            if request in self.chosen:
                continue
            for end in self.problem.ends[request]:
                cost = self.cost_of_own_slot(request, end) if self.may_need(request, end) else None
                if cost is not None:
                    best[end] = min(cost, best.get(end, -self.gain_of_a_place))
        return best

    def gain_of_one_more(self, participant: int) -> int:
        """Return what one more slot of the participant would add to the best selection, 0 for nothing."""
        return -self._best_cost.get(participant, 0)

    def would_be_met(self, request: int, participant: int) -> bool:
        """Say whether a best selection with one more slot of `participant` meets `request`."""
        gain = self.gain_of_one_more(participant) if self.may_need(request, participant) else 0
        return gain > 0 and self.cost_of_own_slot(request, participant) == -gain

    def is_met_directly(self, request: int, participant: int) -> bool:
        """Say whether that best selection is today's with `request` in the new slot, and nobody else moves."""
        left, right = self.sides(request)
        if self.problem.instance.requests[request].slots is not None or self.is_full(left + right - participant):
            return False
        if self.problem.tables is not None and not any(self.problem.tables):
            return False
        return self._entry(left) - self.problem.weights[request] == -self.gain_of_one_more(participant)

    def full_in_every_best(self) -> list[int]:
        """Return who is full in every best selection and asked for more: giving up one of their meetings costs."""
        from_source, to_sink = self._from_source, self._to_sink
        if from_source is None or to_sink is None:
            return []
        asked = self.problem.requests_of
        full = (end for end, room in enumerate(self.room) if 0 < room <= self.count[end] and len(asked[end]) > room)
        return [end for end in full if self._cost_of_one_less(end, from_source, to_sink) > 0]

    def _cost_of_one_less(self, end: int, from_source: NDArray[np.int64], to_sink: NDArray[np.int64]) -> int:
        """Return what the best selection loses at least if the participant had one meeting less."""
        if not self.problem.covered[end]:
            return int(to_sink[end])
        return int(from_source[end]) + self._reward(self.count[end])

    @cached_property
    def gain_of_a_place(self) -> int:
        """Return what one table more in one slot would add to the best selection."""
        if not self.lacks_places or self._from_source is None:
            return 0
        return max(0, -int(self._from_source[self._sink]))
