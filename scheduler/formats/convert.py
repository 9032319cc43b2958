"""Public instances of the business-to-business meeting scheduling problem (MiniZinc data files) as instances.

The problem: every meeting takes place, with the fewest breaks (Bofill and others, Journal of Artificial Intelligence
Research 74, 2022). `minizinc` reads the file; this module knows what its names mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from scheduler.errors import InvalidInstance
from scheduler.formats.minizinc import Data, Number, Values, assignments
from scheduler.instance import (
    MAX_COUNT,
    MAX_PARTICIPANTS,
    MAX_REQUESTS,
    MAX_SLOTS,
    Instance,
    LevelName,
    Participant,
    Pin,
    Request,
)

MORNING, AFTERNOON, EITHER = 1, 2, 3
NAMES = (
    *("nBusiness", "nMeetings", "nTables", "nTotalSlots", "nMorningSlots", "requested"),
    *("meetingsxBusiness", "nMeetingsBusiness", "forbidden", "fixed", "precedences"),
)

Item = TypeVar("Item")


def converted(text: str | bytes, *, name: str = "", max_break_difference: int | None = None) -> Instance:
    """Return the instance that a MiniZinc data file describes; raises InvalidInstance with the place and its line.

    Everything that counts from 1 there counts from 0 here; participants become P1, P2…, meetings M1, M2….
    """
    return _File(assignments(text, known=NAMES)).instance(name, max_break_difference)


class _File:
    """The values of one file, each checked when it is asked for."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.participants = self._count("nBusiness", MAX_PARTICIPANTS)
        self.meetings = self._count("nMeetings", MAX_REQUESTS)
        self.slots = self._count("nTotalSlots", MAX_SLOTS)
        self.morning = self._count("nMorningSlots", self.slots)

    def instance(self, name: str, max_break_difference: int | None) -> Instance:
        """Return what the file describes as an instance of its own level only: breaks."""
        return Instance(
            name=name,
            slots=self.slots,
            tables=self._count("nTables", MAX_COUNT),
            participants=tuple(
                Participant(f"P{number}", unavailable=slots) for number, slots in enumerate(self._forbidden(), start=1)
            ),
            requests=tuple(self._requests()),
            pins=tuple(self._pins()),
            precedences=tuple(self._precedences()),
            policy=(LevelName.BREAKS,),
            coverage_group="",
            max_break_difference=max_break_difference,
        )

    def _requests(self) -> Iterator[Request]:
        halves = {
            MORNING: frozenset(range(self.morning)),
            AFTERNOON: frozenset(range(self.morning, self.slots)),
            EITHER: None,
        }
        for number, (path, row) in enumerate(self._rows("requested", self.meetings, _values), start=1):
            if len(row.items) != 3:
                raise row.refused(path, f"expected participant, participant, session, got {len(row.items)} values")
            first, second = (
                self._within(f"{path}[{place}]", _number(f"{path}[{place}]", row.items[place - 1]), 1, "participants")
                for place in (1, 2)
            )
            if first == second:
                raise row.refused(f"{path}[2]", f"participant {first} meets itself")
            session = _number(f"{path}[3]", row.items[2])
            if session.value not in halves:
                raise session.refused(f"{path}[3]", "the session is 1 (morning), 2 (afternoon) or 3 (either)")
            yield Request(f"M{number}", (f"P{first}", f"P{second}"), required=True, slots=halves[session.value])

    def _forbidden(self) -> Iterator[frozenset[int]]:
        """Yield the slots, from 0, in which each participant can't meet."""
        for path, values in self._rows("forbidden", self.participants, _values):
            numbers = [self._within(path, _number(path, item), 0, "slots") for item in values.items]
            yield frozenset(number - 1 for number in numbers if number)  # 0 says that a set is empty

    def _pins(self) -> Iterator[Pin]:
        for index, (path, number) in enumerate(self._rows("fixed", self.meetings, _number), start=1):
            slot = self._within(path, number, 0, "slots")
            if slot:
                yield Pin(f"M{index}", slot - 1)

    def _precedences(self) -> Iterator[tuple[str, str]]:
        for index, (path, values) in enumerate(self._rows("precedences", self.meetings, _values), start=1):
            for item in values.items:
                before = self._within(path, _number(path, item), 0, "meetings")
                if before:
                    yield f"M{before}", f"M{index}"

    def _count(self, name: str, most: int) -> int:
        number = _number(name, self._value(name))
        if not 0 <= number.value <= most:
            raise number.refused(name, f"must be between 0 and {most}, got {number.value}")
        return number.value

    def _within(self, path: str, number: Number, least: int, kind: str) -> int:
        most = {"participants": self.participants, "slots": self.slots, "meetings": self.meetings}[kind]
        if not least <= number.value <= most:
            raise number.refused(path, f"{kind} go from {least} to {most}, got {number.value}")
        return number.value

    def _rows(
        self, name: str, expected: int, reader: Callable[[str, Number | Values], Item]
    ) -> Iterator[tuple[str, Item]]:
        """Yield each item of a list with its path, counted from 1 as in the file."""
        values = _values(name, self._value(name))
        if len(values.items) != expected:
            raise values.refused(name, f"expected {expected} items, got {len(values.items)}")
        for index, item in enumerate(values.items, start=1):
            path = f"{name}[{index}]"
            yield path, reader(path, item)

    def _value(self, name: str) -> Number | Values:
        if name not in self.data:
            raise InvalidInstance(name, "missing")
        return self.data[name]


def _number(path: str, item: Number | Values) -> Number:
    if not isinstance(item, Number):
        raise item.refused(path, "expected a whole number, got a list")
    return item


def _values(path: str, item: Number | Values) -> Values:
    if not isinstance(item, Values):
        raise item.refused(path, f"expected a list, got {item.value}")
    return item
