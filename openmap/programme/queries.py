"""A morning's programme: its lines with who appears in them, and when."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from openmap.core.audit import AuditEntry
from openmap.core.db import session
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem, TimeSlot
from openmap.organisations.enums import OrganisationKind
from openmap.programme.details import LineDetails
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import Appearance, StageClock
from openmap.registrations.enums import ConsentPurpose, RegistrationState
from openmap.registrations.models import Consent, Registration


@dataclass(frozen=True, slots=True)
class OnStage:
    """Somebody in a line, and when: a pitch of a length has its own time, others the line's."""

    appearance: Appearance
    starts_at: datetime
    ends_at: datetime

    @property
    def is_timed(self) -> bool:
        """Whether it has a time of its own inside the line."""
        return self.appearance.minutes is not None

    @property
    def name(self) -> str:
        """Who: the person where one is named, else the structure."""
        appearance = self.appearance
        return appearance.person_name or (appearance.registration.title if appearance.registration else "")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the programme, with everybody on its stage in order."""

    item: ProgrammeItem
    on_stage: tuple[OnStage, ...]

    @property
    def minutes(self) -> int:
        """How long the line lasts."""
        return (self.item.ends_at - self.item.starts_at) // timedelta(minutes=1)

    @property
    def planned_minutes(self) -> int:
        """How long those who have a time of their own last together."""
        return sum(one.appearance.minutes or 0 for one in self.on_stage)


def items_of(event: Event) -> Sequence[ProgrammeItem]:
    """The lines of a morning as the day runs, read anew."""
    rows = select(ProgrammeItem).filter_by(event_id=event.id)
    return session.scalars(rows.order_by(ProgrammeItem.starts_at, ProgrammeItem.ends_at, ProgrammeItem.id)).all()


def find_item(event: Event, item_id: int) -> ProgrammeItem | None:
    """One line of this morning."""
    return session.scalars(select(ProgrammeItem).filter_by(event_id=event.id, id=item_id)).one_or_none()


def find_appearance(event: Event, appearance_id: int) -> Appearance | None:
    """One appearance at this morning."""
    rows = select(Appearance).join(Appearance.item).where(ProgrammeItem.event_id == event.id)
    return session.scalars(rows.where(Appearance.id == appearance_id)).one_or_none()


def details_of(item: ProgrammeItem) -> LineDetails:
    """What a line says now, as a value that can be changed and given back."""
    return LineDetails(**{field.name: getattr(item, field.name) for field in fields(LineDetails)})


def appearances_in(item: ProgrammeItem) -> Sequence[Appearance]:
    """Who is on stage in a line, in order."""
    return session.scalars(select(Appearance).filter_by(item_id=item.id).order_by(Appearance.position)).all()


def programme_of(event: Event) -> list[Line]:
    """The whole programme; three queries however long it is."""
    items = items_of(event)
    rows = (
        select(Appearance)
        .where(Appearance.item_id.in_([item.id for item in items]))
        .options(joinedload(Appearance.registration).joinedload(Registration.organisation))
        .order_by(Appearance.position)
    )
    found: dict[int, list[Appearance]] = {}
    for appearance in session.scalars(rows):
        found.setdefault(appearance.item_id, []).append(appearance)
    return [Line(item, tuple(timed(item, found.get(item.id, ())))) for item in items]


def timed(item: ProgrammeItem, appearances: Collection[Appearance]) -> Iterator[OnStage]:
    """Give those who have a length their time one after the other from the start of the line."""
    clock = item.starts_at
    for appearance in appearances:
        if appearance.minutes is None:
            yield OnStage(appearance, item.starts_at, item.ends_at)
        else:
            begins, clock = clock, clock + timedelta(minutes=appearance.minutes)
            yield OnStage(appearance, begins, clock)


def stage_times(event: Event) -> Mapping[int, list[tuple[ProgrammeItem, OnStage]]]:
    """When each participant of a morning is on stage, with the line, as the day runs; by registration, one query."""
    rows = (
        select(Appearance)
        .join(Appearance.item)
        .where(ProgrammeItem.event_id == event.id)
        .options(contains_eager(Appearance.item))
        .order_by(Appearance.item_id, Appearance.position)
    )
    lines: dict[ProgrammeItem, list[Appearance]] = {}
    for appearance in session.scalars(rows):
        lines.setdefault(appearance.item, []).append(appearance)
    found: dict[int, list[tuple[ProgrammeItem, OnStage]]] = {}
    for item in sorted(lines, key=lambda item: (item.starts_at, item.id)):
        for one in timed(item, lines[item]):
            if one.appearance.registration_id is not None:
                found.setdefault(one.appearance.registration_id, []).append((item, one))
    for times in found.values():
        times.sort(key=lambda each: (each[1].starts_at, each[0].id))
    return found


def appearances_of(registration: Registration) -> list[tuple[ProgrammeItem, OnStage]]:
    """When a participant is on stage, with the line, as the day runs."""
    return stage_times(registration.event).get(registration.id, [])


def pitch_line(event: Event) -> ProgrammeItem | None:
    """The line in which pitches are given: the first of that kind."""
    return next((item for item in items_of(event) if item.kind is ProgrammeKind.PITCHES), None)


def slots_during(event: Event, item: ProgrammeItem) -> list[TimeSlot]:
    """The slots that a line overlaps, be it by a minute."""
    return [slot for slot in event.slots if overlap(item.starts_at, item.ends_at, slot.starts_at, slot.ends_at)]


def overlap(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> bool:
    """Whether two stretches of time share a moment; touching ends share none."""
    return start < other_end and other_start < end


def stage_slots(event: Event, items: Sequence[ProgrammeItem]) -> set[tuple[int, int, int]]:
    """Whom these lines keep from meeting, when: registration, slot and line, by their keys."""
    rows = select(Appearance.item_id, Appearance.registration_id).where(
        Appearance.item_id.in_([item.id for item in items])
    )
    on_stage: dict[int, list[int]] = {}
    for item_id, registration_id in session.execute(rows):
        if registration_id is not None:
            on_stage.setdefault(item_id, []).append(registration_id)
    return {
        (registration_id, slot.id, item.id)
        for item in items
        for slot in slots_during(event, item)
        for registration_id in on_stage.get(item.id, ())
    }


def stage_roles(registration: Registration, role: AppearanceRole) -> Sequence[Appearance]:
    """Every appearance of a participant in one role."""
    rows = select(Appearance).filter_by(registration_id=registration.id, role=role)
    return session.scalars(rows.order_by(Appearance.id)).all()


def changed_at(event: Event) -> datetime | None:
    """When somebody last changed the programme of a morning; None where it is as it was brought in."""
    changes = select(func.max(AuditEntry.at)).where(
        AuditEntry.event_id == event.id, AuditEntry.action.startswith("programme.")
    )
    return session.scalar(changes)


def clock_of(event: Event) -> StageClock | None:
    """What the room's timer counts now, if anything."""
    rows = select(StageClock).filter_by(event_id=event.id).options(joinedload(StageClock.item))
    return session.scalars(rows).one_or_none()


def in_directory_on_stage(event: Event) -> frozenset[int]:
    """Those on stage whose page anybody may read: structures that agreed to stand in the public directory."""
    rows = (
        select(Consent.registration_id)
        .join(Consent.registration)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.APPROVED,
            Registration.kind == OrganisationKind.STRUCTURE,
            Consent.purpose == ConsentPurpose.DIRECTORY,
            Consent.withdrawn_at.is_(None),
            Registration.id.in_(select(Appearance.registration_id)),
        )
    )
    return frozenset(session.scalars(rows))
