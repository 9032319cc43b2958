"""What waits cost, for many participants at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scheduler.problem import Problem

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]

TOO_LONG = 20  # what a slot too many in a row costs, in breaks: such a schedule is on its way to be repaired


class WaitingCosts:
    """A break counts more than all idle slots of its participant; too long a row far more than a break."""

    def __init__(self, problem: Problem) -> None:
        self.sessions = problem.instance.sessions
        self.per_break = 2.0 * problem.slots
        rows = [participant.max_consecutive for participant in problem.instance.participants]
        self.longest = np.array([problem.slots if row is None else row for row in rows], dtype=np.int64)
        self.is_limited = bool((self.longest < problem.slots).any())

    def of(self, busy: Truths, people: Integers) -> Floats:
        """Return the cost of each row of `busy`, the slots of one participant each."""
        costs = np.zeros(len(busy))
        for start, end in self.sessions:
            part = busy[:, start:end]
            holes = part[:, 0] + (part[:, 1:] > part[:, :-1]).sum(axis=1)
            some = holes > 0
            span = (end - start) - part.argmax(axis=1) - part[:, ::-1].argmax(axis=1)
            costs += some * ((holes - 1) * self.per_break + span - part.sum(axis=1))
            if self.is_limited:
                costs += self._too_long(part, self.longest[people]) * TOO_LONG * self.per_break
        return costs

    def _too_long(self, part: Truths, longest: Integers) -> Integers:
        """Return how many slots end a row longer than wanted."""
        every = np.arange(1, part.shape[1] + 1)
        last_free = np.maximum.accumulate(np.where(part, 0, every), axis=1)
        return np.asarray((part & (every - last_free > longest[:, None])).sum(axis=1))
