"""A morning with an open call, its organiser, and Amina's structure."""

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.events.models import Event
from openmap.pitches.models import PitchCall
from openmap.registrations.models import Registration
from tests.factories import build_call, build_event, build_person, build_structure
from tests.people import Visitor

SLUG = "matinale-dechets"
PAGE = f"/events/{SLUG}/pitches"
MANAGE = f"/manage/{SLUG}/pitches"


@pytest.fixture
def event(app: Flask) -> Event:
    """A morning a month away."""
    with unit_of_work():
        return build_event(slug=SLUG, at=now())


@pytest.fixture
def call(event: Event) -> PitchCall:
    """An open call that asks for nothing more than every call does."""
    with unit_of_work():
        return build_call(event, at=now())


@pytest.fixture
def structure(event: Event) -> Registration:
    """Amina's ESAT, approved."""
    with unit_of_work():
        person = build_person("Amina", email="amina@exemple.fr", at=now())
        return build_structure(event, "Atelier Soleil SAS", contact=person, at=now())


@pytest.fixture
def amina(app: Flask, structure: Registration) -> Visitor:
    """The contact of the structure, signed in."""
    return Visitor(app, "amina@exemple.fr").signs_in()


@pytest.fixture
def olga(app: Flask, event: Event) -> Visitor:
    """The organiser, signed in."""
    with unit_of_work():
        build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=now())
    return Visitor(app, "olga@exemple.fr").signs_in()
