"""The best that can be made of what remains around fixed meetings, proven by exhaustion where little remains.

On the day itself the kept meetings stay where they are, and what an absence frees is a few places of a few people.
Requests without a participant (or a scarce table, or a precedence) in common don't touch each other, so that each such
part is decided by itself: by branch and bound, in a number where each level of the rule outweighs all below it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

from scheduler.instance import LevelName
from scheduler.phases.measuring import busy_masks
from scheduler.placing.repair import too_long
from scheduler.problem import Fixed, Problem, mask_of, slots_in

MOST_STEPS = 50_000  # wishes looked at: a third of a second; beyond, CP-SAT is quicker
MOST_REQUESTS = 100_000  # beyond, already looking at each takes a second
AT_ONCE = 1_000  # of them between two looks at whether to stop
MOST_OPEN = 10  # slots of one participant of which all subsets are tried


def best_around(problem: Problem, fixed: Fixed, should_stop: Callable[[], bool] = lambda: False) -> Fixed | None:
    """Return a best schedule that holds the fixed meetings, None if that takes too long or required ones don't fit."""
    if problem.instance.max_break_difference is not None or len(problem.ends) > MOST_REQUESTS:
        return None
    state = _State(problem, fixed)
    if any(request not in fixed and not state.slots(request) for request in problem.required):
        return None
    wishes = _wishes(state, should_stop)
    if wishes is None:
        return None
    steps = MOST_STEPS
    for part in _parts(state, wishes):
        search = _Branching(state, part, steps, should_stop)
        if not search.run() or search.best is None:
            return None
        steps = search.steps
        for request, slot in search.best.items():
            state.put(request, slot)
    return state.schedule


class _State:
    """A schedule with what is still open to everybody."""

    def __init__(self, problem: Problem, fixed: Fixed) -> None:
        self.problem = problem
        self.schedule = dict(fixed)
        masks = busy_masks(problem, fixed)
        self.busy = [masks.get(end, 0) for end in range(len(problem.capacity))]
        self.places = Counter((end, slot) for request, slot in fixed.items() for end in problem.ends[request])
        self.held = Counter(end for request in fixed for end in problem.ends[request])
        self.load = Counter(fixed.values())
        self.full = [
            mask_of(slot for slot in slots_in(mask) if self.places[end, slot] >= problem.capacity[end])
            for end, mask in enumerate(self.busy)
        ]
        self.order: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for first, second in problem.precedences:
            self.order[first].append((second, True))
            self.order[second].append((first, False))

    @cached_property
    def limits(self) -> list[int | None]:
        """The most meetings of each participant."""
        return [each.max_meetings for each in self.problem.instance.participants]

    def slots(self, request: int) -> int:
        """Return the slots in which the request could be added now, as a mask."""
        mask = self.problem.allowed[request]
        for end in self.problem.ends[request]:
            limit = self.limits[end]
            if limit is not None and self.held[end] >= limit:
                return 0
            mask &= ~self.full[end]
        tables = self.problem.tables
        for slot in slots_in(mask):
            if (tables is not None and self.load[slot] >= tables[slot]) or not self._keeps(request, slot):
                mask &= ~(1 << slot)
        return mask

    def _keeps(self, request: int, slot: int) -> bool:
        """Say whether the request in the slot keeps limits in a row and the order of meetings."""
        if any(too_long(self.problem, end, self.busy[end] | 1 << slot) for end in self.problem.ends[request]):
            return False
        at = self.schedule
        return all(
            other not in at or (slot < at[other] if is_first else at[other] < slot)
            for other, is_first in self.order.get(request, ())
        )

    def put(self, request: int, slot: int) -> None:
        """Hold a request in a slot."""
        self.schedule[request] = slot
        self.load[slot] += 1
        for end in self.problem.ends[request]:
            self.held[end] += 1
            self._count(end, slot, 1)

    def take(self, request: int) -> None:
        """Take a request out again."""
        slot = self.schedule.pop(request)
        self.load[slot] -= 1
        for end in self.problem.ends[request]:
            self.held[end] -= 1
            self._count(end, slot, -1)

    def _count(self, end: int, slot: int, by: int) -> None:
        self.places[end, slot] += by
        bit, count = 1 << slot, self.places[end, slot]
        self.busy[end] = self.busy[end] | bit if count else self.busy[end] & ~bit
        self.full[end] = self.full[end] | bit if count >= self.problem.capacity[end] else self.full[end] & ~bit


