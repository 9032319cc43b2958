"""The set of best schedules of a small instance, by CP-SAT: proven once, then asked what else one of them can meet."""

from __future__ import annotations

from ortools.sat.python.cp_model import FEASIBLE, OPTIMAL, CpSolver, LinearExpr

from scheduler.exact.constraints import HARD_RULES
from scheduler.exact.objectives import GOALS
from scheduler.exact.variables import Choices
from scheduler.problem import Fixed, Problem
from scheduler.what_if import vector_of

LEAST_S = 0.01
SECONDS_PER_SOLVE = 0.001
MOST_WALL_S = 1.0  # a machine in trouble must not keep its caller waiting
SECONDS_PER_LITERAL = 2e-6


class BestSchedules:
    """All schedules that are best at every level of the problem's policy; `spent` are deterministic seconds."""

    def __init__(self, problem: Problem, hint: Fixed) -> None:
        self.problem = problem
        self.choices = Choices(problem)
        for rule in HARD_RULES:
            rule(self.choices)
        for request, slots in enumerate(self.choices.meets_at):
            for slot, literal in slots.items():
                self.choices.model.add_hint(literal, hint.get(request) == slot)
        self.built = SECONDS_PER_LITERAL * sum(mask.bit_count() for mask in problem.allowed)
        self.spent = 0.0
        self.schedule: Fixed = {}

    @property
    def vector(self) -> tuple[tuple[int, ...], ...]:
        """What the best schedules reach at each level, more being better everywhere."""
        return vector_of(self.problem, self.schedule)

    @property
    def met(self) -> set[int]:
        """The requests that the last schedule found meets."""
        return set(self.schedule)

    def prove(self, seconds: float) -> bool:
        """Find what is best at each level and hold it; say whether that was proven in the time."""
        self.spent = self.built
        goals = [goal for name in self.problem.policy for goal in GOALS[name](self.choices)]
        for goal in goals:
            value = self._optimised(goal.expression, maximised=goal.maximised, seconds=seconds - self.spent)
            if value is None:
                return False
            self.choices.model.add(goal.expression == value)
        return bool(goals) or self._optimised(LinearExpr.sum([]), maximised=True, seconds=seconds) is not None

    def also_meets(self, wanted: set[int], seconds: float) -> set[int]:
        """Return the wanted requests that one best schedule meets, as many as it can; none left if it returns none."""
        self.spent = 0.0
        many = LinearExpr.sum([self.choices.meets(request) for request in sorted(wanted)])
        found = self._optimised(many, maximised=True, seconds=seconds, proven=False)
        return wanted & self.met if found else set()

    def _optimised(self, expression: LinearExpr, *, maximised: bool, seconds: float, proven: bool = True) -> int | None:
        """Return the value of an expression at its best, None if that is not found (or not proven where it must be)."""
        model, solver = self.choices.model, CpSolver()
        if maximised:
            model.maximize(expression)
        else:
            model.minimize(expression)
        solver.parameters.max_deterministic_time = max(LEAST_S, seconds)
        solver.parameters.max_time_in_seconds = MOST_WALL_S
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False  # signals are the caller's business
        status = solver.solve(model)
        model.clear_objective()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
        self.spent += SECONDS_PER_SOLVE + solver.response_proto.deterministic_time
        if status != OPTIMAL and (proven or status != FEASIBLE):
            return None
        self.schedule = {
            request: slot
            for request, slots in enumerate(self.choices.meets_at)
            for slot, literal in slots.items()
            if solver.boolean_value(literal)
        }
        return round(solver.objective_value)
