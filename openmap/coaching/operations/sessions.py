"""Opening a session, changing it, calling it off; everyone concerned is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.accounts.queries import person_with_email
from openmap.coaching import emails, queries
from openmap.coaching.models import Coach, CoachingSession
from openmap.coaching.operations.bookings import SessionGone, free
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.pitches.models import PitchCall


class SessionInThePast(RuleBroken):
    """Nobody could come."""

    message = mark("Cette séance commencerait dans le passé. Choisissez un jour et une heure à venir.")
    field = "held_on"


class BookedBeyond(RuleBroken):
    """More structures have booked than there would be places."""

    message = mark("%(taken)s structures ont déjà réservé : gardez au moins autant de places.")
    field = "places"


class SessionChanged(Conflict):
    """Another organiser changed the session since the page was opened."""

    message = mark(
        "Cette séance a été modifiée entre-temps par un autre organisateur. Vos changements ne sont pas enregistrés ; "
        "relisez la séance, puis enregistrez de nouveau si besoin."
    )


@dataclass(frozen=True, slots=True)
class CoachDetails:
    """Somebody who coaches; `email` is in lower case."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """What an organiser says of a session; aware instants, `place` or `link` or both."""

    starts_at: datetime
    ends_at: datetime
    places: int
    place: str = ""
    link: str = ""
    instructions: str = ""
    coaches: tuple[CoachDetails, ...] = ()


def add_session(call: PitchCall, details: SessionDetails, *, by: Person | None, at: datetime) -> CoachingSession:
    """Open a session and tell its coaches. Raises SessionInThePast."""
    if details.starts_at <= at:
        raise SessionInThePast
    new = CoachingSession(call=call, created_at=at, sequence=0)
    _write(new, details)
    session.add(new)
    _set_coaches(new, details.coaches, at=at)
    session.flush()
    audit.record(by, "coaching_session.added", new, at=at, event_id=call.event_id)
    outbox.enqueue_all([emails.coach_asked(new, person, at=at) for person in _people(new.coaches)], at=at)
    return new


def edit_session(
    coaching_session: CoachingSession, details: SessionDetails, *, seen: int, by: Person | None, at: datetime
) -> bool:
    """Change a session that has not begun; returns whether anything changed, in which case those who come are told.

    `seen` is the `sequence` that the organiser looked at.
    Raises SessionChanged, SessionGone, SessionInThePast, BookedBeyond.
    """
    lock(coaching_session)
    if coaching_session.sequence != seen:
        raise SessionChanged
    if coaching_session.cancelled_at is not None or at >= coaching_session.starts_at:
        raise SessionGone
    if details.starts_at <= at:
        raise SessionInThePast
    taken = queries.taken_places(coaching_session)
    if details.places < taken:
        raise BookedBeyond(taken=taken)
    before = details_of(coaching_session)
    if details == before:
        return False
    coaching_session.sequence += 1
    coaching_session.edited_at = at
    _write(coaching_session, details)
    former = {coach.person for coach in coaching_session.coaches if coach.person}
    _set_coaches(coaching_session, details.coaches, at=at)
    session.flush()
    audit.record(by, "coaching_session.edited", coaching_session, at=at, event_id=coaching_session.call.event_id)
    _tell_change(coaching_session, before, former, at=at)
    return True


def cancel_session(coaching_session: CoachingSession, *, reason: str, by: Person | None, at: datetime) -> None:
    """Call a session off: places are given back, structures and coaches are told why. Twice is once.

    Raises SessionGone once it has begun.
    """
    lock(coaching_session)
    if coaching_session.cancelled_at is not None:
        return
    if at >= coaching_session.starts_at:
        raise SessionGone
    bookings = queries.bookings_of([coaching_session.id]).get(coaching_session.id, ())
    coaching_session.sequence += 1
    coaching_session.cancelled_at = at
    for booking in bookings:
        free(booking, by=by, at=at, reason=reason, session_is_off=True)
    audit.record(by, "coaching_session.cancelled", coaching_session, at=at, event_id=coaching_session.call.event_id)
    people = _people(coaching_session.coaches)
    outbox.enqueue_all(
        [emails.coach_released(coaching_session, person, at=at, reason=reason) for person in people], at=at
    )


def details_of(coaching_session: CoachingSession) -> SessionDetails:
    """A session as it is."""
    return SessionDetails(
        starts_at=coaching_session.starts_at,
        ends_at=coaching_session.ends_at,
        places=coaching_session.places,
        place=coaching_session.place,
        link=coaching_session.link,
        instructions=coaching_session.instructions,
        coaches=tuple(CoachDetails(coach.name, coach.email) for coach in coaching_session.coaches),
    )


def _write(coaching_session: CoachingSession, details: SessionDetails) -> None:
    for name in ("starts_at", "ends_at", "places", "place", "link", "instructions"):
        setattr(coaching_session, name, getattr(details, name))


def _set_coaches(coaching_session: CoachingSession, wanted: Iterable[CoachDetails], *, at: datetime) -> None:
    """Keep the rows of those who stay; a new coach gets an account, the organiser vouches for the address."""
    known = {coach.email: coach for coach in coaching_session.coaches}
    staying = []
    for each in wanted:
        coach = known.get(each.email) or Coach(email=each.email, person=_person(each, at=at))
        coach.name = each.name
        staying.append(coach)
    coaching_session.coaches = staying


def _person(details: CoachDetails, *, at: datetime) -> Person:
    person = person_with_email(details.email)
    if person is None:
        person = Person(email=details.email, name=details.name, created_at=at)
        session.add(person)
        session.flush()
    return person


def _people(coaches: Iterable[Coach]) -> list[Person]:
    return [coach.person for coach in coaches if coach.person is not None]


def _tell_change(
    coaching_session: CoachingSession, before: SessionDetails, former: set[Person], *, at: datetime
) -> None:
    """Mails to those who come, those who no longer do, and, when it is theirs to know, the structures."""
    now_there = _people(coaching_session.coaches)
    mails = [emails.coach_asked(coaching_session, person, at=at, is_moved=person in former) for person in now_there]
    gone = sorted((former - set(now_there)), key=lambda person: person.id)
    mails += [emails.coach_released(coaching_session, person, at=at) for person in gone]
    if _matters_to_structures(before, details_of(coaching_session)):
        for booking in queries.bookings_of([coaching_session.id]).get(coaching_session.id, ()):
            if before.starts_at != coaching_session.starts_at:
                booking.reminded_at = None
            mails.append(emails.booked(booking, at=at, is_moved=True))
    outbox.enqueue_all(mails, at=at)


def _matters_to_structures(before: SessionDetails, after: SessionDetails) -> bool:
    """The number of places is the organiser's business."""
    names = ("starts_at", "ends_at", "place", "link", "instructions", "coaches")
    return any(getattr(before, name) != getattr(after, name) for name in names)
