"""What the worker does for roadmaps: tell followers of new needs, forget sheets nobody confirmed."""

from datetime import datetime, timedelta

from openmap.core.db import session, unit_of_work
from openmap.core.recurring import recurring
from openmap.roadmaps.models import Follower
from openmap.roadmaps.operations import purge_sheets, tell_of_new_needs
from openmap.roadmaps.operations.following import due_followers


@recurring("roadmaps.digests", every=timedelta(minutes=10))
def send_digests(at: datetime) -> None:
    """One short unit of work a follower, so that a kill loses nothing and the write lock is never held long."""
    waiting = due_followers(at=at)
    session.rollback()
    for follower_id in waiting:
        with unit_of_work():
            follower = session.get(Follower, follower_id)
            if follower is not None:
                tell_of_new_needs(follower, at=at)


@recurring("roadmaps.sheets", every=timedelta(hours=6))
def forget_sheets(at: datetime) -> None:
    """Sheets hold names and amounts that nobody decided to store."""
    with unit_of_work():
        purge_sheets(at=at)


RECURRING = (send_digests, forget_sheets)
