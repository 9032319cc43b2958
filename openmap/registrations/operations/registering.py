"""Asking to take part: structures, buyers' desks, partners and visitors."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.files import StoredFile
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind, PartnerKind, Sector
from openmap.organisations.models import Organisation
from openmap.organisations.operations import (
    BuyerProfile,
    ContactDetails,
    StructureProfile,
    find_or_add_buyer,
    find_or_add_contact,
    find_or_add_structure,
    known_body,
)
from openmap.questions.enums import QuestionPurpose
from openmap.questions.operations import keep_answers
from openmap.registrations import emails, queries
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration, Unavailability
from openmap.registrations.operations.consenting import GivenConsent, give_consent
from openmap.registrations.operations.wording import on_behalf

REF_FORMATS = {
    OrganisationKind.BUYER: "B{:02d}",
    OrganisationKind.STRUCTURE: "S{:03d}",
    OrganisationKind.PARTNER: "P{:02d}",
    OrganisationKind.VISITOR: "V{:03d}",
}


class RegistrationsClosed(RuleBroken):
    """The deadline is past."""

    message = mark("Les inscriptions à cette matinale sont closes. Pour une question, écrivez à l’organisateur.")


class AlreadyRegistered(Conflict):
    """This structure, partner or visitor, or this desk of this buyer, takes part already."""

    message = mark(
        "« %(title)s » a déjà une inscription à cette matinale. Si c’est la vôtre, connectez-vous avec l’adresse "
        "donnée alors ; sinon, écrivez à l’organisateur."
    )


class NoSlotLeft(RuleBroken):
    """Someone unavailable in every slot would meet nobody."""

    message = mark("Gardez au moins un créneau libre : sans créneau, aucun rendez-vous n’est possible.")
    field = "unavailable"


@dataclass(frozen=True, slots=True)
class PartnerProfile:
    """What a partner says of itself; with a `desk` it receives structures as a buyer does; `siret` if it gives one."""

    name: str
    kind: PartnerKind
    departement: str
    desk: str = ""
    siret: str = ""


@dataclass(frozen=True, slots=True)
class VisitorProfile:
    """Where a visitor of the plenary comes from, if anywhere."""

    body: str
    departement: str


@dataclass(frozen=True, slots=True)
class RegistrationDetails:
    """What a participant asks for itself; `unavailable` are slot positions, `answers` stand by question."""

    sector: Sector
    contact: ContactDetails
    offer: str = ""
    unavailable: AbstractSet[int] = frozenset()
    contact_function: str = ""
    consents: tuple[GivenConsent, ...] = ()
    answers: dict[int, str | StoredFile] = field(default_factory=dict)


def register_structure(
    event: Event, profile: StructureProfile, details: RegistrationDetails, *, by: Person | None, at: datetime
) -> Registration:
    """Ask for a structure to take part; the organiser decides later.

    `by` is null for a visitor who is not signed in. Raises RegistrationsClosed, NoSlotLeft, SiretOfAnotherKind,
    AlreadyRegistered.
    """
    _check_open(event, details, by=by, at=at)
    organisation = find_or_add_structure(profile, at=at)
    known = queries.structure_registration(event, organisation)
    again = _cancelled_or_refused(known, details, title=profile.name)
    registration = _store(event, organisation, OrganisationKind.STRUCTURE, details, again=again, by=by, at=at)
    return _arrived(registration, by=by, at=at)


def register_desk(
    event: Event,
    profile: BuyerProfile,
    desk_name: str,
    details: RegistrationDetails,
    *,
    by: Person | None,
    at: datetime,
) -> Desk:
    """Ask for one desk of a public buyer to take part; it gets a table when it is approved.

    `by` is null for a visitor who is not signed in. Raises RegistrationsClosed, NoSlotLeft, AlreadyRegistered.
    """
    _check_open(event, details, by=by, at=at)
    organisation = find_or_add_buyer(profile, at=at)
    title = f"{profile.name} – {desk_name}"
    return _desk(event, organisation, OrganisationKind.BUYER, desk_name, details, title=title, by=by, at=at)


def register_partner(
    event: Event, profile: PartnerProfile, details: RegistrationDetails, *, by: Person | None, at: datetime
) -> Registration:
    """Ask for a partner to take part, with a desk of its own or without.

    Raises RegistrationsClosed, NoSlotLeft, SiretOfAnotherKind, AlreadyRegistered.
    """
    _check_open(event, details, by=by, at=at)
    kind = OrganisationKind.PARTNER
    organisation = known_body(kind, profile.siret, queries.body_named(kind, profile.name)) or _add_body(
        Organisation(
            kind=kind,
            name=profile.name,
            siret=profile.siret or None,
            departement=profile.departement,
            partner_kind=profile.kind,
            created_at=at,
        )
    )
    if profile.desk:
        title = f"{profile.name} – {profile.desk}"
        return _desk(event, organisation, kind, profile.desk, details, title=title, by=by, at=at).registration
    known = queries.partner_registration(event, organisation)
    again = _cancelled_or_refused(known, details, title=profile.name)
    return _arrived(_store(event, organisation, kind, details, again=again, by=by, at=at), by=by, at=at)


def register_visitor(
    event: Event, profile: VisitorProfile, details: RegistrationDetails, *, by: Person | None, at: datetime
) -> Registration:
    """Ask for one person to attend the plenary; one who comes on their own behalf is their own body.

    A visitor becomes no contact of a body that takes part otherwise. Raises RegistrationsClosed, AlreadyRegistered.
    """
    _check_open(event, details, by=by, at=at)
    name = profile.body or details.contact.name
    organisation = queries.body_named(OrganisationKind.VISITOR, name) or _add_body(
        Organisation(kind=OrganisationKind.VISITOR, name=name, departement=profile.departement, created_at=at)
    )
    known = queries.visitor_registration(event, details.contact.email)
    again = _cancelled_or_refused(known, details, title=details.contact.name)
    registration = _store(event, organisation, OrganisationKind.VISITOR, details, again=again, by=by, at=at)
    return _arrived(registration, by=by, at=at)


def _check_open(event: Event, details: RegistrationDetails, *, by: Person | None, at: datetime) -> None:
    lock(event)  # refs and places are counted, and names looked up, under it
    if not event.registration_open(at) and not (by and by.is_organiser):
        raise RegistrationsClosed
    if event.slots and details.unavailable >= {slot.position for slot in event.slots}:
        raise NoSlotLeft


def _cancelled_or_refused(
    known: Registration | None, details: RegistrationDetails, *, title: str
) -> Registration | None:
    """The registration that is taken up again: cancelled, and by the same person, for its past is theirs alone."""
    if known is None:
        return None
    same_person = known.contact.person.email == details.contact.email.lower()
    if known.state is not RegistrationState.CANCELLED or not same_person:
        raise AlreadyRegistered(title=title)
    return known


def _desk(
    event: Event,
    organisation: Organisation,
    kind: OrganisationKind,
    name: str,
    details: RegistrationDetails,
    *,
    title: str,
    by: Person | None,
    at: datetime,
) -> Desk:
    known = queries.desk_named(event, organisation, name)
    again = _cancelled_or_refused(known.registration if known else None, details, title=title)
    registration = _store(event, organisation, kind, details, again=again, by=by, at=at)
    desk = known or Desk(event_id=event.id, organisation_id=organisation.id, registration_id=registration.id, name=name)
    session.add(desk)
    session.flush()
    session.refresh(registration)
    _arrived(registration, by=by, at=at)
    return desk


def _store(
    event: Event,
    organisation: Organisation,
    kind: OrganisationKind,
    details: RegistrationDetails,
    *,
    again: Registration | None,
    by: Person | None,
    at: datetime,
) -> Registration:
    registration = again or Registration(
        event_id=event.id, organisation_id=organisation.id, kind=kind, ref=_next_ref(event, kind)
    )
    is_full = not queries.places_of(event, kind).has_room
    registration.state = RegistrationState.WAITING if is_full else RegistrationState.PENDING
    registration.waiting_since = at if is_full else None
    registration.cancelled_at = registration.decided_at = registration.decided_by_id = None
    registration.refusal_reason = ""
    registration.created_at = at
    registration.contact_id = find_or_add_contact(organisation, details.contact, at=at).id
    registration.contact_function = details.contact_function
    registration.sector, registration.offer = details.sector, details.offer
    on_stage = [row for row in registration.unavailabilities if row.item_id is not None]
    registration.unavailabilities = on_stage + [
        Unavailability(slot_id=slot.id) for slot in event.slots if slot.position in details.unavailable
    ]
    session.add(registration)
    session.flush()
    if details.answers:
        purpose = QuestionPurpose.REGISTRATION
        sheet = keep_answers(registration.answer_sheet, event=event, purpose=purpose, given=details.answers, at=at)
        registration.answer_sheet_id = sheet.id
        session.flush()  # what is locked is read again
    for given in details.consents:
        give_consent(registration, given, by=by, at=at)
    return registration


def _next_ref(event: Event, kind: OrganisationKind) -> str:
    ref_format = REF_FORMATS[kind]
    numbers = (ref[1:] for ref in queries.refs(event) if ref.startswith(ref_format[0]))
    return ref_format.format(max((int(number) for number in numbers if number.isdecimal()), default=0) + 1)


def _add_body(organisation: Organisation) -> Organisation:
    session.add(organisation)
    session.flush()
    return organisation


def _arrived(registration: Registration, *, by: Person | None, at: datetime) -> Registration:
    event_id, ref = registration.event_id, registration.ref
    extra = on_behalf(registration, by)
    audit.record(by, "registration.sent", registration, at=at, event_id=event_id, ref=ref, **extra)
    is_waiting = registration.state is RegistrationState.WAITING
    told = emails.registration_waiting if is_waiting else emails.registration_received
    outbox.enqueue(told(registration), at=at)
    return registration
