"""The fewest breaks by two searches side by side, each telling the other what it has shown.

One asks for a schedule within the least number of breaks that isn't yet out of reach, then within one more, and so on;
the other counts, and then raises the bound by cores. Which of them ends first differs from instance to instance.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from math import inf
from threading import Lock

from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL, CpModel, CpSolver, CpSolverStatus, LinearExpr

from scheduler.exact.counting import counted_breaks
from scheduler.exact.ways import Way, set_up
from scheduler.phases.clock import POLL_S, Clock
from scheduler.phases.search import Search

FEWEST = -1
FIRST_EFFORT, FIRST_SHARE = 4.0, 0.3  # deterministic seconds; of the time left, on a busy machine


class Race:
    """Two searches for the least value of an expression, each with a copy of the model and a thread of its own.

    `least` is what is not yet known to be out of reach, `fallback` holds any schedule at all.
    """

    def __init__(self, search: Search, model: CpModel, expression: LinearExpr, least: int) -> None:
        self.search = search
        self.model = model
        self.expression = expression
        self.least = least
        self.is_impossible = False
        self.winner: CpSolver | None = None
        self.fallback: CpSolver | None = None
        self._most = len(search.problem.capacity) * search.problem.slots
        self._lock = Lock()
        self._running: dict[CpSolver, int] = {}  # with the number that each asks for, or FEWEST

    def run(self, seconds: float) -> CpSolver | None:
        """Return the solver that holds a best schedule, None if none was proven in the time."""
        clock = Clock(seconds, should_stop=self._is_decided)
        with ThreadPoolExecutor(max_workers=2) as pool:
            searches = [pool.submit(each, clock) for each in (self._climb, self._count_and_core)]
            while wait(searches, timeout=POLL_S).not_done:
                self.search.clock.report()
                self._stop_what_is_useless(clock)
            for each in searches:
                each.result()
        return self.winner

    def _is_decided(self) -> bool:
        return self.winner is not None or self.is_impossible or self.search.clock.stopped()

    def _stop_what_is_useless(self, clock: Clock) -> None:
        with self._lock:
            for solver, asked in self._running.items():
                if clock.stopped() or FEWEST < asked < self.least:
                    solver.stop_search()

    def _climb(self, clock: Clock) -> None:
        """Ask for ever more breaks; once that takes long, see to it first that there is a schedule at all."""
        effort = FIRST_EFFORT
        while not clock.stopped():
            asked = self.least
            solver, status = self._within(asked, clock, effort)
            if status in {OPTIMAL, FEASIBLE}:
                self._end(solver)
            elif status == INFEASIBLE:
                self._raise(asked + 1)
            elif effort < inf and not clock.stopped():
                effort = inf
                solver, status = self._within(self._most, clock, effort)
                if status in {OPTIMAL, FEASIBLE}:
                    self.fallback = solver

    def _within(self, asked: int, clock: Clock, effort: float) -> tuple[CpSolver, CpSolverStatus]:
        model = self.model.clone()
        model.add(self.expression <= asked)
        solver = CpSolver()
        solver.parameters.max_deterministic_time = effort
        return solver, self._solved(solver, model, Way.SIMPLE, asked, clock)

    def _count_and_core(self, clock: Clock) -> None:
        counted = counted_breaks(self.search.problem, clock, self.search.config)
        self._raise(self._most + 1 if counted is None else counted)
        if clock.stopped():
            return
        model = self.model.clone()
        model.add(self.expression >= self.least)
        model.minimize(self.expression)
        solver = CpSolver()
        solver.best_bound_callback = lambda bound: self._raise(round(bound))
        status = self._solved(solver, model, Way.CORES, FEWEST, clock)
        if status == OPTIMAL:
            self._raise(round(solver.objective_value))
            self._end(solver)
        elif status == INFEASIBLE:
            self._raise(self._most + 1)

    def _solved(self, solver: CpSolver, model: CpModel, way: Way, asked: int, clock: Clock) -> CpSolverStatus:
        seconds = clock.left() * (1.0 if solver.parameters.max_deterministic_time == inf else FIRST_SHARE)
        solver.parameters.max_time_in_seconds = max(0.01, seconds)
        set_up(solver.parameters, way, self.search.config)
        with self._lock:
            self._running[solver] = asked
        status = solver.solve(model)
        with self._lock:
            del self._running[solver]
        return status

    def _raise(self, least: int) -> None:
        with self._lock:
            self.least = max(self.least, least)
            self.is_impossible = self.least > self._most

    def _end(self, solver: CpSolver) -> None:
        with self._lock:
            self.winner = self.winner or solver
