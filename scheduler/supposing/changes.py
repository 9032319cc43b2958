"""Suppositions about an instance: each is a small value, and `applied` gives the instance in which they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce

from scheduler.errors import InvalidInstance, shown
from scheduler.instance import Instance, Participant, Pin, Request


@dataclass(frozen=True, slots=True)
class Slots:
    """So many slots more at the end of the last session, for everybody; below 0, the last slots are lost.

    A new slot has as many tables as the best of today's.
    """

    by: int


@dataclass(frozen=True, slots=True)
class Tables:
    """So many tables more (or less) in each slot; nothing where tables aren't counted."""

    by: int


@dataclass(frozen=True, slots=True)
class OwnSlot:
    """One participant stays for a slot more at the end; whoever meets it then has no more meetings in all for that."""

    participant: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A participant is away in these slots, None for all of them."""

    participant: str
    slots: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """A participant is there in these slots, None for all, whatever it said before."""

    participant: str
    slots: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """A participant holds so many meetings more (or less) at once."""

    participant: str
    by: int


@dataclass(frozen=True, slots=True)
class Limits:
    """A participant's limits, in all and in a row, are so many meetings higher; one it doesn't have stays away."""

    participant: str
    by: int


@dataclass(frozen=True, slots=True)
class MaxMeetings:
    """A participant, or all of the coverage group (None), gets at most so many meetings; None lifts the limit."""

    participant: str | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A participant comes with its requests."""

    participant: Participant
    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class LongerMeetings:
    """Each meeting lasts `slots` of today's slots; what is left over at the end of a session is lost."""

    slots: int


@dataclass(frozen=True, slots=True)
class NewRequest:
    """One request more."""

    request: Request


@dataclass(frozen=True, slots=True)
class WithoutRequest:
    """One request less."""

    request: str


OfOne = Absent | Present | Capacity | Limits | MaxMeetings
Supposition = Slots | Tables | OwnSlot | OfOne | Newcomer | LongerMeetings | NewRequest | WithoutRequest


def applied(instance: Instance, changes: Iterable[Supposition]) -> Instance:
    """Return the instance in which the changes hold, one after the other; raises InvalidInstance where they can't.

    A pin or a previous meeting in a slot that is no more is forgotten.
    """
    return reduce(_with, changes, instance)


def _with(instance: Instance, change: Supposition) -> Instance:
    match change:
        case Slots(by):
            changed = _resized(instance, instance.slots + by)
        case Tables(by):
            changed = _with_tables(instance, by)
        case OwnSlot(participant):
            changed = _staying_on(instance, participant)
        case LongerMeetings(slots):
            changed = _merged(instance, slots)
        case Newcomer(participant, requests):
            everybody = (*instance.participants, participant)
            changed = replace(instance, participants=everybody, requests=(*instance.requests, *requests))
        case NewRequest(request):
            changed = replace(instance, requests=(*instance.requests, request))
        case WithoutRequest(request):
            changed = _without_request(instance, request)
        case _:
            changed = _with_participant(instance, change)
    return changed


def _with_participant(instance: Instance, change: OfOne) -> Instance:
    """Return the instance with another description of one participant."""
    match change:
        case Absent(name, slots):
            away = frozenset(range(instance.slots)) if slots is None else slots
            return _changed(instance, name, lambda each: replace(each, unavailable=each.unavailable | away))
        case Present(name, slots):
            there = frozenset(range(instance.slots)) if slots is None else slots
            return _changed(instance, name, lambda each: replace(each, unavailable=each.unavailable - there))
        case Capacity(name, by):
            return _changed(instance, name, lambda each: replace(each, capacity=max(0, each.capacity + by)))
        case Limits(name, by):
            return _changed(instance, name, lambda each: _with_limits(each, by))
        case MaxMeetings(name, most):
            return _changed(instance, name, lambda each: replace(each, max_meetings=most))


def _with_limits(participant: Participant, by: int) -> Participant:
    total, in_a_row = participant.max_meetings, participant.max_consecutive
    return replace(
        participant,
        max_meetings=None if total is None else max(0, total + by),
        max_consecutive=None if in_a_row is None else max(1, in_a_row + by),
    )


def _changed(instance: Instance, name: str | None, change: Callable[[Participant], Participant]) -> Instance:
    if name is not None and all(each.id != name for each in instance.participants):
        raise InvalidInstance("changes", f"no participant {shown(name)}")
    return replace(
        instance,
        participants=tuple(
            change(each) if each.id == name or (name is None and each.group == instance.coverage_group) else each
            for each in instance.participants
        ),
    )


