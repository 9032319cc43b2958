"""Mornings, as pages need them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from openmap.core.db import session
from openmap.events.models import Event, Series


def find_event(slug: str) -> Event | None:
    """The morning with this address, a draft too."""
    return session.scalars(select(Event).filter_by(slug=slug)).one_or_none()


def events_by_date() -> Sequence[Event]:
    """Every morning, drafts too, the latest first: what organisers see."""
    return session.scalars(select(Event).order_by(Event.held_on.desc(), Event.id)).all()


def published_events() -> Sequence[Event]:
    """Every morning that anybody may see, the latest first."""
    seen = select(Event).where(Event.is_draft.is_(False))
    return session.scalars(seen.order_by(Event.held_on.desc(), Event.id)).all()


def find_series(slug: str) -> Series | None:
    """The series with this address."""
    return session.scalars(select(Series).filter_by(slug=slug)).one_or_none()


def editions(series: Series) -> Sequence[Event]:
    """The mornings of a series that anybody may see, the latest first."""
    seen = select(Event).where(Event.series_id == series.id, Event.is_draft.is_(False))
    return session.scalars(seen.order_by(Event.held_on.desc(), Event.id)).all()


def next_edition(series: Series, at: datetime) -> Event | None:
    """The nearest morning of a series that is still to come, today's included."""
    coming = [event for event in editions(series) if not event.is_past(at)]
    return coming[-1] if coming else None
