"""Which changes may unlock an unmet request at all: the others are not worth solving again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from scheduler.flow.exchanges import Exchanges
from scheduler.problem import Fixed, Problem, mask_of
from scheduler.solution import Change
from scheduler.supposing.changes import Capacity, Limits, OwnSlot, Supposition, Tables


class Candidates:
    """The changes of one instance that remain to be tried for the `unmet` requests of a schedule.

    What is `verified` meanwhile is looked at when a change's turn comes; `graph` is None where the flow doesn't speak.
    """

    def __init__(
        self,
        problem: Problem,
        schedule: Fixed,
        unmet: Sequence[int],
        graph: Exchanges | None,
        verified: Mapping[int, Sequence[Change]],
    ) -> None:
        self.problem = problem
        self.schedule = schedule
        self.unmet = unmet
        self.graph = graph
        self.verified = verified

    def pending(self) -> Iterator[tuple[Supposition, set[int]]]:
        """Yield changes that remain to be tried, with the requests they may unlock."""
        slots: dict[int, set[int]] = defaultdict(set)
        limits: dict[int, set[int]] = defaultdict(set)
        for request in self.unmet:
            for end in self._desk_first(request):
                if self._may_need_limit(end):
                    limits[end].add(request)
                if self._may_need_slot(request, end):
                    slots[end].add(request)
        for end, wanted in _largest_first(slots):
            yield OwnSlot(self.name_of(end)), wanted
        for end, wanted in _largest_first(limits):
            yield Limits(self.name_of(end), 1), wanted
        if self.problem.tables is not None and (
            self.graph is None or self.graph.gain_of_a_place or self._lack_tables()
        ):
            yield Tables(1), set(self.unmet)
        yield from self._pending_capacities()

    def _pending_capacities(self) -> Iterator[tuple[Supposition, set[int]]]:
        """Yield two meetings at once for those whose requests nothing smaller unlocks."""
        if self.graph is not None and self.graph.places is not None and self.graph.places <= 0:
            return
        capacities: dict[int, set[int]] = defaultdict(set)
        for request in self.unmet:
            for end in self._desk_first(request):
                if not self.verified.get(request) and self._is_busy_where_possible(request, end):
                    capacities[end].add(request)
        for end, wanted in _largest_first(capacities):
            yield Capacity(self.name_of(end), 1), wanted

    def _may_need_slot(self, request: int, end: int) -> bool:
        told = any(change.participant == self.name_of(end) for change in self.verified.get(request, ()))
        if told or not self.problem.capacity[end]:
            return False
        graph = self.graph
        if graph is None or self.problem.capacity[end] > 1 or graph.lacks_places:
            return True
        return graph.would_be_met(request, end)

    def _may_need_limit(self, end: int) -> bool:
        described = self.problem.instance.participants[end]
        if self.graph is not None:
            return bool(self.graph.is_limited[end])
        return described.max_meetings is not None or described.max_consecutive is not None

    def _is_busy_where_possible(self, request: int, end: int) -> bool:
        """Say whether the participant meets others in every slot that the request could have."""
        mask, busy = self.problem.allowed[request], self._busy(end)
        return bool(mask) and not mask & ~busy

    def _busy(self, end: int) -> int:
        held = self.problem.requests_of[end]
        return mask_of(self.schedule[request] for request in held if request in self.schedule)

    def _lack_tables(self) -> bool:
        return any(not self.problem.allowed[request] for request in self.unmet) and 0 in (self.problem.tables or ())

    def _desk_first(self, request: int) -> list[int]:
        return sorted(self.problem.ends[request], key=self.problem.covered.__getitem__)

    def name_of(self, end: int) -> str:
        """Return the id of a participant."""
        return self.problem.instance.participants[end].id


def _largest_first(groups: dict[int, set[int]]) -> list[tuple[int, set[int]]]:
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
