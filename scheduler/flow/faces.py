"""The best selections, without when: which of them is the cheapest if each participant's k-th meeting has a cost?

A face offers rungs: a participant (`owners`) and which of its meetings it is (`ranks`, from 1). What is said of the
cheapest selection holds for every schedule that reaches the same coverage and satisfaction.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scheduler.flow.cheapest import Graph
from scheduler.flow.network import LARGEST_COST, Network
from scheduler.flow.patterns import Floats, Integers
from scheduler.problem import Fixed, Problem, table_of

FINEST = 10**6  # a cost is rounded down to a millionth


class Face(Protocol):
    """What the search for prices asks of the best selections."""

    owners: Integers
    ranks: Integers
    held: Integers  # meetings that each participant has below its first rung

    def cheapest(self, costs: Floats) -> tuple[float, Floats] | None:
        """Return a lower bound of the cost over all best selections, and how far each rung is taken in the cheapest."""


class FlowFace(Network):
    """The best selections of a two-sided problem as cheapest flows, if flows reach this coverage and satisfaction."""

    def __init__(
        self, problem: Problem, fixed: Fixed, coverage: tuple[int, ...], satisfaction: int | None = None
    ) -> None:
        super().__init__(problem, fixed, frozenset())
        self.coverage, self.satisfaction = coverage, satisfaction
        ends = problem.pairs[self.arcs]
        is_left = np.array(problem.covered, dtype=bool)[ends]
        self.left, self.right = ends[is_left], ends[~is_left]
        weights = np.array(problem.weights, dtype=np.int64)[self.arcs]
        self.weights = np.zeros_like(weights) if satisfaction is None else weights
        self.structures, self.heights = self._rungs(self.left, np.minimum(self.room, len(coverage) - self.held))
        self.desks, further = self._rungs(self.right, self.room)
        self.owners = np.concatenate([self.structures, self.desks])
        self.ranks = np.concatenate([self.heights, further])

    def _rungs(self, nodes: Integers, room: Integers) -> tuple[Integers, Integers]:
        """Return participant and rank of each further meeting of those who occur in `nodes`, once per request."""
        distinct, degrees = np.unique(nodes, return_counts=True)
        counts = np.maximum(np.minimum(degrees, room[distinct]), 0)
        owners = np.repeat(distinct, counts)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        return owners, self.held[owners] + np.arange(len(owners)) - first + 1

    def cheapest(self, costs: Floats) -> tuple[float, Floats] | None:
        """Return the cost of the cheapest flow, every cost rounded down, and its rungs.

        Coverage and satisfaction stand above, by more than an exchange of meetings can change these costs: a cycle
        that passes nobody twice, so with two rungs at the sink, and one more at each desk where slots are told apart.
        """
        desks, sink = np.unique(self.right), len(self.room)
        passed = 4 + (len(desks) if self._tells_slots(desks) else 0)
        swing = passed * float(np.abs(costs).max(initial=0.0)) + 1
        longest = min(len(np.unique(self.left)), len(desks))
        above = min(int(self.weights.sum()), 2 * longest * int(self.weights.max(initial=0))) + 1
        top = int(self.heights.max(initial=0)) + 1
        nodes = sink + len(desks) + self.problem.slots + 3
        scale = min(FINEST, int(LARGEST_COST / (above * (top + 1) * nodes * swing)))
        if scale < 1:
            return None
        unit = int(swing * scale) + 1
        cents = np.floor(costs * scale).astype(np.int64)
        graph = Graph()
        graph.add(self.left, self.right, np.ones_like(self.left), -self.weights * unit)
        requests, count = len(self.left), len(self.structures)
        given_up = (top - self.heights) * above * unit - cents[:count]
        graph.add(self.structures, np.full(count, sink), np.ones_like(self.structures), given_up)
        graph.add(*np.array([[sink + 1], [sink], [self.places], [0]]))
        behind = self._add_slots(graph, desks, sink + 1)
        graph.add(self.desks, behind[self.desks], np.ones_like(self.desks), cents[count:])
        graph.supply(*np.unique(self.structures, return_counts=True))
        graph.supply(np.array([sink]), np.array([-count]))
        try:
            flow = graph.cheapest()
        except ArithmeticError:
            return None
        chosen, down, used = flow[:requests], flow[requests:][:count], flow[len(flow) - len(self.desks) :]
        if not self._reaches(chosen, down):
            return None
        taken = np.concatenate([1 - down, used]).astype(np.float64)
        return float(taken @ cents) / scale, taken

    def _reaches(self, chosen: Integers, given_up: Integers) -> bool:
        """Say whether the flow is a selection of this coverage and satisfaction, not a better one that has no times."""
        counts = self.held.copy()
        np.add.at(counts, self.structures, 1 - np.asarray(given_up))
        covered = counts[np.array(self.problem.covered, dtype=bool)]
        coverage = tuple(int((covered >= rank).sum()) for rank in range(1, len(self.coverage) + 1))
        forced = sum(self.problem.weights[request] for request in self.forced)
        total = None if self.satisfaction is None else forced + int(self.weights @ np.asarray(chosen))
        return (coverage, total) == (self.coverage, self.satisfaction)


def possible_times(problem: Problem) -> NDArray[np.bool_]:
    """Return when each participant could have any of its meetings: one row each, a column per slot."""
    masks = [0] * len(problem.capacity)
    for mask, ends in zip(problem.allowed, problem.ends, strict=True):
        for end in ends:
            masks[end] |= mask
    return table_of(masks, problem.slots)
