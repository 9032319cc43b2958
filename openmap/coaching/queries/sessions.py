"""Coaching sessions with their places, who coaches in them, and who may still book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from openmap.accounts.models import Person
from openmap.coaching.models import Coach, CoachingBooking, CoachingSession
from openmap.coaching.queries.bookings import booking_of, bookings_of, pitching
from openmap.core.db import session
from openmap.events.models import Event
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Offer:
    """One session that stands, with the bookings that count."""

    coaching_session: CoachingSession
    bookings: Sequence[CoachingBooking]

    @property
    def taken(self) -> int:
        """How many places are booked."""
        return len(self.bookings)

    @property
    def left(self) -> int:
        """How many places are free."""
        return max(0, self.coaching_session.places - self.taken)

    def is_open(self, at: datetime) -> bool:
        """Whether a place may be booked, changed or given back at `at`."""
        return at < self.coaching_session.starts_at


@dataclass(frozen=True, slots=True)
class Own:
    """A participant's coaching: the place it holds, or else the sessions of its call."""

    application: PitchApplication
    booking: CoachingBooking | None
    offers: Sequence[Offer]

    def bookable_until(self, at: datetime) -> datetime | None:
        """When the last session with a free place begins; None where there is nothing to book any more."""
        free = [each.coaching_session.starts_at for each in self.offers if each.left and each.is_open(at)]
        return max(free, default=None)


def offers(call: PitchCall) -> Sequence[Offer]:
    """The sessions of a call that were not cancelled, in the order of their days; three queries."""
    rows = (
        select(CoachingSession)
        .filter_by(call_id=call.id, cancelled_at=None)
        .options(selectinload(CoachingSession.coaches))
        .order_by(CoachingSession.starts_at, CoachingSession.id)
    )
    found = session.scalars(rows).all()
    booked = bookings_of([each.id for each in found])
    return [Offer(each, booked.get(each.id, ())) for each in found]


def taken_places(coaching_session: CoachingSession) -> int:
    """How many places of a session are booked."""
    counted = (
        select(func.count())
        .select_from(CoachingBooking)
        .join(CoachingBooking.application)
        .where(CoachingBooking.session_id == coaching_session.id, CoachingBooking.cancelled_at.is_(None), pitching())
    )
    return session.scalar(counted) or 0


def find_session(event: Event, session_id: int) -> CoachingSession | None:
    """One session of a morning, cancelled or not."""
    rows = (
        select(CoachingSession)
        .join(CoachingSession.call)
        .where(CoachingSession.id == session_id, PitchCall.event_id == event.id)
        .options(contains_eager(CoachingSession.call), selectinload(CoachingSession.coaches))
    )
    return session.scalars(rows).one_or_none()


def coached_applications(call: PitchCall) -> Sequence[PitchApplication]:
    """Every file that may book, with who sent it, by name of the structure."""
    rows = (
        select(PitchApplication)
        .join(PitchApplication.registration)
        .where(PitchApplication.call_id == call.id, pitching())
        .options(contains_eager(PitchApplication.registration).joinedload(Registration.contact))
    )
    return sorted(session.scalars(rows).unique().all(), key=lambda each: each.registration.title.casefold())


def coaching_of(registration: Registration) -> "Own | None":
    """What a participant has to do with coaching: None for whoever has no file that may book."""
    rows = select(PitchApplication).where(PitchApplication.registration_id == registration.id, pitching())
    application = session.scalars(rows.options(joinedload(PitchApplication.call))).first()
    if application is None:
        return None
    booking = booking_of(registration)
    return Own(application, booking, () if booking else offers(application.call))


def sessions_beginning(*, after: datetime, until: datetime) -> Sequence[CoachingSession]:
    """The sessions that stand and begin between two instants, with their coaches."""
    rows = (
        select(CoachingSession)
        .where(
            CoachingSession.cancelled_at.is_(None),
            CoachingSession.starts_at > after,
            CoachingSession.starts_at <= until,
        )
        .options(
            selectinload(CoachingSession.coaches).joinedload(Coach.person),
            joinedload(CoachingSession.call).joinedload(PitchCall.event),
        )
    )
    return session.scalars(rows.order_by(CoachingSession.id)).unique().all()


def sessions_coached_by(person: Person) -> Sequence[CoachingSession]:
    """The sessions in which a person coaches, the next ones first; cancelled ones are left out."""
    rows = (
        select(CoachingSession)
        .join(CoachingSession.coaches)
        .where(Coach.person_id == person.id, CoachingSession.cancelled_at.is_(None))
        .options(joinedload(CoachingSession.call).joinedload(PitchCall.event))
        .order_by(CoachingSession.starts_at)
    )
    return session.scalars(rows).unique().all()


def is_coach_of(person: Person, coaching_session: CoachingSession) -> bool:
    """Whether a person coaches in a session."""
    return any(coach.person_id == person.id for coach in coaching_session.coaches)
