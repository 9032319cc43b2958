"""When the chosen meetings take place: edge colouring with alternating chains and a few ejections.

A slot is a colour. Where everybody is free in all slots, Koenig's theorem promises a colour for each chosen meeting;
with unavailabilities the chains nearly always find one, and then the bound of the relaxation is reached: a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from scheduler.problem import Fixed, Problem, slots_in

NOBODY = -1


class Timetable:
    """Meetings in slots, never against a hard rule; a participant of capacity c has c seats.

    Chains and ejections know meetings of two participants only.
    """

    def __init__(
        self,
        problem: Problem,
        chosen: Iterable[int],
        fixed: Fixed | None = None,
        windows: dict[int, int] | None = None,
        hint: Fixed | None = None,
    ) -> None:
        self.problem = problem
        self.fixed = dict(fixed or {})
        self.room = None if problem.tables is None else list(problem.tables)
        self.seats: list[tuple[int, ...]] = []
        self.owner: list[int] = []
        self.open: list[int] = []  # per seat: slots in which it may be used at all
        self._make_seats()
        self.requests = [request for request in chosen if request not in self.fixed]
        self._assign_seats(hint or {})
        self.mask = [
            problem.allowed[request] & self._common(self.open, seats) & (windows or {}).get(request, -1)
            for request, seats in zip(self.requests, self.seats, strict=True)
        ]
        self.free = list(self.open)
        self.row: list[list[int]] = [[NOBODY] * problem.slots for _ in self.open]
        self.slot: list[int] = [NOBODY] * len(self.requests)

    def _make_seats(self) -> None:
        problem = self.problem
        self.first_seat = []
        for participant, capacity in enumerate(problem.capacity):
            self.first_seat.append(len(self.open))
            self.open.extend([problem.free[participant]] * max(capacity, 1))
            self.owner.extend([participant] * max(capacity, 1))
        for request, slot in self.fixed.items():
            for end in problem.ends[request]:
                seat = self.first_seat[end]
                while not self.open[seat] >> slot & 1:
                    seat += 1
                self.open[seat] &= ~(1 << slot)
            if self.room is not None:
                self.room[slot] -= 1

    def _assign_seats(self, hint: Fixed) -> None:
        """Give each meeting a seat of each participant: one free in its slot, or else the emptiest of several."""
        left = [mask.bit_count() for mask in self.open]
        taken: set[tuple[int, int]] = set()
        for request in self.requests:
            chosen = []
            for end in self.problem.ends[request]:
                first = self.first_seat[end]
                seats = range(first, first + max(self.problem.capacity[end], 1))
                seat = first
                if len(seats) > 1:
                    at = hint.get(request, NOBODY)
                    free = [each for each in seats if at >= 0 and self.open[each] >> at & 1 and (each, at) not in taken]
                    seat = max(free or seats, key=left.__getitem__)
                    taken.add((seat, at))
                left[seat] -= 1
                chosen.append(seat)
            self.seats.append(tuple(chosen))

    @staticmethod
    def _common(masks: list[int], seats: tuple[int, ...]) -> int:
        common = masks[seats[0]]
        for seat in seats[1:]:
            common &= masks[seat]
        return common

    def open_to(self, meeting: int) -> int:
        """Return the slots in which a meeting could be put at once, as a mask; tables aside."""
        return self.mask[meeting] & self._common(self.free, self.seats[meeting])

    def put(self, meeting: int, slot: int) -> None:
        """Place a meeting in a slot that is free for both."""
        self.slot[meeting] = slot
        for seat in self.seats[meeting]:
            self.row[seat][slot] = meeting
            self.free[seat] &= ~(1 << slot)
        if self.room is not None:
            self.room[slot] -= 1

    def take(self, meeting: int) -> None:
        """Take a meeting out of its slot."""
        slot, self.slot[meeting] = self.slot[meeting], NOBODY
        for seat in self.seats[meeting]:
            self.row[seat][slot] = NOBODY
            self.free[seat] |= 1 << slot
        if self.room is not None:
            self.room[slot] += 1

    def chain(self, meeting: int, other: int) -> list[int] | None:
        """Return the alternating chain through `meeting` that exchanges its slot with `other`, None if not allowed."""
        here, mask, row, seats = self.slot[meeting], self.mask, self.row, self.seats
        if not mask[meeting] >> other & 1:
            return None
        chain = [meeting]
        for seat in seats[meeting]:
            current, target, back = meeting, other, here
            at = seat
            while True:
                current = row[at][target]
                if current in {NOBODY, meeting}:
                    break
                if not mask[current] >> back & 1:
                    return None
                chain.append(current)
                first, second = seats[current]
                at = second if at == first else first
                target, back = back, target
            if current == meeting:
                break
        return chain

    def exchange(self, chain: list[int], one: int, other: int) -> None:
        """Exchange the two slots along a chain."""
        slots = [self.slot[meeting] for meeting in chain]
        for meeting in chain:
            self.take(meeting)
        for meeting, slot in zip(chain, slots, strict=True):
            self.put(meeting, other if slot == one else one)

    def replace(self, meeting: int, request: int, seats: tuple[int, int]) -> None:
        """Hold another request in the place of a meeting."""
        slot = self.slot[meeting]
        self.take(meeting)
        self.requests[meeting], self.seats[meeting] = request, seats
        self.mask[meeting] = self.problem.allowed[request] & self.open[seats[0]] & self.open[seats[1]]
        self.put(meeting, slot)

    def has_room(self, slot: int) -> bool:
        """Say whether the slot has a table left."""
        return self.room is None or self.room[slot] > 0

    def meetings(self) -> Fixed:
        """Return the slot of each placed request, the fixed ones included."""
        placed = {request: slot for request, slot in zip(self.requests, self.slot, strict=True) if slot != NOBODY}
        return self.fixed | placed

    def unplaced(self) -> list[int]:
        """Return the chosen requests that have no slot."""
        return [request for request, slot in zip(self.requests, self.slot, strict=True) if slot == NOBODY]


def colour(
    problem: Problem,
    chosen: Iterable[int],
    fixed: Fixed | None = None,
    *,
    seed: int = 0,
    hint: Fixed | None = None,
    windows: dict[int, int] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Timetable:
    """Place the chosen requests around the fixed ones, each in the slot of `hint` where possible.

    `windows` keeps requests to some of their slots. Once stopped, what is left goes where there is room at once.
    """
    timetable = Timetable(problem, chosen, fixed, windows, hint)
    waiting = sorted(range(len(timetable.requests)), key=lambda each: timetable.mask[each].bit_count(), reverse=True)
    if hint:
        waiting = [each for each in waiting if not _place_at(timetable, each, hint.get(timetable.requests[each]))]
    if problem.is_paired:
        waiting = _left_when_stopped(timetable, waiting, Random(seed), should_stop)
    for meeting in waiting:
        place_directly(timetable, meeting, free_tables=False)
    return timetable


def _left_when_stopped(
    timetable: Timetable, waiting: list[int], random: Random, should_stop: Callable[[], bool]
) -> list[int]:
    """Place the waiting meetings, moving others out of their way; return those left when it was time to stop."""
    ejected = [0] * len(timetable.requests)
    patience = 20 * len(waiting) + 2_000
    steps = 0
    while waiting:
        steps += 1
        if steps % 16 == 0 and should_stop():
            return waiting
        meeting = waiting.pop()
        if place_directly(timetable, meeting) or place_by_chain(timetable, meeting) or not timetable.mask[meeting]:
            continue
        patience -= 1
        if patience < 0 or ejected[meeting] > 200:
            continue
        waiting.extend(_place_by_ejection(timetable, meeting, ejected, random))
    return waiting


def _place_at(timetable: Timetable, meeting: int, slot: int | None) -> bool:
    if slot is None or not timetable.has_room(slot):
        return False
    if not timetable.open_to(meeting) & 1 << slot:
        return False
    timetable.put(meeting, slot)
    return True


def place_directly(timetable: Timetable, meeting: int, *, free_tables: bool = True) -> bool:
    """Place a meeting in the first slot free for both (the emptiest where tables are counted).

    Where all tables of those slots are taken, another meeting may be moved to free one.
    """
    common = timetable.open_to(meeting)
    if not common:
        return False
    room = timetable.room
    if room is None:
        timetable.put(meeting, (common & -common).bit_length() - 1)
        return True
    slot = max(slots_in(common), key=room.__getitem__)
    if room[slot] <= 0 and not (free_tables and _free_a_table(timetable, common)):
        return False
    slot = max(slots_in(common), key=room.__getitem__)
    timetable.put(meeting, slot)
    return True


def place_by_chain(timetable: Timetable, meeting: int) -> bool:
    """Place a meeting where one of the two is free, after moving the other's along an alternating chain."""
    mask = timetable.mask[meeting]
    for here, there in (timetable.seats[meeting], timetable.seats[meeting][::-1]):
        for slot in slots_in(timetable.free[here] & mask & ~timetable.free[there]):
            blocking = timetable.row[there][slot]
            for other in slots_in(timetable.free[there]):
                chain = timetable.chain(blocking, other)
                if chain is None or not _tables_allow(timetable, slot if len(chain) % 2 == 0 else other):
                    continue
                timetable.exchange(chain, slot, other)
                if timetable.free[here] >> slot & 1:
                    timetable.put(meeting, slot)
                    return True
                timetable.exchange(chain, other, slot)  # it came back to `here`, as it can where sides are not two
    return False


