"""The questions a CP-SAT model can ask: does this request meet, when, is this participant busy, does a wait begin.

No other module knows how they are indexed; each literal is made once, when first asked for.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr

from scheduler.problem import Problem, slots_in


class Choices:
    """One literal per request and slot in which it may take place, and what follows from them."""

    def __init__(self, problem: Problem, allowed: list[int] | None = None) -> None:
        self.problem = problem
        self.model = CpModel()
        self.meets_at: list[dict[int, IntVar]] = [
            {slot: self.model.new_bool_var("") for slot in slots_in(mask)}
            for mask in (problem.allowed if allowed is None else allowed)
        ]
        self._busy: dict[tuple[int, int], IntVar | int] = {}
        self._run_ends: dict[tuple[int, int], list[IntVar]] = {}
        self._breaks: dict[tuple[int, int], list[IntVar]] = {}
        self._at_least: dict[int, list[IntVar]] = {}
        self._idle: dict[int, list[IntVar]] = {}
        self._met_by: dict[int, list[list[IntVar]]] = {}

    @cached_property
    def places(self) -> dict[tuple[int, int], list[IntVar]]:
        """Possible meetings of each participant in each slot."""
        places: dict[tuple[int, int], list[IntVar]] = {}
        for ends, slots in zip(self.problem.ends, self.meets_at, strict=True):
            for slot, literal in slots.items():
                for end in ends:
                    places.setdefault((end, slot), []).append(literal)
        return places

    def meets(self, request: int) -> LinearExpr:
        """1 when the request takes place, else 0."""
        return LinearExpr.sum(list(self.meets_at[request].values()))

    def slot_of(self, request: int) -> LinearExpr:
        """The slot of the request, 0 when it doesn't take place."""
        slots = self.meets_at[request]
        return LinearExpr.weighted_sum(list(slots.values()), list(slots))

    def meetings_of(self, participant: int) -> LinearExpr:
        """Number of meetings of a participant."""
        literals = [literal for request in self._asks(participant) for literal in self.meets_at[request].values()]
        return LinearExpr.sum(literals)

    def surely(self, participant: int) -> int | None:
        """Return the number of busy slots of the participant where it can only be one, else None."""
        asked = self._asks(participant)
        if self.problem.capacity[participant] > 1 or not self.problem.required.issuperset(asked):
            return None
        return len(asked)

    def busy(self, participant: int, slot: int) -> IntVar | int:
        """1 when the participant has a meeting in the slot."""
        key = (participant, slot)
        if key not in self._busy:
            literals = self.places.get(key, [])
            self._busy[key] = self._any(participant, literals) if literals else 0
        return self._busy[key]

    def _any(self, participant: int, literals: list[IntVar]) -> IntVar:
        if len(literals) == 1:
            return literals[0]
        result = self.model.new_bool_var("")
        if self.problem.capacity[participant] == 1:
            self.model.add_exactly_one([~result, *literals])
        else:
            self.model.add_max_equality(result, literals)
        return result

    def met_by(self, participant: int) -> list[list[IntVar]]:
        """Per slot, literals in order: at least 1, 2, 3… meetings up to that slot, of a participant met `surely`."""
        if participant in self._met_by:
            return self._met_by[participant]
        rows = self._met_by[participant] = []
        wanted = self.surely(participant) or 0
        for slot in range(self.problem.slots):
            before = rows[-1] if rows else []
            row = [self.model.new_bool_var("") for _ in range(min(slot + 1, wanted))]
            for fewer, more in pairwise(row):
                self.model.add_implication(more, fewer)
            for rank, literal in enumerate(row):
                self._counts_on(literal, rank, before, self.busy(participant, slot))
            rows.append(row)
        return rows

    def _counts_on(self, literal: IntVar, rank: int, before: list[IntVar], now: IntVar | int) -> None:
        """Make `literal` say: over `rank` meetings `before` the slot, or exactly as many and one `now`."""
        already: list[IntVar] = before[rank : rank + 1]
        nearly: list[IntVar] = before[rank - 1 : rank] if rank else []
        is_out = bool(rank) and not nearly
        self.model.add_bool_or([~literal, *already, *([] if isinstance(now, int) else [now])])
        if rank:
            self.model.add_bool_or([~literal, *already, *nearly])
        for each in already:
            self.model.add_implication(each, literal)
        if not isinstance(now, int) and not is_out:
            self.model.add_bool_or([literal, ~now, *(~each for each in nearly)])

    def run_ends(self, participant: int, session: int) -> list[IntVar]:
        """Literals that are 1 in the slots where a run of meetings of the participant ends."""
        key = (participant, session)
        if key not in self._run_ends:
            start, end = self.problem.instance.sessions[session]
            literals = []
            for slot in range(start, end):
                now = self.busy(participant, slot)
                after = self.busy(participant, slot + 1) if slot + 1 < end else 0
                if isinstance(now, int):
                    continue
                literals.append(now if isinstance(after, int) else self._ends(now, after))
            self._run_ends[key] = literals
        return self._run_ends[key]

    def _ends(self, now: IntVar, after: IntVar) -> IntVar:
        literal = self.model.new_bool_var("")
        self.model.add_bool_or(literal, after, ~now)
        self.model.add_implication(literal, now)
        self.model.add_implication(literal, ~after)
        return literal

    def breaks(self, participant: int, session: int) -> list[IntVar]:
        """Literals in order: the participant has at least 1, 2, 3… breaks in the session."""
        key = (participant, session)
        if key not in self._breaks:
            limits = self.problem.instance.sessions[session]
            ends = self.run_ends(participant, session) if self._may_wait(participant, limits) else []
            length = limits[1] - limits[0]
            most = min(len(ends), (length + 1) // 2) - 1  # runs don't touch each other
            wanted = self.surely(participant) if len(self.problem.instance.sessions) == 1 else None
            most = most if wanted is None else min(most, wanted - 1, length - wanted)
            self._breaks[key] = self._counted_after_first(ends, most, is_met=bool(wanted)) if most > 0 else []
        return self._breaks[key]

    def _counted_after_first(self, ends: list[IntVar], most: int, *, is_met: bool) -> list[IntVar]:
        some: IntVar | int = 1
        if not is_met:
            some = self.model.new_bool_var("")
            self.model.add_max_equality(some, ends)
        counts = [self.model.new_bool_var("") for _ in range(most)]
        for fewer, more in pairwise(counts):
            self.model.add_implication(more, fewer)
        self.model.add(LinearExpr.sum(ends) == LinearExpr.sum([some, *counts]))
        return counts

    def breaks_of(self, participant: int) -> LinearExpr:
        """Number of breaks of a participant."""
        sessions = range(len(self.problem.instance.sessions))
        return LinearExpr.sum([each for session in sessions for each in self.breaks(participant, session)])

    def idle(self, participant: int) -> list[IntVar]:
        """Literals that are at least 1 in the slots where the participant waits between two meetings."""
        if participant not in self._idle:
            sessions = self.problem.instance.sessions
            self._idle[participant] = [each for session in sessions for each in self._idle_in(participant, session)]
        return self._idle[participant]

    def _idle_in(self, participant: int, session: tuple[int, int]) -> list[IntVar]:
        if not self._may_wait(participant, session):
            return []
        busy = [self.busy(participant, slot) for slot in range(*session)]
        begun = self._so_far(busy)
        to_come = self._so_far(busy[::-1])[::-1]
        waits = []
        for position in range(1, len(busy) - 1):
            before, after, now = begun[position - 1], to_come[position + 1], busy[position]
            if not isinstance(before, int) and not isinstance(after, int):
                waits.append(self.model.new_bool_var(""))
                self.model.add_bool_or(~before, ~after, now, waits[-1])
        return waits

    def _so_far(self, literals: list[IntVar | int]) -> list[IntVar | int]:
        """Return literals that are 1 from the first of `literals` that is 1 on."""
        result: list[IntVar | int] = []
        for literal in literals:
            before = result[-1] if result else 0
            if isinstance(before, int) or isinstance(literal, int):
                result.append(literal if isinstance(before, int) else before)
                continue
            result.append(self.model.new_bool_var(""))
            self.model.add_implication(before, result[-1])
            self.model.add_implication(literal, result[-1])
        return result

    def _may_wait(self, participant: int, session: tuple[int, int]) -> bool:
        """Say whether two requests of the participant can take place in the session."""
        inside = [
            any(slot in self.meets_at[request] for slot in range(*session)) for request in self._asks(participant)
        ]
        return sum(inside) > 1

    def _asks(self, participant: int) -> list[int]:
        return self.problem.requests_of[participant]

    def at_least(self, participant: int) -> list[IntVar]:
        """Literals in order: the participant has at least 1, 2, 3… meetings (may be 0 even so, never 1 wrongly)."""
        if participant not in self._at_least:
            asked = sum(1 for request in self._asks(participant) if self.meets_at[request])
            described = self.problem.instance.participants[participant]
            most = min(asked, self.problem.free[participant].bit_count() * described.capacity)
            if described.max_meetings is not None:
                most = min(most, described.max_meetings)
            literals = [self.model.new_bool_var("") for _ in range(most)]
            for fewer, more in pairwise(literals):
                self.model.add_implication(more, fewer)
            if literals:
                self.model.add(LinearExpr.sum(literals) <= self.meetings_of(participant))
            self._at_least[participant] = literals
        return self._at_least[participant]
