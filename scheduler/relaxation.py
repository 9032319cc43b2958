"""Who meets whom, without asking when: a minimum-cost flow that no schedule can beat.

Every request is an arc from its structure to its desk. A participant passes as much flow as it has usable slots, and a
structure's k-th meeting is worth more than anybody's k+1-th, so the cheapest flow is the best selection.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.instance import Instance, LevelName
from scheduler.problem import Fixed, Problem
from scheduler.solution import Level

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The best selection of requests if only the number of meetings counted; its figures bound every schedule."""

    chosen: tuple[int, ...]
    coverage: tuple[int, ...]
    satisfaction: int


def room_of(problem: Problem, participant: int, used: Counter[tuple[int, int]] | None = None) -> int:
    """Return how many more meetings the participant could hold if everybody else were always free."""
    described = problem.instance.participants[participant]
    free, capacity = problem.free[participant], described.capacity
    longest = described.max_consecutive
    slots = free.bit_count() if longest is None else slots_with_rests(problem, free, longest)
    room = slots * capacity
    if used:
        room = min(room, sum(capacity - used[participant, slot] for slot in range(problem.slots) if free >> slot & 1))
    return room


def slots_with_rests(problem: Problem, free: int, longest: int) -> int:
    """Return the most slots of `free` that can be busy with at most `longest` in a row within a session."""
    count = 0
    for start, end in problem.instance.sessions:
        run = 0
        for slot in range(start, end + 1):
            if slot < end and free >> slot & 1:
                run += 1
            else:
                count += run - run // (longest + 1)
                run = 0
    return count


def relax(
    problem: Problem,
    fixed: Fixed | None = None,
    *,
    extra_room: dict[int, int] | None = None,
    unwelcome: frozenset[int] = frozenset(),
) -> Relaxation | None:
    """Return the best selection that contains the fixed and required requests, None if those alone don't fit.

    `extra_room` grants participants more meetings than they have slots: the question "what if". Among equal
    selections the one with the fewest `unwelcome` requests is taken.
    """
    network = _Network(problem, fixed or {}, extra_room or {}, unwelcome)
    if min(network.room, default=0) < 0 or network.places < 0:
        return None
    chosen = tuple(sorted([*network.forced, *network.cheapest_flow()]))
    return Relaxation(chosen, coverage_of(problem, chosen), sum(problem.weights[request] for request in chosen))


def coverage_of(problem: Problem, chosen: tuple[int, ...] | list[int]) -> tuple[int, ...]:
    """Return how many participants of the coverage group have at least 1, 2, 3… of the chosen meetings."""
    counts = Counter(end for request in chosen for end in problem.ends[request] if problem.covered[end])
    exactly = Counter(counts.values())
    at_least: list[int] = []
    total = 0
    for count in range(max(exactly, default=0), 0, -1):
        total += exactly[count]
        at_least.append(total)
    return tuple(reversed(at_least))


class _Network:
    """The flow network: source -> structures -> desks -> sink, and a bypass for what is not worth sending."""

    def __init__(self, problem: Problem, fixed: Fixed, extra_room: dict[int, int], unwelcome: frozenset[int]) -> None:
        self.problem = problem
        self.unwelcome = unwelcome
        self.forced = sorted(problem.required | fixed.keys())
        used = Counter((end, slot) for request, slot in fixed.items() for end in problem.ends[request])
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
        """Return how many more meetings the tables of all slots hold."""
        tables = self.problem.tables
        return len(self.problem.ends) if tables is None else sum(tables) - forced

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

    def cheapest_flow(self) -> list[int]:
        """Return the requests that carry flow in the cheapest flow."""
        if not self.arcs or not self.places:
            return []
        problem = self.problem
        ends = np.array([problem.ends[request] for request in self.arcs], dtype=np.int64)
        covered = np.array(problem.covered)
        left = np.where(covered[ends[:, 0]], ends[:, 0], ends[:, 1])
        right = ends[:, 0] + ends[:, 1] - left
        weights = np.array([problem.weights[request] for request in self.arcs], dtype=np.int64)
        if self.unwelcome:
            unwelcome = np.array([request in self.unwelcome for request in self.arcs], dtype=np.int64)
            weights = weights * (len(self.unwelcome) + 1) - unwelcome
        flow = self._solved(left, right, weights)
        return [self.arcs[position] for position in np.flatnonzero(flow)]

    def _solved(self, left: Integers, right: Integers, weights: Integers) -> Integers:
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]  # ships none

        count = len(self.room)
        source, hub, sink = count, count + 1, count + 2
        steps, rewards = self._steps(left, int(np.abs(weights).sum()) + 1)
        rights = np.unique(right)
        supply = min(self.places, len(steps))
        graph = SimpleMinCostFlow()
        ones = np.ones(len(left), dtype=np.int64)
        arcs = graph.add_arcs_with_capacity_and_unit_cost(left, right, ones, -weights)
        _add(graph, np.full(len(steps), hub), steps, np.ones(len(steps), dtype=np.int64), -rewards)
        _add(graph, rights, np.full(len(rights), sink), np.array(self.room)[rights], np.zeros(len(rights)))
        _add(graph, np.array([source, source]), np.array([hub, sink]), np.array([supply, supply]), np.zeros(2))
        graph.set_node_supply(source, supply)
        graph.set_node_supply(sink, -supply)
        status = graph.solve()
        if status != SimpleMinCostFlow.OPTIMAL:
            raise ArithmeticError(f"the flow relaxation could not be solved: {status}")
        return np.asarray(graph.flows(arcs), dtype=np.int64)

    def _steps(self, left: Integers, above_satisfaction: int) -> tuple[Integers, Integers]:
        """Return one arc per possible meeting of each structure, worth less the more it already has.

        Any strictly decreasing rewards give the lexicographic maximum: the vectors of meeting counts form an
        M-convex set (Frank & Murota, "Decreasing minimization on M-convex sets").
        """
        asked = Counter(left.tolist())
        most = {node: min(count, self.room[node]) for node, count in asked.items()}
        top = max(self.held[node] + count for node, count in most.items())
        tails = [node for node, count in most.items() for _ in range(count)]
        ranks = [self.held[node] + step for node, count in most.items() for step in range(count)]
        return np.array(tails, dtype=np.int64), (top - np.array(ranks, dtype=np.int64)) * above_satisfaction


def _add(graph: Any, tails: Integers, heads: Integers, capacities: Integers, costs: NDArray[Any]) -> None:
    graph.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs.astype(np.int64))


def bound(instance: Instance) -> tuple[Level, ...]:
    """Return what no schedule of `instance` can exceed in coverage and satisfaction, in milliseconds.

    The values are those of the relaxation, so each level is its own bound; empty where the flow doesn't apply.
    """
    problem = Problem(instance, instance.policy)
    relaxation = relax(problem, problem.pinned) if problem.is_two_sided else None
    if relaxation is None:
        return ()
    return (
        Level(LevelName.COVERAGE, relaxation.coverage, relaxation.coverage),
        Level(LevelName.SATISFACTION, relaxation.satisfaction, relaxation.satisfaction),
    )
