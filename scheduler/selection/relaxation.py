"""The linear relaxation: its prices, made whole numbers, bound every selection without any rounding error.

CLP only suggests prices. Any prices give a valid bound (Lagrangian duality), which is summed in whole numbers here;
poor ones give a poor bound, never a wrong one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scheduler.selection.problem import Bits, Case, SelectionProblem, places_of

SCALE = 1 << 20  # prices are multiples of 1/SCALE
NUDGE = 0.25  # of one hundredth of a point, in all: among equals CLP shall lean to the better ranks


class Bound:
    """What no selection can exceed at some prices: `of` a case, and each candidate's worth beyond its prices."""

    def __init__(self, problem: SelectionProblem, place: int, rules: list[int]) -> None:
        worth = [weight * SCALE - place for weight in problem.weights]
        for members, price in zip(problem.member_lists, rules, strict=True):
            if price:
                for rank in members:
                    worth[rank] -= price
        self._worth = worth
        self._places = place * problem.places
        self._prices = [(number, price) for number, price in enumerate(rules) if price]
        self._gainful: Bits = sum([1 << rank for rank, value in enumerate(worth) if value > 0])

    def of(self, case: Case, inside: Bits, outside: Bits) -> int:
        """Return SCALE times the bound where these are chosen and those left out."""
        limits = sum(price * (case.most if price > 0 else case.least)[rule] for rule, price in self._prices)
        return self._places + limits + sum(map(self._worth.__getitem__, places_of(self._gainful & ~outside | inside)))

    def settled(self, bound: int, floor: int, undecided: Bits) -> tuple[Bits, Bits]:
        """Return who must be chosen, and who left out, in any selection worth `floor`, `bound` being the bound."""
        spare = bound - floor * SCALE
        inside = outside = 0
        worth = self._worth
        for rank in places_of(undecided):
            if worth[rank] > spare:
                inside |= 1 << rank
            elif -worth[rank] > spare:
                outside |= 1 << rank
        return inside, outside


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A solution of the relaxation: the share of a place of each undecided candidate, and the bound its prices give."""

    shares: dict[int, float]
    bound: Bound

    @property
    def rounded(self) -> Bits:
        """Those of the undecided with more than half a place."""
        return sum([1 << rank for rank, share in self.shares.items() if share > 0.5])


class Relaxation:
    """The linear programme of one problem, solved again from the last basis for each case.

    A rule may be broken at a price that no total reaches, so that there always is a solution and its prices.
    """

    def __init__(self, problem: SelectionProblem) -> None:
        from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # ships none

        self._optimal = pywraplp.Solver.OPTIMAL
        self._parameters = parameters = pywraplp.MPSolverParameters()
        parameters.SetIntegerParam(parameters.PRESOLVE, parameters.PRESOLVE_OFF)
        parameters.SetIntegerParam(parameters.LP_ALGORITHM, parameters.DUAL)
        self._problem = problem
        self._solver = solver = pywraplp.Solver.CreateSolver("CLP")
        self._penalty = problem.place_weight * (problem.places + 1)
        self._shares = [solver.NumVar(0, 1, "") for _ in range(problem.count)]
        self._objective = solver.Objective()
        self._objective.SetMaximization()
        nudge = NUDGE / (max(1, problem.places) * max(1, problem.count))
        for rank, (share, weight) in enumerate(zip(self._shares, problem.weights, strict=True)):
            self._objective.SetCoefficient(share, weight + nudge * (problem.count - rank))
        self._place = solver.Constraint(0, problem.places)
        for share in self._shares:
            self._place.SetCoefficient(share, 1)
        self._rules = [self._row(members) for members in problem.member_lists]
        self._case = Case((0,) * len(self._rules), (problem.count,) * len(self._rules))

    def _row(self, members: list[int]) -> Any:
        row = self._solver.Constraint(0, self._problem.count)
        for rank in members:
            row.SetCoefficient(self._shares[rank], 1)
        for sign in (1, -1):
            lack = self._solver.NumVar(0, self._solver.infinity(), "")
            row.SetCoefficient(lack, sign)
            self._objective.SetCoefficient(lack, -self._penalty)
        return row

    def solved(self, case: Case) -> Relaxed | None:
        """Return the solution for a case; None if CLP gives up."""
        self._set(case)
        if self._solver.Solve(self._parameters) != self._optimal:
            return None
        most = self._penalty * SCALE
        prices = [max(-most, min(most, round(row.dual_value() * SCALE))) for row in self._rules]
        place = max(0, round(self._place.dual_value() * SCALE))
        undecided = self._problem.everybody & ~(case.inside | case.outside)
        shares = {rank: self._shares[rank].solution_value() for rank in places_of(undecided)}
        return Relaxed(shares, Bound(self._problem, place, prices))

    def _set(self, case: Case) -> None:
        before, self._case = self._case, case
        for rank in places_of((before.inside ^ case.inside) | (before.outside ^ case.outside)):
            bit = 1 << rank
            self._shares[rank].SetBounds(1 if case.inside & bit else 0, 0 if case.outside & bit else 1)
        limits = zip(self._rules, before.least, case.least, before.most, case.most, strict=True)
        for row, least_before, least, most_before, most in limits:
            if (least_before, most_before) != (least, most):
                row.SetBounds(least, most)
