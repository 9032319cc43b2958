"""How to solve: time, seed, workers, order of the rule."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from scheduler.instance import DEFAULT_POLICY, LevelName

DRAFT = DEFAULT_POLICY
DAY = (LevelName.KEPT, LevelName.COVERAGE, LevelName.SATISFACTION, LevelName.MOVES, LevelName.BREAKS)
NAMED_POLICIES: dict[str, tuple[LevelName, ...]] = {"draft": DRAFT, "day": DAY}


@dataclass(frozen=True, slots=True)
class SolverConfig:
    """Limits of one solve; the same instance, config and enough time give the same levels.

    With one worker, or where not everything is required, also the same schedule.
    """

    time_limit_s: float = 60.0
    seed: int = 0
    workers: int = 2
    policy: Literal["draft", "day"] | None = None

    def __post_init__(self) -> None:
        """Refuse what CP-SAT or the clock could not take."""
        if not (isfinite(self.time_limit_s) and 0 < self.time_limit_s <= 86_400):
            raise ValueError("time_limit_s: must be above 0 and at most 86400 seconds")
        if not 0 <= self.seed < 2**31:
            raise ValueError("seed: must be between 0 and 2147483647")
        if not 1 <= self.workers <= 64:
            raise ValueError("workers: must be between 1 and 64")
        if self.policy is not None and self.policy not in NAMED_POLICIES:
            raise ValueError('policy: must be "draft" or "day"')
