"""Find whoever calls, by number or by a few letters of the name."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.core.text import plain
from openmap.events.models import Event
from openmap.meeting_requests.models import MeetingRequest
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Contact
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration

SHOWN = 12


def callers(event: Event, words: str) -> list[Registration]:
    """The approved participants whose number, name or contact holds every word, accents aside; the first few."""
    wanted = plain(words).split()
    found = [each for each in _participants(event) if all(word in _said_of(each) for word in wanted)]
    return found[:SHOWN] if wanted else []


def requests_among(registration: Registration, ids: Sequence[int]) -> Sequence[MeetingRequest]:
    """Those of these requests that this participant sent or received, in the order given."""
    mine = (
        MeetingRequest.desk_id == registration.desk.id
        if registration.desk
        else MeetingRequest.requester_id == registration.id
    )
    rows = {each.id: each for each in session.scalars(select(MeetingRequest).where(MeetingRequest.id.in_(ids), mine))}
    return [rows[each] for each in ids if each in rows]


def _participants(event: Event) -> Sequence[Registration]:
    rows = (
        select(Registration)
        .filter_by(event_id=event.id, state=RegistrationState.APPROVED)
        .where(Registration.kind != OrganisationKind.VISITOR)
        .options(joinedload(Registration.contact).joinedload(Contact.person))
        .order_by(Registration.ref)
    )
    return session.scalars(rows).unique().all()


def _said_of(registration: Registration) -> str:
    person = registration.contact.person
    return plain(f"{registration.ref} {registration.title} {person.name} {registration.contact.phone}")
