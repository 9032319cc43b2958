"""The minimum-cost flow network behind the relaxation: structures, desks, and slots where tables are short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.flow.cheapest import Graph
from scheduler.instance import LevelName
from scheduler.placing.rooms import Runs, rooms_of, runs_of_all
from scheduler.problem import Fixed, Problem

Integers = NDArray[np.int64]

SCALES = (720_720, 2_520, 840, 60, 12, 1)  # a break is divided among the meetings that force it: many divisors
MOST_REQUESTS, COARSE = 200_000, 840  # beyond, finer costs take the flow half as long again
LARGEST_COST = 2**61


class _Sides(NamedTuple):
    """The requests that flow may use: covered participant, counterpart and weight of each."""

    left: Integers
    right: Integers
    weights: Integers

    @property
    def longest(self) -> int:
        """The most requests in one direction on a cycle of the residual graph: it passes nobody twice."""
        return min(len(np.unique(self.left)), len(np.unique(self.right)))


class _Steps(NamedTuple):
    """Further meetings of participants: whose, how many alike, and how many share the break they add (0: none)."""

    nodes: Integers
    counts: Integers
    shared: Integers

    def singly(self) -> _Steps:
        """Return each meeting by itself."""
        return _Steps(*(np.repeat(each, self.counts) for each in (self.nodes, np.ones_like(self.nodes), self.shared)))

    def costs(self, scale: int) -> Integers:
        """Return what each meeting adds in breaks, in units of 1/`scale`."""
        return np.where(self.shared > 0, scale // np.maximum(self.shared, 1), 0)


class Network:
    """The flow network: structures -> desks -> sink, and a way from each structure to the sink for what isn't met."""

    def __init__(self, problem: Problem, fixed: Fixed, unwelcome: frozenset[int]) -> None:
        self.problem = problem
        self.unwelcome = unwelcome
        self.forced = sorted(problem.required | fixed.keys())
        self.used = Counter((end, slot) for request, slot in fixed.items() for end in problem.ends[request])
        at_slot = Counter(fixed.values())
        self.table_room = (
            None if problem.tables is None else [count - at_slot[slot] for slot, count in enumerate(problem.tables)]
        )
        self.capacity = np.array(problem.capacity, dtype=np.int64)
        self.held = self._meetings_of(self.forced)
        self.room = self._room(fixed)
        self.places = self._places()
        self.arcs = self._arcs()

    def _meetings_of(self, requests: list[int]) -> Integers:
        ends = [end for request in requests for end in self.problem.ends[request]]
        return np.bincount(np.array(ends, dtype=np.int64), minlength=len(self.capacity))

    def _room(self, fixed: Fixed) -> Integers:
        """Return the meetings that each participant can still take beside the forced ones."""
        problem = self.problem
        rooms = rooms_of(problem)
        places = problem.presence.sum(axis=1) * self.capacity
        for (end, slot), count in self.used.items():
            if problem.free[end] >> slot & 1:
                places[end] -= count
        unfixed = self._meetings_of([request for request in self.forced if request not in fixed])
        room = np.minimum(np.minimum(rooms, places) - unfixed, rooms - self.held)
        limits = problem.limits
        return np.asarray(np.where(limits < 0, room, np.minimum(room, limits - self.held)))

    def _places(self) -> int:
        """Return how many more meetings all slots hold, by their tables and by who is there on either side."""
        problem = self.problem
        if problem.tables is None:
            return len(problem.ends)
        covered = np.array(problem.covered, dtype=bool)
        sides = [self.capacity[side] @ problem.presence[side] for side in (covered, ~covered)]
        return int(np.minimum(np.minimum(*sides), problem.tables).sum()) - len(self.forced)

    def _arcs(self) -> Integers:
        """Return the requests that could still be chosen, alone in their slot."""
        problem = self.problem
        possible = np.fromiter(map(bool, problem.allowed), bool, len(problem.allowed))
        possible[self.forced] = False
        full = Counter[int]()
        for (end, slot), count in self.used.items():
            if count >= problem.capacity[end]:
                full[end] |= 1 << slot
        for request in {request for end in full for request in problem.requests_of[end]}:
            first, second = problem.ends[request]
            if not problem.allowed[request] & ~full[first] & ~full[second]:
                possible[request] = False
        ends = self.problem.pairs
        possible &= (self.room[ends[:, 0]] > 0) & (self.room[ends[:, 1]] > 0)
        return np.flatnonzero(possible)

    def cheapest_flow(self, should_stop: Callable[[], bool] | None = None) -> tuple[list[int], int]:
        """Return the requests that carry flow in the cheapest flow, and the breaks that it can't avoid.

        Raises FlowStopped where a large one was to stop.
        """
        if not len(self.arcs) or not self.places:
            return [], 0
        ends = self.problem.pairs[self.arcs]
        is_left = np.array(self.problem.covered)[ends]
        weights = np.array(self.problem.weights, dtype=np.int64)[self.arcs]
        sides = _Sides(ends[is_left], ends[~is_left], weights)
        if self.unwelcome:
            unwelcome = np.isin(self.arcs, np.fromiter(self.unwelcome, np.int64, len(self.unwelcome)))
            more = min(len(self.unwelcome), 2 * sides.longest) + 1
            sides = sides._replace(weights=weights * more - unwelcome)
        flow, breaks = self._solved(sides, should_stop)
        result: list[int] = self.arcs[flow > 0].tolist()
        return result, breaks

    def _solved(self, sides: _Sides, should_stop: Callable[[], bool] | None) -> tuple[Integers, int]:
        left, right, weights = sides
        steps, others = self._steps(left).singly(), self._steps(right)
        ranks = self.held[steps.nodes] + _places_in_groups(steps.nodes)
        top = int(ranks.max()) + 1
        in_all, largest = int(np.abs(weights).sum()), int(np.abs(weights).max())
        above_satisfaction = min(in_all, 2 * sides.longest * largest) + 1
        graph, sink = Graph(), len(self.room)
        scale, unit = self._scale(above_satisfaction * (top + 1), np.unique(right))
        graph.add(left, right, np.ones_like(left), -weights * unit)
        given_up = (top - ranks) * above_satisfaction * unit - steps.costs(scale)
        graph.add(steps.nodes, np.full_like(steps.nodes, sink), steps.counts, given_up)
        target = sink
        if self.places < min(len(steps.nodes), int(others.counts.sum())):
            target = sink + 1
            graph.add(*np.array([[target], [sink], [self.places], [0]]))
        behind = self._add_slots(graph, np.unique(right), target)
        graph.add(others.nodes, behind[others.nodes], others.counts, others.costs(scale))
        graph.supply(*np.unique(steps.nodes, return_counts=True))
        graph.supply(np.array([sink]), np.array([-len(steps.nodes)]))
        flow = graph.cheapest(should_stop)[: len(left)]
        waiting = sum(self._waiting(nodes[flow > 0], scale) for nodes in (left, right))
        return flow, -(-waiting // scale) if scale else 0

    def _steps(self, nodes: Integers) -> _Steps:
        """Return the further meetings that these participants (one entry per request) may have, cheapest first.

        A structure's are worth the less the more it has. Any strictly decreasing rewards give the lexicographic
        maximum: the vectors of meeting counts form an M-convex set (Frank & Murota, "Decreasing minimization on
        M-convex sets").
        """
        most = np.minimum(np.bincount(nodes, minlength=len(self.room)), self.room)
        return self._first(np.where(most > 0, most, 0))

    def _first(self, most: Integers) -> _Steps:
        """Return so many further meetings of each participant."""
        if self.unwelcome or LevelName.BREAKS not in self.problem.policy:
            nodes = np.flatnonzero(most)
            return _Steps(nodes, most[nodes], np.zeros_like(nodes))
        runs = self._runs
        counts = np.clip(most[runs.owners] - runs.before, 0, runs.lengths)
        used = counts > 0
        return _Steps(runs.owners[used], counts[used], np.where(runs.is_free, 0, runs.lengths)[used])

    @cached_property
    def _runs(self) -> Runs:
        """The runs of free slots, one without end and without breaks for those of whom nothing is known."""
        known = (self.held == 0) & (self.capacity == 1)
        return runs_of_all(self.problem, known)

    def _waiting(self, nodes: Integers, scale: int) -> int:
        """Return the breaks, in units of 1/`scale`, that a meeting per entry of `nodes` forces."""
        steps = self._first(np.bincount(nodes, minlength=len(self.room)))
        return int((steps.counts * steps.costs(scale)).sum())

    def _scale(self, largest: int, desks: Integers) -> tuple[int, int]:
        """Return (cost of a break, cost above all breaks), (0, 1) where breaks don't fit below the other levels.

        An exchange of meetings is a cycle that passes nobody twice, so it adds or saves few breaks: one where it
        enters the sink, one where it leaves it; and if the slots are told apart, one at each desk.
        """
        if self.unwelcome or LevelName.BREAKS not in self.problem.policy:
            return 0, 1
        passed = 4 + (len(desks) if self._tells_slots(desks) else 0)
        nodes = len(self.room) + len(desks) + self.problem.slots + 2
        for scale in SCALES:
            unit = passed * scale + 1
            if largest * unit * (nodes + 1) < LARGEST_COST and (scale <= COARSE or len(self.arcs) <= MOST_REQUESTS):
                return scale, unit
        return 0, 1

    def _tells_slots(self, desks: Integers) -> bool:
        """Say whether the tables of some slot don't suffice for all desks."""
        if self.table_room is None:
            return False
        present = self.capacity[desks] @ self.problem.presence[desks]
        return bool((present > np.array(self.table_room)).any())

    def _add_slots(self, graph: Graph, desks: Integers, sink: int) -> Integers:
        """Lead each desk to the sink, by way of the slots where the tables of some slot don't suffice for all desks.

        Returns the node behind each desk. Only the structures' own slots are then left out of the relaxation.
        """
        behind = np.full(len(self.room), sink)
        if self.table_room is None or not self._tells_slots(desks):
            return behind
        room = np.maximum(self.table_room, 0)
        slots = sink + 1 + np.arange(len(room))
        behind[desks] = sink + 1 + len(room) + np.arange(len(desks))
        seats = self.capacity[:, None] * self.problem.presence
        for (end, slot), count in self.used.items():
            seats[end, slot] -= count
        rows, columns = np.nonzero(seats[desks] > 0)
        graph.add(behind[desks[rows]], slots[columns], seats[desks[rows], columns], np.zeros_like(rows))
        graph.add(slots, np.full_like(slots, sink), room, np.zeros_like(slots))
        return behind


def _places_in_groups(sorted_nodes: Integers) -> Integers:
    """Return 0, 1, 2… for the entries of each node."""
    starts = np.flatnonzero(np.diff(sorted_nodes, prepend=-1))
    return np.arange(len(sorted_nodes)) - np.repeat(starts, np.diff(starts, append=len(sorted_nodes)))
