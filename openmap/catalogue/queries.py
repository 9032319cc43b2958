"""The participants of a morning as short lines: all of them are read at once, and filtered in memory.

A morning has at most a few thousand participants: one read of short lines is quicker than a query for each filter and
each count, and costs the same number of queries for ten as for a thousand (docs/decisions/012).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, String, case, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.core.text import plain
from openmap.events.models import Event
from openmap.organisations.departements import ILE_DE_FRANCE
from openmap.organisations.enums import OrganisationKind, Sector, Service
from openmap.organisations.models import Organisation
from openmap.profiles.enums import AreaKind
from openmap.profiles.models import Profile
from openmap.profiles.queries import versions_as_of
from openmap.registrations.enums import ConsentPurpose, RegistrationState
from openmap.registrations.models import Consent, Desk, Registration
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.queries import published_at_morning

LONGEST_SEARCH = 6  # words; more narrow nothing any further
SHOWN_KINDS = (OrganisationKind.STRUCTURE, OrganisationKind.BUYER, OrganisationKind.PARTNER)


@dataclass(frozen=True, slots=True)
class Entry:
    """One participant; `reach` are départements, None meaning everywhere; `text` is searched besides the title."""

    registration_id: int
    ref: str
    kind: OrganisationKind
    family: str
    organisation_id: int
    title: str
    departement: str
    sectors: frozenset[str]
    services: frozenset[str]
    reach: frozenset[str] | None
    text: str
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need of the morning, as short as the comparison with a profile asks."""

    id: int
    title: str
    organisation_id: int
    sector: Sector
    service: Service
    departement: str


def family_of(kind: OrganisationKind, family: str) -> str:
    """« structure-ESAT »: a service of the State is a buyer's family and a partner's."""
    return f"{kind}-{family}"


def end_of(event: Event) -> datetime:
    """The midnight after a morning, in its own time zone: from then on its pages show what was said until then."""
    day: date = event.held_on + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=event.zone)


def snapshot_moment(event: Event, at: datetime) -> datetime | None:
    """The moment whose profiles are shown: None, that is today's, until the morning is past."""
    end = end_of(event)
    return end if at >= end else None


def entries(event: Event, *, at: datetime) -> list[Entry]:
    """Everyone let in to a morning but the visitors of its plenary, by title."""
    moment = snapshot_moment(event, at)
    past = {} if moment is None else _contents(event, moment)
    rows = session.execute(_lines(event))
    found = [_entry(row, past.get(row.organisation_id, _NOTHING) if moment else _today(row)) for row in rows]
    return sorted(found, key=lambda entry: searched(entry.title))


def _lines(event: Event) -> Select[Any]:
    columns: list[Any] = [
        Registration.id, Registration.ref, Registration.kind, Registration.sector, Registration.organisation_id,
        Organisation.name, Organisation.departement.label("seat"), Organisation.structure_kind,
        Organisation.buyer_kind, Organisation.partner_kind, Desk.name.label("desk"),
        case((Profile.id.is_(None), Registration.offer), else_="").label("offer"),
        type_coerce(Profile.sectors, String).label("sectors"), type_coerce(Profile.services, String).label("services"),
        type_coerce(Profile.departements, String).label("departements"), Profile.area, Profile.updated_at,
    ]  # fmt: skip
    return (
        select(*columns)
        .select_from(Registration)
        .join(Registration.organisation)
        .outerjoin(Desk, Desk.registration_id == Registration.id)
        .outerjoin(Profile, Profile.organisation_id == Registration.organisation_id)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.APPROVED,
            Registration.kind.in_(SHOWN_KINDS),
        )
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What a profile said at one moment, as far as lists need it."""

    sectors: frozenset[str]
    services: frozenset[str]
    area: str | None
    departements: frozenset[str]
    text: str
    updated_at: datetime | None


_NOTHING = _Said(frozenset(), frozenset(), None, frozenset(), "", None)


def _today(row: Row[Any]) -> _Said:
    """The profile beside the registration; its words are searched by the database (see `_saying`)."""
    if row.updated_at is None:
        return _NOTHING
    return _Said(
        frozenset(row.sectors.split()),
        frozenset(row.services.split()),
        row.area,
        frozenset(row.departements.split()),
        "",
        row.updated_at,
    )


def _contents(event: Event, moment: datetime) -> Mapping[int, _Said]:
    """What each participant's profile said at `moment`, by organisation."""
    taking_part = select(Registration.organisation_id).where(Registration.event_id == event.id)
    return {
        organisation_id: _Said(
            frozenset(content["sectors"]),
            frozenset(content["services"]),
            content["area"],
            frozenset(content["departements"]),
            content["search_text"],
            saved_at,
        )
        for organisation_id, content, saved_at in session.execute(versions_as_of(taking_part, moment))
    }


