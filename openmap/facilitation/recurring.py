"""A delegation ends by itself after its last day."""

from datetime import datetime, timedelta

from openmap.core.db import unit_of_work
from openmap.core.recurring import recurring
from openmap.facilitation.operations import end_delegation
from openmap.organisations.delegating import over_on


@recurring("facilitation.ends", every=timedelta(hours=1))
def end_what_is_over(at: datetime) -> None:
    """End every delegation whose last day is past."""
    for delegation in over_on(at.date()):
        with unit_of_work():
            end_delegation(delegation, by=None, at=at)


RECURRING = (end_what_is_over,)