def _with_tables(instance: Instance, by: int) -> Instance:
    tables = instance.tables
    if tables is None:
        return instance
    if isinstance(tables, tuple):
        return replace(instance, tables=tuple(max(0, count + by) for count in tables))
    return replace(instance, tables=max(0, tables + by))


def _without_request(instance: Instance, name: str) -> Instance:
    if all(each.id != name for each in instance.requests):
        raise InvalidInstance("changes", f"no request {shown(name)}")
    return replace(
        instance,
        requests=tuple(each for each in instance.requests if each.id != name),
        pins=tuple(each for each in instance.pins if each.request != name),
        previous=tuple(each for each in instance.previous if each.request != name),
        precedences=tuple(pair for pair in instance.precedences if name not in pair),
    )


def _staying_on(instance: Instance, name: str) -> Instance:
    """Return the instance with a last slot for the requests of one participant only."""
    if all(each.id != name for each in instance.participants):
        raise InvalidInstance("changes", f"no participant {shown(name)}")
    before = frozenset(range(instance.slots))
    longer = _resized(instance, instance.slots + 1)
    asking = {each for request in instance.requests if name in request.between for each in request.between}
    last = frozenset({instance.slots})
    return replace(
        longer,
        requests=tuple(
            each if name in each.between or each.slots is not None else replace(each, slots=before)
            for each in longer.requests
        ),
        participants=tuple(
            each
            if each.id == name
            else _no_busier(each, instance.slots)
            if each.id in asking
            else replace(each, unavailable=each.unavailable | last)
            for each in longer.participants
        ),
    )


def _no_busier(participant: Participant, slots: int) -> Participant:
    """Return the participant with at most as many meetings as its slots allowed before the last one came."""
    room = (slots - len(participant.unavailable)) * participant.capacity
    most = participant.max_meetings
    return replace(participant, max_meetings=room if most is None else min(most, room))


def _resized(instance: Instance, slots: int) -> Instance:
    """Return the instance with another number of slots: the last session grows, or slots are lost from the end."""
    if slots < 1:
        raise InvalidInstance("changes", "no slot would be left")
    sessions = tuple((start, min(end, slots)) for start, end in instance.sessions if start < slots)
    sessions = (*sessions[:-1], (sessions[-1][0], slots))
    tables = instance.tables
    if isinstance(tables, tuple):
        tables = (*tables, *[max(tables)] * slots)[:slots]
    return _in_new_slots(instance, [[slot] if slot < instance.slots else [] for slot in range(slots)], sessions, tables)


def _merged(instance: Instance, size: int) -> Instance:
    """Return the instance in which `size` slots that follow each other are one."""
    if size < 1:
        raise InvalidInstance("changes", "a meeting lasts a slot or more")
    groups: list[list[int]] = []
    sessions: list[tuple[int, int]] = []
    for start, end in instance.sessions:
        first = len(groups)
        groups.extend(list(range(at, at + size)) for at in range(start, end - size + 1, size))
        if len(groups) > first:
            sessions.append((first, len(groups)))
    if not groups:
        raise InvalidInstance("changes", "no slot would be left")
    tables = instance.tables
    if isinstance(tables, tuple):
        tables = tuple(min(tables[slot] for slot in group) for group in groups)
    return _in_new_slots(instance, groups, tuple(sessions), tables)


def _in_new_slots(
    instance: Instance,
    groups: list[list[int]],
    sessions: tuple[tuple[int, int], ...],
    tables: int | tuple[int, ...] | None,
) -> Instance:
    """Return the instance in which each slot stands for these old ones; one that stands for none is open to all."""
    new = {old: slot for slot, group in enumerate(groups) for old in group}

    def moved(pins: tuple[Pin, ...]) -> tuple[Pin, ...]:
        return tuple(Pin(pin.request, new[pin.slot]) for pin in pins if pin.slot in new)

    def away(slots: frozenset[int]) -> frozenset[int]:
        return frozenset(new[slot] for slot in slots if slot in new)

    def inside(slots: frozenset[int]) -> frozenset[int]:
        return frozenset(slot for slot, group in enumerate(groups) if group and slots.issuperset(group))

    return replace(
        instance,
        slots=len(groups),
        sessions=sessions,
        tables=tables,
        participants=tuple(
            replace(each, unavailable=away(each.unavailable)) if each.unavailable else each
            for each in instance.participants
        ),
        requests=tuple(
            each if each.slots is None else replace(each, slots=inside(each.slots)) for each in instance.requests
        ),
        pins=moved(instance.pins),
        previous=moved(instance.previous),
    )
