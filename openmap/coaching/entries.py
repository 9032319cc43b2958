"""Coaching as the calendars of many participants show it: who goes where, and when that last changed."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from openmap.coaching.models import CoachingBooking, CoachingSession
from openmap.coaching.queries import standing
from openmap.core.db import session
from openmap.pitches.models import PitchApplication


def booked_by(registration_ids: Collection[int]) -> Mapping[int, CoachingBooking]:
    """The coaching that each of these participants goes to, by registration."""
    rows = standing().where(PitchApplication.registration_id.in_(registration_ids))
    return {booking.application.registration_id: booking for booking in session.scalars(rows).unique()}


def changes_of(registration_ids: Collection[int]) -> Mapping[int, datetime]:
    """When the calendar entries of coaching of these participants last changed, by registration; none if never.

    A session that was changed, a booking made or taken back: each of them is a change.
    """
    rows = (
        select(
            PitchApplication.registration_id,
            CoachingBooking.booked_at,
            CoachingBooking.cancelled_at,
            CoachingSession.edited_at,
        )
        .join(CoachingBooking.coaching_session)
        .join(CoachingBooking.application)
        .where(PitchApplication.registration_id.in_(registration_ids))
    )
    found: dict[int, datetime] = {}
    for registration_id, *moments in session.execute(rows):
        known = [moment for moment in (found.get(registration_id), *moments) if moment is not None]
        found[registration_id] = max(known)
    return found
