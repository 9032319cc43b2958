"""Files for a pitch come with a morning: all of them or none, and nobody is told."""

import shutil
from pathlib import Path

import pytest

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.demo.mornings import DATA, OPEN, PUBLISHED, published_morning
from openmap.mornings.files import PITCHES, WHOLE, PitchDecision, read_morning
from openmap.mornings.lines import BadMorning
from openmap.mornings.operations import import_morning
from openmap.pitches.enums import ApplicationState
from openmap.pitches.queries import call_of, criteria_of, submitted_applications


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the morning of 2017, to be spoiled."""
    return Path(shutil.copytree(DATA / OPEN, tmp_path / "morning"))


def test_thirty_files_come_with_the_morning_of_2015_and_nothing_is_told(app):
    morning = read_morning(DATA / PUBLISHED)
    assert len(morning.pitches) == 30
    assert sum(line.decision is PitchDecision.SELECTED for line in morning.pitches) == 8
    with unit_of_work():
        call = call_of(import_morning(morning, by=None, at=now()))
    assert call is not None
    files = submitted_applications(call)
    assert {(len(files), one.state, call.opens_at < (one.submitted_at or now()) < call.closes_at) for one in files} == {
        (30, ApplicationState.SUBMITTED, True)
    }
    assert (call.places, [one.label for one in criteria_of(call)]) == (8, [WHOLE])
    assert session.query(OutboxMail).count() == 0


def test_the_demonstration_gives_each_file_a_title_of_its_own():
    titles = [line.title for line in published_morning().pitches]
    assert len(set(titles)) == 30
    assert not any(any(char.isdigit() for char in title) for title in titles)


def test_a_morning_without_such_a_file_has_no_call(app, folder):
    (folder / PITCHES).unlink()
    with unit_of_work():
        assert call_of(import_morning(read_morning(folder), by=None, at=now())) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("S999,Titre,1,2,3,selected", "no structure S999"),
        ("S001,Titre,1,2,3,selected", "came already"),
        ("S007,,1,2,3,selected", "is empty"),
        ("S007,Titre,6,2,3,selected", "no number from 1 to 5"),
        ("S007,Titre,1,2,3,perhaps", "is none of"),
    ],
)
def test_a_wrong_line_is_named(folder, line, words):
    with (folder / PITCHES).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(BadMorning, match=f"(?s)line 16.*{words}"):
        read_morning(folder)
