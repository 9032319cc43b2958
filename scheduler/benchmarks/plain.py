"""The first baseline: the CP-SAT model anyone would write first, with the solver's own settings.

One Boolean per request and slot, at-most-ones, one weighted objective: a concave reward for a first, second, third…
meeting above the weights. Where breaks are the only level, they are counted by the starts of runs.
"""

from __future__ import annotations

from time import monotonic

from ortools.sat.python.cp_model import (
    FEASIBLE,
    INFEASIBLE,
    OPTIMAL,
    CpModel,
    CpSolver,
    CpSolverSolutionCallback,
    IntVar,
    LinearExpr,
)

from scheduler.benchmarks.answer import Answer
from scheduler.exact.constraints import HARD_RULES
from scheduler.exact.variables import Choices
from scheduler.instance import LevelName
from scheduler.problem import Fixed, Problem

LEVELS = frozenset({LevelName.COVERAGE, LevelName.SATISFACTION})


class _Watch(CpSolverSolutionCallback):
    """Notes when schedules come."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer

    def on_solution_callback(self) -> None:
        """Note the time; CP-SAT only calls for a better schedule."""
        self.answer.note(monotonic())


def solve_plainly(problem: Problem, answer: Answer, time_limit_s: float, workers: int) -> None:
    """Fill `answer` with what one CP-SAT call finds within the time, building the model included."""
    choices = Choices(problem)
    for rule in HARD_RULES:
        rule(choices)
    if problem.policy == (LevelName.BREAKS,):
        choices.model.minimize(LinearExpr.sum(_breaks(choices)))
    else:
        choices.model.maximize(_reward(choices))
    solver = CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, time_limit_s - (monotonic() - answer.started))
    solver.parameters.num_workers = workers
    status = solver.solve(choices.model, _Watch(answer))
    answer.impossible = status == INFEASIBLE
    knows_all = problem.policy == (LevelName.BREAKS,) or LEVELS.issuperset(problem.policy)
    answer.proven = status == INFEASIBLE or (status == OPTIMAL and knows_all)
    if status in {OPTIMAL, FEASIBLE}:
        answer.schedule = _schedule(choices, solver)


def _schedule(choices: Choices, solver: CpSolver) -> Fixed:
    return {
        request: slot
        for request, slots in enumerate(choices.meets_at)
        for slot, literal in slots.items()
        if solver.boolean_value(literal)
    }


def _reward(choices: Choices) -> LinearExpr:
    problem = choices.problem
    above = sum(problem.weights) + 1
    terms: list[tuple[IntVar, int]] = [
        (literal, problem.weights[request])
        for request, slots in enumerate(choices.meets_at)
        for literal in slots.values()
    ]
    steps = [choices.at_least(end) for end, covered in enumerate(problem.covered) if covered]
    deepest = max(map(len, steps), default=0)
    terms.extend((literal, above * (deepest - rank)) for each in steps for rank, literal in enumerate(each))
    return LinearExpr.weighted_sum([literal for literal, _ in terms], [reward for _, reward in terms])


def _breaks(choices: Choices) -> list[LinearExpr | IntVar]:
    """Return the runs of each participant beyond the first, counted by a number each."""
    problem, model = choices.problem, choices.model
    breaks: list[LinearExpr | IntVar] = []
    for participant, requests in enumerate(problem.requests_of):
        if requests:
            runs = [_start(model, choices, participant, slot) for slot in range(problem.slots)]
            breaks.append(model.new_int_var(0, problem.slots, ""))
            model.add(breaks[-1] >= LinearExpr.sum(runs) - 1)
    return breaks


def _start(model: CpModel, choices: Choices, participant: int, slot: int) -> IntVar:
    start = model.new_bool_var("")
    before = choices.busy(participant, slot - 1) if slot else 0
    model.add(start >= choices.busy(participant, slot) - before)
    return start
