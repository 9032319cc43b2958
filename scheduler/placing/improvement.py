"""Fewer breaks for the same coverage and satisfaction: annealing over alternating chains and equal exchanges.

Exchanging two slots along an alternating chain changes the busy slots of the two ends of the chain only, so a move
is judged by two participants however long the chain is.
"""

from __future__ import annotations

from collections import Counter
from math import exp
from random import Random

from scheduler.phases.clock import Clock
from scheduler.placing.colouring import NOBODY, Timetable
from scheduler.placing.repair import too_long
from scheduler.problem import Fixed, slots_in

WARM, COLD = 0.7, 0.03  # temperatures in breaks
ROUNDS_PER_MEETING = 4_000
MOST_ROUNDS = 20_000_000
WARM_NEAR_PREVIOUS = 0.1  # a schedule that people already have is left where it is
TOO_LONG = 20  # what a slot too many in a row costs, in breaks: such a schedule is on its way to be repaired


class Annealing:
    """A timetable under improvement; every state it passes through keeps the hard rules and the levels above."""

    def __init__(self, timetable: Timetable, seed: int, *, free_selection: bool) -> None:
        self.timetable = timetable
        self.problem = timetable.problem
        self.random = Random(seed)
        self.per_break = 2.0 * self.problem.slots
        self.costs: list[dict[int, float]] = [{} for _ in self.problem.capacity]
        self.busy = [timetable.open[seat] ^ timetable.free[seat] for seat in range(len(timetable.open))]
        for request, slot in timetable.fixed.items():
            for end in self.problem.ends[request]:
                self.busy[timetable.first_seat[end]] |= 1 << slot
        self.cost = sum(self._cost(seat, self.busy[seat]) for seat in timetable.first_seat)
        self.counts = Counter(end for request in timetable.meetings() for end in self.problem.ends[request])
        taken = set(timetable.requests) | timetable.fixed.keys() if free_selection else None
        self.spare = (
            [] if taken is None else [r for r, mask in enumerate(self.problem.allowed) if mask and r not in taken]
        )

    def _cost(self, seat: int, busy: int) -> float:
        """Return the cost of the participant of a seat if that seat were busy like this."""
        owner = self.timetable.owner[seat]
        if self.problem.capacity[owner] > 1:
            first = self.timetable.first_seat[owner]
            for other in range(first, first + self.problem.capacity[owner]):
                busy |= 0 if other == seat else self.busy[other]
        known = self.costs[owner]
        cost = known.get(busy)
        if cost is None:
            holes, idle = self.problem.waits(busy)
            cost = known[busy] = holes * self.per_break + idle + self._row_cost(owner, busy)
        return cost

    def _row_cost(self, owner: int, busy: int) -> float:
        if self.problem.instance.participants[owner].max_consecutive is None:
            return 0.0
        return too_long(self.problem, owner, busy).bit_count() * TOO_LONG * self.per_break

    def run(self, clock: Clock, *, spend: float, least_breaks: int = 0, until_allowed: bool = False) -> Fixed:
        """Anneal until the rounds or a share `spend` of the time are used up, or no break more can go.

        Returns the best schedule. With `until_allowed` the first one without too long a row is good enough.
        """
        meetings = len(self.timetable.requests)
        good_enough = TOO_LONG * self.per_break - 1 if until_allowed else least_breaks * (self.per_break + 1)
        warm = WARM_NEAR_PREVIOUS if self.problem.previous else WARM
        best, best_cost = self.timetable.meetings(), self.cost
        total = min(MOST_ROUNDS, ROUNDS_PER_MEETING * meetings)
        look = max(256, meetings)  # a copy of the best is only worth taking now and then
        started, ends = clock.spent(), clock.search_s * spend
        for step in range(total):
            if step % 256 == 0:
                share = max(step / total, (clock.spent() - started) / max(0.001, ends - started))
                if share >= 1 or clock.stopped():
                    break
                heat = self.per_break * warm * (COLD / warm) ** share
            if step % look == 0 and self.cost < best_cost:
                best, best_cost = self.timetable.meetings(), self.cost
            if self.cost <= good_enough:
                break
            if self.spare and step % 3 == 0:
                self._exchange_one(heat)
            else:
                self._move_one(heat)
        return self.timetable.meetings() if self.cost < best_cost else best

    def settle(self) -> Fixed:
        """Move meetings back to their previous slots where no break is added and more return than leave."""
        timetable, previous = self.timetable, self.problem.previous
        settled = False
        while not settled:
            settled = True
            for meeting, request in enumerate(timetable.requests):
                here, before = timetable.slot[meeting], previous.get(request)
                if before is None or before == here or not timetable.mask[meeting] >> before & 1:
                    continue
                chain = timetable.chain(meeting, before)
                if chain is None or not self._tables_allow(chain, here, before):
                    continue
                moved = {here: before, before: here}
                gain = 0
                for each in chain:
                    at, wanted = timetable.slot[each], previous.get(timetable.requests[each])
                    gain += (moved[at] == wanted) - (at == wanted)
                if gain > 0 and self._exchanged(chain, here, before, heat=None):
                    settled = False
        return timetable.meetings()

    def _accepts(self, delta: float, heat: float) -> bool:
        return delta <= 0 or self.random.random() < exp(-delta / heat)

    def _move_one(self, heat: float) -> None:
        """Exchange a random meeting's slot with another one, along its chain."""
        timetable, random = self.timetable, self.random
        meeting = int(random.random() * len(timetable.requests))
        here = timetable.slot[meeting]
        if here == NOBODY:
            return
        other = self._target(meeting)
        if other == here or not timetable.mask[meeting] >> other & 1:
            return
        chain = timetable.chain(meeting, other)
        if chain is None or not self._tables_allow(chain, here, other):
            return
        self._exchanged(chain, here, other, heat)

    def _exchanged(self, chain: list[int], here: int, other: int, heat: float | None) -> bool:
        """Exchange two slots along a chain if the cost allows it; without heat, if it doesn't grow."""
        ends: set[int] = set()
        for each in chain:
            ends.symmetric_difference_update(self.timetable.seats[each])
        flip = 1 << here | 1 << other
        delta = sum(self._cost(seat, self.busy[seat] ^ flip) - self._cost(seat, self.busy[seat]) for seat in ends)
        if delta > 0 and (heat is None or not self._accepts(delta, heat)):
            return False
        self.timetable.exchange(chain, here, other)
        for seat in ends:
            self.busy[seat] ^= flip
        self.cost += delta
        return True

    def _target(self, meeting: int) -> int:
        """Return a slot to try: mostly beside another meeting of one of the two, else any."""
        random = self.random
        if random.random() < 0.5:
            seat = self.timetable.seats[meeting][random.random() < 0.5]
            busy = self.busy[seat] & ~(1 << self.timetable.slot[meeting])
            beside = (busy << 1 | busy >> 1) & ~busy & self.timetable.mask[meeting]
            if beside:
                slots = list(slots_in(beside))
                return slots[int(random.random() * len(slots))]
        return int(random.random() * self.problem.slots)

    def _tables_allow(self, chain: list[int], here: int, other: int) -> bool:
        room = self.timetable.room
        if room is None or len(chain) % 2 == 0:
            return True
        leaving = sum(self.timetable.slot[each] == here for each in chain) * 2 > len(chain)
        return room[other if leaving else here] > 0

    def _exchange_one(self, heat: float) -> None:
        """Put an unmet request in the place of a met one that is worth the same to every level above."""
        timetable, random = self.timetable, self.random
        position = int(random.random() * len(self.spare))
        request = self.spare[position]
        ends = self.problem.ends[request]
        keep = random.random() < 0.5
        stays, comes = ends[keep], ends[not keep]
        if self.problem.capacity[stays] > 1 or self.problem.capacity[comes] > 1:
            return
        stay_seat, come_seat = timetable.first_seat[stays], timetable.first_seat[comes]
        possible = self.problem.allowed[request] & ~timetable.free[stay_seat] & timetable.open[stay_seat]
        slots = list(slots_in(possible & timetable.free[come_seat]))
        if not slots:
            return
        slot = slots[int(random.random() * len(slots))]
        meeting = timetable.row[stay_seat][slot]
        leaves_seat = next(seat for seat in timetable.seats[meeting] if seat != stay_seat)
        if not self._is_equal(timetable.requests[meeting], request, timetable.owner[leaves_seat], comes):
            return
        flip = 1 << slot
        delta = sum(
            self._cost(seat, self.busy[seat] ^ flip) - self._cost(seat, self.busy[seat])
            for seat in (leaves_seat, come_seat)
        )
        if self._accepts(delta, heat):
            self.spare[position] = timetable.requests[meeting]
            timetable.replace(meeting, request, (stay_seat, come_seat))
            self.busy[leaves_seat] ^= flip
            self.busy[come_seat] ^= flip
            self.counts[timetable.owner[leaves_seat]] -= 1
            self.counts[comes] += 1
            self.cost += delta

    def _is_equal(self, old: int, new: int, leaves: int, comes: int) -> bool:
        """Say whether meeting `comes` instead of `leaves` changes neither coverage nor satisfaction nor a limit."""
        problem = self.problem
        if problem.weights[old] != problem.weights[new] or old in problem.required:
            return False
        limit = problem.instance.participants[comes].max_meetings
        if limit is not None and self.counts[comes] >= limit:
            return False
        if problem.covered[comes] != problem.covered[leaves]:
            return False
        return not problem.covered[comes] or self.counts[comes] == self.counts[leaves] - 1
