"""What follows from the hard rules, said again where breaks are counted: it makes their proof shorter.

The first two are those of Bofill and others (Journal of Artificial Intelligence Research 74, 2022).
"""

from __future__ import annotations

from collections.abc import Callable

from ortools.sat.python.cp_model import IntVar, LinearExpr

from scheduler.exact.variables import Choices
from scheduler.problem import Problem


def imply_known_numbers(choices: Choices) -> None:
    """Say how many slots are busy of those who surely meet everybody they asked, in all and up to each slot."""
    for participant in range(len(choices.problem.capacity)):
        wanted = choices.surely(participant)
        if not wanted:
            continue
        busy = [choices.busy(participant, slot) for slot in range(choices.problem.slots)]
        choices.model.add(LinearExpr.sum(busy) == wanted)
        limits = meetings_by(choices.problem, participant)
        for row, (least, most) in zip(choices.met_by(participant), limits, strict=True):
            for rank, literal in enumerate(row):
                if rank < least:
                    choices.model.add_bool_or([literal])
                elif rank >= most:
                    choices.model.add_bool_or([~literal])


def meetings_by(problem: Problem, participant: int) -> list[tuple[int, int]]:
    """Return, per slot, the least and the most meetings up to it of a participant who meets everybody it asked."""
    masks = [problem.allowed[request] for request in problem.requests_of[participant]]
    possible = 0
    for mask in masks:
        possible |= mask
    limits = []
    for slot in range(problem.slots):
        after = possible >> slot + 1
        so_far = possible & ((2 << slot) - 1)
        least = max(sum(not mask >> slot + 1 for mask in masks), len(masks) - after.bit_count())
        most = min(sum(bool(mask & ((2 << slot) - 1)) for mask in masks), so_far.bit_count())
        limits.append((least, most))
    return limits


def imply_two_busy_per_meeting(choices: Choices) -> None:
    """Say, per slot, that the busy participants are those of the meetings."""
    problem = choices.problem
    if any(capacity != 1 for capacity in problem.capacity):
        return
    for slot in range(problem.slots):
        meetings = [
            (slots[slot], len(ends))
            for slots, ends in zip(choices.meets_at, problem.ends, strict=True)
            if slot in slots
        ]
        busy = [choices.busy(index, slot) for index in range(len(problem.capacity)) if problem.free[index] >> slot & 1]
        literals = [literal for literal in busy if not isinstance(literal, int)]
        choices.model.add(
            LinearExpr.sum(literals)
            == LinearExpr.weighted_sum([each for each, _ in meetings], [size for _, size in meetings])
        )
        tables = len(meetings) if problem.tables is None else problem.tables[slot]
        largest = max((size for _, size in meetings), default=0)
        if len(literals) > largest * tables:
            choices.model.add(LinearExpr.sum(literals) <= largest * tables)


def imply_unbroken_runs(choices: Choices) -> None:
    """Say that who has no break goes on, once begun, until the last of a known number of meetings."""
    if len(choices.problem.instance.sessions) > 1:
        return
    for participant in range(len(choices.problem.capacity)):
        wanted = choices.surely(participant)
        if wanted:
            _imply_unbroken_run(choices, participant, wanted)


def _imply_unbroken_run(choices: Choices, participant: int, wanted: int) -> None:
    broken = choices.breaks(participant, 0)[:1]
    rows = choices.met_by(participant)
    for slot, row in enumerate(rows):
        done = row[wanted - 1 : wanted]
        now = choices.busy(participant, slot)
        after = choices.busy(participant, slot + 1) if slot + 1 < choices.problem.slots else 0
        if not isinstance(now, int):
            choices.model.add_bool_or([*broken, ~now, *done, *_literals(after)])
        for count, literal in enumerate(row, start=1):
            end = slot + wanted - count
            if end < choices.problem.slots:
                choices.model.add_bool_or([*broken, ~literal, rows[end][wanted - 1]])


def _literals(literal: IntVar | int) -> list[IntVar]:
    return [] if isinstance(literal, int) else [literal]


IMPLIED: tuple[Callable[[Choices], None], ...] = (imply_known_numbers, imply_two_busy_per_meeting)
