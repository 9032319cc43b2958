"""What a participant leaves behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting
from openmap.meetings.queries import meetings_of
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import PitchApplication
from openmap.pitches.queries import SENT, applications_of
from openmap.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Consequences:
    """What no longer counts: requests that were sent, requests that were received, published meetings, a pitch."""

    sent_count: int
    received_count: int
    meetings: Sequence[Meeting]
    pitch: PitchApplication | None


def consequences_of(registration: Registration) -> Consequences:
    """What leaving costs this participant and others."""
    standing = select(func.count()).select_from(MeetingRequest).where(MeetingRequest.state != RequestState.WITHDRAWN)
    sent = session.scalar(standing.where(MeetingRequest.requester_id == registration.id))
    desk = registration.desk
    received = session.scalar(standing.where(MeetingRequest.desk_id == desk.id)) if desk else 0
    planned = [meeting for meeting in meetings_of(registration) if meeting.outcome is MeetingOutcome.PLANNED]
    file = applications_of([registration.id]).get(registration.id)
    pitch = file if file and file.state in SENT - {ApplicationState.REJECTED} else None
    return Consequences(sent_count=sent or 0, received_count=received or 0, meetings=planned, pitch=pitch)


def organisers() -> Sequence[Person]:
    """Everyone who organises, to be told."""
    return session.scalars(select(Person).filter_by(is_organiser=True).order_by(Person.id)).all()
