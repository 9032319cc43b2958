"""What a participant is told about its registration; each decision is told once, a later one again."""

from datetime import datetime

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.registrations.models import Registration, RegistrationDraft


def registration_received(registration: Registration) -> Mail:
    """The registration arrived, and who decides."""
    return _told("registration_received", registration, since=registration.created_at)


def registration_waiting(registration: Registration) -> Mail:
    """Every place is taken; the participant is in line."""
    return _told("registration_waiting", registration, since=registration.waiting_since)


def registration_promoted(registration: Registration) -> Mail:
    """A place got free: the participant is in."""
    return _told("registration_promoted", registration, since=registration.decided_at)


def registration_approved(registration: Registration) -> Mail:
    """The participant is in, and what to do next."""
    return _told("registration_approved", registration, since=registration.decided_at)


def registration_refused(registration: Registration) -> Mail:
    """The participant is not in, and why."""
    return _told("registration_refused", registration, since=registration.decided_at)


def registration_reopened(registration: Registration, *, reason: str, at: datetime) -> Mail:
    """The approval was taken back, and why."""
    return _told("registration_reopened", registration, since=at, reason=reason)


def registration_cancelled(registration: Registration) -> Mail:
    """The participant left the morning."""
    return _told("registration_cancelled", registration, since=registration.cancelled_at)


def draft_link(draft: RegistrationDraft, *, token: str, at: datetime) -> Mail:
    """The link that opens a draft again; the only place where its token stands in clear."""
    return render_mail(
        "draft_link",
        key=f"draft:{draft.id}:{at:%Y%m%dT%H%M%S%f}",
        recipient=draft.email,
        locale=draft.locale,
        draft=draft,
        event=draft.event,
        token=token,
    )


def _told(name: str, registration: Registration, *, since: datetime | None, **facts: str) -> Mail:
    person = registration.contact.person
    return render_mail(
        name,
        key=f"registration:{registration.id}:{since:%Y%m%dT%H%M%S%f}" if since else f"registration:{registration.id}",
        recipient=person.email,
        locale=person.locale,
        registration=registration,
        event=registration.event,
        person=person,
        **facts,
    )
