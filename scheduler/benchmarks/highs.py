"""The second baseline: HiGHS through MathOpt, one level after the other, each kept while the next is optimised."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from time import monotonic

from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]  # ships none

from scheduler.benchmarks.answer import Answer
from scheduler.instance import LevelName
from scheduler.problem import Problem, slots_in

LEVELS = frozenset({LevelName.COVERAGE, LevelName.SATISFACTION, LevelName.BREAKS})


class _Levels:
    """A mixed integer model of who meets when, for coverage, satisfaction and breaks."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = mathopt.Model()
        self.meets = [{slot: self.model.add_binary_variable() for slot in slots_in(mask)} for mask in problem.allowed]
        self.places: dict[tuple[int, int], list[mathopt.Variable]] = defaultdict(list)
        self.at: dict[int, list[mathopt.Variable]] = defaultdict(list)
        for ends, slots in zip(problem.ends, self.meets, strict=True):
            for slot, variable in slots.items():
                self.at[slot].append(variable)
                for end in ends:
                    self.places[end, slot].append(variable)
        self._rules()

    @property
    def is_exact(self) -> bool:
        """Say whether no rule is left out or said more strictly than it is (breaks differ from those of the idle)."""
        instance = self.problem.instance
        limited = any(participant.max_consecutive is not None for participant in instance.participants)
        return not limited and (instance.max_break_difference is None or not all(self.problem.requests_of))

    def _rules(self) -> None:
        problem, model = self.problem, self.model
        for request, slots in enumerate(self.meets):
            least = 1 if request in problem.required else 0
            model.add_linear_constraint(lb=least, ub=1, expr=mathopt.fast_sum(slots.values()))
        for (end, _), variables in self.places.items():
            model.add_linear_constraint(mathopt.fast_sum(variables) <= problem.capacity[end])
        for slot, tables in enumerate(problem.tables or []):
            model.add_linear_constraint(mathopt.fast_sum(self.at[slot]) <= tables)
        for end, participant in enumerate(problem.instance.participants):
            if participant.max_meetings is not None:
                model.add_linear_constraint(self._meetings(end) <= participant.max_meetings)
        for first, second in problem.precedences:
            for slot, variable in self.meets[second].items():
                late = [other for at, other in self.meets[first].items() if at >= slot]
                model.add_linear_constraint(mathopt.fast_sum([variable, *late]) <= 1)

    def _meetings(self, end: int) -> mathopt.LinearBase:
        variables = [each for request in self.problem.requests_of[end] for each in self.meets[request].values()]
        return mathopt.fast_sum(variables)

    def goals(self, name: LevelName) -> list[mathopt.LinearBase]:
        """Return what to maximise for a level, in order; nothing for levels that this baseline leaves out."""
        if name is LevelName.COVERAGE:
            return self._coverage()
        if name is LevelName.SATISFACTION:
            weights = self.problem.weights
            terms = [weights[request] * each for request, slots in enumerate(self.meets) for each in slots.values()]
            return [mathopt.fast_sum(terms)]
        return [-mathopt.fast_sum(self._breaks())] if name is LevelName.BREAKS else []

    def _coverage(self) -> list[mathopt.LinearBase]:
        ranks: dict[int, list[mathopt.Variable]] = defaultdict(list)
        for end, covered in enumerate(self.problem.covered):
            if covered:
                most = min(len(self.problem.requests_of[end]), self.problem.free[end].bit_count())
                steps = [self.model.add_binary_variable() for _ in range(most)]
                self.model.add_linear_constraint(mathopt.fast_sum(steps) <= self._meetings(end))
                for rank, step in enumerate(steps):
                    ranks[rank].append(step)
                    if rank:
                        self.model.add_linear_constraint(step <= steps[rank - 1])
        return [mathopt.fast_sum(ranks[rank]) for rank in sorted(ranks)]

    def _breaks(self) -> list[mathopt.LinearBase]:
        breaks: list[mathopt.LinearBase] = []
        difference = self.problem.instance.max_break_difference
        for end in range(len(self.problem.capacity)):
            own = self.model.add_variable(lb=0, ub=self.problem.slots if difference is None else difference)
            for start, stop in self.problem.instance.sessions:
                starts = []
                for slot in range(start, stop):
                    run = self.model.add_variable(lb=0, ub=1)
                    before = mathopt.fast_sum(self.places.get((end, slot - 1), []) if slot > start else [])
                    self.model.add_linear_constraint(run >= mathopt.fast_sum(self.places.get((end, slot), [])) - before)
                    starts.append(run)
                breaks.append(self.model.add_variable(lb=0))
                self.model.add_linear_constraint(breaks[-1] >= mathopt.fast_sum(starts) - 1)
                self.model.add_linear_constraint(own >= breaks[-1])
        return breaks


def solve_with_highs(problem: Problem, answer: Answer, time_limit_s: float) -> None:
    """Fill `answer` level by level; a level cut short ends it. MathOpt offers no choice of threads for HiGHS."""
    levels = _Levels(problem)
    answer.proven = True
    for name in problem.policy:
        for goal in levels.goals(name):
            left = time_limit_s - (monotonic() - answer.started)
            if left <= 0 or not _pushed(levels, goal, answer, left):
                answer.proven = answer.impossible
                return
    answer.proven = answer.proven and LEVELS.issuperset(problem.policy) and levels.is_exact


def _pushed(levels: _Levels, goal: mathopt.LinearBase, answer: Answer, left: float) -> bool:
    """Maximise one goal, keep what it reaches, and say whether that is proven."""
    model = levels.model
    model.maximize(goal)
    parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=left))
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    reason = result.termination.reason
    answer.impossible = reason is mathopt.TerminationReason.INFEASIBLE
    if not result.has_primal_feasible_solution():
        return False
    values = result.variable_values()
    answer.schedule = {
        request: slot
        for request, slots in enumerate(levels.meets)
        for slot, variable in slots.items()
        if values[variable] > 0.5
    }
    answer.note(monotonic())
    if reason is not mathopt.TerminationReason.OPTIMAL:
        return False
    model.add_linear_constraint(goal >= round(result.objective_value()))
    return True
