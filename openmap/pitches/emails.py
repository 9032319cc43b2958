"""What an applicant is told: the file arrived or is taken back, the deadline is near, moves, or is later for one."""

from datetime import datetime
from typing import Any

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.pitches.models import PitchApplication
from openmap.pitches.reading import file_of


def application_submitted(application: PitchApplication) -> Mail:
    """The file arrived, word by word; until when it may change, and who decides."""
    since = f"{application.submitted_at:%Y%m%dT%H%M%S%f}"
    return _told("application_submitted", application, since=since, sheet=file_of(application, blind=False))


def application_withdrawn(application: PitchApplication, *, at: datetime) -> Mail:
    """The file was taken back, and until when it can be taken up again."""
    return _told("application_withdrawn", application, since=f"{application.withdrawn_at:%Y%m%dT%H%M%S%f}", at=at)


def application_reminder(application: PitchApplication, *, days: int, at: datetime) -> Mail:
    """A draft waits; `days` before its deadline."""
    deadline = f"{application.deadline():%Y%m%dT%H%M}"
    return _told("application_reminder", application, since=f"{deadline}:{days}", at=at)


def application_extended(application: PitchApplication, *, at: datetime) -> Mail:
    """The structure has more time than the others, and why."""
    return _told("application_extended", application, since=f"{at:%Y%m%dT%H%M%S%f}")


def deadline_moved(application: PitchApplication, closes_at: datetime, *, at: datetime) -> Mail:
    """The call will close at `closes_at`, earlier or later than the structure was told."""
    until = application.deadline(closes_at)
    return _told("application_deadline", application, since=f"{at:%Y%m%dT%H%M%S%f}", at=at, until=until)


def _told(name: str, application: PitchApplication, *, since: str, at: datetime | None = None, **facts: Any) -> Mail:
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
        **facts,
    )
