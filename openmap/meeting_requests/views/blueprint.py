"""The blueprint that both sides share, and what their pages have in common."""

from flask import Blueprint

from openmap.accounts.access import the_person
from openmap.registrations.models import Registration

blueprint = Blueprint("meeting_requests", __name__, url_prefix="/events/<slug>")


def is_on_behalf(registration: Registration) -> bool:
    """Whether an organiser acts for someone else."""
    return registration.contact.person_id != the_person().id
