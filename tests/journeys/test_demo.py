"""`openmap demo` on an empty machine, then again: what a newcomer finds."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from openmap.accounts.models import Person, SignInChallenge
from openmap.accounts.queries import person_with_email
from openmap.app import create_app
from openmap.config import read_config
from openmap.core.clock import now
from openmap.core.db import db, session
from openmap.core.models import Base
from openmap.core.outbox import OutboxMail
from openmap.demo.mornings import OPEN, PUBLISHED
from openmap.events.models import Event
from openmap.events.queries import find_event
from openmap.manage.queries import registrations_over_time
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.models import Meeting
from openmap.meetings.queries import current_version
from openmap.organisations.models import Contact
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from tests.people import Visitor
from tests.processes import served

LINK = re.compile(r"http://127\.0\.0\.1:\d+(/accounts/link/\S+)")


def run_demo(folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENMAP_")}
    done = subprocess.run(
        [sys.executable, "-m", "openmap", "demo", "--no-serve"],
        env=environment | {"OPENMAP_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a demonstration, and what its first start printed."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    return folder, run_demo(folder)


@pytest.fixture
def app(demo: tuple[Path, str]) -> Iterator[Flask]:
    """The demonstration's application."""
    app = create_app(read_config({"OPENMAP_DATA_DIR": str(demo[0])}))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def the_event(slug: str) -> Event:
    event = find_event(slug)
    assert event is not None
    return event


def test_the_morning_of_2015_is_published_and_everyone_was_told(app: Flask) -> None:
    version = current_version(the_event(PUBLISHED))
    assert version is not None
    assert version.number == 1
    meetings = session.scalar(select(func.count()).where(Meeting.version_id == version.id))
    assert meetings is not None
    assert meetings > 100
    told = session.scalar(select(func.count()).where(OutboxMail.kind == "programme"))
    assert told == 136  # 16 desks and 120 structures


def test_the_morning_of_2017_is_open_and_leaves_something_to_do(app: Flask) -> None:
    event = the_event(OPEN)
    assert now().astimezone(ZoneInfo("Europe/Paris")).strftime("%d %B %Y") == "02 November 2017"
    assert event.registration_open(now())
    assert event.requests_open(now())
    states = Counter(session.scalars(select(MeetingRequest.state).filter_by(event_id=event.id)))
    assert states.total() == 112 + 3  # the morning's own, then two joint ones and one between structures
    assert states[RequestState.SENT] > 20
    registrations = Counter(session.scalars(select(Registration.state).filter_by(event_id=event.id)))
    assert registrations == {
        RegistrationState.APPROVED: 55,  # 37 who meet, fourteen partners, four visitors of the plenary
        RegistrationState.PENDING: 2,
        RegistrationState.WAITING: 2,
    }
    assert current_version(event) is None


@pytest.mark.parametrize("slug", [OPEN, PUBLISHED])
def test_registrations_came_in_over_the_month_before(app: Flask, slug: str) -> None:
    curve = registrations_over_time(the_event(slug))
    counts = [count for _, count in curve]
    assert len(curve) > 6
    assert counts == sorted(set(counts)), "more each time"
    assert counts[-1] - counts[-2] > counts[1] - counts[0], "many came late"


def test_everyone_has_a_name_and_nobody_works_for_two_bodies(app: Flask) -> None:
    assert session.scalar(select(func.count()).where(Person.name == "")) == 0
    bodies = select(func.count()).select_from(Contact).group_by(Contact.person_id)
    assert set(session.scalars(bodies)) == {1}


def test_each_printed_link_signs_its_person_in_on_a_page_of_theirs(app: Flask, demo: tuple[Path, str]) -> None:
    links = LINK.findall(demo[1])
    assert len(links) == 8
    for link in links:
        visitor = Visitor(app)
        page = visitor.submits(link)
        assert page.status_int == 200
        assert "/accounts/" not in page.request.path


def test_the_second_start_changes_nothing_and_is_quick(app: Flask, demo: tuple[Path, str]) -> None:
    def counts() -> dict[str, int | None]:
        session.rollback()
        own = {SignInChallenge.__tablename__}  # new links
        tables = (table for table in Base.metadata.sorted_tables if table.name not in own)
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}

    before, clock = counts(), (demo[0] / "demo").read_text()
    assert "Solving" not in run_demo(demo[0])
    assert counts() == before
    assert (demo[0] / "demo").read_text() == clock


def test_the_demonstration_serves_its_mornings_and_its_mails(demo: tuple[Path, str]) -> None:
    with served(demo[0], "demo") as site:
        assert all(slug in site.get("/") for slug in (PUBLISHED, OPEN))
        assert "exemple.fr" in site.get("/mails")
        for path in LINK.findall(site.log.read_text()):
            assert "<button" in site.get(path)


def test_a_folder_with_somebodys_data_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "openmap.sqlite").touch()
    done = subprocess.run(
        [sys.executable, "-m", "openmap", "demo", "--no-serve"],
        env=os.environ | {"OPENMAP_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "holds data that is no demonstration's" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "secret_key") == ["openmap.sqlite"]


def test_the_organiser_is_one_person(app: Flask) -> None:
    organiser = person_with_email("organisateur@exemple.fr")
    assert organiser is not None
    assert organiser.is_organiser
