"""Registering for a morning, and the organiser's decision."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind, Sector
from openmap.organisations.models import Organisation
from openmap.organisations.operations import (
    BuyerProfile,
    ContactDetails,
    StructureProfile,
    find_or_add_buyer,
    find_or_add_contact,
    find_or_add_structure,
)
from openmap.registrations import emails, queries
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration, Unavailability

REF_FORMATS = {OrganisationKind.BUYER: "B{:02d}", OrganisationKind.STRUCTURE: "S{:03d}"}


class RegistrationsClosed(RuleBroken):
    """The deadline is past."""

    message = mark("Les inscriptions à cette matinale sont closes. Pour une question, écrivez à l’organisateur.")


class AlreadyRegistered(Conflict):
    """This structure, or this desk of this buyer, takes part already."""

    message = mark(
        "« %(title)s » a déjà une inscription à cette matinale. Si c’est la vôtre, connectez-vous avec l’adresse "
        "donnée alors ; sinon, écrivez à l’organisateur."
    )


class NoSlotLeft(RuleBroken):
    """Someone unavailable in every slot would meet nobody."""

    message = mark("Gardez au moins un créneau libre : sans créneau, aucun rendez-vous n’est possible.")
    field = "unavailable"


class NoTableLeft(Conflict):
    """Every table of the morning has its desk."""

    message = mark(
        "Les %(table_count)s tables de la matinale sont prises. Ajoutez une table à la matinale, ou refusez cette "
        "inscription."
    )


class AlreadyDecided(Conflict):
    """Someone decided since the page was shown."""

    message = mark(
        "La décision sur « %(title)s » a changé depuis l’affichage de la page. Rien n’a été modifié ; relisez la liste."
    )


class ApprovedMeanwhile(AlreadyDecided):
    """Another organiser let this participant in."""

    message = mark("Un autre organisateur vient de valider « %(title)s ». Rien n’a été modifié ; relisez la liste.")


class RefusedMeanwhile(AlreadyDecided):
    """Another organiser refused this participant."""

    message = mark("Un autre organisateur vient de refuser « %(title)s ». Rien n’a été modifié ; relisez la liste.")


MEANWHILE = {RegistrationState.APPROVED: ApprovedMeanwhile, RegistrationState.REFUSED: RefusedMeanwhile}


@dataclass(frozen=True, slots=True)
class RegistrationDetails:
    """What a participant asks for itself; `unavailable` are slot positions."""

    sector: Sector
    contact: ContactDetails
    offer: str = ""
    unavailable: AbstractSet[int] = frozenset()


def register_structure(
    event: Event, profile: StructureProfile, details: RegistrationDetails, *, by: Person | None, at: datetime
) -> Registration:
    """Ask for a structure to take part; the organiser decides later.

    `by` is null for a visitor who is not signed in. Raises RegistrationsClosed, NoSlotLeft, SiretOfAnotherKind,
    AlreadyRegistered.
    """
    _check_open(event, details, at=at)
    organisation = find_or_add_structure(profile, at=at)
    if queries.structure_registration(event, organisation) is not None:
        raise AlreadyRegistered(title=profile.name)
    registration = _add_registration(event, organisation, details, at=at)
    _tell_it_arrived(registration, by=by, at=at)
    return registration


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
    _check_open(event, details, at=at)
    organisation = find_or_add_buyer(profile, at=at)
    if queries.desk_named(event, organisation, desk_name) is not None:
        raise AlreadyRegistered(title=f"{profile.name} – {desk_name}")
    registration = _add_registration(event, organisation, details, at=at)
    desk = Desk(event_id=event.id, organisation_id=organisation.id, registration_id=registration.id, name=desk_name)
    session.add(desk)
    session.flush()
    session.refresh(registration)
    _tell_it_arrived(registration, by=by, at=at)
    return desk


def approve_registration(registration: Registration, *, seen: RegistrationState, by: Person, at: datetime) -> None:
    """Let a participant in, pending or refused before; a desk gets the lowest free table.

    `seen` is the state on which the organiser decided. Approving twice is approving once.
    Raises AlreadyDecided, NoTableLeft.
    """
    lock(registration.event)
    if _is_same_decision(registration, RegistrationState.APPROVED, by):
        return
    _check_still(registration, seen, {RegistrationState.PENDING, RegistrationState.REFUSED})
    if registration.desk is not None and registration.desk.table_id is None:
        _give_table(registration.event, registration.desk)
    _decide(registration, RegistrationState.APPROVED, "", by=by, at=at)
    outbox.enqueue(emails.registration_approved(registration), at=at)


def refuse_registration(
    registration: Registration, *, reason: str, seen: RegistrationState, by: Person, at: datetime
) -> None:
    """Keep a pending participant out, with the reason that its mail will tell; refusing twice is refusing once.

    Raises AlreadyDecided.
    """
    lock(registration.event)
    if _is_same_decision(registration, RegistrationState.REFUSED, by):
        return
    _check_still(registration, seen, {RegistrationState.PENDING})
    _decide(registration, RegistrationState.REFUSED, reason, by=by, at=at)
    outbox.enqueue(emails.registration_refused(registration), at=at)


def _check_open(event: Event, details: RegistrationDetails, *, at: datetime) -> None:
    lock(event)  # refs are counted, and names looked up, under it
    if not event.registration_open(at):
        raise RegistrationsClosed
    if event.slots and details.unavailable >= {slot.position for slot in event.slots}:
        raise NoSlotLeft


def _add_registration(
    event: Event, organisation: Organisation, details: RegistrationDetails, *, at: datetime
) -> Registration:
    registration = Registration(
        event_id=event.id,
        organisation_id=organisation.id,
        contact_id=find_or_add_contact(organisation, details.contact, at=at).id,
        kind=organisation.kind,
        ref=_next_ref(event, organisation.kind),
        state=RegistrationState.PENDING,
        sector=details.sector,
        offer=details.offer,
        created_at=at,
    )
    registration.unavailabilities = [
        Unavailability(slot_id=slot.id) for slot in event.slots if slot.position in details.unavailable
    ]
    session.add(registration)
    session.flush()
    return registration


def _next_ref(event: Event, kind: OrganisationKind) -> str:
    ref_format = REF_FORMATS[kind]
    numbers = (ref[1:] for ref in queries.refs(event) if ref.startswith(ref_format[0]))
    return ref_format.format(max((int(number) for number in numbers if number.isdecimal()), default=0) + 1)


def _tell_it_arrived(registration: Registration, *, by: Person | None, at: datetime) -> None:
    audit.record(
        by, "registration.sent", registration, at=at, event_id=registration.event_id, ref=registration.ref, consent=True
    )
    outbox.enqueue(emails.registration_received(registration), at=at)


def _is_same_decision(registration: Registration, state: RegistrationState, by: Person) -> bool:
    lock(registration)
    return registration.state is state and registration.decided_by_id == by.id


def _check_still(registration: Registration, seen: RegistrationState, possible: set[RegistrationState]) -> None:
    if registration.state is not seen or registration.state not in possible:
        raise MEANWHILE.get(registration.state, AlreadyDecided)(title=registration.title)


def _decide(registration: Registration, state: RegistrationState, reason: str, *, by: Person, at: datetime) -> None:
    registration.state = state
    registration.refusal_reason = reason
    registration.decided_at = at
    registration.decided_by_id = by.id
    audit.record(by, f"registration.{state}", registration, at=at, event_id=registration.event_id, ref=registration.ref)


def _give_table(event: Event, desk: Desk) -> None:
    table = queries.lowest_free_table(event)
    if table is None:
        raise NoTableLeft(table_count=len(event.tables))
    desk.table_id = table.id
