"""Booking a place, changing it, giving it back."""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.coaching import emails, queries
from openmap.coaching.models import CoachingBooking, CoachingSession
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict
from openmap.core.text import mark
from openmap.pitches.models import PitchApplication
from openmap.registrations.operations.wording import on_behalf


class FileNotSelected(Conflict):
    """Only files that were selected, and whose structure has not declined, are coached."""

    message = mark("Le coaching est réservé aux structures retenues pour pitcher. Rien n’a été réservé.")


class SessionFull(Conflict):
    """Somebody else took the last place."""

    message = mark("La dernière place de cette séance vient d’être prise. Choisissez une autre séance.")


class SessionGone(Conflict):
    """It was cancelled, or it has begun."""

    message = mark("Cette séance est annulée ou a déjà commencé : elle ne peut plus être réservée, changée ni rendue.")


def book_session(
    application: PitchApplication, coaching_session: CoachingSession, *, by: Person | None, at: datetime
) -> CoachingBooking:
    """Take a place for a file; the place it held elsewhere is free again. The same session twice is once.

    Raises FileNotSelected, SessionGone, SessionFull; nothing is given up when there is no place.
    """
    lock(application)  # first, so that two windows of one structure come one after the other
    lock(coaching_session)
    if not queries.is_coached(application):
        raise FileNotSelected
    _check_open(coaching_session, at)
    held = queries.standing_booking(application)
    if held is not None and held.session_id == coaching_session.id:
        return held
    free_lapsed_places(coaching_session, at=at)
    if queries.taken_places(coaching_session) >= coaching_session.places:
        raise SessionFull
    if held is not None:
        _check_open(held.coaching_session, at)
        held.cancelled_at = at
        session.flush()  # the database lets one booking of a file stand
    booking = CoachingBooking(application=application, coaching_session=coaching_session, booked_at=at)
    booking.booked_by_id = by.id if by else None
    session.add(booking)
    _record(booking, "coaching.booked", by=by, at=at)
    outbox.enqueue(emails.booked(booking, at=at), at=at)
    return booking


def cancel_booking(application: PitchApplication, *, by: Person | None, at: datetime) -> None:
    """Give a place back; without any, nothing happens. Raises SessionGone once the session has begun."""
    lock(application)
    held = queries.standing_booking(application)
    if held is None:
        return
    _check_open(held.coaching_session, at)
    free(held, by=by, at=at)


def free(
    booking: CoachingBooking, *, by: Person | None, at: datetime, reason: str = "", session_is_off: bool = False
) -> None:
    """Take a booking back and tell the structure."""
    booking.cancelled_at = at
    session.flush()
    _record(booking, "coaching.cancelled", by=by, at=at)
    mail = emails.booking_cancelled(booking, at=at, reason=reason, session_is_off=session_is_off)
    outbox.enqueue(mail, at=at)


def free_lapsed_places(coaching_session: CoachingSession | None = None, *, at: datetime) -> int:
    """Free the places, of one session or of all to come, of files that declined or were withdrawn; returns how many.

    Such places count as free from the moment of the refusal; this notes it and tells the structure.
    """
    lapsed = [each for each in queries.lapsed_bookings(coaching_session) if at < each.coaching_session.starts_at]
    for booking in lapsed:
        free(booking, by=None, at=at)
    return len(lapsed)


def _check_open(coaching_session: CoachingSession, at: datetime) -> None:
    if coaching_session.cancelled_at is not None or at >= coaching_session.starts_at:
        raise SessionGone


def _record(booking: CoachingBooking, action: str, *, by: Person | None, at: datetime) -> None:
    registration = booking.application.registration
    extra = on_behalf(registration, by)
    audit.record(
        by, action, registration, at=at, event_id=registration.event_id, session_id=booking.session_id, **extra
    )
