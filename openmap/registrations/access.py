"""Whose page it is: a participant's own people, and organisers on their behalf."""

from flask import abort

from openmap.accounts.access import the_person
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.organisations.delegating import may_act_by_delegation
from openmap.organisations.enums import ContactRole
from openmap.organisations.queries import may_act, works_for
from openmap.registrations.models import Registration
from openmap.registrations.queries import find_registration


def participant_or_404(slug: str, ref: str) -> Registration:
    """The participant `ref` of the morning `slug`, if the person signed in may act for it.

    Its contact may, its organisation's people whose role is meetings, and the facilitator it lets act for it. Someone
    else's and an absent one look alike: the page does not exist. Organisers may act for anyone, on record.
    """
    person = the_person()
    registration = get_or_404(find_registration(event_or_404(slug), ref))
    if person.is_organiser or registration.contact.person_id == person.id:
        return registration
    body = registration.organisation_id
    if not may_act(person, body, ContactRole.MEETINGS) and not may_act_by_delegation(person, body):
        abort(404)
    return registration


def is_on_behalf(registration: Registration) -> bool:
    """Whether the person signed in acts for others: an organiser or a facilitator, never a colleague."""
    person = the_person()
    return registration.contact.person_id != person.id and not works_for(person, registration.organisation_id)
