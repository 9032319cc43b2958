"""Who meets whom, without asking when: a minimum-cost flow that no schedule can beat.

Every request is an arc from its structure to its desk. A participant passes as much flow as it has usable slots, and a
structure's k-th meeting is worth more than anybody's k+1-th, so the cheapest flow is the best selection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduler.flow.network import Network
from scheduler.instance import Instance, LevelName
from scheduler.problem import Fixed, Problem
from scheduler.solution import Level


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The best selection of requests if only the number of meetings counted; its figures bound every schedule.

    `breaks` bounds the breaks of every schedule that reaches this coverage and this satisfaction.
    """

    chosen: tuple[int, ...]
    coverage: tuple[int, ...]
    satisfaction: int
    breaks: int = 0


def relax(
    problem: Problem,
    fixed: Fixed | None = None,
    *,
    unwelcome: frozenset[int] = frozenset(),
    should_stop: Callable[[], bool] | None = None,
) -> Relaxation | None:
    """Return the best selection that contains the fixed and required requests, None if those alone don't fit.

    Among equal selections the one with the fewest `unwelcome` requests is taken, or else, where the policy asks for few
    breaks, the one that forces fewest. Who gives `should_stop` may get FlowStopped instead of a large one.
    """
    network = Network(problem, fixed or {}, unwelcome)
    if (network.room < 0).any() or network.places < 0:
        return None
    requests, breaks = network.cheapest_flow(should_stop)
    chosen = tuple(sorted([*network.forced, *requests]))
    satisfaction = sum(problem.weights[request] for request in chosen)
    return Relaxation(chosen, coverage_of(problem, chosen), satisfaction, breaks)


def coverage_of(problem: Problem, chosen: tuple[int, ...] | list[int]) -> tuple[int, ...]:
    """Return how many participants of the coverage group have at least 1, 2, 3… of the chosen meetings."""
    requests, participants = problem.members
    is_chosen = np.zeros(len(problem.ends), dtype=bool)
    is_chosen[np.array(chosen, dtype=np.int64)] = True
    counts = np.bincount(participants[is_chosen[requests]], minlength=len(problem.capacity))
    exactly = np.bincount(counts[np.array(problem.covered, dtype=bool)], minlength=1)
    at_least = exactly[::-1].cumsum()[::-1][1:]
    return tuple(at_least.tolist())


def bound(instance: Instance) -> tuple[Level, ...]:
    """Return what no schedule of `instance` can exceed in coverage and satisfaction, in milliseconds.

    The values are those of the relaxation, so each level is its own bound; empty where the flow doesn't apply.
    """
    problem = Problem(instance, instance.policy)
    relaxation = relax(problem, problem.pinned) if problem.is_two_sided else None
    if relaxation is None:
        return ()
    return (
        Level(LevelName.COVERAGE, relaxation.coverage, relaxation.coverage),
        Level(LevelName.SATISFACTION, relaxation.satisfaction, relaxation.satisfaction),
    )
