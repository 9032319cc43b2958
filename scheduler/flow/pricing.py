"""The search for the prices of slots that prove most breaks: cutting planes (Kelley) within a region of trust."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np

from scheduler.flow.patterns import Floats
from scheduler.flow.prices import PricedSlots

MOST_ROUNDS = 300
FIRST_STEP, LEAST_STEP, LARGEST_STEP = 0.1, 0.002, 4.0  # how far a price may move at once, in breaks
SLACK = 1e-4  # how far beyond a whole number a bound computed with floating point may lie
WORTH = 0.1  # share of the promised progress that moves the region of trust


def least_waits(slots: PricedSlots, enough: float, should_stop: Callable[[], bool]) -> int | None:
    """Return the largest whole bound found, stopping at `enough`; None if there is no best selection to speak of."""
    search = _Search(slots)
    if not search.look(search.centre, promised=-np.inf):
        return None
    for _ in range(MOST_ROUNDS if slots.prices else 0):
        if search.least >= enough or should_stop() or not search.go_on():
            break
    return search.least


class _Search:
    """The best prices so far and how far from them the planes are trusted."""

    def __init__(self, slots: PricedSlots) -> None:
        self.slots = slots
        self.lowest = np.repeat(np.array([price.lowest for price in slots.prices]), slots.slots)
        self.planes = _Planes(self.lowest) if slots.prices else None
        self.best, self.centre, self.step = 0.0, np.zeros(len(self.lowest)), FIRST_STEP

    @property
    def least(self) -> int:
        """The best bound, as a whole number."""
        return max(0, ceil(self.best - SLACK))

    def look(self, prices: Floats, promised: float) -> bool:
        """Find the bound at some prices, and trust the planes more if it is as promised; False if there is none."""
        found = self.slots.bound(prices.reshape(len(self.slots.prices), -1))
        if found is None:
            return False
        value, slope = found
        if self.planes is not None:
            self.planes.add(prices, value, slope.ravel())
        if value > self.best + max(WORTH * (promised - self.best), 0.0):
            self.best, self.centre = value, prices
            self.step = min(self.step * 1.5, LARGEST_STEP)
        else:
            self.step = max(self.step * 0.8, LEAST_STEP)
        return True

    def go_on(self) -> bool:
        """Look where the planes promise most; return False once no larger whole number is in reach."""
        while self.planes is not None:
            found = self.planes.highest(self.centre, self.step)
            if found is None:
                return False
            promised, prices = found
            if promised > self.least + SLACK:
                return self.look(prices, promised)
            if self.step >= LARGEST_STEP:
                return False
            self.step = min(self.step * 2, LARGEST_STEP)
        return False


class _Planes:
    """The cutting planes so far: the bound can't lie above any of them."""

    def __init__(self, lowest: Floats) -> None:
        from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # ships none

        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.lowest = lowest
        self.least = self.solver.NumVar(-self.solver.infinity(), self.solver.infinity(), "")
        self.prices = [self.solver.NumVar(0.0, 0.0, "") for _ in lowest]
        self.solver.Maximize(self.least)
        self.optimal = pywraplp.Solver.OPTIMAL

    def add(self, prices: Floats, value: float, slope: Floats) -> None:
        """Add what was found at some prices."""
        row = self.solver.Constraint(-self.solver.infinity(), value - float(slope @ prices))
        row.SetCoefficient(self.least, 1.0)
        for variable, each in zip(self.prices, slope.tolist(), strict=True):
            if each:
                row.SetCoefficient(variable, -each)

    def highest(self, centre: Floats, step: float) -> tuple[float, Floats] | None:
        """Return the most that the planes allow around `centre`, and where."""
        for variable, each, low in zip(self.prices, centre.tolist(), self.lowest.tolist(), strict=True):
            variable.SetBounds(max(low, each - step), each + step)
        if self.solver.Solve() != self.optimal:
            return None
        return self.least.solution_value(), np.array([variable.solution_value() for variable in self.prices])
