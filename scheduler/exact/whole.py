"""Whom first, in whole numbers; then when: the levels that only count meetings, where no flow speaks of them.

Where groups meet, the linear programme over classes of slots nearly always tells the best levels, but in fractions of
meetings. Asked for whole meetings at just these levels, it is small, and a timetable of what it chose is easy to find.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from math import floor

from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]  # ships none
from ortools.sat.python.cp_model import FEASIBLE, OPTIMAL, CpSolver

from scheduler.config import SolverConfig
from scheduler.exact.constraints import HARD_RULES
from scheduler.exact.variables import Choices
from scheduler.exact.ways import Way, set_up
from scheduler.flow.selection import SLACK, Programme
from scheduler.instance import LevelName
from scheduler.phases.clock import POLL_S, Clock
from scheduler.phases.search import Search
from scheduler.placing.repair import keeps_hard_rules
from scheduler.problem import Fixed, Problem, mask_of
from scheduler.solution import Count

COUNTED = frozenset({LevelName.COVERAGE, LevelName.SATISFACTION})
MOST_COLUMNS = 10_000  # of slots told apart, in whole numbers: beyond, it takes longer than search does
SHARE_OF_TIME = 0.3  # for one programme, and for the slots of what it chose
HALF = 0.5
Windows = dict[int, int]  # request -> slots, as a mask


def offer_whole(search: Search, names: tuple[LevelName, ...]) -> None:
    """Offer a schedule that reaches the known bounds of the levels `names`; lower those that nothing whole reaches."""
    if not search.by_flow or not names or not COUNTED.issuperset(names) or search.reaches_flow():
        return
    known = {name: search.by_flow[name] for name in names}
    everything = [mask_of(range(search.problem.slots))]
    windows = WholeProgramme(search, everything).reaching(known)
    if windows is None or not _offer_placed(search, windows):
        _offer_by_slots(search, names)


def _offer_by_slots(search: Search, names: tuple[LevelName, ...]) -> None:
    """The same with all slots told apart: what is whole there is a schedule, and its best levels are those of all."""
    problem, clock = search.problem, search.clock
    slots = [1 << slot for slot in range(problem.slots)]
    if clock.stopped() or sum(mask.bit_count() for mask in problem.allowed) > MOST_COLUMNS:
        return
    programme = WholeProgramme(search, slots)
    best = programme.best(names)
    if best is None:
        return
    if any(search.by_flow[name] != count for name, count in best.items()):
        search.bounds, search.by_flow = search.bounds | best, search.by_flow | best
        search.least_breaks = search.least_idle = 0  # they were those of a selection that no schedule holds
    _offer_placed(search, programme.windows())


def _offer_placed(search: Search, windows: Windows) -> bool:
    """Offer a schedule of these requests within their windows; return False where none was found."""
    schedule = placed(search.problem, windows, search.clock, search.config)
    if schedule is None:
        return False
    search.offer(schedule)
    return search.reaches_flow()


def placed(problem: Problem, windows: Windows, clock: Clock, config: SolverConfig) -> Fixed | None:
    """Return slots within the windows for all of these requests, None where there are none or the time is up."""
    if all(mask.bit_count() == 1 for mask in windows.values()):
        schedule = {request: mask.bit_length() - 1 for request, mask in windows.items()}
        if keeps_hard_rules(problem, schedule):
            return schedule
    if clock.stopped():
        return None
    allowed = [mask & windows.get(request, 0) for request, mask in enumerate(problem.allowed)]
    choices = Choices(problem, allowed)
    for rule in HARD_RULES:
        rule(choices)
    for request in windows:
        choices.model.add_bool_or(choices.meets_at[request].values())
    solver = CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, clock.left() * SHARE_OF_TIME)
    set_up(solver.parameters, Way.USUAL, config)
    with clock.watching(solver.stop_search):
        status = solver.solve(choices.model)
    if status not in {OPTIMAL, FEASIBLE}:
        return None
    return {
        request: next(slot for slot, literal in choices.meets_at[request].items() if solver.boolean_value(literal))
        for request in windows
    }


class WholeProgramme(Programme):
    """The programme over classes of slots in whole meetings, for levels that only count them."""

    def __init__(self, search: Search, classes: list[int]) -> None:
        super().__init__(search.problem, search.problem.pinned, classes)
        self.clock = search.clock
        self.ranks = self._ranked()
        for variable in self.model.variables():
            variable.integer = True

    def reaching(self, known: dict[LevelName, Count]) -> Windows | None:
        """Return requests that reach these levels, each with the slots of its class; None where none are found."""
        for name, count in known.items():
            wanted = count if isinstance(count, tuple) else (count,)
            for goal, least in zip(self._goals(name), wanted, strict=False):
                self.model.add_linear_constraint(expr=goal, lb=float(least))
        return self.windows() if self._is_solved() else None

    def best(self, names: Iterable[LevelName]) -> dict[LevelName, Count] | None:
        """Return the best of each level in this order, None where that isn't proven in time."""
        found: dict[LevelName, Count] = {}
        for name in names:
            values: list[int] = []
            for goal in self._goals(name):
                value = self._most(goal)
                if value is None:
                    return None
                if name is LevelName.COVERAGE and value == 0:
                    break
                values.append(value)
            found[name] = tuple(values) if name is LevelName.COVERAGE else values[0]
        return found

    def _most(self, goal: mathopt.LinearBase) -> int | None:
        """Maximise a goal and hold it; return its value, None where that isn't proven in time."""
        self.model.maximize(goal)
        if not self._is_solved():
            return None
        value = floor(float(self.result.termination.objective_bounds.dual_bound) + SLACK)
        self.model.add_linear_constraint(expr=goal, lb=float(value))
        return value

    def windows(self) -> Windows:
        """Return the chosen requests, each with the slots of its class."""
        values = self.result.variable_values(self.columns.values())
        return {
            request: self.classes[number]
            for (request, number), value in zip(self.columns, values, strict=True)
            if value > HALF
        }

    def _goals(self, name: LevelName) -> list[mathopt.LinearBase]:
        if name is LevelName.COVERAGE:
            return [mathopt.fast_sum(steps) for steps in self.ranks]
        weights = self.problem.weights
        return [mathopt.LinearSum(weights[request] * column for (request, _), column in self.columns.items())]

    def _is_solved(self) -> bool:
        """Solve with the goal that the model has; return False where nothing is whole or the time is up.

        The solver hears nobody, so that who stops leaves it behind in a thread of its own, for a share of the time.
        """
        seconds = max(0.05, self.clock.left() * SHARE_OF_TIME)
        limits = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds), threads=1)
        beside = ThreadPoolExecutor(1)
        solving = beside.submit(mathopt.solve, self.model, mathopt.SolverType.GSCIP, params=limits)
        beside.shutdown(wait=False)
        while not self.clock.stopped() and not wait((solving,), timeout=POLL_S).done:
            continue
        if not solving.done() or solving.result().termination.reason != mathopt.TerminationReason.OPTIMAL:
            return False
        self.result = solving.result()
        return True
