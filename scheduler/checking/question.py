"""An instance as the checker reads it from its JSON document, once for all schedules that are held against it.

This is a second reading on purpose: it shares nothing with the one the solver uses, so that a mistake there
can't hide here. What there are millions of is kept in arrays; the lists of a document are only gone through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from scheduler.checking.fingerprint import Json, fingerprint

Integers = NDArray[np.int64]

NO_LIMIT: int = np.iinfo(np.int64).max
LIMITS = {"capacity": 1, "max_meetings": NO_LIMIT, "max_consecutive": NO_LIMIT}  # by default


class Question:
    """What an openmap-instance/1 asks: its participants and requests by name, and numbered in their order.

    `sizes` counts the participants of each request, `ends` are all of them one after the other.
    """

    def __init__(self, instance: Json) -> None:
        self.instance = instance
        self.slot_count: int = instance["slots"]
        self.participants: dict[str, Json] = {each["id"]: each for each in instance["participants"]}
        self.people = list(self.participants)
        self.requests: dict[str, int] = {}
        self.allowed: dict[str, Sequence[int]] = {}  # for those that don't take any slot
        self.required: list[str] = []
        self._described: dict[str, Integers] = {}
        self._read_requests(instance["requests"])

    def _read_requests(self, rows: Iterable[Json]) -> None:
        number_of = {name: number for number, name in enumerate(self.people)}
        ends: list[Sequence[int]] = []
        weights: list[int] = []
        for request in rows:
            name = request["id"]
            self.requests[name] = len(ends)
            ends.append(tuple([number_of[participant] for participant in request["between"]]))
            weights.append(request.get("weight", 1))
            if request.get("required", False):
                self.required.append(name)
            if request.get("slots") is not None:
                self.allowed[name] = request["slots"]
        self.weights = np.array(weights, dtype=np.int64)
        self.sizes = np.fromiter(map(len, ends), np.int64, len(ends))
        self.ends = np.fromiter(chain.from_iterable(ends), np.int64, int(self.sizes.sum()))

    def read_fully(self) -> Question:
        """Take now what is otherwise taken from the document when a schedule needs it; return itself."""
        for name in LIMITS:
            self.described(name)
        _ = self.fingerprint, self.away
        return self

    @cached_property
    def away(self) -> NDArray[np.bool_]:
        """Whether each participant is unavailable in each slot, of shape (participants, slots)."""
        away = np.zeros((len(self.people), self.slot_count), dtype=bool)
        for number, participant in enumerate(self.participants.values()):
            if "unavailable" in participant:
                away[number, list(participant["unavailable"])] = True
        return away

    def described(self, key: str) -> Integers:
        """Return one of the `LIMITS` of each participant, which may leave it out or give null."""
        if key not in self._described:
            default = LIMITS[key]
            values = (participant.get(key, default) for participant in self.participants.values())
            numbers = (default if value is None else value for value in values)
            self._described[key] = np.fromiter(numbers, np.int64, len(self.people))
        return self._described[key]

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the document."""
        return fingerprint(self.instance)
