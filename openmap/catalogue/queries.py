"""The participants of a morning as short lines: all of them are read at once, and filtered in memory.

A morning has at most a few thousand participants: one read of short lines is quicker than a query for each filter and
each count, and costs the same number of queries for ten as for a thousand (docs/decisions/012).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, case, cast, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.core.lines import in_one_text, lines_in, typed
from openmap.core.text import plain
from openmap.events.models import Event
from openmap.organisations.departements import ILE_DE_FRANCE
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Organisation
from openmap.profiles.enums import AreaKind
from openmap.profiles.models import Profile
from openmap.profiles.queries import versions_as_of
from openmap.registrations.enums import ConsentPurpose, RegistrationState
from openmap.registrations.models import Consent, Desk, Registration
from openmap.registrations.queries import snapshot_moment
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.queries import published_at_morning

LONGEST_SEARCH = 6  # words; more narrow nothing any further
SHOWN_KINDS = (OrganisationKind.STRUCTURE, OrganisationKind.BUYER, OrganisationKind.PARTNER)


class Entry(NamedTuple):
    """One participant; `reach` are départements, None meaning everywhere; `text` is searched besides the title.

    `updated_at` is as the database spells it: only to be compared with that of other entries.
    """

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
    updated_at: Any


class NeedLine(NamedTuple):
    """A need of the morning, as short as the comparison with a profile asks; `sector` and `service` are words."""

    id: int
    title: str
    organisation_id: int
    sector: str
    service: str
    departement: str


def family_of(kind: OrganisationKind, family: str) -> str:
    """« structure-ESAT »: a service of the State is a buyer's family and a partner's."""
    return f"{kind}-{family}"


class _Line(NamedTuple):
    """One participant as its rows say it; without a profile, `updated_at` is "" and `offer` is searched."""

    id: str
    ref: str
    organisation_id: str
    name: str
    seat: str
    desk: str
    offer: str
    updated_at: str
    kind: str
    sector: str
    family: str
    sectors: str
    services: str
    area: str
    departements: str


def entries(event: Event, *, at: datetime) -> Sequence[Entry]:
    """Everyone let in to a morning but the visitors of its plenary, by title."""
    moment = snapshot_moment(event, at)
    text = session.scalar(_lines(event)) or ""
    if moment is None:
        return _entries_today(text)
    past = _contents(event, moment)
    lines = map(_Line._make, lines_in(text))
    return _by_title(_entry(line, *past.get(int(line.organisation_id), _NOTHING)) for line in lines)


def _lines(event: Event) -> Select[str]:
    rows = (
        select(Registration.id)
        .join(Registration.organisation)
        .outerjoin(Desk, Desk.registration_id == Registration.id)
        .outerjoin(Profile, Profile.organisation_id == Registration.organisation_id)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.APPROVED,
            Registration.kind.in_(SHOWN_KINDS),
        )
    )
    kinds = (Organisation.structure_kind, Organisation.buyer_kind, Organisation.partner_kind)
    return in_one_text(
        rows,
        *(Registration.id, Registration.ref, Registration.organisation_id),
        *(typed(Organisation.name), Organisation.departement, typed(Desk.name)),
        case((Profile.id.is_(None), typed(Registration.offer)), else_=""),
        *(Profile.updated_at, Registration.kind, Registration.sector),
        func.coalesce(*(cast(kind, String) for kind in kinds)),
        *(type_coerce(column, String) for column in (Profile.sectors, Profile.services)),
        *(Profile.area, type_coerce(Profile.departements, String)),
    )


# Sectors, services, area, départements, searched words (the database looks into today's), instant.
_Said = tuple[frozenset[str], frozenset[str], str | None, frozenset[str], str, Any]
_NONE: frozenset[str] = frozenset()
_NOTHING: _Said = (_NONE, _NONE, None, _NONE, "", None)
_KINDS = {str(kind): kind for kind in OrganisationKind}
_REGION = frozenset(ILE_DE_FRANCE)


@lru_cache(maxsize=20_000)
def _words(stored: str) -> frozenset[str]:
    """The same few sets come back thousands of times."""
    return frozenset(stored.split())


@lru_cache(maxsize=8)
def _entries_today(text: str) -> Sequence[Entry]:
    """The entries of all the lines of a morning; the same text, at the next page, gives the same ones again.

    The text itself is the key, so that no change of any row can be missed.
    """
    return tuple(_by_title(map(_entry_today, map(_Line._make, lines_in(text)))))


def _by_title(found: Iterable[Entry]) -> list[Entry]:
    return sorted(found, key=lambda entry: searched(entry.title))


def _entry_today(line: _Line) -> Entry:
    if not line.updated_at:
        return _entry(line, *_NOTHING)
    sectors, services, departements = _words(line.sectors), _words(line.services), _words(line.departements)
    return _entry(line, sectors, services, line.area or None, departements, "", line.updated_at)


def _contents(event: Event, moment: datetime) -> Mapping[int, _Said]:
    """What each participant's profile said at `moment`, by organisation."""
    taking_part = select(Registration.organisation_id).where(Registration.event_id == event.id)
    return {
        organisation_id: (
            frozenset(content["sectors"]),
            frozenset(content["services"]),
            content["area"],
            frozenset(content["departements"]),
            content["search_text"],
            saved_at,
        )
        for organisation_id, content, saved_at in session.execute(versions_as_of(taking_part, moment))
    }


