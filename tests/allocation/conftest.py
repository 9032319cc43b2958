"""A morning of two slots where three structures ask for the same desk, and one of them for another desk too."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.allocation import queries
from openmap.allocation.jobs import HANDLERS
from openmap.allocation.models import Run
from openmap.allocation.operations import RunSettings, start_run
from openmap.app import create_app
from openmap.config import Config
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.core.worker import run_next_job
from openmap.events.models import Event
from openmap.events.queries import find_event
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.registrations.models import Registration
from tests.applications import DATABASE, SharedApp, open_rows, settings_for
from tests.factories import build_desk, build_event, build_person, build_request, build_structure
from tests.people import Visitor

SLUG = "matinale-des-propositions"
SETTINGS = RunSettings(time_limit_s=10)
PEOPLE = ("amina", "bruno", "chloe", "dsi", "achats")


@dataclass
class Morning:
    """Amina, Bruno and Chloé ask for the DSI, which has two slots; Amina also asks Achats, which declined Bruno."""

    @property
    def event(self) -> Event:
        """The morning, read again."""
        event = find_event(SLUG)
        assert event
        return event

    def participant(self, name: str) -> Registration:
        """The registration whose contact is called so."""
        people = queries.participants_of(self.event).values()
        return next(each for each in people if each.contact.person.email == f"{name}@exemple.fr")

    def request(self, structure: str, desk: str) -> MeetingRequest:
        """The request of one for the other."""
        one, other = self.participant(structure), self.participant(desk).desk
        assert other
        return session.scalars(select(MeetingRequest).filter_by(requester_id=one.id, desk_id=other.id)).one()

    def start(self) -> Run:
        """Ask for a proposal."""
        with unit_of_work():
            return start_run(self.event, SETTINGS, by=None, at=now())

    def solve(self) -> Run:
        """Ask for a proposal and have the worker make it, in a real child process."""
        number = self.start().number
        self.work()
        return self.run(number)

    def work(self) -> None:
        """Be the worker for one job."""
        session.rollback()
        assert run_next_job(HANDLERS, worker="worker")

    def run(self, number: int = 1) -> Run:
        """The proposal, read again."""
        session.rollback()
        run = queries.find_run(self.event, number)
        assert run
        return run

    def mails(self, kind: str = "programme") -> list[OutboxMail]:
        """The mails of one kind, in the order they were queued."""
        session.rollback()
        return list(session.scalars(select(OutboxMail).filter_by(kind=kind).order_by(OutboxMail.id)))

    def path(self, rest: str = "") -> str:
        """The address of the proposals, or of one of them."""
        return f"/events/{SLUG}/allocation{rest}"


def build_morning() -> Morning:
    """Fill the database of the current application."""
    at = now()
    with unit_of_work():
        people = {name: build_person(name.title(), email=f"{name}@exemple.fr", at=at) for name in PEOPLE}
        build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=at)
        event = build_event(slug=SLUG, slot_count=2, table_count=2, at=at)
        dsi = build_desk(event, "DSI", contact=people["dsi"], table_number=2, at=at)
        achats = build_desk(event, "Achats", contact=people["achats"], at=at)
        structures = {name: build_structure(event, name.title(), contact=people[name], at=at) for name in PEOPLE[:3]}
        for structure in structures.values():
            build_request(structure, dsi, rank=1, at=at)
        build_request(structures["amina"], achats, rank=2, state=RequestState.PREFERRED, at=at)
        build_request(structures["bruno"], achats, rank=2, state=RequestState.DECLINED, at=at)
    return Morning()


@pytest.fixture
def morning(app: Flask) -> Morning:
    """Before any proposal."""
    return build_morning()


@pytest.fixture(scope="session")
def solved_folder(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the first proposal is there; solved once, since each child takes a second."""
    folder = tmp_path_factory.mktemp("solved")
    shutil.copy(migrated_database, folder / DATABASE)
    with open_rows(create_app(settings_for(folder))):
        assert build_morning().solve().status == "optimal"
    return folder


@pytest.fixture
def solved_app(solved_folder: Path, config: Config, shared_app: SharedApp) -> Iterator[Flask]:
    """The application on a copy of it."""
    shutil.copy(solved_folder / DATABASE, config.data_dir / DATABASE)
    with shared_app.story() as app:
        yield app


@pytest.fixture
def solved(solved_app: Flask) -> Morning:
    """With a first proposal, not yet published."""
    return Morning()


@pytest.fixture
def olga(solved_app: Flask, solved: Morning) -> Visitor:
    """The organiser, at her browser."""
    return Visitor(solved_app, "olga@exemple.fr").signs_in()
