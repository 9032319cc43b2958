"""The morning an address names."""

from openmap.core.web import get_or_404
from openmap.events.models import Event
from openmap.events.queries import find_event


def event_or_404(slug: str) -> Event:
    """The morning `slug`, or the page does not exist."""
    return get_or_404(find_event(slug))
