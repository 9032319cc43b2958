"""Participants of a morning, as pages need them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Contact
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration


def find_registration(event: Event, ref: str) -> Registration | None:
    """The participant `ref` ("S001") of a morning, in any state."""
    return session.scalars(select(Registration).filter_by(event_id=event.id, ref=ref)).one_or_none()


def registrations_of(person: Person) -> Sequence[Registration]:
    """Every registration a person is the contact of, the latest morning first."""
    own = (
        select(Registration)
        .join(Registration.contact)
        .join(Registration.event)
        .where(Contact.person_id == person.id)
        .options(joinedload(Registration.event))
        .order_by(Event.held_on.desc(), Registration.ref)
    )
    return session.scalars(own).unique().all()


def approved_desks(event: Event) -> Sequence[Desk]:
    """The desks that structures may ask for, in the order of their refs."""
    desks = (
        select(Desk)
        .join(Desk.registration)
        .where(Desk.event_id == event.id, Registration.state == RegistrationState.APPROVED)
        .options(joinedload(Desk.table))
        .order_by(Registration.ref)
    )
    return session.scalars(desks).unique().all()


def participant_count(event: Event, kind: OrganisationKind) -> int:
    """How many approved participants of one kind take part."""
    counted = select(func.count()).where(
        Registration.event_id == event.id,
        Registration.kind == kind,
        Registration.state == RegistrationState.APPROVED,
    )
    return session.scalar(counted) or 0
