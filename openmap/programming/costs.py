"""What a change of the programme costs before it is made: who cannot meet when, and how many meetings fewer."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from openmap.allocation.staging import Toll, toll
from openmap.core.db import session
from openmap.events.models import Event, ProgrammeItem, TimeSlot
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.meetings.queries import current_version
from openmap.programme import queries
from openmap.programme.models import Appearance
from openmap.registrations.models import Registration, Unavailability

Row = tuple[int, int, int]  # registration, slot, line
Stage = frozenset[Row]


@dataclass(frozen=True, slots=True)
class Moved:
    """One participant and the slots it loses or regains."""

    registration: Registration
    slots: tuple[TimeSlot, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one change brings: slots lost and regained, published meetings hit, and the meetings that can be had.

    `toll` is None where nobody asks for a meeting yet.
    """

    lost: tuple[Moved, ...]
    freed: tuple[Moved, ...]
    hit: tuple[Meeting, ...]
    toll: Toll | None
    version: ScheduleVersion | None

    @property
    def token(self) -> str:
        """What an organiser saw, as a word: a confirmation of something else is refused."""
        told = [
            *((moved.registration.id, tuple(slot.id for slot in moved.slots)) for moved in (*self.lost, *self.freed)),
            tuple(meeting.id for meeting in self.hit),
            (self.toll.before.meetings, self.toll.after.meetings, self.toll.after.without_any) if self.toll else (),
            self.version.number if self.version else 0,
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


def stage_now(event: Event) -> Stage:
    """Whom the programme keeps from meeting today."""
    return frozenset(queries.stage_slots(event, queries.items_of(event)))


def when_moved(event: Event, item: ProgrammeItem, starts_at: datetime, ends_at: datetime) -> Stage:
    """The same with one line at another time."""
    people = [each.registration_id for each in queries.appearances_in(item) if each.registration_id is not None]
    slots = [slot for slot in event.slots if queries.overlap(starts_at, ends_at, slot.starts_at, slot.ends_at)]
    return when_removed(event, item) | {(person, slot.id, item.id) for person in people for slot in slots}


def when_removed(event: Event, item: ProgrammeItem) -> Stage:
    """The same without one line."""
    return frozenset(row for row in stage_now(event) if row[2] != item.id)


def when_joined(event: Event, item: ProgrammeItem, registration: Registration | None) -> Stage:
    """The same with one participant more on stage."""
    if registration is None:
        return stage_now(event)
    slots = queries.slots_during(event, item)
    return stage_now(event) | {(registration.id, slot.id, item.id) for slot in slots}


def when_left(event: Event, appearance: Appearance) -> Stage:
    """The same without one appearance."""
    gone = (appearance.registration_id, appearance.item_id)
    return frozenset(row for row in stage_now(event) if (row[0], row[2]) != gone)


def cost_of(event: Event, after: Stage) -> Cost | None:
    """What it brings that the programme keeps these people from meeting from now on; None when it changes nothing.

    What a participant said itself keeps it anyway: a slot lost twice is lost once.
    """
    said = _said(event)
    before_slots = {(person, slot) for person, slot, _item in stage_now(event)} - said
    after_slots = {(person, slot) for person, slot, _item in after} - said
    lost, freed = after_slots - before_slots, before_slots - after_slots
    if not lost and not freed:
        return None
    people = _people({person for person, _slot in lost | freed})
    slots = {slot.id: slot for slot in event.slots}
    moved_lost, moved_freed = _moved(lost, people, slots), _moved(freed, people, slots)
    return Cost(
        lost=moved_lost,
        freed=moved_freed,
        hit=tuple(_published(event, lost)),
        toll=toll(event, lost=_positions(moved_lost), freed=_positions(moved_freed)),
        version=current_version(event),
    )


def _said(event: Event) -> set[tuple[int, int]]:
    rows = (
        select(Unavailability.registration_id, Unavailability.slot_id)
        .join(Unavailability.slot)
        .where(TimeSlot.event_id == event.id, Unavailability.item_id.is_(None))
    )
    return {(registration_id, slot_id) for registration_id, slot_id in session.execute(rows)}


def _people(ids: set[int]) -> dict[int, Registration]:
    rows = select(Registration).where(Registration.id.in_(ids))
    return {each.id: each for each in session.scalars(rows).unique()}


def _moved(
    pairs: Iterable[tuple[int, int]], people: dict[int, Registration], slots: dict[int, TimeSlot]
) -> tuple[Moved, ...]:
    by_person: dict[int, list[TimeSlot]] = {}
    for person, slot in pairs:
        by_person.setdefault(person, []).append(slots[slot])
    return tuple(
        Moved(people[person], tuple(sorted(theirs, key=lambda slot: slot.position)))
        for person, theirs in sorted(by_person.items(), key=lambda each: people[each[0]].ref)
    )


def _positions(moved: Sequence[Moved]) -> dict[str, set[int]]:
    return {each.registration.ref: {slot.position for slot in each.slots} for each in moved}


def _published(event: Event, lost: set[tuple[int, int]]) -> Sequence[Meeting]:
    """The published meetings of those who lose the slot of the meeting."""
    rows = (
        select(Meeting)
        .join(Meeting.version)
        .where(
            ScheduleVersion.event_id == event.id,
            ScheduleVersion.is_current,
            Meeting.outcome != MeetingOutcome.CANCELLED,
            Meeting.slot_id.in_({slot for _person, slot in lost}),
            Meeting.participants.any(MeetingParticipant.registration_id.in_({person for person, _slot in lost})),
        )
        .options(
            joinedload(Meeting.slot),
            joinedload(Meeting.participants).joinedload(MeetingParticipant.registration),
        )
        .order_by(Meeting.slot_id, Meeting.id)
    )
    return [
        meeting
        for meeting in session.scalars(rows).unique()
        if any((one.registration_id, meeting.slot_id) in lost for one in meeting.participants)
    ]
