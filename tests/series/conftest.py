"""A series of mornings, the organiser who prepares the next one, and people who wait for it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from tests.factories import build_event, build_person
from tests.people import Visitor

SLUG = "matinale-dechets"
Edition = Callable[..., Event]


@pytest.fixture
def event(app: Flask) -> Event:
    """A morning a month ahead, open for registration: the first of its series."""
    with unit_of_work():
        return build_event(at=now(), slug=SLUG)


@pytest.fixture
def edition(event: Event) -> Edition:
    """`edition("2015", held_in=-90)`: another morning of the same series, so many days from now."""

    def build(slug: str, *, held_in: int, **facts: object) -> Event:
        with unit_of_work():
            made = build_event(at=_start(held_in), slug=slug)
            made.series_id = event.series_id
            for name, value in facts.items():
                setattr(made, name, value)
        return made

    return build


def _start(held_in: int) -> datetime:
    return now() + timedelta(days=held_in - 30)  # `build_event` makes a morning a month later


@pytest.fixture
def olga(app: Flask) -> Visitor:
    """She organises."""
    with unit_of_work():
        build_person("Olga Moreau", email="olga@openmap.example.fr", is_organiser=True, at=now())
    return Visitor(app, "olga@openmap.example.fr").signs_in()


@pytest.fixture
def claire(app: Flask) -> Visitor:
    """She works at an ESAT, has no account, and waits for a morning of her trade."""
    return Visitor(app, "claire@laverie.example.fr")


@pytest.fixture(autouse=True)
def _fresh_reads(app: Flask) -> None:
    """A story reads what requests stored, not what it read before."""
    session.rollback()