def _tables_allow(timetable: Timetable, slot: int) -> bool:
    return timetable.room is None or timetable.room[slot] > 0


def _free_a_table(timetable: Timetable, wanted: int) -> bool:
    """Move one meeting, with its chain, from a full slot of `wanted` to a slot with a table left."""
    room = timetable.room or []
    roomy = [slot for slot in range(timetable.problem.slots) if room[slot] > 0]
    for meeting, slot in enumerate(timetable.slot):
        if slot == NOBODY or not wanted >> slot & 1:
            continue
        for other in roomy:
            chain = timetable.chain(meeting, other)
            if chain is not None and sum(timetable.slot[each] == slot for each in chain) * 2 == len(chain) + 1:
                timetable.exchange(chain, slot, other)
                return True
    return False


def _place_by_ejection(timetable: Timetable, meeting: int, ejected: list[int], random: Random) -> list[int]:
    """Place a meeting in the slot that costs least, and return the meetings that had to leave it."""
    best: tuple[float, int, list[int]] | None = None
    for slot in slots_in(timetable.mask[meeting]):
        leaving = list({timetable.row[seat][slot] for seat in timetable.seats[meeting]})  # one for both if they meet
        leaving = [each for each in leaving if each != NOBODY]
        if not leaving and not timetable.has_room(slot):
            continue
        cost = sum(1 + ejected[each] for each in leaving) + random.random()
        if best is None or cost < best[0]:
            best = (cost, slot, leaving)
    if best is None:
        return []
    for each in best[2]:
        ejected[each] += 1
        timetable.take(each)
    timetable.put(meeting, best[1])
    return best[2]
