"""Whom a demonstration shows: people whose pages have something on them."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.events.models import Event
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.organisations.models import Contact
from openmap.registrations.models import Desk, Registration


def busiest_desk(event: Event) -> Registration:
    """The desk with most requests still to answer, then with most requests."""
    unanswered = func.count().filter(MeetingRequest.state == RequestState.SENT)
    found = session.scalar(
        select(Desk.registration_id)
        .join(MeetingRequest, MeetingRequest.desk_id == Desk.id)
        .where(Desk.event_id == event.id, Desk.name != "")
        .group_by(Desk.registration_id)
        .order_by(unanswered.desc(), func.count().desc(), Desk.registration_id)
        .limit(1)
    )
    return _participant(found)


def busiest_structure(event: Event) -> Registration:
    """The structure with most requests that may still send one more, else with most requests."""
    sent = func.count()
    found = session.scalar(
        select(MeetingRequest.requester_id)
        .where(MeetingRequest.event_id == event.id)
        .group_by(MeetingRequest.requester_id)
        .order_by((sent < event.request_quota).desc(), sent.desc(), MeetingRequest.requester_id)
        .limit(1)
    )
    return _participant(found)


def _participant(registration_id: int | None) -> Registration:
    with_person = joinedload(Registration.contact).joinedload(Contact.person)
    return session.scalars(select(Registration).filter_by(id=registration_id).options(with_person)).unique().one()
