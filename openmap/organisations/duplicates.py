"""Organisations that may be one: the same company number, mail domain or name, unless an organiser said otherwise."""

import enum
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Contact, DistinctOrganisations, Organisation
from openmap.organisations.names import PUBLIC_DOMAINS, core_of
from openmap.organisations.queries import not_merged

SHARED_BY = 5  # a domain of more organisations than this is a host's or a network's, and says nothing
SHORTEST_ALIKE = 8  # one letter makes another name of a shorter one
LARGEST_GROUP = 20
SIREN_DIGITS = 9


class Sign(enum.StrEnum):
    """What makes two organisations look like one, the strongest first."""

    SIREN = "siren"
    NAME = "name"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of one organisation; `domains` are those of its contacts, public providers left out."""

    id: int
    kind: OrganisationKind
    name: str
    siret: str | None
    domains: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Organisations that look alike, the longest known first, with what they share by sign."""

    ids: tuple[int, ...]
    signs: Mapping[Sign, tuple[str, ...]]


Edge = tuple[int, int]


def duplicate_groups() -> list[Group]:
    """Every group of organisations that look like one, the surest first; three queries, however many there are."""
    distinct = {
        (first, second)
        for first, second in session.execute(select(DistinctOrganisations.first_id, DistinctOrganisations.second_id))
    }
    edges: dict[Edge, dict[Sign, str]] = defaultdict(dict)
    known = known_organisations()
    for sign, said, ids in _alike(known):
        for edge in combinations(sorted(ids), 2):
            if edge not in distinct:
                edges[edge].setdefault(sign, said)
    groups = [_group(ids, edges) for ids in _connected(edges)]
    return sorted(groups, key=lambda group: (min(list(Sign).index(sign) for sign in group.signs), group.ids))


def known_organisations() -> list[Known]:
    """What is compared of every organisation that was not merged."""
    mails = select(Contact.organisation_id, Person.email).join(Contact.person).where(Contact.left_at.is_(None))
    domains: dict[int, set[str]] = defaultdict(set)
    for organisation_id, email in session.execute(mails):
        domains[organisation_id].add(email.rpartition("@")[2])
    rows = select(Organisation.id, Organisation.kind, Organisation.name, Organisation.siret).where(not_merged())
    return [
        Known(one, kind, name, siret, frozenset(domains[one] - PUBLIC_DOMAINS))
        for one, kind, name, siret in session.execute(rows.order_by(Organisation.id))
    ]


def say_distinct(organisations: Sequence[Organisation], *, by: Person, at: datetime) -> None:
    """Remember that none of these is another one of them; saying it twice is saying it once."""
    ordered = sorted(organisations, key=lambda one: one.id)
    for organisation in ordered:
        lock(organisation)
    said = select(DistinctOrganisations.first_id, DistinctOrganisations.second_id)
    known = {(first, second) for first, second in session.execute(said)}
    for first, second in combinations(ordered, 2):
        if (first.id, second.id) not in known:
            session.add(DistinctOrganisations(first_id=first.id, second_id=second.id, said_at=at, said_by_id=by.id))
            audit.record(by, "organisation.said_distinct", first, at=at, other=second.id)


def _alike(known: Iterable[Known]) -> Iterator[tuple[Sign, str, set[int]]]:
    """Sets of ids of one kind that share something, with what it is."""
    rows = list(known)
    sharing = Counter(domain for row in rows for domain in row.domains)
    by_kind: dict[OrganisationKind, list[Known]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    for alike in by_kind.values():
        yield from _sharing(Sign.SIREN, ((row.siret[:SIREN_DIGITS], row.id) for row in alike if row.siret))
        yield from _sharing(Sign.NAME, ((" ".join(sorted(core_of(row.name))), row.id) for row in alike))
        yield from _one_letter_away(alike)
        own = ((domain, row.id) for row in alike for domain in row.domains if sharing[domain] <= SHARED_BY)
        yield from _sharing(Sign.DOMAIN, own)


def _sharing(sign: Sign, pairs: Iterable[tuple[str, int]]) -> Iterator[tuple[Sign, str, set[int]]]:
    sharing: dict[str, set[int]] = defaultdict(set)
    for said, one in pairs:
        sharing[said].add(one)
    yield from ((sign, said, ids) for said, ids in sharing.items() if 1 < len(ids) <= LARGEST_GROUP)


def _one_letter_away(rows: Iterable[Known]) -> Iterator[tuple[Sign, str, set[int]]]:
    """Names that one letter added, left out or changed makes equal; a number in a name is never such a letter."""
    spellings: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        name = "".join(core_of(row.name))
        if len(name) >= SHORTEST_ALIKE:
            numbers = tuple(re.findall(r"\d+", name))
            for spelling in {name} | {name[:place] + name[place + 1 :] for place in range(len(name))}:
                spellings[spelling, *numbers].append((name, row.id))
    for found in spellings.values():
        if 1 < len(found) <= LARGEST_GROUP:
            yield Sign.NAME, min(name for name, _ in found), {one for _, one in found}


def _connected(edges: Iterable[Edge]) -> list[tuple[int, ...]]:
    parent: dict[int, int] = {}

    def root(one: int) -> int:
        while parent.setdefault(one, one) != one:
            one = parent[one]
        return one

    for first, second in edges:
        parent[root(second)] = root(first)
    groups: dict[int, list[int]] = defaultdict(list)
    for one in sorted(parent):
        groups[root(one)].append(one)
    return [tuple(ids) for ids in groups.values()]


def _group(ids: tuple[int, ...], edges: Mapping[Edge, Mapping[Sign, str]]) -> Group:
    signs: dict[Sign, list[str]] = {}
    for edge in combinations(ids, 2):
        for sign, said in edges.get(edge, {}).items():
            if said not in signs.setdefault(sign, []):
                signs[sign].append(said)
    return Group(ids, {sign: tuple(signs[sign]) for sign in Sign if sign in signs})
