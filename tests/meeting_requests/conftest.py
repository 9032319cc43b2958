"""A morning where Amina's structure asks and Bruno's desk answers."""

from dataclasses import dataclass

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.queries import requests_of
from openmap.registrations.models import Desk, Registration
from tests.factories import build_desk, build_event, build_person, build_structure
from tests.people import Visitor

QUOTA = 5


@dataclass
class Morning:
    """What the stories of this folder are about."""

    event: Event
    desks: list[Desk]
    structure: Registration

    @property
    def choose_path(self) -> str:
        """The structure's page."""
        return f"/events/{self.event.slug}/requests/{self.structure.ref}"

    def received_path(self, place: int = 0) -> str:
        """The page of one desk."""
        return f"/events/{self.event.slug}/desks/{self.desks[place].registration.ref}/requests"

    def asked(self) -> list[str]:
        """The names of the desks in the structure's list, the first first."""
        session.rollback()
        return [request.desk.name for request in requests_of(self.structure)]

    def ranks(self) -> list[int | None]:
        """The ranks of the list, which must count from 1 without holes."""
        session.rollback()
        return [request.rank for request in requests_of(self.structure)]

    def request(self, place: int) -> MeetingRequest:
        """The structure's request at one place of its list."""
        session.rollback()
        return requests_of(self.structure)[place]


@pytest.fixture
def morning(app: Flask) -> Morning:
    at = now()
    with unit_of_work():
        amina = build_person("Amina Diallo", email="amina@exemple.fr", at=at)
        bruno = build_person("Bruno Martin", email="bruno@exemple.fr", at=at)
        build_person("Olga Petit", email="olga@exemple.fr", is_organiser=True, at=at)
        event = build_event(at=at, quota=QUOTA)
        desks = [build_desk(event, f"Service {n}", at=at, contact=bruno if n == 1 else None) for n in range(1, 8)]
        structure = build_structure(event, at=at, contact=amina)
    return Morning(event, desks, structure)


@pytest.fixture
def amina(app: Flask, morning: Morning) -> "Asker":
    asker = Asker(app, "amina@exemple.fr")
    asker.signs_in()
    asker.morning = morning
    return asker


@pytest.fixture
def bruno(app: Flask, morning: Morning) -> Visitor:
    return Visitor(app, "bruno@exemple.fr").signs_in()


@pytest.fixture
def olga(app: Flask, morning: Morning) -> Visitor:
    return Visitor(app, "olga@exemple.fr").signs_in()


class Asker(Visitor):
    """Someone who asks for meetings on the structure's page."""

    morning: Morning

    def asks_for(self, desk: Desk, motive: str = "Vous présenter notre collecte", *, status: int = 200):
        """Fill the form on the card of this desk."""
        anchor = f"#acheteur-{desk.registration.ref}"
        return self.submits(self.morning.choose_path, anchor, motive=motive, status=status)

    def presses(self, place: int, button: str, *, status: int = 200, **fields: str):
        """Press a button of one request of the list."""
        path = f"{self.morning.choose_path}/{self.morning.request(place).id}/{button}"
        return self.posts(path, fields, status=status)
