"""Who is on stage at the two mornings, and where: made up, the same at each start; pitches are the jury's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.organisations.enums import OrganisationKind
from openmap.programme.enums import AppearanceRole
from openmap.programme.operations import LineDetails, Part, add_appearance, add_item, edit_item, reserve_place
from openmap.programme.queries import details_of, items_of
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration

LARGE, HALL, MEETING = "Grande salle", "Hall d’accueil", "Salle des rendez-vous"
PLACES = 200
WORKSHOP_PLACES, ASKING = 8, 10  # so that somebody waits
ABOUT = {
    ProgrammeKind.WELCOME: (HALL, "Café, badges et plan de la salle."),
    ProgrammeKind.ROUND_TABLE: (
        LARGE,
        "Deux acheteurs et deux invitées disent ce qui a marché, et ce qu’ils referaient.",
    ),
    ProgrammeKind.PITCHES: (LARGE, "Cinq minutes chacune, l’une après l’autre : le minuteur est à l’écran."),
    ProgrammeKind.MEETINGS: (MEETING, ""),
}
GUESTS = (
    Part(AppearanceRole.MODERATOR, person_name="Nadia Benali", function="journaliste"),
    Part(AppearanceRole.PANELLIST, person_name="Hélène Roussel", function="élue déléguée à l’économie sociale"),
)
WORKSHOP = Part(
    AppearanceRole.SPEAKER,
    person_name="Thomas Girard",
    function="juriste, réseau des acheteurs",
    title="Répondre à un marché réservé",
)


def add_programme(event: Event, *, by: Person, at: datetime) -> None:
    """Give a morning its rooms, a round table and a workshop beside the meetings; once.

    Nobody who meets somebody speaks during the meetings, so that the schedule stays what it was. Who pitches comes on
    stage with the decisions of the jury.
    """
    lines = {item.kind: item for item in items_of(event)}
    if any(item.room for item in lines.values()):
        return
    for kind, (room, description) in ABOUT.items():
        if kind in lines:
            seats = PLACES if room == LARGE else None
            details = replace(details_of(lines[kind]), room=room, description=description, capacity=seats)
            edit_item(lines[kind], details, by=by, at=at)
    if ProgrammeKind.ROUND_TABLE in lines:
        _seat(lines[ProgrammeKind.ROUND_TABLE], _first_of(event, OrganisationKind.BUYER, 2), by=by, at=at)
    if ProgrammeKind.MEETINGS in lines:
        _add_workshop(event, lines[ProgrammeKind.MEETINGS].starts_at + timedelta(minutes=30), by=by, at=at)


def _seat(item: ProgrammeItem, buyers: Sequence[Registration], *, by: Person, at: datetime) -> None:
    for guest in GUESTS:
        add_appearance(item, guest, by=by, at=at)
    for buyer in buyers:
        name, function = buyer.contact.person.display_name, buyer.contact_function or "achats responsables"
        part = Part(AppearanceRole.PANELLIST, registration=buyer, person_name=name, function=function)
        add_appearance(item, part, by=by, at=at)


def _add_workshop(event: Event, start: datetime, *, by: Person, at: datetime) -> None:
    details = LineDetails(
        kind=ProgrammeKind.WORKSHOP,
        title="Répondre à un marché réservé, pas à pas",
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        room="Salle 2",
        description="Pour celles et ceux qui n’ont pas de rendez-vous à cette heure-là.",
        capacity=WORKSHOP_PLACES,
        is_reserved=True,
    )
    workshop = add_item(event, details, by=by, at=at)
    add_appearance(workshop, WORKSHOP, by=by, at=at)
    if at < start:
        for structure in _first_of(event, OrganisationKind.STRUCTURE, ASKING):
            reserve_place(structure, workshop, by=structure.contact.person, at=at)


def _first_of(event: Event, kind: OrganisationKind, count: int) -> Sequence[Registration]:
    rows = select(Registration).filter_by(event_id=event.id, kind=kind, state=RegistrationState.APPROVED)
    return session.scalars(rows.order_by(Registration.ref).limit(count)).unique().all()
