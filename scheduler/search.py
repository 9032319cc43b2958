"""What a solve has in hand: the best schedule so far and what is proven out of reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from scheduler.clock import Clock
from scheduler.config import SolverConfig
from scheduler.instance import LevelName
from scheduler.measuring import MORE_IS_BETTER, measured
from scheduler.problem import Fixed, Problem
from scheduler.solution import Count, Level


class Outcome(Enum):
    """What a search ended with."""

    PROVEN = "proven"
    FOUND = "found"
    IMPOSSIBLE = "impossible"
    NOTHING = "nothing"


@dataclass
class Search:
    """The best schedule so far and what is known to be out of reach at each level."""

    problem: Problem
    config: SolverConfig
    clock: Clock
    best: Fixed | None = None
    bounds: dict[LevelName, Count] = field(default_factory=dict)

    def value(self, name: LevelName) -> Count:
        """Return what the best schedule reaches at a level."""
        return measured(self.problem, self.best or {}, name)

    def is_proven(self, name: LevelName) -> bool:
        """Say whether the best schedule reaches the bound of a level."""
        return self.best is not None and self.bounds.get(name) == self.value(name)

    def levels(self) -> tuple[Level, ...]:
        """Return value and bound of each level of the policy."""
        levels = []
        above_proven = True
        for name in self.problem.policy:
            value = self.value(name)
            bound = self.bounds.get(name, self.trivial_bound(name))
            if not above_proven and not _is_possible(name, value, bound):
                bound = self.trivial_bound(name)
            levels.append(Level(name, value, bound))
            above_proven = above_proven and levels[-1].proven
        return tuple(levels)

    def trivial_bound(self, name: LevelName) -> Count:
        """Return what no schedule can exceed at a level whatever the levels above."""
        if name is LevelName.COVERAGE:
            return (sum(self.problem.covered),)
        if name is LevelName.SATISFACTION:
            return sum(self.problem.weights)
        return len(self.problem.previous) if name is LevelName.KEPT else 0


def _is_possible(name: LevelName, value: Count, bound: Count) -> bool:
    if isinstance(value, tuple) or isinstance(bound, tuple):
        return isinstance(value, tuple) and isinstance(bound, tuple) and value <= bound
    return value <= bound if name in MORE_IS_BETTER else value >= bound
