"""A schedule at once, for want of time or of anything better: in turn, each takes its dearest wish that still fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scheduler.phases.measuring import busy_masks
from scheduler.placing.repair import too_long
from scheduler.problem import Fixed, Problem


def filled(problem: Problem, schedule: Fixed) -> Fixed:
    """Return `schedule` with every further request that finds a slot, in turn; hard rules that it keeps stay kept.

    Required requests come first but may find no slot; the difference of breaks isn't looked at.
    """
    room = _Room(problem, schedule)
    for request in _in_turn(problem, room):
        room.place(request)
    return room.schedule


def also_placed(problem: Problem, schedule: Fixed, request: int) -> Fixed | None:
    """Return `schedule` with one request more where it finds a slot and nobody else moves, else None."""
    room = _Room(problem, schedule)
    room.place(request)
    return room.schedule if request in room.schedule else None


def _in_turn(problem: Problem, room: _Room) -> Iterator[int]:
    """Yield requests: those required, then one that is placed for each covered participant, then a second one…"""
    yield from sorted(problem.required, key=lambda request: problem.allowed[request].bit_count())
    weights = problem.weights
    queues = [
        sorted(problem.requests_of[end], key=weights.__getitem__)
        for end, covered in enumerate(problem.covered)
        if covered
    ]
    others = [request for request, ends in enumerate(problem.ends) if not any(problem.covered[end] for end in ends)]
    queues.sort(key=len)
    while queues:
        for queue in queues:
            while queue:
                request = queue.pop()
                if request not in room.schedule:
                    yield request
                    if request in room.schedule:
                        break
        queues = [queue for queue in queues if queue]
    yield from sorted(others, key=weights.__getitem__, reverse=True)


class _Room:
    """What is still open to everybody."""

    def __init__(self, problem: Problem, schedule: Fixed) -> None:
        self.problem = problem
        self.schedule = dict(schedule)
        self.limits = problem.limits.tolist()
        self.is_limited = any(limit >= 0 for limit in self.limits)
        self.has_rests = any(each.max_consecutive is not None for each in problem.instance.participants)
        masks = busy_masks(problem, schedule)
        self.busy = [masks.get(end, 0) for end in range(len(problem.capacity))]
        self.full = [0] * len(problem.capacity)
        self.places = Counter((end, slot) for request, slot in schedule.items() for end in problem.ends[request])
        for (end, slot), count in self.places.items():
            if count >= problem.capacity[end]:
                self.full[end] |= 1 << slot
        self.held = [0] * len(problem.capacity)
        for request in schedule:
            for end in problem.ends[request]:
                self.held[end] += 1
        self.load = Counter(schedule.values())
        self.closed = 0
        for slot in range(problem.slots):
            self._close(slot)
        self.order: dict[int, list[tuple[int, bool]]] = {}
        for first, second in problem.precedences:
            self.order.setdefault(first, []).append((second, True))
            self.order.setdefault(second, []).append((first, False))

    def _close(self, slot: int) -> None:
        tables = self.problem.tables
        if tables is not None and self.load[slot] >= tables[slot]:
            self.closed |= 1 << slot

    def place(self, request: int) -> None:
        """Give a request the first slot that suits everybody, if there is one."""
        if request in self.schedule:
            return
        ends = self.problem.ends[request]
        open_slots = self.problem.allowed[request] & ~self.closed
        for end in ends:
            open_slots &= ~self.full[end]
        if not open_slots:
            return
        if self.is_limited and any(0 <= self.limits[end] <= self.held[end] for end in ends):
            return
        if request in self.order:
            open_slots &= self._in_order(request)
        while open_slots:
            slot = (open_slots & -open_slots).bit_length() - 1
            if not (self.has_rests and any(self._is_too_long(end, slot) for end in ends)):
                self._put(request, slot, ends)
                return
            open_slots &= open_slots - 1

    def _is_too_long(self, end: int, slot: int) -> bool:
        return bool(too_long(self.problem, end, self.busy[end] | 1 << slot))

    def _in_order(self, request: int) -> int:
        """Return the slots that come before what must follow, and after what must precede."""
        slots = (1 << self.problem.slots) - 1
        for other, comes_first in self.order[request]:
            if other in self.schedule:
                before = (1 << self.schedule[other]) - 1
                slots &= before if comes_first else ~(before << 1 | 1)
        return slots

    def _put(self, request: int, slot: int, ends: tuple[int, ...]) -> None:
        self.schedule[request] = slot
        for end in ends:
            self.busy[end] |= 1 << slot
            self.held[end] += 1
            capacity = self.problem.capacity[end]
            if capacity > 1:
                self.places[end, slot] += 1
            if capacity <= 1 or self.places[end, slot] >= capacity:
                self.full[end] |= 1 << slot
        self.load[slot] += 1
        self._close(slot)
