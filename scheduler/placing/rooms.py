"""How many meetings one participant could hold if all others were always free, and at the price of how many breaks."""

from __future__ import annotations

from collections import Counter

from scheduler.problem import Problem


def room_of(problem: Problem, participant: int, used: Counter[tuple[int, int]] | None = None) -> int:
    """Return how many more meetings the participant could hold if everybody else were always free."""
    described = problem.instance.participants[participant]
    free, capacity = problem.free[participant], described.capacity
    longest = described.max_consecutive
    slots = free.bit_count() if longest is None else slots_with_rests(problem, free, longest)
    room = slots * capacity
    if used:
        room = min(room, sum(capacity - used[participant, slot] for slot in range(problem.slots) if free >> slot & 1))
    return room


def slots_with_rests(problem: Problem, free: int, longest: int) -> int:
    """Return the most slots of `free` that can be busy with at most `longest` in a row within a session."""
    count = 0
    for start, end in problem.instance.sessions:
        run = 0
        for slot in range(start, end + 1):
            if slot < end and free >> slot & 1:
                run += 1
            else:
                count += run - run // (longest + 1)
                run = 0
    return count


def runs_of(problem: Problem, participant: int) -> tuple[int, list[int]]:
    """Return (meetings that fit without any break, lengths of the further runs of free slots, longest first).

    Within a session the longest run of free slots costs nothing; each further run that is used costs a break.
    """
    without_break, further = 0, []
    for start, end in problem.instance.sessions:
        pattern = "".join("1" if problem.free[participant] >> slot & 1 else " " for slot in range(start, end))
        lengths = sorted(map(len, pattern.split()), reverse=True)
        without_break += sum(lengths[:1])
        further += lengths[1:]
    return without_break, sorted(further, reverse=True)
