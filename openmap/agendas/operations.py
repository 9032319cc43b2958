"""Opening and closing the secret address of a personal calendar."""

import secrets
from datetime import datetime

from openmap.accounts.models import Person
from openmap.agendas import queries
from openmap.agendas.models import Feed
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.registrations.models import Registration


def create_feed(registration: Registration, *, by: Person | None, at: datetime) -> Feed:
    """Give a participant a calendar address; one that has an address keeps it."""
    lock(registration)  # two windows at once open one address
    feed = queries.active_feed(registration)
    if feed is not None:
        return feed
    feed = Feed(registration=registration, nonce=secrets.token_hex(queries.NONCE_LENGTH // 2), created_at=at)
    session.add(feed)
    audit.record(by, "feed.created", feed, at=at, event_id=registration.event_id)
    return feed


def revoke_feed(registration: Registration, *, by: Person | None, at: datetime) -> None:
    """Close the calendar address of a participant, if there is one: it is dead from this moment."""
    lock(registration)
    feed = queries.active_feed(registration)
    if feed is not None:
        feed.revoked_at = at
        audit.record(by, "feed.revoked", feed, at=at, event_id=registration.event_id)