def _entry(
    line: _Line,
    sectors: frozenset[str],
    services: frozenset[str],
    area: str | None,
    departements: frozenset[str],
    text: str,
    updated_at: Any,
) -> Entry:
    kind = _KINDS[line.kind]
    if not (sectors and kind is OrganisationKind.STRUCTURE) and line.sector not in sectors:
        sectors |= {line.sector}  # a desk buys in the sector it registered in, and in those of its body
    return Entry(
        int(line.id),
        line.ref,
        kind,
        family_of(kind, line.family),
        int(line.organisation_id),
        f"{line.name} – {line.desk}" if line.desk else line.name,
        line.seat,
        sectors,
        services,
        _reach(area, departements, line.seat),
        text or searched(line.offer),
        updated_at,
    )


def _reach(area: str | None, departements: frozenset[str], seat: str) -> frozenset[str] | None:
    if area == AreaKind.COUNTRY:
        return None
    return _REGION if area == AreaKind.REGION else departements or _words(seat)


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
        select(Profile.organisation_id, *(_as_number(says) for says in profiles)).where(or_(*profiles)),
        published_at_morning(event)
        .with_only_columns(Roadmap.organisation_id, *(func.max(_as_number(says)) for says in needs))
        .group_by(Roadmap.organisation_id),
    )
    ids: list[set[int]] = [set() for _word in wanted]
    for query in queries:
        for organisation_id, *said in session.execute(query):
            for place, is_said in enumerate(said):
                if is_said:
                    ids[place].add(organisation_id)
    return ids


def _as_number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


_NEED_COLUMNS = (Need.id, typed(Need.title), Roadmap.organisation_id, Need.sector, Need.service, Need.departement)


def need_lines(
    event: Event, *, sectors: Collection[str] | None = None, organisation_id: int | None = None
) -> Sequence[NeedLine]:
    """The needs of a morning in some sectors, or those of one buyer."""
    rows = published_at_morning(event)
    if sectors is not None:
        rows = rows.where(Need.sector.in_(sorted(sectors)))
    if organisation_id is not None:
        rows = rows.where(Roadmap.organisation_id == organisation_id)
    return _needs_in(session.scalar(in_one_text(rows, *_NEED_COLUMNS)) or "")


@lru_cache(maxsize=32)
def _needs_in(text: str) -> Sequence[NeedLine]:
    found = (
        NeedLine(int(key), title, int(organisation_id), *words)
        for key, title, organisation_id, *words in lines_in(text)
    )
    return tuple(sorted(found))


def need_at(event: Event, need_id: int) -> NeedLine | None:
    """One need that a morning shows."""
    found = published_at_morning(event).where(Need.id == need_id)
    return next(iter(_needs_in(session.scalar(in_one_text(found, *_NEED_COLUMNS)) or "")), None)


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
