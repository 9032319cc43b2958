"""The question: slots, participants and requests, without a name or an address in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from scheduler.errors import InvalidInstance, shown

MAX_SLOTS = 1_000
MAX_PARTICIPANTS = 500_000
MAX_REQUESTS = 2_000_000
MAX_PLACES = 50_000_000  # participants x slots: what the tables of the solver hold in memory
MAX_WEIGHT = 1_000_000
MAX_CAPACITY = 1_000
MAX_COUNT = 1_000_000
MAX_TEXT = 200


class LevelName(StrEnum):
    """What one level of the rule counts."""

    COVERAGE = "coverage"
    SATISFACTION = "satisfaction"
    BREAKS = "breaks"
    IDLE = "idle"
    CHANGES = "changes"
    KEPT = "kept"
    MOVES = "moves"


DEFAULT_POLICY = (
    LevelName.COVERAGE,
    LevelName.SATISFACTION,
    LevelName.BREAKS,
    LevelName.IDLE,
    LevelName.CHANGES,
)


@dataclass(frozen=True, slots=True)
class Participant:
    """A buyer's desk, a structure or a partner's desk."""

    id: str
    group: str = ""
    unavailable: frozenset[int] = frozenset()
    capacity: int = 1
    max_meetings: int | None = None
    max_consecutive: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A wish of two to four participants to meet; `slots` None means any slot."""

    id: str
    between: tuple[str, ...]
    weight: int = 1
    required: bool = False
    slots: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """A request at a slot: fixed there (`Instance.pins`) or where it was before (`Instance.previous`)."""

    request: str
    slot: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One question to the scheduler; building it raises InvalidInstance if it refers to nothing or repeats itself.

    Slots are indexes from 0; `sessions` are half-open ranges that cover them in order; `tables` is the number of
    meetings a slot can hold, for all slots, per slot, or without limit (None).
    """

    name: str
    slots: int
    participants: tuple[Participant, ...]
    requests: tuple[Request, ...]
    sessions: tuple[tuple[int, int], ...] = ()
    tables: int | tuple[int, ...] | None = None
    pins: tuple[Pin, ...] = ()
    precedences: tuple[tuple[str, str], ...] = ()
    previous: tuple[Pin, ...] = ()
    policy: tuple[LevelName, ...] = DEFAULT_POLICY
    coverage_group: str = "structure"
    max_break_difference: int | None = None

    def __post_init__(self) -> None:
        """Check every value and every reference."""
        _check_name("name", self.name, may_be_empty=True)
        _check_name("coverage_group", self.coverage_group, may_be_empty=True)
        _check_number("slots", self.slots, 1, MAX_SLOTS)
        if not self.sessions:
            object.__setattr__(self, "sessions", ((0, self.slots),))
        _check_sessions(self.sessions, self.slots)
        _check_tables(self.tables, self.slots)
        _check_size("participants", self.participants, MAX_PARTICIPANTS)
        _check_size("requests", self.requests, MAX_REQUESTS)
        if len(self.participants) * self.slots > MAX_PLACES:
            raise InvalidInstance("participants", f"times slots, must be at most {MAX_PLACES}")
        participants = _check_participants(self.participants, self.slots)
        requests = _check_requests(self.requests, participants, self.slots)
        _check_pins("pins", self.pins, requests, self.slots)
        _check_pins("previous", self.previous, requests, self.slots)
        _check_precedences(self.precedences, requests)
        if len(set(self.policy)) != len(self.policy):
            raise InvalidInstance("policy", "a level is named twice")
        if self.max_break_difference is not None:
            _check_number("max_break_difference", self.max_break_difference, 0, MAX_SLOTS)


def _check_number(path: str, value: int, low: int, high: int) -> None:
    if type(value) is not int:
        raise InvalidInstance(path, f"expected a whole number, got {shown(value)}")
    if not low <= value <= high:
        raise InvalidInstance(path, f"must be between {low} and {high}, got {shown(value)}")


def _check_name(path: str, value: str, *, may_be_empty: bool = False) -> None:
    if type(value) is not str:
        raise InvalidInstance(path, f"expected a text, got {shown(value)}")
    if not value and not may_be_empty:
        raise InvalidInstance(path, "must not be empty")
    if len(value) > MAX_TEXT:
        raise InvalidInstance(path, f"longer than {MAX_TEXT} characters")
    if not value.isprintable():
        raise InvalidInstance(path, f"holds a character that can't be printed: {shown(value)}")


def _check_size(path: str, values: Collection[object], most: int) -> None:
    if len(values) > most:
        raise InvalidInstance(path, f"at most {most} are accepted, got {len(values)}")


def _check_slots(path: str, values: Iterable[int], count: int) -> None:
    for value in values:
        _check_number(path, value, 0, count - 1)


def _check_sessions(sessions: tuple[tuple[int, int], ...], slots: int) -> None:
    expected = 0
    for index, (start, end) in enumerate(sessions):
        _check_number(f"sessions[{index}][0]", start, 0, slots)
        _check_number(f"sessions[{index}][1]", end, 0, slots)
        if start != expected:
            raise InvalidInstance(f"sessions[{index}][0]", f"sessions follow each other: expected {expected}")
        if end <= start:
            raise InvalidInstance(f"sessions[{index}][1]", "a session ends after its start")
        expected = end
    if expected != slots:
        raise InvalidInstance(f"sessions[{len(sessions) - 1}][1]", f"the last session ends at {slots}")


def _check_tables(tables: int | tuple[int, ...] | None, slots: int) -> None:
    if tables is None:
        return
    if not isinstance(tables, tuple):
        _check_number("tables", tables, 0, MAX_COUNT)
        return
    if len(tables) != slots:
        raise InvalidInstance("tables", f"expected one number per slot ({slots}), got {len(tables)}")
    for slot, count in enumerate(tables):
        _check_number(f"tables[{slot}]", count, 0, MAX_COUNT)


def _check_participants(participants: tuple[Participant, ...], slots: int) -> set[str]:
    seen: set[str] = set()
    for index, participant in enumerate(participants):
        path = f"participants[{index}]"
        _check_name(f"{path}.id", participant.id)
        if participant.id in seen:
            raise InvalidInstance(f"{path}.id", f"{shown(participant.id)} is already a participant")
        seen.add(participant.id)
        _check_name(f"{path}.group", participant.group, may_be_empty=True)
        _check_slots(f"{path}.unavailable", participant.unavailable, slots)
        _check_number(f"{path}.capacity", participant.capacity, 0, MAX_CAPACITY)
        if participant.max_meetings is not None:
            _check_number(f"{path}.max_meetings", participant.max_meetings, 0, MAX_COUNT)
        if participant.max_consecutive is not None:
            _check_number(f"{path}.max_consecutive", participant.max_consecutive, 1, MAX_COUNT)
    return seen


def _check_requests(requests: tuple[Request, ...], participants: set[str], slots: int) -> set[str]:
    identifiers = [request.id for request in requests]
    if not _are_right(requests, identifiers, participants):
        seen: set[str] = set()
        for index, request in enumerate(requests):
            _check_request(f"requests[{index}]", request, participants, seen)
            seen.add(request.id)
    for index, request in enumerate(requests):
        if request.slots is not None:
            _check_slots(f"requests[{index}].slots", request.slots, slots)
    return set(identifiers)


def _are_right(requests: tuple[Request, ...], identifiers: list[str], participants: set[str]) -> bool:
    """Say whether all requests are right, without saying where not: column by column, a million take half a second."""
    weights = [request.weight for request in requests]
    between = [request.between for request in requests]
    return (
        {type(identifier) for identifier in identifiers} <= {str}
        and len(set(identifiers)) == len(identifiers)
        and "" not in identifiers
        and max(map(len, identifiers), default=0) <= MAX_TEXT
        and "".join(identifiers).isprintable()
        and {type(weight) for weight in weights} <= {int}
        and 0 <= min(weights, default=0) <= max(weights, default=0) <= MAX_WEIGHT
        and {type(request.required) for request in requests} <= {bool}
        and set(map(len, between)) <= {2, 3, 4}
        and sum(map(len, map(set, between))) == sum(map(len, between))
        and participants.issuperset(chain.from_iterable(between))
    )


def _check_request(path: str, request: Request, participants: set[str], seen: set[str]) -> None:
    _check_name(f"{path}.id", request.id)
    if request.id in seen:
        raise InvalidInstance(f"{path}.id", f"{shown(request.id)} is already a request")
    if not 2 <= len(request.between) <= 4:
        raise InvalidInstance(f"{path}.between", f"two to four participants, got {len(request.between)}")
    for position, participant in enumerate(request.between):
        if participant not in participants:
            raise InvalidInstance(f"{path}.between[{position}]", f"no participant {shown(participant)}")
        if participant in request.between[:position]:
            raise InvalidInstance(f"{path}.between[{position}]", f"{shown(participant)} is named twice")
    _check_number(f"{path}.weight", request.weight, 0, MAX_WEIGHT)
    if type(request.required) is not bool:
        raise InvalidInstance(f"{path}.required", "expected true or false")


def _check_pins(path: str, pins: tuple[Pin, ...], requests: set[str], slots: int) -> None:
    seen: set[str] = set()
    for index, pin in enumerate(pins):
        if pin.request not in requests:
            raise InvalidInstance(f"{path}[{index}].request", f"no request {shown(pin.request)}")
        if pin.request in seen:
            raise InvalidInstance(f"{path}[{index}].request", f"{shown(pin.request)} is already placed")
        seen.add(pin.request)
        _check_number(f"{path}[{index}].slot", pin.slot, 0, slots - 1)


def _check_precedences(precedences: tuple[tuple[str, str], ...], requests: set[str]) -> None:
    for index, pair in enumerate(precedences):
        for position, request in enumerate(pair):
            if request not in requests:
                raise InvalidInstance(f"precedences[{index}][{position}]", f"no request {shown(request)}")
        if pair[0] == pair[1]:
            raise InvalidInstance(f"precedences[{index}][1]", "a request can't come before itself")
