"""Whom a demonstration shows: people whose pages have something on them."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.events.models import Event
from openmap.juries.models import Assignment, PitchReview, Reviewer
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.organisations.models import Contact
from openmap.pitches.models import PitchCall
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


def busiest_reviewer(event: Event) -> Person | None:
    """Who owes the jury of a morning most reviews, if anybody judges there."""
    owed = func.count().filter(PitchReview.submitted_at.is_(None))
    found = session.scalar(
        select(Reviewer.person_id)
        .join(Reviewer.call)
        .join(Assignment, Assignment.reviewer_id == Reviewer.id)
        .outerjoin(Assignment.review)
        .where(PitchCall.event_id == event.id)
        .group_by(Reviewer.person_id)
        .order_by(owed.desc(), Reviewer.person_id)
        .limit(1)
    )
    return session.get(Person, found) if found is not None else None


def _participant(registration_id: int | None) -> Registration:
    with_person = joinedload(Registration.contact).joinedload(Contact.person)
    return session.scalars(select(Registration).filter_by(id=registration_id).options(with_person)).unique().one()
