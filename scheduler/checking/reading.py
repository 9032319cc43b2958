"""A schedule as the checker reads it from its two JSON documents.

This is a second reading on purpose: it shares nothing with the one the solver uses, so that a mistake there
can't hide here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any, NamedTuple

Json = Mapping[str, Any]


class Meeting(NamedTuple):
    """One line of `meetings`: a request id, a slot index from 0, a table number from 1 or None."""

    request: str
    slot: int
    table: int | None


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: its name, one English sentence, and the items concerned as JSON values."""

    rule: str
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


class Schedule:
    """An openmap-solution/1 seen beside its openmap-instance/1; lines that name nothing known are kept apart."""

    def __init__(self, instance: Json, solution: Json) -> None:
        self.instance = instance
        self.solution = solution
        self.slot_count: int = instance["slots"]
        self.participants: dict[str, Json] = {each["id"]: each for each in instance["participants"]}
        self.requests: dict[str, Json] = {each["id"]: each for each in instance["requests"]}
        self.meetings = [Meeting(m["request"], m["slot"], m.get("table")) for m in solution.get("meetings", ())]
        self.placed = [m for m in self.meetings if m.request in self.requests and 0 <= m.slot < self.slot_count]

    @cached_property
    def slot_of(self) -> dict[str, int]:
        """The slot of every met request."""
        return {meeting.request: meeting.slot for meeting in self.placed}

    @cached_property
    def by_participant(self) -> dict[str, list[Meeting]]:
        """The meetings of every participant who has any, in order of slot."""
        meetings: dict[str, list[Meeting]] = defaultdict(list)
        for meeting in sorted(self.placed, key=lambda each: each.slot):
            for participant in self.requests[meeting.request]["between"]:
                meetings[participant].append(meeting)
        return dict(meetings)

    @cached_property
    def by_slot(self) -> dict[int, list[Meeting]]:
        """The meetings of every slot that has any."""
        meetings: dict[int, list[Meeting]] = defaultdict(list)
        for meeting in self.placed:
            meetings[meeting.slot].append(meeting)
        return dict(meetings)

    def by_participant_and_slot(self) -> Iterator[tuple[str, int, list[Meeting]]]:
        """Each participant, each slot in which they meet somebody, and those meetings."""
        for participant, meetings in self.by_participant.items():
            for slot, together in groupby(meetings, key=lambda each: each.slot):
                yield participant, slot, list(together)

    @cached_property
    def session_of(self) -> list[int | None]:
        """The session each slot belongs to, None between two sessions."""
        sessions: Sequence[Sequence[int]] = self.instance.get("sessions") or [[0, self.slot_count]]
        session_of: list[int | None] = [None] * self.slot_count
        for number, (start, end) in enumerate(sessions):
            session_of[start:end] = [number] * (end - start)
        return session_of

    def tables_in(self, slot: int) -> int | None:
        """How many meetings the slot can hold; None when nobody counts tables."""
        tables = self.instance.get("tables")
        return tables[slot] if isinstance(tables, Sequence) else tables

    def waits(self, participant: str) -> list[int]:
        """The length, in slots, of each wait between two meetings of the participant in one session."""
        busy = sorted({meeting.slot for meeting in self.by_participant.get(participant, ())})
        return [
            after - before - 1
            for before, after in pairwise(busy)
            if after > before + 1 and self.session_of[before] == self.session_of[after] is not None
        ]

    def longest_row(self, participant: str) -> int:
        """The largest number of slots in a row, inside one session, in which the participant is busy."""
        busy = sorted({meeting.slot for meeting in self.by_participant.get(participant, ())})
        longest = current = 1 if busy else 0
        for before, after in pairwise(busy):
            in_a_row = after == before + 1 and self.session_of[before] == self.session_of[after]
            current = current + 1 if in_a_row else 1
            longest = max(longest, current)
        return longest

    @cached_property
    def previous(self) -> dict[str, int]:
        """The slot each request had in the previous schedule."""
        return {each["request"]: each["slot"] for each in self.instance.get("previous", ())}
