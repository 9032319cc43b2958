"""What one method answered to one instance, and when."""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from scheduler.phases.measuring import measured
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Fixed, Problem


@dataclass
class Answer:
    """The schedule of a method with its times, in seconds from the start of building its model."""

    started: float = field(default_factory=monotonic)
    schedule: Fixed | None = None
    first_s: float | None = None
    best_s: float | None = None
    proven: bool = False
    impossible: bool = False
    bounds: dict[str, Any] = field(default_factory=dict)

    def note(self, now: float) -> None:
        """Note that a better schedule came."""
        self.best_s = now - self.started
        self.first_s = self.best_s if self.first_s is None else self.first_s

    def document(self, problem: Problem) -> dict[str, Any]:
        """Return the answer as JSON: levels recounted, seconds so far, the largest memory of this process in MiB."""
        unit = 2**20 if sys.platform == "darwin" else 2**10
        schedule = self.schedule
        if schedule is not None and not keeps_hard_rules(problem, schedule):
            schedule = None  # what breaks a rule is no answer
        return {
            "values": {
                str(name): measured(problem, schedule or {}, name) for name in problem.policy if schedule is not None
            },
            "bounds": self.bounds,
            "proven": self.proven,
            "impossible": self.impossible,
            "first_s": self.first_s,
            "best_s": self.best_s,
            "seconds": monotonic() - self.started,
            "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
        }
