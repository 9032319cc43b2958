"""What a solve has in hand: the best schedule so far and what is proven out of reach."""

from __future__ import annotations

from enum import Enum

from scheduler.config import SolverConfig
from scheduler.instance import LevelName
from scheduler.phases.clock import Clock
from scheduler.phases.measuring import MORE_IS_BETTER, is_better, measured
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Fixed, Problem
from scheduler.solution import Count, Level

MOST_AT_ONCE = 20_000  # requests: a tenth of a second for a first schedule and its report

# What the relaxations optimise, each level's bound supposing that the levels above reach theirs.
BY_FLOW = frozenset({LevelName.KEPT, LevelName.COVERAGE, LevelName.SATISFACTION, LevelName.MOVES})


class Outcome(Enum):
    """What a search ended with."""

    PROVEN = "proven"
    FOUND = "found"
    IMPOSSIBLE = "impossible"
    NOTHING = "nothing"


class Search:
    """The best schedule so far and what is known to be out of reach at each level."""

    def __init__(self, problem: Problem, config: SolverConfig, clock: Clock) -> None:
        self.problem = problem
        self.config = config
        self.clock = clock
        self.bounds: dict[LevelName, Count] = {}
        self.by_flow: dict[LevelName, Count] = {}
        self.is_impossible = False  # proven without a search
        self.least_breaks = 0  # of every schedule that reaches the levels of the flow
        self.least_idle = 0  # the same, of those with the fewest breaks where these come first
        self._best: Fixed | None = None
        self._values: dict[LevelName, Count] = {}

    @property
    def best(self) -> Fixed | None:
        """The best schedule so far, never changed in place; None as long as there is none."""
        return self._best

    @best.setter
    def best(self, schedule: Fixed | None) -> None:
        self._best, self._values = schedule, {}

    def offer(self, schedule: Fixed) -> None:
        """Take a schedule for the best one if it keeps the hard rules and is better at the first level that differs."""
        if not keeps_hard_rules(self.problem, schedule):
            return
        if self.best is None or is_better(self.problem, schedule, self.best):
            self.best = schedule

    def value(self, name: LevelName) -> Count:
        """Return what the best schedule reaches at a level."""
        if name not in self._values:
            self._values[name] = measured(self.problem, self.best or {}, name)
        return self._values[name]

    def is_proven(self, name: LevelName) -> bool:
        """Say whether the best schedule reaches the bound of a level."""
        return self.best is not None and self.bounds.get(name) == self.value(name)

    def is_given_up(self) -> bool:
        """Say whether the caller stops a large one before its first schedule: to make one would take too long now."""
        is_large = len(self.problem.ends) > MOST_AT_ONCE
        return is_large and self.best is None and self.clock.is_cancelled()

    def reaches_flow(self) -> bool:
        """Say whether the best schedule is as good as the relaxation at each of its levels."""
        return bool(self.by_flow) and all(self.value(name) == count for name, count in self.by_flow.items())

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
            asked = [len(self.problem.requests_of[end]) for end, covered in enumerate(self.problem.covered) if covered]
            return tuple(sum(count >= rank for count in asked) for rank in range(1, max(asked, default=0) + 1))
        if name is LevelName.SATISFACTION:
            return sum(self.problem.weights)
        return len(self.problem.previous) if name is LevelName.KEPT else 0


def _is_possible(name: LevelName, value: Count, bound: Count) -> bool:
    if isinstance(value, tuple) or isinstance(bound, tuple):
        return isinstance(value, tuple) and isinstance(bound, tuple) and value <= bound
    return value <= bound if name in MORE_IS_BETTER else value >= bound
