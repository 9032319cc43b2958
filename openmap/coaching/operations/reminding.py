"""Asking those who have not booked, and reminding those who have."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from openmap.accounts.models import Person
from openmap.coaching import emails, queries
from openmap.coaching.models import CoachingSession
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

    Whoever booked, or was asked to coach, less than two days before has just read the same.
    """
    until = at + BEFORE
    due = queries.due_reminders(after=at, until=until)
    mails: list[Mail] = []
    for booking in due:
        booking.reminded_at = at
        if booking.booked_at <= booking.coaching_session.starts_at - BEFORE:
            mails.append(emails.reminder(booking, at=at))
    mails += _to_coaches(queries.sessions_beginning(after=at, until=until))
    outbox.enqueue_all(mails, at=at)
    return len(due)


def _to_coaches(sessions: Sequence[CoachingSession]) -> list[Mail]:
    """Coaches come whether or not somebody booked, and are told; each mail has its key, so that it leaves once."""
    known = [each for each in sessions if (each.edited_at or each.created_at) <= each.starts_at - BEFORE]
    booked = queries.bookings_of([each.id for each in known])
    return [
        emails.coach_reminder(each, coach.person, count=len(booked.get(each.id, ())))
        for each in known
        for coach in each.coaches
        if coach.person
    ]
