"""Rooms and speakers in event.json: they arrive in the programme, and keep from meeting whoever speaks then."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.demo.mornings import DATA
from openmap.events.models import Event
from openmap.mornings.files import read_morning
from openmap.mornings.lines import BadMorning
from openmap.mornings.operations import import_morning
from openmap.programme.queries import programme_of
from openmap.registrations.queries import find_registration
from tests.mornings.test_import import ESS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the morning of 2017, to be changed."""
    shutil.copytree(DATA / ESS, tmp_path / "morning")
    return tmp_path / "morning"


def with_workshop(folder: Path, **keys: Any) -> Path:
    """The same morning with a workshop beside the first two slots."""
    path = folder / "event.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    workshop = {"start": "10:30", "end": "11:00", "kind": "workshop", "title": "Répondre à plusieurs"}
    document["programme"].append(workshop | keys)
    path.write_text(json.dumps(document), encoding="utf-8")
    return folder


def imported(folder: Path) -> Event:
    with unit_of_work():
        return import_morning(read_morning(folder), by=None, at=now())


def test_a_line_brings_its_room_and_its_speakers(app: Flask, folder: Path) -> None:
    speakers = [
        {"role": "moderator", "name": "Nadia Benali", "function": "journaliste"},
        {"role": "speaker", "ref": "S001", "title": "À plusieurs", "minutes": 10},
    ]
    event = imported(
        with_workshop(folder, room="Salle 2", description="En petit groupe", capacity=30, speakers=speakers)
    )
    line = next(line for line in programme_of(event) if line.item.title == "Répondre à plusieurs")
    assert (line.item.room, line.item.description, line.item.capacity) == ("Salle 2", "En petit groupe", 30)
    structure = find_registration(event, "S001")
    assert structure is not None
    assert [(one.name, one.appearance.title) for one in line.on_stage] == [
        ("Nadia Benali", ""),
        (structure.title, "À plusieurs"),
    ]
    assert [slot.position for slot in structure.stage_slots] == [0, 1]


@pytest.mark.parametrize(
    ("keys", "place", "why"),
    [
        ({"speakers": [{"role": "speaker", "ref": "S999"}]}, "programme[4].speakers[0].ref", "no participant S999"),
        ({"speakers": [{"role": "speaker"}]}, "programme[4].speakers[0].name", "is missing"),
        ({"speakers": [{"role": "juggler", "name": "A"}]}, "programme[4].speakers[0].role", "'juggler' is none of"),
        ({"speakers": "Nadia"}, "programme[4].speakers", "must be a list of at most 40 people"),
        ({"speakers": [{"role": "pitch", "ref": "S001"}] * 2}, "programme[4].speakers[1]", "est déjà dans cette ligne"),
        ({"capacity": 0}, "programme[4].capacity", "must be a whole number from 1"),
        ({"room": "S" * 121}, "programme[4].room", "must be a text of 1 to 120"),
        ({"stage": "north"}, "programme[4].stage", "is unknown"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_imported(app: Flask, folder: Path, keys, place, why) -> None:
    with pytest.raises(BadMorning) as refused:
        imported(with_workshop(folder, **keys))
    assert [(trouble.place, why in trouble.why) for trouble in refused.value.troubles] == [(place, True)]
