"""A morning of two slots with its requests, a published schedule, and a workshop beside the first slot."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.enums import ProgrammeKind
from openmap.events.models import ProgrammeItem
from openmap.events.queries import find_event
from openmap.programme.operations import LineDetails, add_item
from openmap.programme.queries import find_item
from tests.allocation.conftest import SLUG, Morning, morning, solved, solved_app, solved_folder  # noqa: F401 - fixtures
from tests.people import Visitor

HERE = f"/manage/{SLUG}/programme"


@dataclass
class Staged:
    """The morning, with a workshop that lasts as long as the first slot."""

    morning: Morning
    item_id: int

    @property
    def item(self) -> ProgrammeItem:
        """The workshop, read again."""
        session.rollback()
        found = find_item(self.morning.event, self.item_id)
        assert found
        return found

    @property
    def path(self) -> str:
        """The workshop's address."""
        return f"{HERE}/{self.item_id}"

    def stage_slots(self, name: str) -> list[int]:
        """The slots in which somebody is on stage."""
        session.rollback()
        return [slot.position for slot in self.morning.participant(name).stage_slots]


def build_workshop() -> int:
    """A workshop beside the first slot; its key."""
    event = find_event(SLUG)
    assert event
    slot = event.slots[0]
    details = LineDetails(ProgrammeKind.WORKSHOP, "Atelier", slot.starts_at, slot.ends_at, room="Salle 2")
    with unit_of_work():
        return add_item(event, details, by=None, at=now()).id


@pytest.fixture
def staged(morning: Morning) -> Staged:  # noqa: F811 - a fixture
    """Before any proposal."""
    return Staged(morning, build_workshop())


@pytest.fixture
def published(solved: Morning, solved_app: Flask) -> Staged:  # noqa: F811 - fixtures
    """With a published schedule."""
    Visitor(solved_app, "olga@exemple.fr").signs_in().submits(solved.path("/1/publish"), "/publish")
    return Staged(solved, build_workshop())


@pytest.fixture
def olga(app: Flask, staged: Staged) -> Visitor:
    """The organiser."""
    return Visitor(app, "olga@exemple.fr").signs_in()


def lines_titled(title: str) -> list[ProgrammeItem]:
    """The lines of that title, read again."""
    session.rollback()
    return list(session.scalars(select(ProgrammeItem).filter_by(title=title)))
