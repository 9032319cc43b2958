"""What organisers are told when someone leaves a published schedule."""

from collections.abc import Sequence
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.meetings.models import Meeting
from openmap.registrations.models import Registration


def meetings_are_off(
    registration: Registration,
    meetings: Sequence[Meeting],
    organiser: Person,
    *,
    at: datetime,
    reopened_by: Person | None = None,
) -> Mail:
    """Who left, or whose approval another organiser took back, and which published meetings it touches."""
    return render_mail(
        "meetings_are_off",
        key=f"registration:{registration.id}:{at:%Y%m%dT%H%M%S%f}",
        recipient=organiser.email,
        locale=organiser.locale,
        registration=registration,
        event=registration.event,
        person=organiser,
        reopened_by=reopened_by,
        lines=[(meeting, _others(registration, meeting)) for meeting in meetings],
    )


def _others(registration: Registration, meeting: Meeting) -> str:
    others = (one.registration.title for one in meeting.participants if one.registration_id != registration.id)
    return ", ".join(sorted(others))
