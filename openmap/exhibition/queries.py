"""A morning's stands, who holds them, and what else their holders do that morning."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from openmap.core.db import session
from openmap.core.text import plain
from openmap.events.models import Event, ProgrammeItem, TimeSlot
from openmap.exhibition.layout import Box
from openmap.exhibition.models import Exhibition, Stand
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Organisation
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration, Unavailability

EXHIBITING = (OrganisationKind.PARTNER, OrganisationKind.STRUCTURE)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a stand's holder does beside it: `table` receives meetings, or `item` is on stage from `starts_at`."""

    who: str
    table: int | None = None
    item: str = ""
    starts_at: datetime | None = None


def exhibition_of(event: Event) -> Exhibition | None:
    """The exhibition of a morning, shown to everybody or not yet; its stands come with it."""
    rows = (
        select(Exhibition)
        .filter_by(event_id=event.id)
        .options(
            selectinload(Exhibition.stands)
            .joinedload(Stand.registration)
            .joinedload(Registration.desk)
            .joinedload(Desk.table)
        )
    )
    return session.scalars(rows).one_or_none()


def has_public_exhibition(event: Event) -> bool:
    """Whether everybody may see the plan of a morning."""
    return session.scalar(select(Exhibition.id).filter_by(event_id=event.id, is_public=True)) is not None


def in_order(stands: Sequence[Stand]) -> list[Stand]:
    """Stands as people count them: A2 before A10."""
    return sorted(stands, key=lambda stand: _natural(stand.label))


def find_stand(exhibition: Exhibition, stand_id: int) -> Stand | None:
    """One stand of an exhibition by its key."""
    return session.scalars(select(Stand).filter_by(exhibition_id=exhibition.id, id=stand_id)).one_or_none()


def stand_of(registration: Registration) -> Stand | None:
    """The stand that a participant holds."""
    rows = select(Stand).filter_by(registration_id=registration.id).options(joinedload(Stand.exhibition))
    return session.scalars(rows).one_or_none()


def holder_of(stand: Stand) -> Registration | None:
    """The participant at a stand, as long as it takes part."""
    registration = stand.registration
    return registration if registration is not None and registration.is_approved else None


def name_of(stand: Stand) -> str:
    """Who is at a stand, "" when it is free."""
    holder = holder_of(stand)
    return holder.title if holder else stand.exhibitor


def held_stands(exhibition: Exhibition, words: str = "") -> list[Stand]:
    """The stands that somebody holds, in order, of those that say every one of `words` somewhere."""
    return [stand for stand in stands_like(exhibition, words) if name_of(stand)]


def stands_like(exhibition: Exhibition, words: str) -> list[Stand]:
    """All stands, in order, that say every one of `words` somewhere."""
    wanted = plain(words).split()
    return [stand for stand in in_order(exhibition.stands) if all(word in plain(_said(stand)) for word in wanted)]


def possible_exhibitors(event: Event) -> Sequence[Registration]:
    """Everyone approved who may hold a stand, partners first, by name."""
    rows = (
        select(Registration)
        .join(Registration.organisation)
        .where(
            Registration.event_id == event.id,
            Registration.kind.in_(EXHIBITING),
            Registration.state == RegistrationState.APPROVED,
        )
        .options(contains_eager(Registration.organisation))
        .order_by(Registration.kind != OrganisationKind.PARTNER, Organisation.name, Registration.ref)
    )
    return session.scalars(rows).unique().all()


def find_exhibitor(event: Event, registration_id: int) -> Registration | None:
    """One of the `possible_exhibitors`."""
    return next((each for each in possible_exhibitors(event) if each.id == registration_id), None)


def boxes_of(exhibition: Exhibition) -> list[Box]:
    """The stands as rectangles, in order."""
    return [Box(each.label, each.x, each.y, each.width, each.depth) for each in in_order(exhibition.stands)]


def fingerprint(exhibition: Exhibition) -> str:
    """One value for everything an organiser may change: what a page showed is compared with what is stored."""
    rows = [_values(exhibition, "stands"), *(_values(each) for each in in_order(exhibition.stands))]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def elsewhere(exhibition: Exhibition) -> list[Elsewhere]:
    """What holders do beside their stand, so that they bring somebody more: told, and no conflict."""
    holders = {each.id: each for stand in in_order(exhibition.stands) if (each := holder_of(stand))}
    on_stage = _on_stage(list(holders))
    return [told for holder in holders.values() for told in _elsewhere(holder, on_stage)]


def _elsewhere(holder: Registration, on_stage: Mapping[int, Sequence[ProgrammeItem]]) -> Iterator[Elsewhere]:
    desk = holder.desk
    if desk is not None and desk.table is not None:
        yield Elsewhere(holder.title, table=desk.table.number)
    for item in on_stage.get(holder.id, ()):
        yield Elsewhere(holder.title, item=item.title, starts_at=item.starts_at)


def _on_stage(registration_ids: Sequence[int]) -> dict[int, list[ProgrammeItem]]:
    rows = (
        select(Unavailability.registration_id, ProgrammeItem)
        .join(ProgrammeItem, ProgrammeItem.id == Unavailability.item_id)
        .join(TimeSlot, TimeSlot.id == Unavailability.slot_id)
        .where(Unavailability.registration_id.in_(registration_ids))
        .order_by(ProgrammeItem.starts_at, ProgrammeItem.id)
    )
    found: dict[int, list[ProgrammeItem]] = {}
    for registration_id, item in session.execute(rows):
        lines = found.setdefault(registration_id, [])
        if item not in lines:
            lines.append(item)
    return found


def _said(stand: Stand) -> str:
    return " ".join((stand.label, name_of(stand), stand.description, stand.contact_name))


def _natural(label: str) -> list[tuple[bool, int, str]]:
    parts = [part for part in re.split(r"(\d+)", label) if part]
    numbers = [int(part) if part.isdecimal() else None for part in parts]
    return [(number is None, number or 0, part.casefold()) for number, part in zip(numbers, parts, strict=True)]


def _values(row: Exhibition | Stand, *without: str) -> list[tuple[str, object]]:
    return [(column.key, getattr(row, column.key)) for column in row.__table__.columns if column.key not in without]
