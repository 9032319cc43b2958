"""Two half-days of coaching before each morning: in 2015 with what was said, in the coming one with places free."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.accounts.queries import person_with_email
from openmap.coaching.models import Coach, CoachingBooking, CoachingNote, CoachingSession
from openmap.coaching.queries import coached_applications
from openmap.core.db import session
from openmap.demo.people import name_of
from openmap.events.models import Event
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.pitches.queries import call_of

HalfDay = tuple[int, time, time, str, tuple[str, str]]
# Days before the morning, hours, place, mailboxes of the coaches.
SESSIONS: tuple[HalfDay, ...] = (
    (8, time(9), time(12, 30), "Maison des associations, 3 rue des Ateliers, Montreuil", ("coach1", "coach2")),
    (7, time(14), time(17, 30), "Tiers-lieu La Fabrique, salle 2, Ivry-sur-Seine", ("coach3", "coach4")),
)
PLACES = 5
INSTRUCTIONS = "Venez avec votre première phrase et votre dernière phrase.\nLe reste se travaille sur place, debout."
SHARED = (
    "Commencez par votre client, pas par votre histoire. Gardez le chiffre des huit emplois : il a fait lever la tête.",
    "Très clair. Il manque ce que coûte un essai : dites-le avant qu’on vous le demande.",
    "Coupez la deuxième minute, elle redit la première. La fin est parfaite.",
)
PRIVATE = (
    "Lit son texte ; à rassurer le matin même, tout près de la scène.",
    "Prêt. Pourrait passer en premier.",
)


def add_coaching(event: Event, *, at: datetime) -> None:
    """Sessions of a morning whose call is there, once; who is selected by then has booked."""
    call = call_of(event)
    if call is None or session.scalar(select(CoachingSession.id).filter_by(call_id=call.id).limit(1)):
        return
    files = coached_applications(call)
    opened = [_session(call, event, half_day, at=at) for half_day in SESSIONS]
    for number, application in enumerate(files):
        _book(opened[number % 2], application, number, at=at)


def _session(call: PitchCall, event: Event, half_day: HalfDay, *, at: datetime) -> CoachingSession:
    days, start, end, place, mailboxes = half_day
    day: date = event.held_on - timedelta(days=days)
    starts_at = datetime.combine(day, start, event.zone)
    new = CoachingSession(
        call=call,
        starts_at=starts_at,
        ends_at=datetime.combine(day, end, event.zone),
        place=place,
        places=PLACES,
        instructions=INSTRUCTIONS,
        created_at=min(at, starts_at - timedelta(days=3)),
        sequence=0,
    )
    people = [_person(f"{mailbox}@exemple.fr", at=at) for mailbox in mailboxes]
    new.coaches = [Coach(name=person.name, email=person.email, person=person) for person in people]
    session.add(new)
    session.flush()
    return new


def _person(email: str, *, at: datetime) -> Person:
    person = person_with_email(email)
    if person is None:
        person = Person(email=email, name=name_of(email), created_at=at)
        session.add(person)
        session.flush()
    return person


def _book(coaching_session: CoachingSession, application: PitchApplication, number: int, *, at: datetime) -> None:
    booked_at = min(at, coaching_session.starts_at - timedelta(days=2, hours=number))
    booking = CoachingBooking(coaching_session=coaching_session, application=application, booked_at=booked_at)
    booking.booked_by_id = application.registration.contact.person_id
    session.add(booking)
    if coaching_session.ends_at < at:
        booking.reminded_at, booking.came = coaching_session.starts_at - timedelta(days=2), number != 5
        _add_notes(booking, number)


def _add_notes(booking: CoachingBooking, number: int) -> None:
    if not booking.came:
        return
    coaches = booking.coaching_session.coaches
    said = [(SHARED[number % len(SHARED)], True)]
    if number < len(PRIVATE) * 2 and number % 2 == 0:
        said.append((PRIVATE[number // 2], False))
    for place, (words, is_shared) in enumerate(said):
        note = CoachingNote(booking=booking, author=coaches[place].person, words=words, is_shared=is_shared)
        note.written_at = booking.coaching_session.ends_at
        session.add(note)
