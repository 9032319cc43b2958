"""What a demonstration adds to its two mornings: an organiser, names, days, and registrations to decide on."""

from datetime import datetime, timedelta

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.accounts.queries import person_with_email
from openmap.core import audit
from openmap.core.db import session
from openmap.demo.coaching import add_coaching
from openmap.demo.exhibition import dress_stands
from openmap.demo.invitations import add_a_likeness, add_guests, let_contacts_speak
from openmap.demo.juries import add_jury
from openmap.demo.mornings import OFFERS
from openmap.demo.people import name_of
from openmap.demo.pitches import add_call
from openmap.demo.profiles import add_profiles
from openmap.demo.programme import add_programme
from openmap.demo.registrations import add_consents, open_registration
from openmap.demo.roadmaps import add_roadmaps
from openmap.demo.selections import add_selection
from openmap.demo.series import add_series
from openmap.demo.together import add_requests_together
from openmap.events.models import Event
from openmap.events.queries import find_event
from openmap.mornings.files import Morning
from openmap.mornings.operations import import_morning
from openmap.organisations.enums import Sector, StructureKind
from openmap.organisations.operations import ContactDetails, StructureProfile
from openmap.registrations.models import Registration
from openmap.registrations.operations import RegistrationDetails, register_structure

ORGANISER = "organisateur@exemple.fr"

MONTH = timedelta(days=30)
RUSH = 1.6  # 1 would be as many registrations every day

NEWCOMERS = (
    (StructureProfile("84127306300013", "Les Ateliers du Canal", StructureKind.ESAT, "93"), Sector.WASTE),
    (StructureProfile("79031844800012", "Vélo Solidaire 94", StructureKind.ACI, "94"), Sector.TRANSPORT),
)


def add_organiser(*, at: datetime) -> Person:
    """The demonstration's organiser, the same at each start."""
    organiser = person_with_email(ORGANISER)
    if organiser is None:
        organiser = Person(email=ORGANISER, name="Camille Laurent", is_organiser=True, created_at=at)
        session.add(organiser)
        audit.record(None, "person.added", organiser, at=at)
    return organiser


def add_morning(morning: Morning, *, by: Person, at: datetime) -> Event:
    """Import a morning unless it is there, spread its registrations, and give names to people who have none."""
    event = find_event(morning.event.slug)
    if event is None:
        event = import_morning(morning, by=by, at=at)
        _spread_registrations(event)
        add_consents(event, at=at)
        add_roadmaps(event, by=by, at=at)
        add_profiles(event, at=at)
        let_contacts_speak(event, by=by, at=at)
        add_call(event, by=by, at=at)
        add_jury(event, at=at)
    for person in session.scalars(select(Person).filter_by(name="")):
        person.name = name_of(person.email)
    add_selection(event, morning.pitches, by=by, at=at)
    add_programme(event, by=by, at=at)
    add_coaching(event, at=at)
    dress_stands(event)
    return event


def _spread_registrations(event: Event) -> None:
    """Date them over the month before, few at first and many at the end: the files say nothing of it."""
    registrations = session.scalars(select(Registration).filter_by(event_id=event.id).order_by(Registration.id)).all()
    for number, registration in enumerate(registrations, start=1):
        earlier = MONTH * (1 - number / len(registrations)) ** RUSH
        registration.created_at -= timedelta(hours=earlier // timedelta(hours=1))
        registration.decided_at = registration.created_at


def add_newcomers(event: Event, *, at: datetime) -> None:
    """Two structures that ask to take part and wait for the organiser's decision; their mails are sent as in life."""
    add_guests(event, by=add_organiser(at=at), at=at)
    add_a_likeness(event, at=at)
    for number, (profile, sector) in enumerate(NEWCOMERS, start=1):
        email = f"candidature{number}@exemple.fr"
        contact = ContactDetails(name=name_of(email), email=email)
        details = RegistrationDetails(sector=sector, contact=contact, offer=OFFERS[sector])
        register_structure(event, profile, details, by=None, at=at)
    add_requests_together(event, by=None, at=at)
    open_registration(event, by=add_organiser(at=at), at=at)
    add_series(event, by=add_organiser(at=at), at=at)  # last: the next morning takes over the settings above
