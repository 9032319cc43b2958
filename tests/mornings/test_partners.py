"""Partners come with the morning: approved, known again, and with a stand when they exhibit."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.demo.mornings import DATA, OPEN
from openmap.exhibition.layout import check_plan
from openmap.exhibition.queries import boxes_of, exhibition_of, held_stands, name_of
from openmap.mornings.files import read_morning
from openmap.mornings.lines import BadMorning
from openmap.mornings.operations import import_morning
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.models import Registration


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a real morning, to be changed."""
    return Path(shutil.copytree(DATA / OPEN, tmp_path / "morning"))


def test_eight_of_the_twelve_partners_exhibit_in_rows(app, folder):
    with unit_of_work():
        event = import_morning(read_morning(folder), by=None, at=now())
    partners = session.scalars(
        select(Registration).filter_by(event_id=event.id, kind=OrganisationKind.PARTNER).order_by(Registration.ref)
    ).unique()
    assert [each.ref for each in partners if each.is_approved] == [f"P{number:02d}" for number in range(1, 13)]
    exhibition = exhibition_of(event)
    assert exhibition
    assert exhibition.is_public
    names = [name_of(stand) for stand in held_stands(exhibition)]
    assert (len(names), names[0], names[-1]) == (8, "GRAFIE", "GIP Maximilien")
    check_plan(boxes_of(exhibition), width=exhibition.width, depth=exhibition.depth)


def test_a_morning_without_the_file_has_no_exhibition(app, folder):
    (folder / "partners.csv").unlink()
    with unit_of_work():
        event = import_morning(read_morning(folder), by=None, at=now())
    assert exhibition_of(event) is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("GRAFIE,reseau,no", "came already"),
        (",reseau,no", "is empty"),
        ("Autre,inconnu,no", "'inconnu' is none of"),
        ("Autre,reseau,peut-être", "'peut-être' is none of"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_and_nothing_is_stored(app, folder, line, why):
    with (folder / "partners.csv").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(BadMorning, match=rf"partners\.csv line 14.*{why}"):
        read_morning(folder)
