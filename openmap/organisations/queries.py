"""Legal bodies and their contacts, as registrations find them again."""

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Contact, Organisation


def organisation_with_siret(siret: str) -> Organisation | None:
    """The body known by this number, of whatever kind."""
    return session.scalars(select(Organisation).filter_by(siret=siret)).one_or_none()


def buyer_named(name: str) -> Organisation | None:
    """The public buyer known by this name, whatever its case (folded here: SQLite folds ASCII only)."""
    buyers = select(Organisation).filter_by(kind=OrganisationKind.BUYER).order_by(Organisation.id)
    wanted = name.casefold()
    return next((buyer for buyer in session.scalars(buyers) if buyer.name.casefold() == wanted), None)


def contact_of(organisation: Organisation, person: Person) -> Contact | None:
    """The contact that `person` already is for `organisation`."""
    same = select(Contact).filter_by(organisation_id=organisation.id, person_id=person.id)
    return session.scalars(same).one_or_none()
