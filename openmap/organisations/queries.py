"""Legal bodies and their contacts, as registrations find them again and as access is decided."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.core.text import plain
from openmap.organisations.enums import ContactRole, OrganisationKind
from openmap.organisations.models import ColleagueInvitation, Contact, GivenRole, MergedOrganisation, Organisation


def organisation_with_siret(siret: str) -> Organisation | None:
    """The body known by this number, of whatever kind; one that was merged leads to the other."""
    found = session.scalars(select(Organisation).filter_by(siret=siret)).one_or_none()
    return surviving(found) if found else None


def buyer_named(name: str) -> Organisation | None:
    """The public buyer known by this name, whatever its case (folded here: SQLite folds ASCII only)."""
    buyers = select(Organisation).filter_by(kind=OrganisationKind.BUYER).order_by(Organisation.id)
    wanted = name.casefold()
    found = next((buyer for buyer in session.scalars(buyers) if buyer.name.casefold() == wanted), None)
    return surviving(found) if found else None


def surviving(organisation: Organisation) -> Organisation:
    """The organisation itself, or the one it was merged into."""
    into = (
        select(Organisation)
        .join(MergedOrganisation, MergedOrganisation.into_id == Organisation.id)
        .where(MergedOrganisation.organisation_id == organisation.id)
    )
    return session.scalars(into).one_or_none() or organisation


def find_organisation(organisation_id: int) -> Organisation | None:
    """One body by its key, unless it was merged into another."""
    found = select(Organisation).where(Organisation.id == organisation_id, not_merged())
    return session.scalars(found).one_or_none()


def not_merged() -> ColumnElement[bool]:
    """For lists of organisations: leave out those that were merged into another."""
    return ~exists().where(MergedOrganisation.organisation_id == Organisation.id)


def contact_of(organisation: Organisation, person: Person) -> Contact | None:
    """The contact that `person` is or was for `organisation`."""
    same = select(Contact).filter_by(organisation_id=organisation.id, person_id=person.id)
    return session.scalars(same).one_or_none()


def find_contact(organisation: Organisation, contact_id: int) -> Contact | None:
    """A present contact of `organisation` by its key."""
    found = select(Contact).filter_by(organisation_id=organisation.id, id=contact_id, left_at=None)
    return session.scalars(found).one_or_none()


def contacts_of(organisation: Organisation) -> Sequence[Contact]:
    """Everyone who is or was a contact, with their roles: the main one first, those who left last."""
    rows = (
        select(Contact)
        .filter_by(organisation_id=organisation.id)
        .join(Contact.person)
        .options(joinedload(Contact.person), selectinload(Contact.given_roles))
        .order_by(Contact.left_at.is_not(None), Contact.is_main.desc(), Person.name, Person.email)
    )
    return session.scalars(rows).all()


def main_contact(organisation: Organisation) -> Contact | None:
    """Who speaks for all of it, if anybody does."""
    return session.scalars(select(Contact).filter_by(organisation_id=organisation.id, is_main=True)).one_or_none()


def open_colleague_invitations(organisation: Organisation, *, at: datetime) -> Sequence[ColleagueInvitation]:
    """The colleagues who have not answered yet, the latest asked first."""
    rows = (
        select(ColleagueInvitation)
        .filter_by(organisation_id=organisation.id, accepted_at=None, withdrawn_at=None)
        .where(ColleagueInvitation.expires_at > at)
        .options(joinedload(ColleagueInvitation.invited_by))
        .order_by(ColleagueInvitation.created_at.desc(), ColleagueInvitation.id.desc())
    )
    return session.scalars(rows).all()


def colleague_invitation(token_hash: str, *, at: datetime, locked: bool = False) -> ColleagueInvitation | None:
    """The invitation this link still opens at `at`; `locked` holds it until the end of the unit of work."""
    found = (
        select(ColleagueInvitation)
        .filter_by(token_hash=token_hash, accepted_at=None, withdrawn_at=None)
        .where(ColleagueInvitation.expires_at > at)
    )
    return session.scalars(found.with_for_update() if locked else found).one_or_none()


def ids_open_to(person: Person, role: ContactRole | None = None) -> Select[int]:
    """The keys of the organisations for which `person` may do `role`; without `role`, may do anything at all.

    Being the contact of a registration gives no right over the organisation: anyone may send one.
    """
    own = aliased(Contact)  # so that it may stand in a query on contacts
    given = exists().where(GivenRole.contact_id == own.id, *([GivenRole.role == role] if role else []))
    return select(own.organisation_id).where(own.person_id == person.id, own.left_at.is_(None), or_(own.is_main, given))


def may_act(person: Person, organisation_id: int, role: ContactRole | None = None) -> bool:
    """Whether `person` may do `role` for an organisation; without `role`, whether they are one of its people."""
    found = select(Organisation.id).where(
        Organisation.id == organisation_id, Organisation.id.in_(ids_open_to(person, role))
    )
    return session.scalar(found) is not None


def works_for(person: Person, organisation_id: int) -> bool:
    """Whether `person` is one of an organisation's people, whatever their role."""
    own = select(Contact.id).filter_by(person_id=person.id, organisation_id=organisation_id, left_at=None)
    return session.scalar(own.limit(1)) is not None


def organisations_of(person: Person, role: ContactRole | None = None) -> Sequence[Organisation]:
    """The organisations that `person` may do `role` for, by name."""
    own = select(Organisation).where(Organisation.id.in_(ids_open_to(person, role)))
    return session.scalars(own.order_by(Organisation.name, Organisation.id)).all()


def organisations_named(name: str) -> Sequence[Organisation]:
    """The organisations called so, whatever the case and accents; at most a few."""
    wanted = plain(name)
    rows = session.execute(select(Organisation.id, Organisation.name).where(not_merged()))
    ids = [organisation_id for organisation_id, known in rows if plain(known) == wanted]
    return session.scalars(select(Organisation).where(Organisation.id.in_(ids[:5]))).all()
