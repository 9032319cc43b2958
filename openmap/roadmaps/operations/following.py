"""Following sectors, and being told of new needs: once each, in one mail a day at most."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.organisations.enums import Sector
from openmap.roadmaps import emails, queries
from openmap.roadmaps.models import FollowedSector, Follower

PARIS = ZoneInfo("Europe/Paris")  # followers belong to no morning
FIRST_HOUR = time(7)
STILL_OPEN = timedelta(minutes=5)  # a need dated a moment ago may not be stored yet: it waits for the next digest


def follow_sectors(person: Person, sectors: Collection[Sector], *, by: Person, at: datetime) -> None:
    """Be told of new needs in `sectors` from now on, and of no others; none at all ends it."""
    lock(person)
    follower = queries.follower_of(person)
    if not sectors:
        if follower is not None:
            unfollow(follower, by=by, at=at)
        return
    if follower is None:
        follower = Follower(person_id=person.id, told_until=at, created_at=at)
        session.add(follower)
    if follower.sectors == frozenset(sectors):
        return
    kept = [each for each in follower.followed if each.sector in sectors]
    new = [sector for sector in Sector if sector in sectors and sector not in follower.sectors]
    follower.followed = kept + [FollowedSector(sector=sector, since=at) for sector in new]
    audit.record(by, "sectors.followed", follower, at=at, sectors=sorted(sectors))


def unfollow(follower: Follower, *, by: Person | None, at: datetime) -> None:
    """Be told of nothing any more; doing it twice is doing it once."""
    audit.record(by, "sectors.unfollowed", follower, at=at)
    session.delete(follower)


def due_followers(*, at: datetime) -> list[int]:
    """The ids of the followers who may get a mail now: none yet today, and the day has begun."""
    local = at.astimezone(PARIS)
    if local.time() < FIRST_HOUR:
        return []
    today = datetime.combine(local.date(), time(), PARIS)
    waiting = select(Follower.id).where((Follower.last_mail_at.is_(None)) | (Follower.last_mail_at < today))
    return list(session.scalars(waiting.order_by(Follower.id)))


def tell_of_new_needs(follower: Follower, *, at: datetime) -> bool:
    """Queue one mail with the needs published since the last one, if any; returns whether there was something to tell.

    The mail and the memory of what was told are stored together: whatever interrupts it, nobody is told twice.
    """
    lock(follower)
    if follower.id not in due_followers(at=at):
        return False  # another worker was first
    until = at - STILL_OPEN
    since = {each.sector: max(each.since, follower.told_until) for each in follower.followed}
    needs = queries.published_since(since, until)
    if not needs:
        return False
    day = at.astimezone(PARIS).date()
    outbox.enqueue(emails.new_needs(follower, needs, day=day), at=at)
    follower.told_until = until
    follower.last_mail_at = at
    return True
