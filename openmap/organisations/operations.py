"""Knowing a body and its contact again, or adding them."""

from dataclasses import dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.accounts.queries import person_with_email
from openmap.core.db import session
from openmap.core.errors import Conflict
from openmap.core.text import mark
from openmap.organisations import queries
from openmap.organisations.enums import BuyerKind, OrganisationKind, StructureKind
from openmap.organisations.models import Contact, Organisation


class SiretOfAnotherKind(Conflict):
    """The number belongs to a public buyer or a partner, so no structure can come under it."""

    message = mark(
        "Ce SIRET est celui d’un organisme qui participe à un autre titre. Vérifiez le numéro ; s’il est juste, "
        "écrivez à l’organisateur."
    )
    field = "siret"


@dataclass(frozen=True, slots=True)
class StructureProfile:
    """What a structure says of itself; `siret` is 14 checked digits."""

    siret: str
    name: str
    kind: StructureKind
    departement: str


@dataclass(frozen=True, slots=True)
class BuyerProfile:
    """What a public buyer says of itself; `siret` is 14 checked digits, "" when it gives none."""

    name: str
    kind: BuyerKind
    departement: str
    siret: str = ""


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """Whom to write to, in which language."""

    name: str
    email: str
    phone: str = ""
    locale: str = "fr"


def find_or_add_structure(profile: StructureProfile, *, at: datetime) -> Organisation:
    """The structure with this SIRET as it is stored, whatever the form says of it, or a new one.

    Raises SiretOfAnotherKind.
    """
    known = queries.organisation_with_siret(profile.siret)
    if known is None:
        return _add(
            Organisation(
                kind=OrganisationKind.STRUCTURE,
                name=profile.name,
                siret=profile.siret,
                departement=profile.departement,
                structure_kind=profile.kind,
                created_at=at,
            )
        )
    if known.kind is not OrganisationKind.STRUCTURE:
        raise SiretOfAnotherKind
    return known


def find_or_add_buyer(profile: BuyerProfile, *, at: datetime) -> Organisation:
    """The public buyer of this number or name as it is stored, or a new one. Raises SiretOfAnotherKind."""
    return known_body(OrganisationKind.BUYER, profile.siret, queries.buyer_named(profile.name)) or _add(
        Organisation(
            kind=OrganisationKind.BUYER,
            name=profile.name,
            siret=profile.siret or None,
            departement=profile.departement,
            buyer_kind=profile.kind,
            created_at=at,
        )
    )


def known_body(kind: OrganisationKind, siret: str, named: Organisation | None) -> Organisation | None:
    """The body of this number, else the one so `named` unless its number is another; what it is stays as stored.

    A number that is only claimed is not written on a body that is known without: anyone may send a registration.
    Raises SiretOfAnotherKind.
    """
    known = queries.organisation_with_siret(siret) if siret else None
    if known is None:
        return named if named is None or not (siret and named.siret) else None
    if known.kind is not kind:
        raise SiretOfAnotherKind
    return known


def find_or_add_contact(organisation: Organisation, details: ContactDetails, *, at: datetime) -> Contact:
    """The person of this address as a contact of `organisation`; what is already known of the person stays."""
    person = person_with_email(details.email)
    if person is None:
        person = Person(email=details.email.lower(), name=details.name, locale=details.locale, created_at=at)
        session.add(person)
        session.flush()
    contact = queries.contact_of(organisation, person)
    if contact is None:
        contact = Contact(organisation_id=organisation.id, person_id=person.id, phone=details.phone)
        session.add(contact)
        session.flush()
    contact.left_at = None  # someone who comes back has the rights they are given now, and none of before
    return contact


def _add(organisation: Organisation) -> Organisation:
    session.add(organisation)
    session.flush()
    return organisation