def _wishes(state: _State, should_stop: Callable[[], bool]) -> dict[int, int] | None:
    """Return the requests that could still be met, each with its slots as a mask; None when it is time to stop."""
    slots: dict[int, int] = {}
    for request in range(len(state.problem.ends)):
        if request % AT_ONCE == 0 and should_stop():
            return None
        if request not in state.schedule and (mask := state.slots(request)):
            slots[request] = mask
    return slots


def _parts(state: _State, wishes: dict[int, int]) -> Iterator[list[int]]:
    """Yield the wishes, those that may touch each other together."""
    problem = state.problem
    joined = _Joined()
    at = Counter(slot for slots in wishes.values() for slot in slots_in(slots))
    for request, slots in wishes.items():
        joined.join(("request", request), *(("end", end) for end in problem.ends[request]))
        for slot in slots_in(slots):
            if problem.tables is not None and at[slot] > problem.tables[slot] - state.load[slot]:
                joined.join(("request", request), ("slot", slot))
        joined.join(("request", request), *(("request", other) for other, _ in state.order.get(request, ())))
    parts: dict[object, list[int]] = defaultdict(list)
    for request in wishes:
        parts[joined.root(("request", request))].append(request)
    yield from parts.values()


class _Joined:
    """Disjoint sets."""

    def __init__(self) -> None:
        self._parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(self, item: tuple[str, int]) -> tuple[str, int]:
        """Return the item that stands for the set."""
        parent = self._parent
        while parent.setdefault(item, item) != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, item: tuple[str, int], *others: tuple[str, int]) -> None:
        """Unite the sets of some items."""
        for other in others:
            self._parent[self.root(other)] = self.root(item)


