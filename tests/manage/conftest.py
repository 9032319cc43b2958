"""One open morning, and Claire who organises it."""

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.events.models import Event
from tests.factories import build_event, build_person
from tests.people import Visitor


@pytest.fixture
def event(app: Flask) -> Event:
    with unit_of_work():
        return build_event(at=now(), slug="matinale-dechets")


@pytest.fixture
def claire(app: Flask) -> Visitor:
    with unit_of_work():
        build_person("Claire", email="claire@exemple.fr", is_organiser=True, at=now())
    return Visitor(app, "claire@exemple.fr").signs_in()
