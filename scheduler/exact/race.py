"""The fewest breaks by two searches side by side, each telling the other what it has shown.

One goes up: it counts, and then raises the bound by cores. The other goes down: it sees to good schedules, and asks for
one within the least number that isn't yet out of reach. Which of them ends first differs from instance to instance.
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
FIRST, QUICK, EFFORT = 10.0, 2.0, 4.0  # deterministic seconds: the very first question is often the last one


class Race:
    """Two searches for the least value of an expression, each with its own model of the same and a thread of its own.

    `least` is what is not yet known to be out of reach; `best` holds the best schedule, if it is better than that
    which was there before.
    """

    def __init__(self, search: Search, model: CpModel, for_cores: CpModel, expression: LinearExpr) -> None:
        self.search = search
        self.model = model
        self.for_cores = for_cores
        self.expression = expression
        self.least = 0
        self.is_impossible = False
        self.best: CpSolver | None = None
        self._most = len(search.problem.capacity) * search.problem.slots
        self._fewest = self._most + 1
        self._seed = 0
        self._lock = Lock()
        self._running: dict[CpSolver, int] = {}  # with the number that each asks for, or FEWEST

    def knows(self, least: int, fewest: int | None) -> None:
        """Begin with the least that may be possible, and how many breaks the best schedule has, if there is one."""
        self._raise(least)
        if fewest is not None:
            self._fewest = fewest

    def run(self, seconds: float) -> None:
        """Search until the best schedule has the least number, none is possible, or the time is up."""
        clock = Clock(seconds, should_stop=self._is_decided)
        with ThreadPoolExecutor(max_workers=2) as pool:
            searches = [pool.submit(each, clock) for each in (self._descend, self._ascend)]
            while wait(searches, timeout=POLL_S).not_done:
                self.search.clock.report()
                self._stop_what_is_useless(clock)
            for each in searches:
                each.result()

    def _is_decided(self) -> bool:
        return self._fewest <= self.least or self.is_impossible or self.search.clock.stopped()

    def _stop_what_is_useless(self, clock: Clock) -> None:
        with self._lock:
            for solver, asked in self._running.items():
                if clock.stopped() or FEWEST < asked < self.least:
                    solver.stop_search()

    def _descend(self, clock: Clock) -> None:
        """Climb while that is quick; then see to a schedule, to a good one, and try the least as long as it takes."""
        patience, effort, is_quick = FIRST, EFFORT, True
        while not clock.stopped():
            if is_quick:
                is_quick = self._asks(self.least, clock, patience)
                patience = QUICK
            elif self._fewest > self._most:
                self._asks(self._most, clock)
            elif (middle := self._nearer()) == self.least or not self._asks(middle, clock, EFFORT):
                effort *= 4
                self._seed += 1  # what is long for one seed may be short for another
                self._asks(self.least, clock, effort)

    def _nearer(self) -> int:
        """Return a number of breaks that is much easier to reach than the least, and much better than the best yet."""
        return self.least + (self._fewest - self.least) // 4

    def _asks(self, asked: int, clock: Clock, effort: float = inf) -> bool:
        """Ask for a schedule with so many breaks at the most, as a rule; return whether there is an answer now."""
        model = self.model.clone()
        model.add(self.expression <= asked)
        solver = CpSolver()
        solver.parameters.max_deterministic_time = effort
        set_up(solver.parameters, Way.SIMPLE, self.search.config)
        solver.parameters.random_seed = (self.search.config.seed + self._seed) % 2**31
        status = self._solved(solver, model, asked, clock)
        if status in {OPTIMAL, FEASIBLE}:
            self._take(solver)
        elif status == INFEASIBLE:
            self._raise(asked + 1)
        return status in {OPTIMAL, FEASIBLE, INFEASIBLE} or asked < self.least

    def _ascend(self, clock: Clock) -> None:
        """Count what numbers alone force, then raise the bound by cores until a schedule is there."""
        counted = counted_breaks(self.search.problem, clock, self.search.config)
        self._raise(self._most + 1 if counted is None else counted)
        if clock.stopped():
            return
        model = self.for_cores
        model.add(self.expression >= (counted or 0))  # not what the other has shown by now: that differs by its speed
        model.minimize(self.expression)
        solver = CpSolver()
        set_up(solver.parameters, Way.CORES, self.search.config)
        solver.best_bound_callback = lambda bound: self._raise(round(bound))
        status = self._solved(solver, model, FEWEST, clock)
        if status == OPTIMAL:
            self._raise(round(solver.objective_value))
        if status in {OPTIMAL, FEASIBLE}:
            self._take(solver)
        elif status == INFEASIBLE:
            self._raise(self._most + 1)

    def _solved(self, solver: CpSolver, model: CpModel, asked: int, clock: Clock) -> CpSolverStatus:
        solver.parameters.max_time_in_seconds = max(0.01, clock.left())
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

    def _take(self, solver: CpSolver) -> None:
        with self._lock:
            fewest = int(solver.value(self.expression))
            if fewest < self._fewest:
                self.best, self._fewest = solver, fewest
