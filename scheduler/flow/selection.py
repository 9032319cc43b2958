"""Who meets whom and roughly when: a linear programme over classes of slots.

Slots in which exactly the same requests can take place are one class: nobody tells them apart, so it is enough to count
meetings per class. With half-days that leaves two classes, and the programme, nearly always whole by itself, is exact.
Where it must be, one class for all slots remains: who, without when, also for requests that don't join two sides.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from math import floor

import numpy as np
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]  # ships none
from ortools.util.python.solve_interrupter import SolveInterrupter  # type: ignore[import-untyped]  # ships none

from scheduler.flow.relaxation import Relaxation, coverage_of
from scheduler.phases.clock import Clock
from scheduler.placing.rooms import room_of, runs_of
from scheduler.problem import Fixed, Problem, mask_of, slots_in

SLACK = 1e-5  # how far beyond a whole number an optimum computed with floating point may lie
LEEWAY = 1e-6  # what is held is held nearly: held at its very optimum, it looks infeasible to floating point
MOST_SLOT_COLUMNS = 200_000  # beyond, the programme takes minutes: all slots become one class
MOST_COLUMNS_OF_GROUPS = 10_000  # fractions of their meetings take ten times as long
SECONDS_PER_COLUMN = 30e-6  # to build the programme, which can't be interrupted
GRACE_S = 0.5  # a bound is worth being late by so much
SHARE_OF_TIME = 0.6


@dataclass(frozen=True, slots=True)
class Selection:
    """The bounds of the programme, the requests it chose, and the slots of the class that it put each one in."""

    relaxation: Relaxation
    windows: dict[int, int]
    is_whole: bool


def slot_classes(problem: Problem, most_columns: int = MOST_SLOT_COLUMNS) -> list[int]:
    """Return the classes of slots that no request and no table tells apart, as masks; one where there are too many."""
    everything = mask_of(range(problem.slots))
    width = (problem.slots + 7) // 8
    raw = b"".join(mask.to_bytes(width, "little") for mask in problem.allowed)
    bits = np.unpackbits(np.frombuffer(raw, dtype=np.uint8).reshape(-1, width), axis=1, bitorder="little")
    classes: dict[tuple[bytes, int | None], int] = defaultdict(int)
    for slot in range(problem.slots):
        tables = None if problem.tables is None else problem.tables[slot]
        classes[np.packbits(bits[:, slot]).tobytes(), tables] |= 1 << slot
    masks = list(classes.values())
    columns = sum(int(bits[:, (mask & -mask).bit_length() - 1].sum()) for mask in masks)
    return masks if columns <= most_columns else [everything]


def select(problem: Problem, fixed: Fixed, clock: Clock, *, hit: frozenset[int] = frozenset()) -> Selection | None:
    """Return the best selection of requests by classes of slots, None if there is none or the time is up."""
    in_time = int((clock.left() + GRACE_S) / (SECONDS_PER_COLUMN * clock.pace))
    most = MOST_SLOT_COLUMNS if problem.is_paired else MOST_COLUMNS_OF_GROUPS
    return Programme(problem, fixed, slot_classes(problem, min(most, in_time))).solved(clock, hit)


class Programme:
    """The linear programme; its goals are pushed one after the other, each held while the next is."""

    def __init__(self, problem: Problem, fixed: Fixed, classes: list[int]) -> None:
        self.problem = problem
        self.classes = classes
        self.model = mathopt.Model()
        self.columns: dict[tuple[int, int], mathopt.Variable] = {}
        self.meetings_of: dict[int, list[mathopt.Variable]] = defaultdict(list)
        self._add_columns(fixed)
        self._limit_participants()
        self._limit_tables()

    def _add_columns(self, fixed: Fixed) -> None:
        problem, model = self.problem, self.model
        places: dict[tuple[int, int], list[mathopt.Variable]] = defaultdict(list)
        for request, mask in enumerate(problem.allowed):
            possible = 1 << fixed[request] if request in fixed else mask
            own = []
            for number, slots in enumerate(self.classes):
                if possible & slots:
                    column = model.add_variable(lb=0.0, ub=1.0)
                    own.append(column)
                    self.columns[request, number] = column
                    for end in problem.ends[request]:
                        places[end, number].append(column)
                        self.meetings_of[end].append(column)
            needed = 1.0 if request in problem.required or request in fixed else 0.0
            if len(own) > 1 or needed:
                model.add_linear_constraint(expr=mathopt.fast_sum(own), lb=needed, ub=1.0)
        for (end, number), columns in places.items():
            room = (problem.free[end] & self.classes[number]).bit_count() * problem.capacity[end]
            if len(columns) > room:
                model.add_linear_constraint(expr=mathopt.fast_sum(columns), ub=float(room))

    def _limit_participants(self) -> None:
        for end, columns in self.meetings_of.items():
            limit = self.problem.instance.participants[end].max_meetings
            room = room_of(self.problem, end) if limit is None else min(limit, room_of(self.problem, end))
            if len(columns) > room:
                self.model.add_linear_constraint(expr=mathopt.fast_sum(columns), ub=float(room))

    def _limit_tables(self) -> None:
        tables = self.problem.tables
        if tables is None:
            return
        at: dict[int, list[mathopt.Variable]] = defaultdict(list)
        for (_, number), column in self.columns.items():
            at[number].append(column)
        for number, columns in at.items():
            room = sum(tables[slot] for slot in slots_in(self.classes[number]))
            if len(columns) > room:
                self.model.add_linear_constraint(expr=mathopt.fast_sum(columns), ub=float(room))

    def _ranked(self) -> list[list[mathopt.Variable]]:
        """Return, per k, variables that are 1 for those covered participants who have at least k meetings."""
        ranks: list[list[mathopt.Variable]] = []
        for end, columns in self.meetings_of.items():
            if not self.problem.covered[end]:
                continue
            most = min(len(self.problem.requests_of[end]), room_of(self.problem, end))
            steps = [self.model.add_variable(lb=0.0, ub=1.0) for _ in range(most)]
            ranks.extend([] for _ in range(most - len(ranks)))
            for rank, step in enumerate(steps):
                ranks[rank].append(step)
            self.model.add_linear_constraint(mathopt.fast_sum(steps) <= mathopt.fast_sum(columns))
        return ranks

    def _forced_breaks(self) -> mathopt.LinearSum:
        """Return what the numbers of meetings cost in breaks: each further run of free slots that is used is one."""
        costs: list[mathopt.LinearTerm] = []
        for end, columns in self.meetings_of.items():
            without_break, further = runs_of(self.problem, end)
            if self.problem.capacity[end] != 1 or len(columns) <= without_break:
                continue
            runs = [self.model.add_variable(lb=0.0, ub=float(length)) for length in further]
            costs.extend(run * (1.0 / length) for run, length in zip(runs, further, strict=True))
            self.model.add_linear_constraint(mathopt.fast_sum(columns) <= without_break + mathopt.fast_sum(runs))
        return mathopt.LinearSum(costs)

    def solved(self, clock: Clock, hit: frozenset[int]) -> Selection | None:
        """Push coverage, satisfaction, moves and breaks in this order; return None where one can't be solved."""
        ranks = self._ranked()
        self.begin(clock)
        coverage: list[int] = []
        for steps in ranks:
            count = self._pushed(mathopt.fast_sum(steps))
            if count is None:
                return None
            if count == 0:
                break
            coverage.append(count)
        weights = self.problem.weights
        total = mathopt.LinearSum(weights[request] * column for (request, _), column in self.columns.items())
        satisfaction = self._pushed(total)
        if satisfaction is None:
            return None
        if hit and self._pushed(mathopt.LinearSum(-1.0 * c for (r, _), c in self.columns.items() if r in hit)) is None:
            return None
        before = self._values()
        breaks = self._pushed(-1.0 * self._forced_breaks())
        values = before if breaks is None else self._values()
        return self._selection(values, tuple(coverage), satisfaction, -(breaks or 0))

    def _values(self) -> dict[tuple[int, int], float]:
        return dict(zip(self.columns, self.result.variable_values(self.columns.values()), strict=True))

    def _selection(
        self, values: dict[tuple[int, int], float], coverage: tuple[int, ...], satisfaction: int, breaks: int
    ) -> Selection:
        problem = self.problem
        windows = {request: self.classes[number] for (request, number), value in values.items() if value > 0.5}
        chosen = tuple(sorted(windows))
        reached = coverage_of(problem, chosen), sum(problem.weights[request] for request in chosen)
        is_whole = all(min(value, 1 - value) < SLACK for value in values.values())
        return Selection(
            Relaxation(chosen, coverage, satisfaction, breaks),
            windows,
            is_whole and reached == (coverage, satisfaction),
        )

    def begin(self, clock: Clock) -> None:
        """Get ready to be solved, as long as the clock allows."""
        self.clock = clock
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)

    def _pushed(self, goal: mathopt.LinearBase) -> int | None:
        """Maximise a goal that is whole in every schedule, hold it at the whole number below, and return that."""
        self.model.maximize(goal)
        value = self.optimum()
        if value is None:
            return None
        best = floor(value + SLACK)
        self.model.add_linear_constraint(expr=goal, lb=best - LEEWAY)
        return best

    def optimum(self) -> float | None:
        """Solve with the goal that the model has; return its value, None where that wasn't possible in time."""
        interrupter = SolveInterrupter()
        seconds = max(0.05, self.clock.left() * SHARE_OF_TIME)
        limits = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds))
        with self.clock.watching(interrupter.interrupt):
            result = self.solver.solve(params=limits, interrupter=interrupter)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        self.result = result
        return float(result.objective_value())
