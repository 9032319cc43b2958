"""The residual graph of a best selection: what it would cost to take a meeting from here and give it there.

A path is an exchange of meetings and its length what the exchange costs in the order of the rule, so the shortest
paths answer at once, for all unmet requests, what a new optimum with one more slot would contain.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scheduler.placing.rooms import rooms_of
from scheduler.problem import Problem

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

FAR = np.int64(2**61)
MOST_ROUNDS = 2_000


class Exchanges:
    """The residual graph of a selection of two-sided requests; costs below 0 are gains.

    Meetings start at the source, go to a covered participant, to its counterpart and to the sink; the tables, where
    they are counted, are what leads from the sink back to the source. Arrays go by request or by participant.
    """

    def __init__(self, problem: Problem, chosen: Collection[int]) -> None:
        self.problem = problem
        people = len(problem.capacity)
        self.is_chosen = np.zeros(len(problem.ends), dtype=bool)
        self.is_chosen[np.fromiter(chosen, np.int64, len(chosen))] = True
        self.covered = np.array(problem.covered, dtype=bool)
        pairs = problem.pairs
        is_left = self.covered[pairs]
        self.left, self.right = pairs[is_left], pairs[~is_left]
        self.weights = np.array(problem.weights, dtype=np.int64)
        self.is_possible = np.fromiter(map(bool, problem.allowed), bool, len(problem.allowed))
        self.count = np.bincount(pairs[self.is_chosen].ravel(), minlength=people)
        self.slot_room, limits = rooms_of(problem), problem.limits
        self.room = np.where(limits < 0, self.slot_room, np.minimum(self.slot_room, limits))
        self.is_full = self.count >= self.room
        self.is_limited = (limits >= 0) & (self.count >= limits)  # by its own limit, not by its slots
        self.step = int(self.weights.sum()) + 1
        self.top = int(self.count.max(initial=0)) + 3
        self.places = None if problem.tables is None else sum(problem.tables) - len(chosen)

    def _rewards(self, ranks: Integers) -> Integers:
        """Return what the so-manieth meeting (from 1) of a covered participant is worth."""
        return np.asarray((self.top - ranks) * self.step)

    @property
    def _source(self) -> int:
        return len(self.room)

    @property
    def _sink(self) -> int:
        return len(self.room) + 1

    @cached_property
    def _arcs(self) -> tuple[Integers, Integers, Integers]:
        """Residual arcs (tail, head, cost); the last two nodes are the source and the sink."""
        parts = [*self._arcs_of_requests(), *self._arcs_of_participants(), *self._arcs_of_places()]
        tails, heads, costs = (np.concatenate(column) for column in zip(*parts, strict=True))
        return tails, heads, costs

    def _arcs_of_requests(self) -> list[tuple[Integers, Integers, Integers]]:
        """Return how a meeting can be taken up or given up."""
        up = ~self.is_chosen & self.is_possible
        down = self.is_chosen.copy()
        down[list(self.problem.required)] = False
        return [
            (self.left[up], self.right[up], -self.weights[up]),
            (self.right[down], self.left[down], self.weights[down]),
        ]

    def _arcs_of_participants(self) -> list[tuple[Integers, Integers, Integers]]:
        """Return what one meeting more or less is worth for each participant: only those covered count."""
        people, covered = np.arange(len(self.room)), self.covered
        first, second = np.where(covered, self._source, people), np.where(covered, people, self._sink)
        more, less = ~self.is_full, self.count > 0
        return [
            (first[more], second[more], np.where(covered, -self._rewards(self.count + 1), 0)[more]),
            (second[less], first[less], np.where(covered, self._rewards(self.count), 0)[less]),
        ]

    def _arcs_of_places(self) -> list[tuple[Integers, Integers, Integers]]:
        """Return how a table can be used or given back."""
        ways = []
        if self.places is None or self.places > 0:
            ways.append((self._sink, self._source))
        if self.is_chosen.any():
            ways.append((self._source, self._sink))
        return [(np.array([tail]), np.array([head]), np.array([0])) for tail, head in ways]

    def _distances(self, start: int, *, backwards: bool = False) -> Integers | None:
        """Return the cost of the cheapest path from (or to) a node, None if the selection itself can be improved."""
        tails, heads, costs = self._arcs
        if backwards:
            tails, heads = heads, tails
        order = np.argsort(heads, kind="stable")
        tails, costs = tails[order], costs[order]
        nodes, firsts = np.unique(heads[order], return_index=True)
        distance = np.full(len(self.room) + 2, FAR)
        distance[start] = 0
        for _ in range(min(MOST_ROUNDS, len(distance) + 1)):
            arriving = distance[tails] + costs
            arriving[distance[tails] >= FAR] = FAR
            nearest = np.minimum.reduceat(arriving, firsts) if len(firsts) else arriving
            if (nearest >= distance[nodes]).all():
                return distance
            distance[nodes] = np.minimum(distance[nodes], nearest)
            if distance[start] < 0:
                return None
        return None

    @cached_property
    def _from_source(self) -> Integers | None:
        return self._distances(self._source)

    @cached_property
    def _to_sink(self) -> Integers | None:
        return self._distances(self._sink, backwards=True)

    @property
    def is_best(self) -> bool:
        """Say whether no exchange improves the selection, as far as paths through the places tell."""
        return self._from_source is not None and self._to_sink is not None

    @cached_property
    def costs_of_own_slot(self) -> tuple[Integers, Integers]:
        """What meeting each request costs if its (left, right) had one slot and table more of its own, or FAR."""
        if self._from_source is None or self._to_sink is None:
            return np.full_like(self.left, FAR), np.full_like(self.left, FAR)
        to_sink, from_source = self._to_sink[self.right], self._from_source[self.left]
        of_left = np.where(to_sink >= FAR, FAR, to_sink + self._entries - self.weights)
        return of_left, np.where(from_source >= FAR, FAR, from_source - self.weights)

    @cached_property
    def _entries(self) -> Integers:
        """What a further meeting of each request's covered participant costs: a gain."""
        return -self._rewards(self.count[self.left] + 1)

    @cached_property
    def _may_need(self) -> tuple[Flags, Flags]:
        """Whether one more slot of (left, right) could matter: it is full, never there with the other, or no table."""
        anyway = ~self.is_possible | self.lacks_places
        left, right = ((self.is_full[ends] | anyway) & ~self.is_limited[ends] for ends in (self.left, self.right))
        return left & ~self.is_chosen, right & ~self.is_chosen

    @property
    def lacks_places(self) -> bool:
        """Say whether every table is taken in every slot."""
        return self.places is not None and self.places <= 0

    @cached_property
    def gains(self) -> Integers:
        """What one more slot of each participant would add to the best selection, 0 for nothing.

        The table that comes with the slot may serve others better.
        """
        gains = np.full(len(self.room), -1)
        for ends, costs, may_need in zip((self.left, self.right), self.costs_of_own_slot, self._may_need, strict=True):
            useful = may_need & (costs < FAR)
            np.maximum.at(gains, ends[useful], np.maximum(-costs[useful], self.gain_of_a_place))
        return np.asarray(np.maximum(gains, 0))

    @cached_property
    def met_with_own_slot(self) -> tuple[Flags, Flags]:
        """Whether a best selection meets each unmet request if its (left, right) has one more slot."""
        left, right = (
            may_need & (self.gains[ends] > 0) & (costs == -self.gains[ends])
            for ends, costs, may_need in zip(
                (self.left, self.right), self.costs_of_own_slot, self._may_need, strict=True
            )
        )
        return left, right

    @cached_property
    def met_directly(self) -> tuple[Flags, Flags]:
        """Whether that best selection is today's with the request in the new slot, and nobody else moves."""
        nowhere = self.problem.tables is not None and not any(self.problem.tables)
        anywhere = np.fromiter((each.slots is None for each in self.problem.instance.requests), bool, len(self.left))
        costs = self._entries - self.weights
        left, right = (
            met & anywhere & ~self.is_full[others] & (costs == -self.gains[ends]) & (not nowhere)
            for ends, others, met in zip(
                (self.left, self.right), (self.right, self.left), self.met_with_own_slot, strict=True
            )
        )
        return left, right

    def would_be_met(self, request: int, participant: int) -> bool:
        """Say whether a best selection with one more slot of `participant` meets `request`."""
        return bool(self.met_with_own_slot[int(self.right[request]) == participant][request])

    def full_in_every_best(self) -> list[int]:
        """Return who is full in every best selection and asked for more: giving up one of their meetings costs."""
        from_source, to_sink = self._from_source, self._to_sink
        if from_source is None or to_sink is None:
            return []
        asked = np.bincount(self.problem.pairs.ravel(), minlength=len(self.room))
        people = np.arange(len(self.room))
        cost_of_one_less = np.where(
            self.covered, from_source[people] + self._rewards(self.count), to_sink[people]
        )  # of one meeting less: what the best selection loses at least
        full: list[int] = np.flatnonzero(
            (self.room > 0) & self.is_full & (asked > self.room) & (cost_of_one_less > 0)
        ).tolist()
        return full

    @cached_property
    def gain_of_a_place(self) -> int:
        """Return what one table more in one slot would add to the best selection."""
        if not self.lacks_places or self._from_source is None:
            return 0
        return max(0, -int(self._from_source[self._sink]))
