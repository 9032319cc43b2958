"""Places that structures hold: who may hold one, who does, whose is due for a reminder, whose has lapsed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from openmap.coaching.models import CoachingBooking, CoachingSession
from openmap.core.db import session
from openmap.organisations.models import Contact
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.models import ApplicationDocument, PitchApplication
from openmap.registrations.models import Registration

PITCHING = (Confirmation.ASKED, Confirmation.CONFIRMED)


def is_coached(application: PitchApplication) -> bool:
    """Whether a file may book: it was selected, or promoted, and its structure has not declined."""
    return application.state is ApplicationState.SELECTED and application.confirmation in PITCHING


def pitching() -> ColumnElement[bool]:
    """For queries on applications: those of which `is_coached` is true."""
    return and_(PitchApplication.state == ApplicationState.SELECTED, PitchApplication.confirmation.in_(PITCHING))


def standing() -> Select[CoachingBooking]:
    """The bookings that count: not taken back, of a session that stands, of a file that may book."""
    return (
        select(CoachingBooking)
        .join(CoachingBooking.application)
        .join(CoachingBooking.coaching_session)
        .where(CoachingBooking.cancelled_at.is_(None), CoachingSession.cancelled_at.is_(None), pitching())
        .options(*_whole())
    )


def bookings_of(session_ids: Sequence[int]) -> Mapping[int, Sequence[CoachingBooking]]:
    """The bookings that count, by session, in the order in which they were made; one query."""
    rows = standing().where(CoachingBooking.session_id.in_(session_ids)).order_by(CoachingBooking.id)
    found: dict[int, list[CoachingBooking]] = {}
    for booking in session.scalars(rows).unique():
        found.setdefault(booking.session_id, []).append(booking)
    return found


def standing_booking(application: PitchApplication) -> CoachingBooking | None:
    """The place that a file holds, whether or not it may still be coached."""
    rows = select(CoachingBooking).filter_by(application_id=application.id, cancelled_at=None)
    return session.scalars(rows.options(*_whole())).unique().one_or_none()


def booking_of(registration: Registration) -> CoachingBooking | None:
    """The coaching that a participant goes to, with its session and coaches."""
    rows = standing().where(PitchApplication.registration_id == registration.id)
    return session.scalars(rows).unique().one_or_none()


def find_booking(coaching_session: CoachingSession, booking_id: int) -> CoachingBooking | None:
    """One booking of a session that counts."""
    rows = standing().where(CoachingBooking.id == booking_id, CoachingBooking.session_id == coaching_session.id)
    return session.scalars(rows).unique().one_or_none()


def entry_sequence(application: PitchApplication) -> int:
    """The SEQUENCE of a structure's one calendar entry: it grows with every booking, change and cancellation."""
    rows = (
        select(CoachingSession.sequence, CoachingBooking.cancelled_at)
        .join(CoachingBooking, CoachingBooking.session_id == CoachingSession.id)
        .where(CoachingBooking.application_id == application.id)
    )
    grown = sum(sequence + (1 if cancelled_at is None else 2) for sequence, cancelled_at in session.execute(rows))
    return grown - 1


def lapsed_bookings(coaching_session: CoachingSession | None = None) -> Sequence[CoachingBooking]:
    """The places still held by files that declined or were withdrawn."""
    rows = (
        select(CoachingBooking)
        .join(CoachingBooking.application)
        .where(CoachingBooking.cancelled_at.is_(None), ~pitching())
        .options(*_whole())
        .order_by(CoachingBooking.id)
    )
    if coaching_session is not None:
        rows = rows.where(CoachingBooking.session_id == coaching_session.id)
    return session.scalars(rows).unique().all()


def due_reminders(*, after: datetime, until: datetime) -> Sequence[CoachingBooking]:
    """The bookings whose session begins between two instants and that were not reminded."""
    rows = standing().where(
        CoachingBooking.reminded_at.is_(None),
        CoachingSession.starts_at > after,
        CoachingSession.starts_at <= until,
    )
    return session.scalars(rows.order_by(CoachingBooking.id)).unique().all()


def _whole() -> Sequence[ExecutableOption]:
    """A booking with everything its mails and pages tell."""
    application = joinedload(CoachingBooking.application)
    return (
        application.joinedload(PitchApplication.registration)
        .joinedload(Registration.contact)
        .joinedload(Contact.person),
        application.joinedload(PitchApplication.call),
        application.selectinload(PitchApplication.documents).joinedload(ApplicationDocument.file),
        joinedload(CoachingBooking.coaching_session).selectinload(CoachingSession.coaches),
    )
