"""Participants of a morning, as pages need them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from openmap.accounts.models import Person
from openmap.core.db import page_of, session
from openmap.events.models import Event
from openmap.organisations.enums import ContactRole, OrganisationKind
from openmap.organisations.models import Contact, Organisation
from openmap.organisations.queries import ids_open_to, surviving
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import (
    Consent,
    Desk,
    Registration,
    Unavailability,
)

ROWS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of participants is narrowed to; None and "" mean everything."""

    words: str = ""
    state: RegistrationState | None = None
    kind: OrganisationKind | None = None


def find_registration(event: Event, ref: str) -> Registration | None:
    """The participant `ref` ("S001") of a morning, in any state."""
    return session.scalars(select(Registration).filter_by(event_id=event.id, ref=ref)).one_or_none()


def registrations_of(person: Person) -> Sequence[Registration]:
    """Every registration a person may act for, the latest morning first."""
    own = (
        select(Registration)
        .join(Registration.contact)
        .join(Registration.event)
        .where(_may_act_for(person))
        .options(joinedload(Registration.event))
        .order_by(Event.held_on.desc(), Registration.ref)
    )
    return session.scalars(own).unique().all()


def approved_desks(event: Event) -> Sequence[Desk]:
    """The desks that structures may ask for, in the order of their refs; each knows its registration and back."""
    registrations = (
        select(Registration)
        .join(Registration.desk)
        .where(Registration.event_id == event.id, Registration.state == RegistrationState.APPROVED)
        .options(contains_eager(Registration.desk).joinedload(Desk.table))
        .order_by(Registration.ref)
    )
    desks = []
    for registration in session.scalars(registrations).unique():
        if registration.desk is not None:
            set_committed_value(registration.desk, "registration", registration)  # or each would be read again
            desks.append(registration.desk)
    return desks


def structure_registration(event: Event, organisation: Organisation) -> Registration | None:
    """How a structure takes part in a morning already, in any state."""
    own = select(Registration).filter_by(
        event_id=event.id, organisation_id=organisation.id, kind=OrganisationKind.STRUCTURE
    )
    return session.scalars(own).one_or_none()


def partner_registration(event: Event, organisation: Organisation) -> Registration | None:
    """How a partner takes part in a morning already, apart from its desks, in any state."""
    own = select(Registration).filter_by(
        event_id=event.id, organisation_id=organisation.id, kind=OrganisationKind.PARTNER
    )
    without_desk = own.where(~Registration.id.in_(select(Desk.registration_id)))
    return session.scalars(without_desk.order_by(Registration.id)).unique().first()


def visitor_registration(event: Event, email: str) -> Registration | None:
    """How someone comes to the plenary of a morning already, in any state."""
    own = (
        select(Registration)
        .join(Registration.contact)
        .join(Contact.person)
        .where(
            Registration.event_id == event.id,
            Registration.kind == OrganisationKind.VISITOR,
            Person.email == email.lower(),
        )
    )
    return session.scalars(own.order_by(Registration.id)).unique().first()


def body_named(kind: OrganisationKind, name: str) -> Organisation | None:
    """The body of a kind known by this name, whatever its case (folded here: SQLite folds ASCII only)."""
    bodies = select(Organisation).filter_by(kind=kind).order_by(Organisation.id)
    wanted = name.casefold()
    found = next((body for body in session.scalars(bodies) if body.name.casefold() == wanted), None)
    return surviving(found) if found else None


def desk_named(event: Event, organisation: Organisation, name: str) -> Desk | None:
    """The desk of a body at a morning by its name, whatever its case."""
    desks = session.scalars(select(Desk).filter_by(event_id=event.id, organisation_id=organisation.id))
    return next((desk for desk in desks if desk.name.casefold() == name.casefold()), None)


def refs(event: Event) -> Sequence[str]:
    """Every ref given at a morning so far."""
    return session.scalars(select(Registration.ref).filter_by(event_id=event.id)).all()


