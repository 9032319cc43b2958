"""The cheapest times for a number of meetings of one participant, whoever the others are: for many at once.

A way through the slots has four states: no meeting yet in this session, busy, waiting for the next meeting, and done
with the session. Waiting costs a break at its beginning and something per slot; being busy costs the price of the slot.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]

FRESH, BUSY, WAITING, DONE = range(4)
FINAL = np.array([FRESH, BUSY, DONE], dtype=np.int8)  # nobody waits beyond the end of a session
TOLERANCE = 1e-9


class Patterns:
    """Participants who meet one at a time: `may[p, t]` says when, `most` how many meetings are asked about."""

    def __init__(
        self,
        may: Truths,
        sessions: tuple[tuple[int, int], ...],
        most: int,
        *,
        per_break: float = 1.0,
        per_idle: float = 0.0,
    ) -> None:
        self.may = may
        self.most = most
        self.begins = {start for start, _ in sessions if start}
        self.per_break, self.per_idle = per_break, per_idle
        shape = (may.shape[1], may.shape[0], most + 1)
        self.before_busy = np.zeros(shape, dtype=np.int8)
        self.waited = np.zeros(shape, dtype=bool)
        self.was_done = np.zeros(shape, dtype=bool)
        self.ended: dict[int, NDArray[np.int8]] = {}

    def priced(self, prices: Floats) -> Floats:
        """Return, per participant and number of meetings, the least cost of waits and of busy slots (infinite: none).

        `prices` has one row, or one per participant; a column per slot.
        """
        people, slots = self.may.shape
        costs = np.where(self.may, prices, np.inf)
        state = np.full((4, people, self.most + 1), np.inf)
        state[FRESH, :, 0] = 0.0
        for slot in range(slots):
            if slot in self.begins:
                state = self._next_session(slot, state)
            self._step(slot, state, costs[:, slot, None])
        return np.asarray(self._next_session(slots, state)[FRESH])

    def _next_session(self, slot: int, state: Floats) -> Floats:
        final = state[FINAL]
        best = final.argmin(axis=0)
        self.ended[slot] = FINAL[best]
        fresh = np.full_like(state, np.inf)
        fresh[FRESH] = final.min(axis=0)
        return fresh

    def _step(self, slot: int, state: Floats, costs: Floats) -> None:
        """Go through one slot: `state` becomes what it is behind it."""
        before = state[: WAITING + 1]
        self.before_busy[slot, :, 1:] = before.argmin(axis=0)[:, :-1]
        busy = np.full_like(state[BUSY], np.inf)
        busy[:, 1:] = before.min(axis=0)[:, :-1] + costs
        begun = state[BUSY] + self.per_break
        self.waited[slot] = state[WAITING] <= begun
        self.was_done[slot] = state[DONE] <= state[BUSY]
        np.minimum(state[WAITING], begun, out=state[WAITING])
        state[WAITING] += self.per_idle
        np.minimum(state[DONE], state[BUSY], out=state[DONE])
        state[BUSY] = busy

    def busy(self, rows: Integers, counts: Integers) -> Truths:
        """Return when each of these participants is busy in the cheapest way for its number of meetings."""
        slots = self.may.shape[1]
        times = np.zeros((len(rows), slots), dtype=bool)
        left = counts.copy()
        state = self.ended[slots][rows, left].astype(np.int64)
        for slot in range(slots - 1, -1, -1):
            is_busy = state == BUSY
            times[:, slot] = is_busy
            waited = np.where(self.waited[slot][rows, left], WAITING, BUSY)
            done = np.where(self.was_done[slot][rows, left], DONE, BUSY)
            earlier = np.choose(state, [np.full_like(state, FRESH), self.before_busy[slot][rows, left], waited, done])
            left -= is_busy
            state = earlier if slot not in self.begins else self.ended[slot][rows, left].astype(np.int64)
        return times


class SharedSlots:
    """Participants of several meetings at once, whose waits are left out: their cheapest slots, filled one by one."""

    def __init__(self, may: Truths, capacity: Integers, most: int) -> None:
        self.may = may
        self.most = most
        self.nth = np.minimum(np.arange(most) // capacity[:, None], may.shape[1] - 1)
        self.beyond = np.arange(1, most + 1) > (capacity * may.sum(axis=1))[:, None]
        self.order = np.zeros_like(self.nth)

    def priced(self, prices: Floats) -> Floats:
        """Return, per participant and number of meetings, the least price of their slots (infinite: none)."""
        costs = np.where(self.may, prices, np.inf)
        self.order = np.take_along_axis(np.argsort(costs, axis=1, kind="stable"), self.nth, axis=1)
        totals = np.take_along_axis(np.where(self.may, prices, 0.0), self.order, axis=1).cumsum(axis=1)
        totals[self.beyond] = np.inf
        return np.hstack([np.zeros((len(totals), 1)), totals])

    def busy(self, rows: Integers, counts: Integers) -> Floats:
        """Return how many meetings each of these participants has in each slot."""
        times = np.zeros((len(rows), self.may.shape[1]))
        used = np.arange(self.most) < counts[:, None]
        owners = np.nonzero(used)[0]
        np.add.at(times, (owners, self.order[rows][used]), 1.0)
        return times


def envelope(costs: Floats) -> tuple[Floats, Integers, Integers]:
    """Return the largest convex function below each row, and between which two columns it is a line at each column."""
    hull = costs.copy()
    low = np.tile(np.arange(costs.shape[1]), (len(costs), 1))
    high = low.copy()
    with np.errstate(invalid="ignore"):  # beyond what a participant can hold, costs are infinite
        bent = np.flatnonzero((np.diff(costs, 2, axis=1) < -TOLERANCE).any(axis=1))
        rows, part = costs[bent], hull[bent]
        part_low, part_high = low[bent], high[bent]
        for first, last in combinations(range(costs.shape[1]), 2):
            between = slice(first + 1, last)
            slope = (rows[:, last] - rows[:, first]) / (last - first)
            line = rows[:, first, None] + slope[:, None] * np.arange(1, last - first)
            below = line < part[:, between] - TOLERANCE
            part[:, between][below] = line[below]
            part_low[:, between][below] = first
            part_high[:, between][below] = last
    hull[bent], low[bent], high[bent] = part, part_low, part_high
    return hull, low, high
