"""The levels of the rule: what each counts in a schedule, and as an expression of a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python.cp_model import LinearExpr

from scheduler.exact.variables import Choices
from scheduler.instance import LevelName
from scheduler.phases.measuring import MORE_IS_BETTER


@dataclass(frozen=True, slots=True)
class Goal:
    """One number to push: a level, or the k-th count of coverage (`position` from 0)."""

    name: LevelName
    position: int
    expression: LinearExpr

    @property
    def maximised(self) -> bool:
        """Say whether more is better."""
        return self.name in MORE_IS_BETTER


def coverage_goals(choices: Choices) -> list[Goal]:
    """As many participants of the group as possible with a first meeting, then a second, then a third…"""
    literals = [choices.at_least(index) for index, covered in enumerate(choices.problem.covered) if covered]
    deepest = max((len(each) for each in literals), default=0)
    return [
        Goal(LevelName.COVERAGE, rank, LinearExpr.sum([each[rank] for each in literals if len(each) > rank]))
        for rank in range(deepest)
    ]


def satisfaction_goals(choices: Choices) -> list[Goal]:
    """The largest total weight."""
    weights = choices.problem.weights
    terms = [(literal, weights[index]) for index, slots in enumerate(choices.meets_at) for literal in slots.values()]
    total = LinearExpr.weighted_sum([literal for literal, _ in terms], [weight for _, weight in terms])
    return [Goal(LevelName.SATISFACTION, 0, total)]


def breaks_goals(choices: Choices) -> list[Goal]:
    """The fewest holes between two meetings of the same participant in the same session."""
    sessions = range(len(choices.problem.instance.sessions))
    everybody = range(len(choices.problem.instance.participants))
    breaks = [literal for index in everybody for session in sessions for literal in choices.breaks(index, session)]
    return [Goal(LevelName.BREAKS, 0, LinearExpr.sum(breaks))]


def idle_goals(choices: Choices) -> list[Goal]:
    """The fewest slots spent in those holes."""
    everybody = range(len(choices.problem.instance.participants))
    return [Goal(LevelName.IDLE, 0, LinearExpr.sum([each for index in everybody for each in choices.idle(index)]))]


def changes_goals(choices: Choices) -> list[Goal]:
    """The fewest requests met in another slot than before, or newly, or no longer."""
    previous = choices.problem.previous
    if not previous:
        return [Goal(LevelName.CHANGES, 0, LinearExpr.sum([]))]
    new = [
        literal for index, slots in enumerate(choices.meets_at) if index not in previous for literal in slots.values()
    ]
    return [Goal(LevelName.CHANGES, 0, LinearExpr.sum(new) - _kept(choices) + len(previous))]


def kept_goals(choices: Choices) -> list[Goal]:
    """The most requests met in the very slot they had."""
    return [Goal(LevelName.KEPT, 0, _kept(choices))]


def moves_goals(choices: Choices) -> list[Goal]:
    """The fewest requests met before and still met, but in another slot."""
    previous = choices.problem.previous
    elsewhere = [
        literal
        for index, before in previous.items()
        for slot, literal in choices.meets_at[index].items()
        if slot != before
    ]
    return [Goal(LevelName.MOVES, 0, LinearExpr.sum(elsewhere))]


def _kept(choices: Choices) -> LinearExpr:
    previous = choices.problem.previous
    return LinearExpr.sum(
        [choices.meets_at[index][slot] for index, slot in previous.items() if slot in choices.meets_at[index]]
    )


GOALS: dict[LevelName, Callable[[Choices], list[Goal]]] = {
    LevelName.COVERAGE: coverage_goals,
    LevelName.SATISFACTION: satisfaction_goals,
    LevelName.BREAKS: breaks_goals,
    LevelName.IDLE: idle_goals,
    LevelName.CHANGES: changes_goals,
    LevelName.KEPT: kept_goals,
    LevelName.MOVES: moves_goals,
}
