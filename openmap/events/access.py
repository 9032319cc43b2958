"""The morning an address names."""

from flask import abort

from openmap.accounts.access import current_person
from openmap.core.web import get_or_404
from openmap.events.models import Event
from openmap.events.queries import find_event


def event_or_404(slug: str) -> Event:
    """The morning `slug`, or the page does not exist; a draft is there for organisers alone."""
    event = get_or_404(find_event(slug))
    if event.is_draft:
        person = current_person()
        if person is None or not person.is_organiser:
            abort(404)
    return event
