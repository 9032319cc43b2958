"""What a participant is told about its registration."""

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.registrations.models import Registration


def registration_received(registration: Registration) -> Mail:
    """The registration arrived, and who decides."""
    return _told("registration_received", registration)


def registration_approved(registration: Registration) -> Mail:
    """The participant is in, and what to do next."""
    return _told("registration_approved", registration)


def registration_refused(registration: Registration) -> Mail:
    """The participant is not in, and why."""
    return _told("registration_refused", registration)


def _told(name: str, registration: Registration) -> Mail:
    person = registration.contact.person
    return render_mail(
        name,
        key=f"registration:{registration.id}",
        recipient=person.email,
        locale=person.locale,
        registration=registration,
        event=registration.event,
        person=person,
    )
