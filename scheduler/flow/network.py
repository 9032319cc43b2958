"""The minimum-cost flow network behind the relaxation: structures, desks, and slots where tables are short."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.placing.rooms import room_of, runs_of
from scheduler.problem import Fixed, Problem

Integers = NDArray[np.int64]

SCALES = (720_720, 2_520, 840, 60, 12, 1)  # a break is divided among the meetings that force it: many divisors
LARGEST_COST = 2**61


class Network:
    """The flow network: source -> structures -> desks -> sink, and a bypass for what is not worth sending."""

    def __init__(self, problem: Problem, fixed: Fixed, extra_room: dict[int, int], unwelcome: frozenset[int]) -> None:
        self.problem = problem
        self.unwelcome = unwelcome
        self.extra_room = extra_room
        self.forced = sorted(problem.required | fixed.keys())
        used = Counter((end, slot) for request, slot in fixed.items() for end in problem.ends[request])
        at_slot = Counter(fixed.values())
        self.used = used
        self.table_room = (
            None if problem.tables is None else [count - at_slot[slot] for slot, count in enumerate(problem.tables)]
        )
        self.held = Counter(end for request in self.forced for end in problem.ends[request])
        self.room = self._room(fixed, used, extra_room)
        self.places = self._places(len(self.forced))
        self.arcs = self._arcs(fixed, used)

    def _room(self, fixed: Fixed, used: Counter[tuple[int, int]], extra_room: dict[int, int]) -> list[int]:
        """Return the meetings that each participant can still take beside the forced ones."""
        problem = self.problem
        unfixed = Counter(end for request in self.forced if request not in fixed for end in problem.ends[request])
        rooms = []
        for index, participant in enumerate(problem.instance.participants):
            room = room_of(problem, index, used) - unfixed[index]
            room = min(room, room_of(problem, index) - self.held[index]) + extra_room.get(index, 0)
            if participant.max_meetings is not None:
                room = min(room, participant.max_meetings - self.held[index])
            rooms.append(room)
        return rooms

    def _places(self, forced: int) -> int:
        """Return how many more meetings all slots hold, by their tables and by who is there on either side."""
        problem = self.problem
        if problem.tables is None:
            return len(problem.ends)
        return sum(min(tables, self._pairs_at(slot)) for slot, tables in enumerate(problem.tables)) - forced

    def _pairs_at(self, slot: int) -> int:
        """Return how many meetings the participants present in a slot could hold together."""
        present = [0, 0]
        for free, covered, capacity in zip(self.problem.free, self.problem.covered, self.problem.capacity, strict=True):
            if free >> slot & 1:
                present[covered] += capacity
        return min(present)

    def _arcs(self, fixed: Fixed, used: Counter[tuple[int, int]]) -> list[int]:
        """Return the requests that could still be chosen, alone in their slot."""
        problem, forced = self.problem, set(self.forced)
        full = Counter[int]()
        for (end, slot), count in used.items():
            if count >= problem.capacity[end]:
                full[end] |= 1 << slot
        arcs = []
        for request, mask in enumerate(problem.allowed):
            if mask and request not in forced:
                first, second = problem.ends[request]
                if mask & ~full[first] & ~full[second] and self.room[first] > 0 and self.room[second] > 0:
                    arcs.append(request)
        return arcs

    def cheapest_flow(self) -> tuple[list[int], int]:
        """Return the requests that carry flow in the cheapest flow, and the breaks that it can't avoid."""
        if not self.arcs or not self.places:
            return [], 0
        problem = self.problem
        ends = np.array([problem.ends[request] for request in self.arcs], dtype=np.int64)
        covered = np.array(problem.covered)
        left = np.where(covered[ends[:, 0]], ends[:, 0], ends[:, 1])
        right = ends[:, 0] + ends[:, 1] - left
        weights = np.array([problem.weights[request] for request in self.arcs], dtype=np.int64)
        if self.unwelcome:
            unwelcome = np.array([request in self.unwelcome for request in self.arcs], dtype=np.int64)
            weights = weights * (len(self.unwelcome) + 1) - unwelcome
        flow, breaks = self._solved(left, right, weights)
        return [self.arcs[position] for position in np.flatnonzero(flow)], breaks

    def _solved(self, left: Integers, right: Integers, weights: Integers) -> tuple[Integers, int]:
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]  # ships none

        hub, sink = len(self.room), len(self.room) + 1
        above_satisfaction = int(np.abs(weights).sum()) + 1
        steps, ranks = self._steps(left)
        top = int(ranks.max()) + 1
        waits = {node: self._waits(node) for node in {*left.tolist(), *right.tolist()}}
        scale, unit = self._scale(waits, above_satisfaction * (top + 1))
        graph = SimpleMinCostFlow()
        ones = np.ones(len(left), dtype=np.int64)
        arcs = graph.add_arcs_with_capacity_and_unit_cost(left, right, ones, -weights * unit)
        costs = (ranks - top) * above_satisfaction * unit + self._waiting_costs(steps, waits, scale)
        _add(graph, np.full(len(steps), hub), steps, costs)
        most = [min(self.room[node], degree) for node, degree in _degrees(right)]
        tails = np.repeat(np.unique(right), most)
        inner = self._add_slots(graph, np.unique(right), sink)
        _add(graph, tails, inner[tails], self._waiting_costs(tails, waits, scale))
        supply = min(self.places, len(steps))
        graph.add_arc_with_capacity_and_unit_cost(hub, sink, supply, 0)
        graph.set_node_supply(hub, supply)
        graph.set_node_supply(sink, -supply)
        status = graph.solve()
        if status != SimpleMinCostFlow.OPTIMAL:
            raise ArithmeticError(f"the flow relaxation could not be solved: {status}")
        flow = np.asarray(graph.flows(arcs), dtype=np.int64)
        waiting = _waiting(left[flow > 0], right[flow > 0], waits, scale)
        return flow, -(-waiting // scale) if scale else 0

    def _add_slots(self, graph: Any, desks: Integers, sink: int) -> Integers:
        """Lead each desk to the sink, by way of the slots where the tables of some slot don't suffice for all desks.

        Returns the node behind each desk. Only the structures' own slots are then left out of the relaxation.
        """
        inner = np.full(len(self.room), sink)
        room = self.table_room
        if room is None or all(self._desks_at(slot, desks) <= count for slot, count in enumerate(room)):
            return inner
        first_slot = sink + 1
        for position, desk in enumerate(desks.tolist()):
            inner[desk] = first_slot + len(room) + position
            for slot in range(len(room)):
                capacity = self.problem.capacity[desk] - self.used[desk, slot]
                if self.problem.free[desk] >> slot & 1 and capacity > 0:
                    graph.add_arc_with_capacity_and_unit_cost(int(inner[desk]), first_slot + slot, capacity, 0)
        for slot, count in enumerate(room):
            graph.add_arc_with_capacity_and_unit_cost(first_slot + slot, sink, max(count, 0), 0)
        return inner

    def _desks_at(self, slot: int, desks: Integers) -> int:
        problem = self.problem
        return sum(problem.capacity[desk] for desk in desks.tolist() if problem.free[desk] >> slot & 1)

    def _steps(self, left: Integers) -> tuple[Integers, Integers]:
        """Return one arc per possible meeting of each structure with its rank: the more it has, the less one counts.

        Any strictly decreasing rewards give the lexicographic maximum: the vectors of meeting counts form an
        M-convex set (Frank & Murota, "Decreasing minimization on M-convex sets").
        """
        most = [(node, min(degree, self.room[node])) for node, degree in _degrees(left)]
        tails = [node for node, count in most for _ in range(count)]
        ranks = [self.held[node] + step for node, count in most for step in range(count)]
        return np.array(tails, dtype=np.int64), np.array(ranks, dtype=np.int64)

    def _waits(self, node: int) -> list[int]:
        """Return, per further meeting of a participant, how many meetings share the break it adds (0: no break)."""
        if self.held[node] or self.unwelcome or self.problem.capacity[node] != 1 or self.extra_room:
            return []
        without_break, further = runs_of(self.problem, node)
        return [0] * without_break + [length for length in further for _ in range(length)]

    def _scale(self, waits: dict[int, list[int]], largest: int) -> tuple[int, int]:
        """Return (cost of a break, cost above all breaks), (0, 1) where breaks don't fit below the other levels."""
        breaks = sum(sum(1 / length for length in lengths if length) for lengths in waits.values())
        for scale in SCALES:
            unit = int(breaks + 2) * scale
            if largest * unit * (len(self.room) + 2) < LARGEST_COST:
                return scale, unit
        return 0, 1

    def _waiting_costs(self, nodes: Integers, waits: dict[int, list[int]], scale: int) -> Integers:
        """Return the cost in breaks of each further meeting of the (sorted, repeated) nodes."""
        costs: list[int] = []
        position, before = 0, -1
        for node in nodes.tolist():
            position = position + 1 if node == before else 0
            before = node
            lengths = waits[node]
            costs.append(scale // lengths[position] if position < len(lengths) and lengths[position] else 0)
        return np.array(costs, dtype=np.int64)


def _degrees(nodes: Integers) -> list[tuple[int, int]]:
    distinct, counts = np.unique(nodes, return_counts=True)
    return list(zip(distinct.tolist(), counts.tolist(), strict=True))


def _waiting(left: Integers, right: Integers, waits: dict[int, list[int]], scale: int) -> int:
    """Return the breaks, in units of `scale`, that these numbers of meetings force."""
    return sum(
        scale // length
        for node, count in [*_degrees(left), *_degrees(right)]
        for length in waits[node][:count]
        if length
    )


def _add(graph: Any, tails: Integers, heads: Integers, costs: Integers) -> None:
    graph.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), dtype=np.int64), costs)
