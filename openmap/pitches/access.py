"""Whose file it is: a structure's own people, whoever it lets act, and organisers on its behalf."""

from flask import abort

from openmap.accounts.access import the_person
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.organisations.delegating import may_act_by_delegation
from openmap.organisations.enums import ContactRole, OrganisationKind
from openmap.organisations.queries import may_act
from openmap.pitches import queries
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.registrations.models import Registration
from openmap.registrations.queries import find_registration


def call_or_404(slug: str) -> PitchCall:
    """The call of the morning `slug` as anybody may see it: once it is published, or as an organiser."""
    call = get_or_404(queries.call_of(event_or_404(slug)))
    return get_or_404(call if call.published_at is not None else None)


def applicant_or_404(slug: str, ref: str) -> tuple[PitchCall, Registration]:
    """The published call, and the structure `ref` if the person signed in may apply for it.

    Its contact may, its organisation's people whose role is pitches, the facilitator it lets act, and organisers.
    """
    person, call = the_person(), call_or_404(slug)
    registration = get_or_404(find_registration(call.event, ref))
    if registration.kind is not OrganisationKind.STRUCTURE:
        abort(404)
    if person.is_organiser or registration.contact.person_id == person.id:
        return call, registration
    body = registration.organisation_id
    if not may_act(person, body, ContactRole.PITCH) and not may_act_by_delegation(person, body):
        abort(404)
    return call, registration


def application_or_404(slug: str, ref: str) -> PitchApplication:
    """The file of the structure `ref`, in any state, if the person signed in may act for it."""
    call, registration = applicant_or_404(slug, ref)
    return get_or_404(queries.application_of(call, registration))
