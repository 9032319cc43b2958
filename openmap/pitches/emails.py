"""What an applicant is told: the file arrived, the deadline is near, there is more time."""

from datetime import datetime

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.pitches.models import PitchApplication


def application_submitted(application: PitchApplication) -> Mail:
    """The file arrived, until when it may change, and who decides."""
    return _told("application_submitted", application, since=f"{application.submitted_at:%Y%m%dT%H%M%S%f}")


def application_reminder(application: PitchApplication, *, days: int, at: datetime) -> Mail:
    """A draft waits; `days` before its deadline."""
    deadline = f"{application.deadline():%Y%m%dT%H%M}"
    return _told("application_reminder", application, since=f"{deadline}:{days}", at=at)


def application_extended(application: PitchApplication, *, at: datetime) -> Mail:
    """The structure has more time than the others, and why."""
    return _told("application_extended", application, since=f"{at:%Y%m%dT%H%M%S%f}")


def _told(name: str, application: PitchApplication, *, since: str, at: datetime | None = None) -> Mail:
    registration = application.registration
    person = registration.contact.person
    return render_mail(
        name,
        key=f"application:{application.id}:{since}",
        recipient=person.email,
        locale=person.locale,
        application=application,
        call=application.call,
        registration=registration,
        event=registration.event,
        person=person,
        at=at,
    )
