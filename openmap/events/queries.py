"""Mornings, as pages need them."""

from collections.abc import Sequence

from sqlalchemy import select

from openmap.core.db import session
from openmap.events.models import Event


def find_event(slug: str) -> Event | None:
    """The morning with this address."""
    return session.scalars(select(Event).filter_by(slug=slug)).one_or_none()


def events_by_date() -> Sequence[Event]:
    """Every morning, the latest first."""
    return session.scalars(select(Event).order_by(Event.held_on.desc(), Event.id)).all()
