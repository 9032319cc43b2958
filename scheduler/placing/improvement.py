"""Fewer breaks for the same coverage and satisfaction: annealing over all alternating chains of two slots at once.

Two slots are joined by chains of meetings that don't touch each other: each participant has at most one meeting in
either. Exchanging the slots along a chain changes the times of its two ends only, so all chains of a pair of slots are
judged together, each by itself, by operations on whole arrays.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.phases.clock import Clock
from scheduler.placing.colouring import NOBODY, Timetable
from scheduler.placing.waiting import TOO_LONG, Floats, Integers, Truths, WaitingCosts
from scheduler.problem import Fixed, table_of

WARM, COLD = 0.2, 0.05  # temperatures in breaks
WARM_NEAR_PREVIOUS = 0.1  # a schedule that people already have is left where it is
SWEEPS = 1_000  # over all pairs of slots
MEETINGS_AT_ONCE = 2_000  # fewer leave arrays so short that calling upon them takes longer than they do
LEAST_TRIED = 64  # unmet requests that are tried at once, where there are so many


class Annealing:
    """A timetable under improvement; every state it passes through keeps the hard rules and the levels above."""

    def __init__(self, timetable: Timetable, seed: int, *, free_selection: bool) -> None:
        self.problem = problem = timetable.problem
        self.fixed = timetable.fixed
        self.random = np.random.default_rng(seed)
        self.owner = np.array([*timetable.owner, NOBODY], dtype=np.int64)  # the last seat stands for none
        self.first_seat = np.array(timetable.first_seat, dtype=np.int64)
        self.is_shared = np.array(problem.capacity, dtype=np.int64)[self.owner] > 1
        everything = (1 << problem.slots) - 1
        self.open = table_of([*(mask & everything for mask in timetable.open), everything], problem.slots)
        self.requests = np.array(timetable.requests, dtype=np.int64)
        self.seats = self._rows_of(timetable.seats)
        self.slot = np.array(timetable.slot, dtype=np.int64)
        self.room = None if timetable.room is None else np.array(timetable.room, dtype=np.int64)
        self.possible = table_of(problem.allowed, problem.slots)
        self.may = self._may(np.arange(len(self.requests)))
        self.at = np.full((problem.slots, len(self.owner)), NOBODY, dtype=np.int64)
        meetings, sides = np.nonzero(self.seats < self.nowhere)
        occupied = self.seats[meetings, sides]
        self.at[self.slot[meetings], occupied] = meetings
        self.place = np.zeros(len(self.requests), dtype=np.int64)  # of a meeting within a pair of slots
        self.waits = WaitingCosts(problem)
        self.load = np.zeros((len(problem.capacity), problem.slots), dtype=np.int16)
        np.add.at(self.load, (self.owner[occupied], self.slot[meetings]), 1)
        for request, slot in self.fixed.items():
            for end in problem.ends[request]:
                self.load[end, slot] += 1
        self.costs = self.waits.of(self.load > 0, np.arange(len(self.load)))
        self.counts = self.load.sum(axis=1, dtype=np.int64)
        taken = np.zeros(len(problem.ends), dtype=bool)
        taken[self.requests] = True
        taken[list(self.fixed)] = True
        self.pairs = np.array([ends[:2] for ends in problem.ends], dtype=np.int64).reshape(-1, 2)
        self.is_pair = np.array([len(ends) == 2 for ends in problem.ends], dtype=bool)
        spare = np.flatnonzero(~taken & self.is_pair & self.possible.any(axis=1))
        self.spare = spare if free_selection else np.array([], np.int64)
        self.random.shuffle(self.spare)
        self.next_spare = 0
        self.weights = np.array(problem.weights, dtype=np.int64)
        self.covered = np.array(problem.covered, dtype=bool)
        self.is_required = np.zeros(len(problem.ends), dtype=bool)
        self.is_required[list(problem.required)] = True

    @property
    def nowhere(self) -> int:
        """The seat that stands for none, where a meeting is of fewer participants than the largest."""
        return len(self.owner) - 1

    def _rows_of(self, seats: list[tuple[int, ...]]) -> Integers:
        rows = np.full((len(seats), max(map(len, seats), default=2)), self.nowhere, dtype=np.int64)
        for meeting, own in enumerate(seats):
            rows[meeting, : len(own)] = own
        return rows

    def _may(self, meetings: Integers) -> Truths:
        return np.asarray(self.possible[self.requests[meetings]] & self.open[self.seats[meetings]].all(axis=1))

    @property
    def cost(self) -> float:
        """What all participants' waits cost."""
        return float(self.costs.sum())

    def run(
        self,
        clock: Clock,
        *,
        spend: float,
        least: tuple[int, int] = (0, 0),
        until_allowed: bool = False,
        sweeps: int = SWEEPS,
    ) -> Fixed:
        """Anneal until the sweeps or a share `spend` of the time are used up, or but the `least` waits are left.

        `least` are breaks and idle slots. Returns the best schedule; with `until_allowed` the first one without too
        long a row is good enough.
        """
        per_break = self.waits.per_break
        good_enough = TOO_LONG * per_break - 1 if until_allowed else least[0] * per_break + max(least)
        warm = WARM_NEAR_PREVIOUS if self.problem.previous else WARM
        best, best_cost = self._state(), self.cost
        step, total = 0, sweeps * (self.problem.slots * (self.problem.slots - 1) // 2)
        started, ends = clock.spent(), clock.search_s * spend
        while step < total and best_cost > good_enough:
            for pairs in self._rounds():
                share = max(step / total, (clock.spent() - started) / max(0.001, ends - started))
                if share >= 1 or clock.stopped():
                    total = step
                    break
                heat = per_break * warm * (COLD / warm) ** share
                self.exchange_slots(pairs, heat)
                if len(self.spare):
                    self.exchange_requests(pairs, heat)
                step += len(pairs)
            if self.cost < best_cost:
                best, best_cost = self._state(), self.cost
        requests, slots = best
        return self._schedule(requests, slots)

    def _schedule(self, requests: Integers, slots: Integers) -> Fixed:
        return self.fixed | dict(zip(requests.tolist(), slots.tolist(), strict=True))

    def _rounds(self) -> Iterator[Integers]:
        """Yield all pairs of slots in random order, as rows, those without a slot in common as many at once as pay."""
        slots = self.problem.slots
        at_once = max(1, MEETINGS_AT_ONCE * slots // (2 * len(self.requests) + 1))
        order = self.random.permutation(slots + slots % 2)  # a tournament: each meets each once
        rest, half = order[1:], len(order) // 2
        for turn in self.random.permutation(len(rest)).tolist():
            row = np.concatenate([order[:1], np.roll(rest, turn)])
            pairs = np.column_stack([row[:half], row[half:][::-1]])
            pairs = pairs[pairs.max(axis=1) < slots]
            for first in range(0, len(pairs), at_once):
                yield pairs[first : first + at_once]

    def _state(self) -> tuple[Integers, Integers]:
        return self.requests.copy(), self.slot.copy()

    def _accepts(self, changes: Floats, heat: float) -> Truths:
        """Say which changes of cost are taken; half of those that change nothing, so that not all swap at once."""
        chance = np.exp(np.minimum(-changes / heat, 0.0))
        chance[changes == 0] = 0.5
        return np.asarray(self.random.random(len(changes)) < chance)

    def settle(self) -> Fixed:
        """Move meetings back to their previous slots where no break is added and more return than leave."""
        self.previous = np.full(len(self.problem.ends), NOBODY)
        for request, slot in self.problem.previous.items():
            self.previous[request] = slot
        while sum(self.exchange_slots(pairs, None) for pairs in self._rounds()):
            pass
        return self._schedule(self.requests, self.slot)

    def _returns(self, here: Integers, targets: Integers, chain: Integers) -> Integers:
        """Return how many more meetings of each chain would return to where they were than leave it."""
        wanted = self.previous[self.requests[here]]
        gains = (targets == wanted).astype(np.int64) - (self.slot[here] == wanted)
        return np.bincount(chain, weights=gains, minlength=len(here)).astype(np.int64)

    def exchange_slots(self, pairs: Integers, heat: float | None) -> int:
        """Exchange the two slots of each pair along each chain by itself; without heat, to settle.

        `pairs` are rows without a slot in common. Returns how many chains were exchanged.
        """
        across = np.full(self.problem.slots, NOBODY)
        across[pairs], across[pairs[:, ::-1]] = pairs[:, ::-1], pairs
        here = np.flatnonzero(across[self.slot] != NOBODY)
        if not len(here):
            return 0
        seats, slots = self.seats[here], self.slot[here]
        targets = across[slots]
        self.place[here] = np.arange(len(here))
        following = self.at[targets[:, None], seats]
        chain = self._chains(np.where(following == NOBODY, np.arange(len(here))[:, None], self.place[following]))
        rows, sides = np.nonzero((following == NOBODY) & (seats < self.nowhere))
        people = self.owner[seats[rows, sides]]
        new_costs = self._costs_after(people, slots[rows], targets[rows])
        changes = np.bincount(chain[rows], new_costs - self.costs[people], len(here)).astype(np.float64)
        barred = np.bincount(chain, weights=~self.may[here, targets], minlength=len(here)) > 0
        if heat is None:
            accepted = (changes <= 0) & (self._returns(here, targets, chain) > 0)
        else:
            accepted = self._accepts(changes, heat)
        accepted &= ~barred & (chain == np.arange(len(here)))
        self._leave_to_the_first(accepted, chain[rows], seats[rows, sides], several=len(pairs) > 1)
        if self.room is not None:
            self._keep_to_the_tables(accepted, chain, slots, changes, pairs)
        moved = accepted[chain]
        self.at[slots[moved, None], seats[moved]] = NOBODY
        self.at[targets[moved, None], seats[moved]] = here[moved, None]
        self.at[:, self.nowhere] = NOBODY
        self.slot[here[moved]] = targets[moved]
        at_end = moved[rows]
        self.load[people[at_end], slots[rows[at_end]]] -= 1
        self.load[people[at_end], targets[rows[at_end]]] += 1
        self.costs[people[at_end]] = new_costs[at_end]
        return int(accepted.sum())

    def _chains(self, following: Integers) -> Integers:
        """Return the first meeting of each one's chain; `following` leads on at either side, or to itself at an end."""
        chain = np.arange(len(following))
        while True:
            first = np.minimum(chain, chain[following].min(axis=1))
            first = first[first]
            if (first == chain).all():
                return chain
            chain = first

    def _costs_after(self, people: Integers, left: Integers, entered: Integers) -> Floats:
        """Return what these participants' waits cost if each had a meeting more in one slot and less in another."""
        load = self.load[people]
        every = np.arange(len(people))
        load[every, left] -= 1
        load[every, entered] += 1
        return self.waits.of(load > 0, people)

    def _leave_to_the_first(self, accepted: Truths, chains: Integers, seats: Integers, *, several: bool) -> None:
        """Of several chains that end at one participant, of several seats or in several pairs, move one only."""
        ends = np.flatnonzero(accepted[chains] if several else accepted[chains] & self.is_shared[seats])
        if len(ends):
            self.random.shuffle(ends)
            _, first = np.unique(self.owner[seats[ends]], return_index=True)
            late = np.delete(chains[ends], first)
            accepted[late] = False

    def _keep_to_the_tables(
        self, accepted: Truths, chain: Integers, slots: Integers, changes: Floats, pairs: Integers
    ) -> None:
        """Give up the dearest of the accepted exchanges for which the fuller slot of a pair has no table left."""
        assert self.room is not None
        for one, other in pairs.tolist():
            leaving = (slots == one).astype(np.float64) - (slots == other)
            balance = np.bincount(chain, leaving, len(slots))
            moving = int(balance[accepted].sum())  # from `one` to `other`
            for excess, way in ((moving - self.room[other], 1.0), (-moving - self.room[one], -1.0)):
                if excess > 0:
                    going = np.flatnonzero(accepted & (balance == way))
                    dearest = going[np.argsort(changes[going], kind="stable")[len(going) - excess :]]
                    accepted[dearest] = False
            moving = int(balance[accepted].sum())
            self.room[one] += moving
            self.room[other] -= moving

    def exchange_requests(self, pairs: Integers, heat: float) -> None:
        """Put unmet requests in the place of met ones, in some slots of the pairs, that are worth the same above."""
        each = max(LEAST_TRIED, len(self.requests) // self.problem.slots)
        size = min(len(self.spare), each * len(pairs))
        tried = (self.next_spare + np.arange(size)) % len(self.spare)
        self.next_spare = int(tried[-1]) + 1
        requests = self.spare[tried]
        ends = self.pairs[requests]
        slots = self.random.choice(pairs.ravel(), size=len(tried))
        side = self.random.integers(2, size=len(tried))
        every = np.arange(len(tried))
        stays, comes = self.first_seat[ends[every, side]], self.first_seat[ends[every, 1 - side]]
        old = self.at[slots, stays]
        possible = self.possible[requests, slots] & (old != NOBODY) & (self.at[slots, comes] == NOBODY)
        possible &= self.open[comes, slots] & self.open[stays, slots] & ~self.is_shared[stays] & ~self.is_shared[comes]
        possible &= self.is_pair[self.requests[old]]
        kept = np.flatnonzero(possible)
        kept = kept[np.unique(old[kept], return_index=True)[1]]
        if len(kept):
            self._replace(slots[kept], tried[kept], old[kept], stays[kept], comes[kept], heat)

    def _replace(
        self, slots: Integers, spare: Integers, old: Integers, stays: Integers, comes: Integers, heat: float
    ) -> None:
        leaves = self.seats[old, :2].sum(axis=1) - stays
        equal = self._are_equal(self.requests[old], self.spare[spare], self.owner[leaves], self.owner[comes])
        equal[equal] = self._are_apart(self.owner[leaves[equal]], self.owner[comes[equal]])
        slots, spare, old, stays, comes, leaves = (each[equal] for each in (slots, spare, old, stays, comes, leaves))
        leaving, coming = self.owner[leaves], self.owner[comes]
        every = np.arange(len(old))
        without, within = self.load[leaving], self.load[coming]
        without[every, slots] -= 1
        within[every, slots] += 1
        less, more = self.waits.of(without > 0, leaving), self.waits.of(within > 0, coming)
        taken = self._accepts(less - self.costs[leaving] + more - self.costs[coming], heat)
        slots, spare, old, stays, comes, leaves = (each[taken] for each in (slots, spare, old, stays, comes, leaves))
        leaving, coming = leaving[taken], coming[taken]
        self.requests[old], self.spare[spare] = self.spare[spare], self.requests[old].copy()
        self.seats[old, :2] = np.column_stack([stays, comes])
        self.at[slots, leaves] = NOBODY
        self.at[slots, comes] = old
        self.may[old] = self._may(old)
        self.load[leaving, slots] -= 1
        self.load[coming, slots] += 1
        self.costs[leaving], self.costs[coming] = less[taken], more[taken]
        self.counts[leaving] -= 1
        self.counts[coming] += 1

    def _are_apart(self, leaving: Integers, coming: Integers) -> Truths:
        """Say which exchanges concern nobody of one before them: each is judged by itself."""
        people = np.concatenate([leaving, coming])
        _, first = np.unique(people, return_index=True)
        is_first = np.zeros(len(people), dtype=bool)
        is_first[first] = True
        return is_first[: len(leaving)] & is_first[len(leaving) :]

    def _are_equal(self, old: Integers, new: Integers, leaving: Integers, coming: Integers) -> Truths:
        """Say whether meeting `coming` instead of `leaving` changes neither coverage nor satisfaction nor a limit."""
        is_same = (self.weights[old] == self.weights[new]) & ~self.is_required[old]
        limits = self.problem.limits[coming]
        is_same &= (limits < 0) | (self.counts[coming] < limits)
        is_same &= self.covered[coming] == self.covered[leaving]
        return np.asarray(is_same & (~self.covered[coming] | (self.counts[coming] == self.counts[leaving] - 1)))
