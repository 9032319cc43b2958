"""Coaching sessions with their places, who booked, who has not, and what an organiser should look at again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from types import MappingProxyType

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from openmap.accounts.models import Person
from openmap.coaching.models import Coach, CoachingBooking, CoachingNote, CoachingSession
from openmap.core.db import session
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.organisations.models import Contact
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.models import ApplicationDocument, PitchApplication, PitchCall
from openmap.registrations.models import Registration

PITCHING = (Confirmation.ASKED, Confirmation.CONFIRMED)
TWO_AT_ONCE = mark("%(coach)s est annoncé à deux séances en même temps : le %(first)s et le %(second)s.")
AFTER_THE_MORNING = mark("La séance du %(first)s commence après le début de la matinale.")
OWN_STRUCTURE = mark("%(coach)s est aussi le contact de %(structure)s, qui a réservé la séance du %(first)s.")


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


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something an organiser should look at again: a marked sentence; instants among `facts` are told in words."""

    message: str
    facts: Mapping[str, object]


def is_coached(application: PitchApplication) -> bool:
    """Whether a file may book: it was selected, or promoted, and its structure has not declined."""
    return application.state is ApplicationState.SELECTED and application.confirmation in PITCHING


def pitching() -> ColumnElement[bool]:
    """For queries on applications: those of which `is_coached` is true."""
    return and_(PitchApplication.state == ApplicationState.SELECTED, PitchApplication.confirmation.in_(PITCHING))


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


def bookings_of(session_ids: Sequence[int]) -> Mapping[int, Sequence[CoachingBooking]]:
    """The bookings that count, by session, in the order in which they were made; one query."""
    rows = standing().where(CoachingBooking.session_id.in_(session_ids)).order_by(CoachingBooking.id)
    found: dict[int, list[CoachingBooking]] = {}
    for booking in session.scalars(rows).unique():
        found.setdefault(booking.session_id, []).append(booking)
    return found


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


def standing_booking(application: PitchApplication) -> CoachingBooking | None:
    """The place that a file holds, whether or not it may still be coached."""
    rows = select(CoachingBooking).filter_by(application_id=application.id, cancelled_at=None)
    return session.scalars(rows.options(*_whole())).unique().one_or_none()


def booking_of(registration: Registration) -> CoachingBooking | None:
    """The coaching that a participant goes to, with its session and coaches."""
    rows = standing().where(PitchApplication.registration_id == registration.id)
    return session.scalars(rows).unique().one_or_none()


def coaching_of(registration: Registration) -> "Own | None":
    """What a participant has to do with coaching: None for whoever has no file that may book."""
    rows = select(PitchApplication).where(PitchApplication.registration_id == registration.id, pitching())
    application = session.scalars(rows.options(joinedload(PitchApplication.call))).first()
    if application is None:
        return None
    booking = booking_of(registration)
    return Own(application, booking, () if booking else offers(application.call))


def find_booking(coaching_session: CoachingSession, booking_id: int) -> CoachingBooking | None:
    """One booking of a session that counts."""
    rows = standing().where(CoachingBooking.id == booking_id, CoachingBooking.session_id == coaching_session.id)
    return session.scalars(rows).unique().one_or_none()


def shared_notes(application: PitchApplication) -> Sequence[CoachingNote]:
    """What coaches wrote for the structure to read, the first one first; private notes are never among them."""
    rows = (
        select(CoachingNote)
        .join(CoachingNote.booking)
        .where(CoachingBooking.application_id == application.id, CoachingNote.is_shared.is_(True))
        .options(joinedload(CoachingNote.author))
        .order_by(CoachingNote.id)
    )
    return session.scalars(rows).all()


def notes_of(bookings: Sequence[CoachingBooking]) -> Mapping[int, Sequence[CoachingNote]]:
    """Every note of some bookings, private ones too, by booking: for coaches and organisers alone; one query."""
    rows = (
        select(CoachingNote)
        .where(CoachingNote.booking_id.in_([each.id for each in bookings]))
        .options(joinedload(CoachingNote.author))
        .order_by(CoachingNote.id)
    )
    found: dict[int, list[CoachingNote]] = {}
    for note in session.scalars(rows):
        found.setdefault(note.booking_id, []).append(note)
    return found


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


def oddities(found: Sequence[Offer], event: Event) -> Sequence[Oddity]:
    """What is not forbidden and yet looks wrong: told to the organiser beside the sessions."""
    return [*_two_at_once(found), *_after_the_morning(found, event), *_own_structures(found)]


def _two_at_once(found: Sequence[Offer]) -> Iterator[Oddity]:
    for one, other in combinations([offer.coaching_session for offer in found], 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            there = {coach.email for coach in other.coaches}
            for coach in one.coaches:
                if coach.email in there:
                    facts = {"coach": coach.name, "first": one.starts_at, "second": other.starts_at}
                    yield Oddity(TWO_AT_ONCE, MappingProxyType(facts))


def _after_the_morning(found: Sequence[Offer], event: Event) -> Iterator[Oddity]:
    begins = min((slot.starts_at for slot in event.slots), default=None)
    for offer in found:
        starts_at = offer.coaching_session.starts_at
        is_late = starts_at.astimezone(event.zone).date() > event.held_on or (begins and starts_at >= begins)
        if is_late:
            yield Oddity(AFTER_THE_MORNING, MappingProxyType({"first": starts_at}))


def _own_structures(found: Sequence[Offer]) -> Iterator[Oddity]:
    bodies = [each.application.registration.organisation_id for offer in found for each in offer.bookings]
    rows = select(Contact.person_id, Contact.organisation_id).where(
        Contact.organisation_id.in_(bodies), Contact.left_at.is_(None)
    )
    speaking = {(person_id, body) for person_id, body in session.execute(rows)} if bodies else set()
    for offer in found:
        for coach in offer.coaching_session.coaches:
            for booking in offer.bookings:
                registration = booking.application.registration
                if (coach.person_id, registration.organisation_id) in speaking:
                    facts = {
                        "coach": coach.name,
                        "structure": registration.title,
                        "first": offer.coaching_session.starts_at,
                    }
                    yield Oddity(OWN_STRUCTURE, MappingProxyType(facts))


def standing() -> Select[CoachingBooking]:
    return (
        select(CoachingBooking)
        .join(CoachingBooking.application)
        .join(CoachingBooking.coaching_session)
        .where(CoachingBooking.cancelled_at.is_(None), CoachingSession.cancelled_at.is_(None), pitching())
        .options(*_whole())
    )


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