def _entry(row: Row[Any], said: _Said) -> Entry:
    return Entry(
        registration_id=row.id,
        ref=row.ref,
        kind=row.kind,
        family=family_of(row.kind, row.structure_kind or row.buyer_kind or row.partner_kind or ""),
        organisation_id=row.organisation_id,
        title=f"{row.name} – {row.desk}" if row.desk else row.name,
        departement=row.seat,
        sectors=_sectors(row, said),
        services=said.services,
        reach=_reach(row, said),
        text=said.text or searched(row.offer),
        updated_at=said.updated_at,
    )


def _sectors(row: Row[Any], said: _Said) -> frozenset[str]:
    """A desk buys in the sector it registered in, and in those of its body."""
    if row.kind is OrganisationKind.STRUCTURE and said.sectors:
        return said.sectors
    return said.sectors | {str(row.sector)}


def _reach(row: Row[Any], said: _Said) -> frozenset[str] | None:
    if said.area == AreaKind.COUNTRY:
        return None
    if said.area == AreaKind.REGION:
        return _REGION
    return said.departements or frozenset({row.seat})


_REGION = frozenset(ILE_DE_FRANCE)


@lru_cache(maxsize=20_000)
def searched(text: str) -> str:
    """`text` in plain words; names come back at each search."""
    return plain(text)


def matching(event: Event, found: Iterable[Entry], words: str) -> list[Entry]:
    """The entries that say each of `words`, in the title, the profile or a need of the morning."""
    wanted = plain(words).split()[:LONGEST_SEARCH]
    kept = list(found)
    if not wanted:
        return kept
    saying = _saying(event, wanted)
    for place, word in enumerate(wanted):
        ids = saying[place]
        kept = [
            entry
            for entry in kept
            if entry.organisation_id in ids or word in entry.text or word in searched(entry.title)
        ]
    return kept


def _saying(event: Event, wanted: Sequence[str]) -> list[set[int]]:
    """For each word, the organisations whose profile or needs say it: two queries, however many words."""
    profiles = [Profile.search_text.contains(word, autoescape=True) for word in wanted]
    needs = [Need.words.contains(word, autoescape=True) for word in wanted]
    queries: Sequence[Select[*tuple[Any, ...]]] = (
        select(Profile.organisation_id, *profiles).where(or_(*profiles)),
        published_at_morning(event).with_only_columns(Roadmap.organisation_id, *needs).where(or_(*needs)),
    )
    ids: list[set[int]] = [set() for _word in wanted]
    for query in queries:
        for organisation_id, *said in session.execute(query):
            for place, is_said in enumerate(said):
                if is_said:
                    ids[place].add(organisation_id)
    return ids


def need_lines(
    event: Event, *, sectors: Collection[str] | None = None, organisation_id: int | None = None
) -> list[NeedLine]:
    """The needs of a morning in some sectors, or those of one buyer; the nearest quarter first."""
    rows = published_at_morning(event)
    if sectors is not None:
        rows = rows.where(Need.sector.in_(sorted(sectors)))
    if organisation_id is not None:
        rows = rows.where(Roadmap.organisation_id == organisation_id)
    columns = (Need.id, Need.title, Roadmap.organisation_id, Need.sector, Need.service, Need.departement)
    rows = rows.order_by(Need.quarter, Need.id)
    return [NeedLine(*row) for row in session.execute(rows.with_only_columns(*columns))]


def need_at(event: Event, need_id: int) -> NeedLine | None:
    """One need that a morning shows."""
    columns = (Need.id, Need.title, Roadmap.organisation_id, Need.sector, Need.service, Need.departement)
    row = session.execute(published_at_morning(event).where(Need.id == need_id).with_only_columns(*columns)).first()
    return NeedLine(*row) if row else None


def registrations_with(ids: Sequence[int]) -> list[Registration]:
    """Participants with what their cards show, in the order of `ids`."""
    rows = (
        select(Registration)
        .where(Registration.id.in_(ids))
        .options(joinedload(Registration.desk).joinedload(Desk.table))
    )
    found = {registration.id: registration for registration in session.scalars(rows).unique()}
    return [found[key] for key in ids if key in found]


def in_directory(event: Event) -> frozenset[int]:
    """The participants of a morning who agreed to stand in its public directory, and have not changed their mind."""
    rows = (
        select(Consent.registration_id)
        .join(Consent.registration)
        .where(
            Registration.event_id == event.id,
            Consent.purpose == ConsentPurpose.DIRECTORY,
            Consent.withdrawn_at.is_(None),
        )
    )
    return frozenset(session.scalars(rows))
