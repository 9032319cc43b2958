"""The best selections of any problem, fractions of meetings included: where no flow reaches just what has times."""

from __future__ import annotations

import numpy as np
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]  # ships none

from scheduler.flow.patterns import Floats
from scheduler.flow.selection import LEEWAY, Programme, slot_classes
from scheduler.phases.clock import Clock
from scheduler.placing.rooms import room_of
from scheduler.problem import Fixed, Problem

SLACK = 1e-6  # of a cost computed with floating point, as a share


class ProgrammeFace(Programme):
    """A linear programme over classes of slots, held at a coverage and a satisfaction that are proven the best."""

    def __init__(
        self, problem: Problem, fixed: Fixed, coverage: tuple[int, ...], satisfaction: int | None, clock: Clock
    ) -> None:
        super().__init__(problem, fixed, slot_classes(problem))
        self.held = np.zeros(len(problem.capacity), dtype=np.int64)
        self.rungs: list[mathopt.Variable] = []
        owners: list[int] = []
        ranks: list[int] = []
        for end, columns in self.meetings_of.items():
            most = min(len(problem.requests_of[end]), room_of(problem, end))
            most = min(most, len(coverage)) if problem.covered[end] else most
            own = [self.model.add_variable(lb=0.0, ub=1.0) for _ in range(most)]
            self.model.add_linear_constraint(mathopt.fast_sum(own) == mathopt.fast_sum(columns))
            self.rungs += own
            owners += [end] * most
            ranks += range(1, most + 1)
        self.owners, self.ranks = np.array(owners, dtype=np.int64), np.array(ranks, dtype=np.int64)
        self._hold(coverage, satisfaction)
        self.begin(clock)

    def _hold(self, coverage: tuple[int, ...], satisfaction: int | None) -> None:
        covered = self.problem.covered
        for rank, count in enumerate(coverage, start=1):
            own = [
                rung
                for rung, owner, each in zip(self.rungs, self.owners.tolist(), self.ranks.tolist(), strict=True)
                if each == rank and covered[owner]
            ]
            self.model.add_linear_constraint(mathopt.fast_sum(own) == float(count))
        if satisfaction is not None:
            weights = self.problem.weights
            total = mathopt.LinearSum(weights[request] * column for (request, _), column in self.columns.items())
            self.model.add_linear_constraint(expr=total, lb=satisfaction - LEEWAY)

    def cheapest(self, costs: Floats) -> tuple[float, Floats] | None:
        """Return the cost of the cheapest mixture of selections and how far it takes each rung."""
        self.model.minimize(
            mathopt.LinearSum(cost * rung for cost, rung in zip(costs.tolist(), self.rungs, strict=True) if cost)
        )
        cost = self.optimum()
        if cost is None:
            return None
        taken = np.array(self.result.variable_values(self.rungs))
        taken[np.abs(taken) < SLACK] = 0.0
        return cost - SLACK * (1.0 + abs(cost)), taken
