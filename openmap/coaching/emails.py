"""The mails of coaching, each with the calendar entry that goes with what it tells."""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.coaching.ical import booking_invitation, coach_invitation
from openmap.coaching.models import CoachingBooking, CoachingSession
from openmap.coaching.queries import entry_sequence
from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.pitches.models import PitchApplication


def booked(booking: CoachingBooking, *, at: datetime, is_moved: bool = False) -> Mail:
    """The place that was booked; `is_moved`: the session itself was changed by the organiser."""
    name = "coaching_moved" if is_moved else "coaching_booked"
    return _to_structure(name, booking, at=at, calendar=booking_invitation(booking, stamp=at))


def booking_cancelled(
    booking: CoachingBooking, *, at: datetime, reason: str = "", session_is_off: bool = False
) -> Mail:
    """The place that is free again; the entry leaves the calendar."""
    off = booking_invitation(booking, stamp=at, is_off=True)
    return _to_structure(
        "coaching_cancelled", booking, at=at, calendar=off, reason=reason, session_is_off=session_is_off
    )


def reminder(booking: CoachingBooking, *, at: datetime) -> Mail:
    """The coaching of the day after tomorrow."""
    return _to_structure("coaching_reminder", booking, at=at)


def to_book(application: PitchApplication, *, at: datetime) -> Mail:
    """A place is there to be booked; at most one such mail a day."""
    registration = application.registration
    person = registration.contact.person
    return render_mail(
        "coaching_to_book",
        key=f"application:{application.id}:{at:%Y-%m-%d}",
        recipient=person.email,
        locale=person.locale,
        registration=registration,
        event=registration.event,
    )


def coach_asked(coaching_session: CoachingSession, person: Person, *, at: datetime, is_moved: bool = False) -> Mail:
    """To a coach: when, where, and the page of the session; `is_moved`: something of it changed."""
    calendar = coach_invitation(coaching_session, person, stamp=at)
    return _to_coach("coaching_coach", coaching_session, person, calendar=calendar, is_moved=is_moved)


def coach_released(coaching_session: CoachingSession, person: Person, *, at: datetime, reason: str = "") -> Mail:
    """To a coach who is no longer expected: the session is off, or goes on with others."""
    calendar = coach_invitation(coaching_session, person, stamp=at, is_off=True)
    return _to_coach("coaching_coach_released", coaching_session, person, calendar=calendar, reason=reason)


def coach_reminder(coaching_session: CoachingSession, person: Person, *, count: int) -> Mail:
    """To a coach, two days before; `count` structures come."""
    return _to_coach("coaching_coach_reminder", coaching_session, person, count=count)


def _to_structure(
    name: str, booking: CoachingBooking, *, at: datetime, calendar: str | None = None, **facts: object
) -> Mail:
    registration = booking.application.registration
    person = registration.contact.person
    return render_mail(
        name,
        key=f"booking:{booking.id}:{entry_sequence(booking.application)}",
        recipient=person.email,
        locale=person.locale,
        calendar=calendar,
        booking=booking,
        coaching_session=booking.coaching_session,
        registration=registration,
        event=registration.event,
        at=at,
        **facts,
    )


def _to_coach(
    name: str, coaching_session: CoachingSession, person: Person, *, calendar: str | None = None, **facts: object
) -> Mail:
    return render_mail(
        name,
        key=f"session:{coaching_session.id}:{coaching_session.sequence}",
        recipient=person.email,
        locale=person.locale,
        calendar=calendar,
        coaching_session=coaching_session,
        event=coaching_session.call.event,
        **facts,
    )
