"""Which table: a desk keeps one table all morning wherever the numbers allow it."""

from __future__ import annotations

from collections import defaultdict

from scheduler.problem import Fixed, Problem, mask_of


def numbered_tables(problem: Problem, schedule: Fixed) -> dict[int, int]:
    """Return the table, from 1, of each request that takes place."""
    desks: dict[int, list[int]] = defaultdict(list)
    loose: list[int] = []
    for request in sorted(schedule):
        desk = next((end for end in problem.ends[request] if not problem.covered[end]), None)
        if desk is None:
            loose.append(request)
        else:
            desks[desk].append(request)
    if problem.tables is None:
        return _one_each(schedule, desks, loose)
    plan = _Plan(problem, schedule, problem.tables)
    for desk in sorted(
        desks, key=lambda each: (-len(desks[each]), each) if plan.is_short_of(len(desks)) else (0, each)
    ):
        loose.extend(plan.seat_together(desks[desk]))
    for request in loose:
        plan.seat_anywhere(request)
    return plan.table


def _one_each(schedule: Fixed, desks: dict[int, list[int]], loose: list[int]) -> dict[int, int]:
    """Give each desk, and each meeting without a desk, a table of its own: nobody counts them."""
    table_of: dict[int, int] = {}
    last = 0
    for desk in sorted(desks):
        at_once: dict[int, int] = {}
        for request in desks[desk]:
            slot = schedule[request]
            at_once[slot] = at_once.get(slot, 0) + 1
            table_of[request] = last + at_once[slot]
        last += max(at_once.values())
    return table_of | {request: table for table, request in enumerate(loose, start=last + 1)}


class _Plan:
    """Tables as masks of the slots in which each is still free."""

    def __init__(self, problem: Problem, schedule: Fixed, tables: list[int]) -> None:
        self.schedule = schedule
        self.table: dict[int, int] = {}
        self.free = [
            sum(1 << slot for slot in range(problem.slots) if tables[slot] > table)
            for table in range(min(max(tables, default=0), len(schedule)))
        ]
        self.first_free = 0

    def is_short_of(self, desks: int) -> bool:
        """Say whether there are fewer tables than desks."""
        return len(self.free) < desks

    def seat_together(self, requests: list[int]) -> list[int]:
        """Give these requests the table that is free for most of them; return those it isn't free for."""
        table = self._freest(mask_of(self.schedule[request] for request in requests))
        return requests if table is None else [request for request in requests if not self._seat(request, table)]

    def _freest(self, wanted: int) -> int | None:
        """Return the first table that is free in all wanted slots, or else in most."""
        while self.first_free < len(self.free) and not self.free[self.first_free]:
            self.first_free += 1
        best, most = None, 0
        for table in range(self.first_free, len(self.free)):
            count = (self.free[table] & wanted).bit_count()
            if count > most:
                best, most = table, count
            if count == wanted.bit_count():
                break
        return best

    def _seat(self, request: int, table: int) -> bool:
        slot = 1 << self.schedule[request]
        if not self.free[table] & slot:
            return False
        self.free[table] &= ~slot
        self.table[request] = table + 1
        return True

    def seat_anywhere(self, request: int) -> None:
        """Give a request any table free in its slot."""
        any(self._seat(request, table) for table in range(len(self.free)))
