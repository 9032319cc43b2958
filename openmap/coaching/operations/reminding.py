"""Asking those who have not booked, and reminding those who have."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from openmap.accounts.models import Person
from openmap.coaching import emails, queries
from openmap.core import audit, outbox
from openmap.core.db import lock
from openmap.core.errors import Conflict
from openmap.core.outbox import Mail
from openmap.core.text import mark
from openmap.pitches.models import PitchApplication, PitchCall

BEFORE = timedelta(days=2)


class NothingToBook(Conflict):
    """No session has a free place, so that a mail would lead nowhere."""

    message = mark("Aucune séance à venir n’a de place libre : ajoutez une séance ou des places avant d’écrire.")


def without_booking(call: PitchCall) -> Sequence[PitchApplication]:
    """The files that may book and have not."""
    booked = {each.application_id for offer in queries.offers(call) for each in offer.bookings}
    return [each for each in queries.coached_applications(call) if each.id not in booked]


def ask_to_book(call: PitchCall, *, by: Person, at: datetime) -> int:
    """Write to every structure that has not booked, once a day at most; returns to how many. Raises NothingToBook."""
    lock(call)
    if not any(offer.left and offer.is_open(at) for offer in queries.offers(call)):
        raise NothingToBook
    asked = without_booking(call)
    outbox.enqueue_all([emails.to_book(each, at=at) for each in asked], at=at)
    audit.record(by, "coaching.asked", call, at=at, event_id=call.event_id, structures=len(asked))
    return len(asked)


def send_reminders(*, at: datetime) -> int:
    """Remind structures and coaches of the sessions of the next two days, once; returns how many structures.

    Whoever booked less than two days before has just read the same in the mail of the booking.
    """
    due = queries.due_reminders(after=at, until=at + BEFORE)
    mails: list[Mail] = []
    for booking in due:
        booking.reminded_at = at
        if booking.booked_at <= booking.coaching_session.starts_at - BEFORE:
            mails.append(emails.reminder(booking, at=at))
    counts = queries.bookings_of(sorted({booking.session_id for booking in due}))
    for coaching_session in {booking.coaching_session for booking in due}:
        people = [coach.person for coach in coaching_session.coaches if coach.person]
        count = len(counts[coaching_session.id])
        mails += [emails.coach_reminder(coaching_session, person, count=count) for person in people]
    outbox.enqueue_all(mails, at=at)
    return len(due)
