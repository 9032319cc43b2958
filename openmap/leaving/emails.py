"""What organisers are told when someone leaves a published schedule."""

from collections.abc import Sequence

from openmap.accounts.models import Person
from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.meetings.models import Meeting
from openmap.registrations.models import Registration


def meetings_are_off(registration: Registration, meetings: Sequence[Meeting], organiser: Person) -> Mail:
    """Who left, and which published meetings it touches."""
    return render_mail(
        "meetings_are_off",
        key=f"registration:{registration.id}:{registration.cancelled_at:%Y%m%dT%H%M%S%f}",
        recipient=organiser.email,
        locale=organiser.locale,
        registration=registration,
        event=registration.event,
        person=organiser,
        lines=[(meeting, _others(registration, meeting)) for meeting in meetings],
    )


def _others(registration: Registration, meeting: Meeting) -> str:
    others = (one.registration.title for one in meeting.participants if one.registration_id != registration.id)
    return ", ".join(sorted(others))
