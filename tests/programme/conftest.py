"""A morning with a programme: pitches that overlap the first two slots, and a round table after the meetings."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.programme.operations import LineDetails, add_item
from openmap.registrations.models import Desk, Registration, Unavailability
from tests.factories import build_desk, build_event, build_person, build_structure
from tests.people import Visitor


@dataclass
class Day:
    """What the stories of this folder are about; four quarter-hour slots from `start`."""

    event: Event
    pitches: ProgrammeItem
    round_table: ProgrammeItem
    structures: list[Registration]
    desk: Desk

    @property
    def start(self) -> datetime:
        return self.event.slots[0].starts_at

    @property
    def path(self) -> str:
        return f"/events/{self.event.slug}"

    @property
    def managed(self) -> str:
        return f"/manage/{self.event.slug}"

    def stage_positions(self, registration: Registration) -> list[int]:
        """The slots in which the programme keeps a participant from meeting, once a row."""
        session.rollback()
        rows = (
            select(Unavailability).filter_by(registration_id=registration.id).where(Unavailability.item_id.is_not(None))
        )
        return sorted(row.slot.position for row in session.scalars(rows))


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
def day(any_app: Flask) -> Day:
    at = now()
    with unit_of_work():
        amina = build_person("Amina Diallo", email="amina@exemple.fr", at=at)
        bruno = build_person("Bruno Martin", email="bruno@exemple.fr", at=at)
        build_person("Olga Petit", email="olga@exemple.fr", is_organiser=True, at=at)
        event = build_event(at=at)
        start = event.slots[0].starts_at
        pitches = LineDetails(
            ProgrammeKind.PITCHES, "Pitchs", start - minutes(15), start + minutes(20), room="Grande salle", capacity=80
        )
        table = LineDetails(
            ProgrammeKind.ROUND_TABLE,
            "Acheter autrement",
            start + minutes(60),
            start + minutes(90),
            room="Amphithéâtre",
        )
        lines = [add_item(event, details, by=None, at=at) for details in (pitches, table)]
        structures = [
            build_structure(event, "Halage", at=at, contact=amina),
            build_structure(event, "Atelier Soleil", at=at),
            build_structure(event, "Vélo Solidaire", at=at, unavailable=(1,)),
        ]
        desk = build_desk(event, "DSI", at=at, contact=bruno, table_number=3)
        return Day(event, lines[0], lines[1], structures, desk)


@pytest.fixture
def amina(day: Day, any_app: Flask) -> Visitor:
    return Visitor(any_app, "amina@exemple.fr").signs_in()


@pytest.fixture
def olga(day: Day, any_app: Flask) -> Visitor:
    return Visitor(any_app, "olga@exemple.fr").signs_in()
