"""How many breaks the numbers alone force: who has how many meetings, how many fit in a slot, but not who meets whom.

Participants with the same number of meetings and the same free slots are one class, and one flow through the slots
carries all of them: a state is (meetings so far, busy now), and starting again after a pause costs a break.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL, CpModel, CpSolver, IntVar, LinearExpr

from scheduler.config import SolverConfig
from scheduler.phases.clock import Clock
from scheduler.problem import Problem

MOST_SECONDS = 0.6  # deterministic: what takes longer is shown sooner by cores
MOST_ARCS = 6_000  # beyond, the classes are nearly as many as the people and the count takes too long

State = tuple[int, int, bool]  # slot to come, meetings so far, busy in the slot before


class _Kind(NamedTuple):
    """What distinguishes people when only numbers count: meetings, and how many by each slot at least and at most."""

    meetings: int
    possible: int
    certain: int
    least: tuple[int, ...]
    most: tuple[int, ...]


class _Arc(NamedTuple):
    tail: State
    head: State

    @property
    def is_busy(self) -> bool:
        return self.head[2]

    @property
    def is_break(self) -> bool:
        return self.head[2] and not self.tail[2] and self.tail[1] > 0


def counts_only(problem: Problem) -> bool:
    """Say whether all numbers of meetings are known: everything required, one at a time, in one session."""
    return (
        len(problem.required) == len(problem.ends)
        and all(capacity == 1 for capacity in problem.capacity)
        and all(len(ends) == 2 for ends in problem.ends)
        and len(problem.session_masks) == 1
    )


def counted_breaks(problem: Problem, clock: Clock, config: SolverConfig) -> int | None:
    """Return a number of breaks that no schedule of all meetings falls below, None if the numbers allow no schedule."""
    if not counts_only(problem):
        return 0
    kinds = Counter(_kind(problem, end) for end, requests in enumerate(problem.requests_of) if requests)
    ways = {kind: _arcs(kind, problem.slots) for kind in kinds}
    if not all(ways.values()):
        return None
    if sum(map(len, ways.values())) > MOST_ARCS or clock.stopped():
        return 0
    solver = CpSolver()
    solver.parameters.max_deterministic_time = MOST_SECONDS
    solver.parameters.max_time_in_seconds = max(0.01, clock.left() * 0.2)
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = config.seed
    solver.parameters.catch_sigint_signal = False  # signals are the caller's business
    with clock.watching(solver.stop_search):
        status = solver.solve(_flows(problem, kinds, ways))
    if status == INFEASIBLE:
        return None
    return max(0, round(solver.best_objective_bound)) if status in {OPTIMAL, FEASIBLE} else 0


def _kind(problem: Problem, participant: int) -> _Kind:
    allowed = [problem.allowed[request] for request in problem.requests_of[participant]]
    possible = certain = 0
    for mask in allowed:
        possible |= mask
        certain |= mask if mask.bit_count() == 1 else 0
    least = tuple(sum(not mask >> slot + 1 for mask in allowed) for slot in range(problem.slots))
    most = tuple(sum(bool(mask & (2 << slot) - 1) for mask in allowed) for slot in range(problem.slots))
    return _Kind(len(allowed), possible, certain, least, most)


def _arcs(kind: _Kind, slots: int) -> list[_Arc]:
    """Return the steps from one slot to the next that lie on a way from the first to the last."""
    arcs: list[_Arc] = []
    layer: set[State] = {(0, 0, False)}
    for slot in range(slots):
        steps = [
            _Arc(state, (slot + 1, state[1] + is_busy, is_busy))
            for state in sorted(layer)
            for is_busy in (False, True)
            if (kind.possible if is_busy else ~kind.certain) >> slot & 1
            and kind.least[slot] <= state[1] + is_busy <= min(kind.most[slot], kind.meetings)
        ]
        arcs.extend(steps)
        layer = {step.head for step in steps}
    useful = {state for state in layer if state[1] == kind.meetings}
    kept = []
    for arc in reversed(arcs):
        if arc.head in useful:
            useful.add(arc.tail)
            kept.append(arc)
    return kept[::-1]


def _flows(problem: Problem, kinds: Counter[_Kind], ways: dict[_Kind, list[_Arc]]) -> CpModel:
    """Build the model: one flow per class, the busy of each slot in pairs and within its tables, fewest breaks."""
    model = CpModel()
    busy: list[list[IntVar]] = [[] for _ in range(problem.slots)]
    breaks: list[IntVar] = []
    for kind, count in kinds.items():
        entering: dict[State, list[IntVar]] = defaultdict(list)
        leaving: dict[State, list[IntVar]] = defaultdict(list)
        for arc in ways[kind]:
            flow = model.new_int_var(0, count, "")
            leaving[arc.tail].append(flow)
            entering[arc.head].append(flow)
            if arc.is_busy:
                busy[arc.tail[0]].append(flow)
            if arc.is_break:
                breaks.append(flow)
        for state, flows in leaving.items():
            model.add(LinearExpr.sum(flows) == (LinearExpr.sum(entering[state]) if state[0] else count))
    for slot, flows in enumerate(busy):
        most = len(problem.ends) if problem.tables is None else problem.tables[slot]
        model.add(LinearExpr.sum(flows) == 2 * model.new_int_var(0, most, ""))
    model.minimize(LinearExpr.sum(breaks))
    return model
