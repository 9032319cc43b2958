"""How many breaks the best selections force, once slots have prices.

Without when, everybody would wait in the same convenient slots. Prices tell the slots apart: one per slot paid by the
covered participants and received by the others, who are as many, and one for its tables. Whatever the prices, the least
total of waits and prices, each participant by itself at its cheapest times, is a lower bound of the waits of every
schedule (Lagrangian relaxation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scheduler.flow.faces import Face, possible_times
from scheduler.flow.patterns import Floats, Integers, Patterns, SharedSlots, envelope
from scheduler.problem import Problem

COVERED, OTHER = 0, 1


@dataclass(frozen=True, slots=True)
class Waits:
    """What a break and an idle slot count."""

    per_break: float = 1.0
    per_idle: float = 0.0


class Price(NamedTuple):
    """A price per slot: who pays it (a factor for covered participants, one for others), and what it frees of."""

    factors: tuple[float, float]
    lowest: float
    held_back: Floats


class _Group(NamedTuple):
    """Participants of one side, priced together; `is_open` if their numbers of meetings may vary."""

    side: int
    people: Integers
    times: Patterns | SharedSlots
    is_open: bool


class PricedSlots:
    """The least waits of all best selections at any prices.

    With the coverage the numbers of meetings of covered participants are known, up to who has which, so that a cost
    which isn't convex in them is exact; those of the others may vary in a cheapest selection, so theirs is made convex.
    """

    def __init__(self, problem: Problem, face: Face, waits: Waits) -> None:
        self.face = face
        self.shape = (len(problem.capacity), int(max(face.ranks.max(initial=0), face.held.max(initial=0))) + 1)
        self.impossible = 2.0 * problem.slots * (waits.per_break + waits.per_idle)
        self.prices = _prices(problem)
        self.groups = list(_groups(problem, face, waits))
        self.slots = problem.slots

    def bound(self, prices: Floats) -> tuple[float, Floats] | None:
        """Return the least total at these prices (a row per kind), and how it changes with each; None if unknown."""
        paid = [
            sum(
                (price.factors[side] * row for price, row in zip(self.prices, prices, strict=True)),
                np.zeros(self.slots),
            )
            for side in (COVERED, OTHER)
        ]
        totals = np.full(self.shape, np.inf)
        totals[:, 0] = 0.0
        lines = []
        for group in self.groups:
            own = group.times.priced(paid[group.side])
            hull, low, high = envelope(own) if group.is_open else (own, None, None)
            totals[group.people, : hull.shape[1]] = hull
            lines.append((low, high))
        everybody, face = np.arange(len(totals)), self.face
        with np.errstate(invalid="ignore"):  # beyond what a participant can hold, costs are infinite
            steps = totals[face.owners, face.ranks] - totals[face.owners, face.ranks - 1]
        steps[~np.isfinite(steps)] = self.impossible
        found = face.cheapest(steps)
        if found is None:
            return None
        cost, taken = found
        shares = np.zeros(self.shape)
        shares[everybody, face.held] = 1.0
        np.add.at(shares, (face.owners, face.ranks), taken)
        np.add.at(shares, (face.owners, face.ranks - 1), -taken)
        cost += float(np.minimum(totals[everybody, face.held], self.impossible).sum())
        busy = self._busy(shares, lines)
        for price, row in zip(self.prices, prices, strict=True):
            cost -= float(price.held_back @ row)
        slopes = [
            price.factors[COVERED] * busy[COVERED] + price.factors[OTHER] * busy[OTHER] - price.held_back
            for price in self.prices
        ]
        return cost, np.array(slopes).reshape(len(self.prices), self.slots)

    def _busy(self, shares: Floats, lines: list[tuple[Integers | None, Integers | None]]) -> Floats:
        """Return how many of either side are busy in each slot; a share of a line is one of both its ends."""
        busy = np.zeros((2, self.slots))
        for group, (low, high) in zip(self.groups, lines, strict=True):
            part = shares[group.people, : group.times.most + 1]
            rows, counts = np.nonzero(part)
            share = part[rows, counts]
            if low is None or high is None:
                busy[group.side] += share @ group.times.busy(rows, counts)
                continue
            left, right = low[rows, counts], high[rows, counts]
            to_right = np.where(right > left, (counts - left) / np.maximum(right - left, 1), 0.0)
            busy[group.side] += (share * (1.0 - to_right)) @ group.times.busy(rows, left)
            mixed = np.flatnonzero(to_right)
            busy[group.side] += (share * to_right)[mixed] @ group.times.busy(rows[mixed], right[mixed])
        return busy


def _groups(problem: Problem, face: Face, waits: Waits) -> list[_Group]:
    """Return those who may meet anybody, by side and by whether they meet one at a time."""
    capacity, covered = np.array(problem.capacity), np.array(problem.covered, dtype=bool)
    most = face.held.copy()
    np.maximum.at(most, face.owners, face.ranks)
    may = possible_times(problem)
    groups = []
    for side, is_here in ((COVERED, covered), (OTHER, ~covered)):
        alone = np.flatnonzero(is_here & (capacity == 1) & (most > 0))
        if len(alone):
            deepest = int(most[alone].max())
            sessions = problem.instance.sessions
            times = Patterns(may[alone], sessions, deepest, per_break=waits.per_break, per_idle=waits.per_idle)
            groups.append(_Group(side, alone, times, is_open=side == OTHER))
        together = np.flatnonzero(is_here & (capacity > 1) & (most > 0))
        if len(together):
            shared = SharedSlots(may[together], capacity[together], int(most[together].max()))
            groups.append(_Group(side, together, shared, is_open=False))
    return groups


def _prices(problem: Problem) -> list[Price]:
    """Return the prices that pay for themselves: what both sides have in common in each slot, and the tables."""
    kinds = {(sum(problem.covered[end] for end in ends), len(ends)) for ends in problem.ends}
    sizes = {size for _, size in kinds}
    is_balanced = all(2 * covered == size for covered, size in kinds)
    nothing = np.zeros(problem.slots)
    prices = []
    if all(2 * covered >= size for covered, size in kinds):
        prices.append(Price((-1.0, 1.0), -np.inf if is_balanced else 0.0, nothing))
    elif all(2 * covered <= size for covered, size in kinds):
        prices.append(Price((1.0, -1.0), 0.0, nothing))
    if problem.tables is not None and sizes:
        tables = np.array(problem.tables, dtype=np.float64)
        one_side = is_balanced and sizes == {2}
        prices.append(Price((1.0, 0.0) if one_side else (1.0, 1.0), 0.0, tables * (1 if one_side else max(sizes))))
    return prices