def participants_page(event: Event, filters: Filters, *, page: int) -> Pagination:
    """One page of the participants of a morning: those that wait for a decision, those in line, then the others."""
    waiting_first = case(
        (Registration.state == RegistrationState.PENDING, 0),
        (Registration.state == RegistrationState.WAITING, 1),
        else_=2,
    )
    rows = (
        _narrowed(event, filters)
        .options(
            contains_eager(Registration.contact).contains_eager(Contact.person),
            contains_eager(Registration.organisation),
            joinedload(Registration.desk).joinedload(Desk.table),
            joinedload(Registration.decided_by),
            selectinload(Registration.unavailabilities).joinedload(Unavailability.slot),
            selectinload(Registration.consents),
        )
        .order_by(waiting_first, Registration.waiting_since, Registration.ref)
    )
    return page_of(rows, page=page, size=ROWS_A_PAGE)


def _narrowed(event: Event, filters: Filters) -> Select[Registration]:
    rows = (
        select(Registration)
        .join(Registration.organisation)
        .join(Registration.contact)
        .join(Contact.person)
        .outerjoin(Desk, Desk.registration_id == Registration.id)
        .where(Registration.event_id == event.id)
    )
    if filters.state is not None:
        rows = rows.where(Registration.state == filters.state)
    if filters.kind is not None:
        rows = rows.where(Registration.kind == filters.kind)
    for word in filters.words.split():
        said_in = (Organisation.name, Organisation.siret, Desk.name, Person.name, Person.email, Registration.ref)
        rows = rows.where(or_(*(column.icontains(word, autoescape=True) for column in said_in)))
    return rows


def state_counts(event: Event) -> Mapping[RegistrationState, int]:
    """How many registrations of a morning are in each state; states without any are left out."""
    counted = select(Registration.state, func.count()).filter_by(event_id=event.id).group_by(Registration.state)
    return dict(session.execute(counted).all())


def approved_counts(events: Iterable[Event]) -> Mapping[tuple[int, OrganisationKind], int]:
    """How many approved participants of each kind each morning has, by (event id, kind)."""
    counted = (
        select(Registration.event_id, Registration.kind, func.count())
        .where(
            Registration.event_id.in_([event.id for event in events]),
            Registration.state == RegistrationState.APPROVED,
        )
        .group_by(Registration.event_id, Registration.kind)
    )
    return {(event_id, kind): number for event_id, kind, number in session.execute(counted)}


def _may_act_for(person: Person) -> ColumnElement[bool]:
    """Its contact may, and its organisation's people whose role is meetings."""
    theirs = ids_open_to(person, ContactRole.MEETINGS)
    return or_(Contact.person_id == person.id, Registration.organisation_id.in_(theirs))


def registrations_at(event: Event, person: Person) -> Sequence[Registration]:
    """The participants of one morning that a person may act for."""
    own = (
        select(Registration)
        .join(Registration.contact)
        .where(Registration.event_id == event.id, _may_act_for(person))
        .order_by(Registration.ref)
    )
    return session.scalars(own).unique().all()


def consents_at(event: Event) -> Mapping[int, Sequence[Consent]]:
    """Every consent given at a morning, withdrawn ones included, by registration; one query."""
    rows = select(Consent).join(Consent.registration).where(Registration.event_id == event.id).order_by(Consent.id)
    found: dict[int, list[Consent]] = {}
    for consent in session.scalars(rows).unique():
        found.setdefault(consent.registration_id, []).append(consent)
    return found


def last_registration(person: Person, kind: OrganisationKind) -> Registration | None:
    """The latest registration of a kind that a person is the contact of: its words serve again."""
    own = (
        select(Registration)
        .join(Registration.contact)
        .where(Contact.person_id == person.id, Registration.kind == kind)
        .order_by(Registration.created_at.desc(), Registration.id.desc())
    )
    return session.scalars(own).unique().first()


def last_registration_of(structure: Organisation) -> Registration | None:
    """The latest registration of a structure, at whatever morning."""
    own = select(Registration).filter_by(organisation_id=structure.id, kind=OrganisationKind.STRUCTURE)
    return session.scalars(own.order_by(Registration.created_at.desc(), Registration.id.desc())).unique().first()
