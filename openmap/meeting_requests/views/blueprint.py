"""The blueprint that both sides share, and what their pages have in common."""

from flask import Blueprint

from openmap.core.web import get_or_404
from openmap.meeting_requests.queries import own_place
from openmap.meeting_requests.wording import chance_reason, chance_words, decline_words, raiser_words
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.access import participant_or_404
from openmap.registrations.models import Desk, Registration

blueprint = Blueprint("meeting_requests", __name__, url_prefix="/events/<slug>")


for function in (chance_reason, chance_words, decline_words, raiser_words):
    blueprint.add_app_template_filter(function)


def structure_or_404(slug: str, ref: str) -> Registration:
    """The structure `ref`, if the person signed in may act for it."""
    registration = participant_or_404(slug, ref)
    return get_or_404(registration if registration.kind is OrganisationKind.STRUCTURE else None)


def place_or_404(slug: str, ref: str) -> Desk:
    """Where the participant `ref` is asked: its desk, or the place of a structure that others ask."""
    registration = participant_or_404(slug, ref)
    return get_or_404(registration.desk or own_place(registration))
