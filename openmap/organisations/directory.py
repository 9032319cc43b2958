"""The organiser's list of organisations: searched without accents, with what hangs on each."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import contains_eager, selectinload

from openmap.accounts.models import Person
from openmap.core.db import page_of, session
from openmap.core.text import plain
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Contact, Organisation
from openmap.organisations.queries import not_merged
from openmap.organisations.references import counts_to

ENTRIES_A_PAGE = 20
COUNTED = frozenset({"registration", "desk", "need"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the directory is narrowed to; None and "" mean everything."""

    words: str = ""
    kind: OrganisationKind | None = None
    show: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation with its present contacts, the main one first, and how many rows of each table are its."""

    organisation: Organisation
    contacts: tuple[Contact, ...]
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def main(self) -> Contact | None:
        """Who speaks for it."""
        return next((contact for contact in self.contacts if contact.is_main), None)


def directory_page(wanted: Wanted, *, page: int) -> tuple[Pagination, list[Entry]]:
    """One page of the directory, by name; the same number of queries however many organisations there are."""
    rows = select(Organisation).where(not_merged(), *_narrowing(wanted)).order_by(Organisation.name, Organisation.id)
    if wanted.words:
        rows = rows.where(Organisation.id.in_(_ids_saying(plain(wanted.words).split())))
    found = page_of(rows, page=page, size=ENTRIES_A_PAGE)
    entries = entries_of([organisation.id for organisation in found.items])
    return found, [entries[organisation.id] for organisation in found.items]


def entries_of(ids: Sequence[int]) -> Mapping[int, Entry]:
    """The entries of some organisations, by key; three queries."""
    organisations = session.scalars(select(Organisation).where(Organisation.id.in_(ids))).all()
    contacts = (
        select(Contact)
        .join(Contact.person)
        .where(Contact.organisation_id.in_(ids), Contact.left_at.is_(None))
        .options(contains_eager(Contact.person), selectinload(Contact.given_roles))
        .order_by(Contact.is_main.desc(), Person.name, Person.email)
    )
    theirs: dict[int, list[Contact]] = {one: [] for one in ids}
    for contact in session.scalars(contacts):
        theirs[contact.organisation_id].append(contact)
    counts = counts_to(Organisation.metadata.tables["organisation"], ids)
    return {one.id: Entry(one, tuple(theirs[one.id]), counts[one.id]) for one in organisations}


def _narrowing(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        conditions.append(Organisation.kind == wanted.kind)
    present = exists().where(Contact.organisation_id == Organisation.id, Contact.left_at.is_(None))
    if wanted.show == "no-main":
        conditions.append(~present.where(Contact.is_main))
    elif wanted.show == "no-contact":
        conditions.append(~present)
    return conditions


def _ids_saying(words: Collection[str]) -> list[int]:
    """The organisations whose name, number or contacts say every word; compared here, for databases keep accents."""
    said: dict[int, list[str]] = {}
    for one, name, siret in session.execute(select(Organisation.id, Organisation.name, Organisation.siret)):
        said[one] = [name, siret or ""]
    people = select(Contact.organisation_id, Person.name, Person.email).join(Contact.person)
    for one, name, email in session.execute(people.where(Contact.left_at.is_(None))):
        said[one] += [name, email]
    texts = {one: plain(" ".join(texts)) for one, texts in said.items()}
    return [one for one, text in texts.items() if all(word in text for word in words)]
