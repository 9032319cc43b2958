"""What is published now: the current version, and one participant's meetings in it."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from openmap.core.db import session
from openmap.events.models import Event, TimeSlot
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.registrations.models import Registration


def current_version(event: Event) -> ScheduleVersion | None:
    """The version that people live by, or None before the first publication."""
    return session.scalars(select(ScheduleVersion).filter_by(event_id=event.id, is_current=True)).one_or_none()


def meetings_of(registration: Registration) -> Sequence[Meeting]:
    """The meetings of one participant in the current version, cancelled ones included, in the order of their slots."""
    return session.scalars(_meetings_of(registration).where(ScheduleVersion.is_current)).unique().all()


def dropped_meetings_of(registration: Registration) -> Sequence[Meeting]:
    """The meetings of one participant that an earlier version held and the current one no longer does.

    Each comes once, as it last was, so that calendars which kept it can be told that it is off.
    """
    past = session.scalars(
        _meetings_of(registration).where(ScheduleVersion.is_current.is_(False)).order_by(None).order_by(Meeting.id)
    ).unique()
    kept = {meeting.uid for meeting in meetings_of(registration)}
    last = {meeting.uid: meeting for meeting in past if meeting.uid not in kept}
    return sorted(last.values(), key=lambda meeting: (meeting.slot.position, meeting.uid))


def _meetings_of(registration: Registration) -> Select[Meeting]:
    """One participant's meetings in every version, with everyone who sits there and why they asked."""
    return (
        select(Meeting)
        .join(Meeting.version)
        .join(Meeting.slot)
        .where(Meeting.participants.any(MeetingParticipant.registration_id == registration.id))
        .options(
            selectinload(Meeting.participants).joinedload(MeetingParticipant.registration),
            joinedload(Meeting.request),
        )
        .order_by(TimeSlot.position, Meeting.id)
    )
