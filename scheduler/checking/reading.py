"""A schedule as the checker reads it beside the question it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from scheduler.checking.fingerprint import Json
from scheduler.checking.question import Integers, Question


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


class Places(NamedTuple):
    """Each participant in each slot in which it meets somebody, in this order, and how many meetings it has there."""

    participants: Integers
    slots: Integers
    meetings: Integers


class Schedule:
    """An openmap-solution/1 seen beside its openmap-instance/1; lines that name nothing known are kept apart.

    Participants, requests and the meetings of `placed` are also numbered, in their order, for the arrays.
    """

    def __init__(self, question: Question, solution: Json) -> None:
        self.question = question
        self.instance = question.instance
        self.solution = solution
        self.slot_count = question.slot_count
        self.participants = question.participants
        self.people = question.people
        self.requests = question.requests
        self.allowed = question.allowed
        self.required = question.required
        self.weights = question.weights
        self.meetings = [Meeting(m["request"], m["slot"], m.get("table")) for m in solution.get("meetings", ())]
        requests, slots = self.requests, range(self.slot_count)
        self.placed = [meeting for meeting in self.meetings if meeting[0] in requests and meeting[1] in slots]

    @property
    def is_all_known(self) -> bool:
        """Whether every line names a request and a slot that exist."""
        return len(self.placed) == len(self.meetings)

    @cached_property
    def slot_of(self) -> dict[str, int]:
        """The slot of every met request."""
        return {request: slot for request, slot, _ in self.placed}

    @cached_property
    def numbers(self) -> Integers:
        """The request of each placed meeting."""
        return np.array([self.requests[request] for request, _, _ in self.placed], dtype=np.int64)

    @cached_property
    def slots(self) -> Integers:
        """The slot of each placed meeting."""
        return np.array([slot for _, slot, _ in self.placed], dtype=np.int64)

    @cached_property
    def attendances(self) -> tuple[Integers, Integers]:
        """Each placed meeting with each of its participants: (meetings, participants)."""
        sizes = self.question.sizes[self.numbers]
        starts = (np.cumsum(self.question.sizes) - self.question.sizes)[self.numbers]
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.repeat(np.arange(len(sizes)), sizes), self.question.ends[np.repeat(starts, sizes) + within]

    @cached_property
    def places(self) -> Places:
        """Who is where when."""
        meetings, participants = self.attendances
        places, counts = np.unique(participants * self.slot_count + self.slots[meetings], return_counts=True)
        return Places(places // self.slot_count, places % self.slot_count, counts)

    def meetings_at(self, place: int) -> tuple[str, int, list[str]]:
        """Return participant, slot and requests of one of the `places`."""
        participant, slot = self.places.participants[place], self.places.slots[place]
        meetings, participants = self.attendances
        there = meetings[(participants == participant) & (self.slots[meetings] == slot)]
        return self.people[participant], int(slot), [self.placed[meeting].request for meeting in there.tolist()]

    @cached_property
    def meeting_counts(self) -> Integers:
        """How many meetings each participant has."""
        return np.bincount(self.attendances[1], minlength=len(self.people))

    @cached_property
    def session_of(self) -> Integers:
        """The session each slot belongs to, -1 between two sessions."""
        sessions: Sequence[Sequence[int]] = self.instance.get("sessions") or [[0, self.slot_count]]
        session_of = np.full(self.slot_count, -1, dtype=np.int64)
        for number, (start, end) in enumerate(sessions):
            session_of[start:end] = number
        return session_of

    def tables_in(self, slot: int) -> int | None:
        """How many meetings the slot can hold; None when nobody counts tables."""
        return self._tables[slot]

    @cached_property
    def _tables(self) -> list[int | None]:
        tables = self.instance.get("tables")
        return list(tables) if isinstance(tables, Sequence) else [tables] * self.slot_count

    @cached_property
    def waits(self) -> tuple[Integers, Integers]:
        """Each wait of somebody between two meetings of one session: (participants, lengths in slots)."""
        who, when, _ = self.places
        sessions = self.session_of[when]
        gaps = np.diff(when) - 1
        waits = (np.diff(who) == 0) & (np.diff(sessions) == 0) & (sessions[1:] >= 0) & (gaps > 0)
        return who[1:][waits], gaps[waits]

    @cached_property
    def longest_rows(self) -> Integers:
        """The largest number of slots in a row, inside one session, in which each participant is busy."""
        who, when, _ = self.places
        goes_on = (np.diff(who) == 0) & (np.diff(when) == 1) & (np.diff(self.session_of[when]) == 0)
        starts = np.flatnonzero(np.concatenate([[True], ~goes_on])[: len(who)])
        longest = np.zeros(len(self.people), dtype=np.int64)
        np.maximum.at(longest, who[starts], np.diff(starts, append=len(who)))
        return longest

    @cached_property
    def previous(self) -> dict[str, int]:
        """The slot each request had in the previous schedule."""
        return {each["request"]: each["slot"] for each in self.instance.get("previous", ())}
