"""What cannot be as the programme says it: a room twice, a person in two places, pitches too long for their line."""

import enum
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from openmap.core.db import session
from openmap.core.text import plain
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem, TimeSlot
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.programme.queries import Line, OnStage, overlap
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Unavailability
from openmap.registrations.queries import state_counts

EVERYBODY_COMES = frozenset({ProgrammeKind.WELCOME, ProgrammeKind.ROUND_TABLE, ProgrammeKind.PITCHES})


class ConflictKind(enum.StrEnum):
    """What is wrong."""

    ROOM_TWICE = "room-twice"
    PERSON_TWICE = "person-twice"
    ANOTHER_DAY = "another-day"
    TOO_LONG = "too-long"
    IN_A_MEETING = "in-a-meeting"
    SAID_AWAY = "said-away"
    TOO_SMALL = "too-small"
    NOT_TAKING_PART = "not-taking-part"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing to put right: in which line, with which other, about whom and when, and the counts of the sentence."""

    kind: ConflictKind
    item: ProgrammeItem
    other: ProgrammeItem | None = None
    who: str = ""
    slot: TimeSlot | None = None
    found: int = 0
    limit: int = 0


def conflicts_of(event: Event, lines: Sequence[Line]) -> list[Conflict]:
    """Everything to put right, in the order of the programme; three queries besides the lines."""
    approved = state_counts(event).get(RegistrationState.APPROVED, 0)
    people = {one.appearance.registration_id for line in lines for one in line.on_stage} - {None}
    meetings, away = _meetings_of(event, people), _said_away(people)
    found: list[Conflict] = []
    for line in lines:
        found += _alone(event, line, approved)
        found += _in_meetings(line, meetings)
        found += _away(line, away)
    for one, other in combinations(lines, 2):
        if overlap(one.item.starts_at, one.item.ends_at, other.item.starts_at, other.item.ends_at):
            found += _together(one, other)
    return sorted(found, key=lambda each: (each.item.starts_at, each.item.id))


def _alone(event: Event, line: Line, approved: int) -> Iterator[Conflict]:
    item = line.item
    if {instant.astimezone(event.zone).date() for instant in (item.starts_at, item.ends_at)} != {event.held_on}:
        yield Conflict(ConflictKind.ANOTHER_DAY, item)
    if line.planned_minutes > line.minutes:
        yield Conflict(ConflictKind.TOO_LONG, item, found=line.planned_minutes, limit=line.minutes)
    if item.capacity is not None:
        needed = max(approved if item.kind in EVERYBODY_COMES else 0, len(line.on_stage))
        if needed > item.capacity:
            yield Conflict(ConflictKind.TOO_SMALL, item, found=needed, limit=item.capacity)
    for one in line.on_stage:
        registration = one.appearance.registration
        if registration is not None and not registration.is_approved:
            yield Conflict(ConflictKind.NOT_TAKING_PART, item, who=registration.title)


def _together(one: Line, other: Line) -> Iterator[Conflict]:
    if one.item.room and plain(one.item.room) == plain(other.item.room):
        yield Conflict(ConflictKind.ROOM_TWICE, one.item, other.item)
    theirs = {_identity(each): each for each in other.on_stage}
    for each in one.on_stage:
        if _identity(each) in theirs:
            yield Conflict(ConflictKind.PERSON_TWICE, one.item, other.item, who=each.name)


def _identity(one: OnStage) -> tuple[int | None, str]:
    """A structure whoever speaks for it, or a person of that name."""
    registration_id = one.appearance.registration_id
    return (registration_id, "") if registration_id is not None else (None, plain(one.appearance.person_name))


def _meetings_of(event: Event, people: Collection[int | None]) -> Sequence[Meeting]:
    rows = (
        select(Meeting)
        .join(Meeting.version)
        .where(
            ScheduleVersion.event_id == event.id,
            ScheduleVersion.is_current,
            Meeting.outcome != MeetingOutcome.CANCELLED,
            Meeting.participants.any(MeetingParticipant.registration_id.in_(people)),
        )
        .options(joinedload(Meeting.slot), joinedload(Meeting.participants))
        .order_by(Meeting.slot_id, Meeting.id)
    )
    return session.scalars(rows).unique().all()


def _in_meetings(line: Line, meetings: Sequence[Meeting]) -> Iterator[Conflict]:
    item = line.item
    during = [
        each for each in meetings if overlap(item.starts_at, item.ends_at, each.slot.starts_at, each.slot.ends_at)
    ]
    for one in line.on_stage:
        for meeting in during:
            if one.appearance.registration_id in {each.registration_id for each in meeting.participants}:
                yield Conflict(ConflictKind.IN_A_MEETING, item, who=one.name, slot=meeting.slot)


def _said_away(people: Collection[int | None]) -> Sequence[Unavailability]:
    rows = (
        select(Unavailability)
        .join(Unavailability.slot)
        .where(Unavailability.registration_id.in_(people), Unavailability.item_id.is_(None))
        .options(contains_eager(Unavailability.slot))
        .order_by(TimeSlot.position)
    )
    return session.scalars(rows).all()


def _away(line: Line, away: Sequence[Unavailability]) -> Iterator[Conflict]:
    """The first slot only: somebody who is not there for an hour is told once."""
    item = line.item
    for one in line.on_stage:
        slots = [
            each.slot
            for each in away
            if each.registration_id == one.appearance.registration_id
            and overlap(one.starts_at, one.ends_at, each.slot.starts_at, each.slot.ends_at)
        ]
        if slots:
            yield Conflict(ConflictKind.SAID_AWAY, item, who=one.name, slot=slots[0])
