"""What the worker does for series: forget wishes whose time is over."""

from datetime import datetime, timedelta

from openmap.core.db import unit_of_work
from openmap.core.recurring import recurring
from openmap.series.operations.wishes import purge_wishes


@recurring("series.wishes", every=timedelta(hours=6))
def forget_wishes(at: datetime) -> None:
    """A mailbox that was never confirmed may be somebody else's: it does not stay."""
    with unit_of_work():
        purge_wishes(at=at)


RECURRING = (forget_wishes,)