class _Branching:
    """The best schedule of one part: each request in each slot or not at all, unless the bound says no."""

    def __init__(self, state: _State, part: list[int], steps: int, should_stop: Callable[[], bool]) -> None:
        self.state = state
        self.should_stop = should_stop
        self.problem = state.problem
        self.part = part
        self.steps = steps
        self.units = _units(state.problem)
        self.best: Fixed | None = None
        self.best_worth = 0
        self.people = sorted({end for request in part for end in self.problem.ends[request]})
        self._waits: dict[int, int] = {}
        self._fewest: dict[tuple[int, int], int] = {}

    def run(self) -> bool:
        """Search it all; return False where the steps were too few for that."""
        self._branch(list(self.part), 0, {})
        return self.steps >= 0

    def _branch(self, wishes: list[int], worth: int, chosen: Fixed) -> None:
        """Decide the wish that promises most; `worth` is that of the chosen ones without their waits."""
        self.steps = -1 if self.should_stop() else self.steps - 1 - len(wishes)
        if self.steps < 0:
            return
        state, required = self.state, self.problem.required
        slots = {request: state.slots(request) for request in wishes}
        if any(not mask and request in required for request, mask in slots.items()):
            return
        wishes = [request for request in wishes if slots[request]]
        if not wishes:
            total = worth - sum(self._wait(state.busy[end]) for end in self.people)
            if self.best is None or total > self.best_worth:
                self.best, self.best_worth = dict(chosen), total
            return
        gains = {request: self._gain(request) for request in wishes}
        if self.best is not None and worth + self._most(slots, gains) <= self.best_worth:
            return
        first = max(wishes, key=lambda request: (request in required, gains[request]))
        rest = [request for request in wishes if request != first]
        for slot in sorted(slots_in(slots[first]), key=lambda slot: self._added(first, slot)):
            state.put(first, slot)
            self._branch(rest, worth + gains[first], chosen | {first: slot})
            state.take(first)
        if first not in required:
            self._branch(rest, worth, chosen)

    def _gain(self, request: int) -> int:
        """Return what meeting the request is worth now, waits apart; meetings of the same people lower it only."""
        problem, units = self.problem, self.units
        gain = problem.weights[request] * units.get((LevelName.SATISFACTION, 0), 0)
        for end in problem.ends[request]:
            if problem.covered[end]:
                gain += units.get((LevelName.COVERAGE, self.state.held[end]), 0)
        if request in problem.previous:
            return gain - units.get((LevelName.MOVES, 0), 0)
        return gain - (units.get((LevelName.CHANGES, 0), 0) if problem.previous else 0)

    def _wait(self, busy: int) -> int:
        if busy not in self._waits:
            holes, idle = self.problem.waits(busy)
            units = self.units
            self._waits[busy] = holes * units.get((LevelName.BREAKS, 0), 0) + idle * units.get((LevelName.IDLE, 0), 0)
        return self._waits[busy]

    def _added(self, request: int, slot: int) -> int:
        busy = self.state.busy
        return sum(self._wait(busy[end] | 1 << slot) - self._wait(busy[end]) for end in self.problem.ends[request])

    def _most(self, slots: dict[int, int], gains: dict[int, int]) -> int:
        """Return what no choice among the wishes exceeds: the best of each desk, as many as it has places for."""
        problem, state = self.problem, self.state
        open_to: dict[int, int] = defaultdict(int)
        by_desk: dict[int, list[int]] = defaultdict(list)
        for request, mask in slots.items():
            if mask:
                for end in problem.ends[request]:
                    open_to[end] |= mask
        fewest = {end: self._fewest_waits(state.busy[end], open_to[end]) for end in open_to}
        for request, gain in gains.items():
            ends = problem.ends[request]
            desk = next((end for end in ends if not problem.covered[end]), ends[0])
            others = (end for end in ends if end != desk)
            by_desk[desk].append(gain + sum(self._wait(state.busy[end]) - fewest[end] for end in others))
        most = -sum(self._wait(state.busy[end]) for end in self.people)
        for desk, wishes in by_desk.items():
            places = open_to[desk].bit_count() * problem.capacity[desk]
            best = sorted(wishes, reverse=True)[:places]
            most += self._wait(state.busy[desk]) - fewest[desk] + sum(gain for gain in best if gain > 0)
        return most

    def _fewest_waits(self, busy: int, more: int) -> int:
        """Return the least that busy slots cost with any of the slots of `more` added."""
        more &= ~busy
        if more.bit_count() > MOST_OPEN:
            return 0
        key = busy, more
        if key not in self._fewest:
            added, fewest = more, self._wait(busy)
            while added:
                fewest = min(fewest, self._wait(busy | added))
                added = added - 1 & more
            self._fewest[key] = fewest
        return self._fewest[key]


def _units(problem: Problem) -> dict[tuple[LevelName, int], int]:
    """Return what one of each level is worth, for coverage of each rank: more than all of the levels below."""
    units: dict[tuple[LevelName, int], int] = {}
    unit = 1
    everybody = len(problem.capacity)
    deepest = max(map(len, problem.requests_of), default=0)
    largest = {
        LevelName.SATISFACTION: sum(problem.weights),
        LevelName.BREAKS: everybody * problem.slots,
        LevelName.IDLE: everybody * problem.slots,
    }
    for name in reversed(problem.policy):
        ranks = range(deepest - 1, -1, -1) if name is LevelName.COVERAGE else range(1)
        for rank in ranks:
            units[name, rank] = unit
            unit *= 2 * largest.get(name, max(everybody, len(problem.ends))) + 1
    return units
