"""What the worker does for coaching: places given back by files that no longer pitch, and reminders two days before."""

from datetime import datetime, timedelta

from openmap.coaching import operations
from openmap.core.db import unit_of_work
from openmap.core.recurring import recurring


@recurring("coaching.places", every=timedelta(minutes=5))
def give_places_back(at: datetime) -> None:
    """Free the places of files that declined or were withdrawn, and tell them."""
    with unit_of_work():
        operations.free_lapsed_places(at=at)


@recurring("coaching.reminders", every=timedelta(hours=1))
def remind_two_days_before(at: datetime) -> None:
    """Remind structures and coaches of a session, once."""
    with unit_of_work():
        operations.send_reminders(at=at)


RECURRING = (give_places_back, remind_two_days_before)
