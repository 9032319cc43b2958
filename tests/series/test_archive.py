"""A past morning in one file: everything that came of it, nobody who was there."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.allocation.models import Run
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meetings.models import ScheduleVersion
from openmap.organisations.models import Organisation
from openmap.registrations.models import Registration
from scheduler.checks import violations
from tests.allocation.conftest import SLUG, Morning, olga, solved, solved_app, solved_folder  # noqa: F401 - fixtures
from tests.people import Visitor

ARCHIVE = f"/manage/{SLUG}/archive.zip"


@pytest.fixture
def past(solved_app: Flask, solved: Morning) -> Morning:  # noqa: F811 - fixtures
    """The proposal was published, and the day is over."""
    with unit_of_work():
        solved.event.held_on = now().date() - timedelta(days=3)
        run = session.scalars(select(Run).where(Run.solution.is_not(None))).first()
        assert run is not None
        version = ScheduleVersion(
            event_id=solved.event.id,
            number=1,
            is_current=True,
            instance_sha256=run.instance_sha256,
            published_at=now(),
        )
        session.add(version)
        session.flush()
        run.version_id = version.id
    return solved


def content(visitor: Visitor) -> dict[str, str]:
    answer = visitor.sees(ARCHIVE)
    assert answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_olga_takes_a_past_morning_away_with_all_that_came_of_it(past, olga):  # noqa: F811 - fixtures
    assert "archive.zip" in olga.sees(f"/manage/{SLUG}").text
    files = content(olga)
    assert set(files) == {
        "LISEZMOI.txt",
        "matinale.json",
        "programme.csv",
        "regle.json",
        "question.json",
        "planning.json",
        "chiffres.csv",
    }
    assert json.loads(files["matinale.json"])["title"] == past.event.title
    assert all(item.title in files["programme.csv"] for item in past.event.programme)
    assert json.loads(files["regle.json"])["requests_of_each"] == past.event.request_quota


def test_the_question_and_its_answer_still_pass_the_independent_checker(past, olga):  # noqa: F811 - fixtures
    files = content(olga)
    question, answer = json.loads(files["question.json"]), json.loads(files["planning.json"])
    assert violations(question, answer) == []
    run = session.scalars(select(Run).where(Run.version_id.is_not(None))).one()
    frozen, solved_then = json.loads(run.instance), json.loads(run.solution or "")
    assert len(question["requests"]) == len(frozen["requests"])
    assert answer["objectives"] == solved_then["objectives"]
    assert len(answer["meetings"]) == len(solved_then["meetings"])


def test_nobody_who_took_part_is_in_it(past, olga):  # noqa: F811 - fixtures
    everything = "\n".join(content(olga).values())
    named = [*session.scalars(select(Person.email)), *session.scalars(select(Person.name))]
    named += [*session.scalars(select(Organisation.name))]
    assert len(named) > 5
    assert [name for name in named if name and name in everything] == []
    texts = content(olga)
    refs = set(session.scalars(select(Registration.ref)))
    labels = {row["id"]: row["group"] for row in json.loads(texts["question.json"])["participants"]}
    assert not any(ref in labels for ref in refs if len(ref) > 2)


def test_there_is_no_archive_of_a_morning_to_come(solved, olga):  # noqa: F811 - fixtures
    olga.sees(ARCHIVE, status=404)
    assert "archive.zip" not in olga.sees(f"/manage/{SLUG}").text
