"""How many meetings one participant could hold if all others were always free, and at the price of how many breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.problem import Problem

Integers = NDArray[np.int64]


def rooms_of(problem: Problem) -> Integers:
    """Return how many meetings each participant could hold if everybody else were always free."""
    rooms: Integers = problem.presence.sum(axis=1) * np.array(problem.capacity, dtype=np.int64)
    for index, participant in enumerate(problem.instance.participants):
        if participant.max_consecutive is not None:
            rooms[index] = room_of(problem, index)
    return rooms


def room_of(problem: Problem, participant: int) -> int:
    """Return how many meetings the participant could hold if everybody else were always free."""
    described = problem.instance.participants[participant]
    free, longest = problem.free[participant], described.max_consecutive
    slots = free.bit_count() if longest is None else slots_with_rests(problem, free, longest)
    return slots * described.capacity


def too_many_required(problem: Problem) -> list[int]:
    """Return required requests of one participant, one more than it could hold, or nothing if all can hold theirs."""
    if not problem.required:
        return []
    ends = [end for request in problem.required for end in problem.ends[request]]
    required = np.bincount(np.array(ends, dtype=np.int64), minlength=len(problem.capacity))
    rooms = rooms_of(problem)
    room = np.where(problem.limits < 0, rooms, np.minimum(rooms, problem.limits))
    crowded = np.flatnonzero(required > room)
    if not len(crowded):
        return []
    fewest = int(crowded[room[crowded].argmin()])  # told in the fewest words
    return [request for request in problem.requests_of[fewest] if request in problem.required][: int(room[fewest]) + 1]


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


class Runs(NamedTuple):
    """Runs of free slots of all participants in order: those that cost no break, then the others, longest first.

    `before` counts the slots of the owner's runs above; `is_free` says of which using them costs no break.
    """

    owners: Integers
    lengths: Integers
    before: Integers
    is_free: NDArray[np.bool_]


def runs_of_all(problem: Problem, known: NDArray[np.bool_]) -> Runs:
    """Return the `runs_of` the `known` participants; the others have one run as long as can be."""
    owners, sessions, lengths = (np.concatenate(each) for each in zip(*_runs_by_session(problem), strict=True))
    order = np.lexsort((-lengths, sessions, owners))
    owners, sessions, lengths = owners[order], sessions[order], lengths[order]
    is_free = (np.diff(owners, prepend=-1) != 0) | (np.diff(sessions, prepend=-1) != 0)
    order = np.lexsort((-lengths, ~is_free, owners))
    order = order[known[owners[order]]]
    rest = np.flatnonzero(~known)
    owners = np.concatenate([owners[order], rest])
    lengths = np.concatenate([lengths[order], np.full(len(rest), np.iinfo(np.int32).max, dtype=np.int64)])
    is_free = np.concatenate([is_free[order], np.ones(len(rest), dtype=bool)])
    by_owner = np.argsort(owners, kind="stable")
    owners, lengths, is_free = owners[by_owner], lengths[by_owner], is_free[by_owner]
    before = np.cumsum(lengths) - lengths
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    before -= np.repeat(before[starts], np.diff(starts, append=len(owners)))
    return Runs(owners, lengths, before, is_free)


def _runs_by_session(problem: Problem) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Yield (participants, session, lengths) of the runs of free slots of each session."""
    for number, (start, end) in enumerate(problem.instance.sessions):
        closed = np.zeros((len(problem.capacity), 1), dtype=np.int8)
        steps = np.diff(np.hstack([closed, problem.presence[:, start:end].view(np.int8), closed]), axis=1)
        owners, starts = np.nonzero(steps > 0)
        yield owners, np.full_like(owners, number), np.nonzero(steps < 0)[1] - starts
