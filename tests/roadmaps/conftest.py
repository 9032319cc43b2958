"""Bea buys for the city at a morning where Sami's structure takes part; Bert buys for another body, Olga organises."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import insert, select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from openmap.events.queries import find_event
from openmap.organisations.models import Organisation
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.queries import roadmap_of
from tests.factories import build_desk, build_event, build_need, build_person, build_structure
from tests.people import Visitor

SLUG = "matinale"
CITY, OTHER = "/roadmaps/ville-de-paris", "/roadmaps/plaine-commune"


@dataclass
class Story:
    """What stories of roadmaps start from."""

    app: Flask
    city_id: int
    other_id: int

    def person(self, name: str) -> Visitor:
        """Someone signed in."""
        return Visitor(self.app, f"{name}@exemple.fr").signs_in()

    @property
    def event(self) -> Event:
        """The morning, read again."""
        event = find_event(SLUG)
        assert event
        return event

    @property
    def city(self) -> Organisation:
        """Bea's body."""
        return session.get_one(Organisation, self.city_id)

    @property
    def other(self) -> Organisation:
        """Bert's body."""
        return session.get_one(Organisation, self.other_id)

    @property
    def roadmap(self) -> Roadmap:
        """The city's roadmap."""
        roadmap = roadmap_of(self.city)
        assert roadmap
        return roadmap

    def need(self, title: str = "Collecte de papiers de bureau", *, of: str = "city", **said) -> Need:
        """A need, published unless the story says otherwise."""
        with unit_of_work():
            return build_need(self.city if of == "city" else self.other, title, at=now(), **said)

    def only_need(self) -> Need:
        """The one need there is, read again."""
        session.rollback()
        return session.scalars(select(Need)).one()

    def add_needs(self, count: int) -> None:
        """Many published needs of the city at once, copies of its first."""
        first = session.scalars(select(Need).filter_by(roadmap_id=self.roadmap.id).order_by(Need.id)).first()
        assert first
        copied = {column.name: getattr(first, column.name) for column in Need.__table__.columns}
        del copied["id"]
        rows = [copied | {"reference": f"{count}-{number}", "title": f"Besoin {number}"} for number in range(count)]
        with unit_of_work():
            session.execute(insert(Need), rows)

    def change(self, need: Need, **values) -> None:
        """Make the row what the story needs, whatever the rules say."""
        with unit_of_work():
            row = session.get_one(Need, need.id)
            for name, value in values.items():
                setattr(row, name, value)


@pytest.fixture
def story(app: Flask) -> Story:
    """The story on the database of the test."""
    return build_story(app)


def build_story(app: Flask) -> Story:
    """The people, the morning and its desks."""
    at = now()
    with unit_of_work():
        bea, bert, sami, olga = (
            build_person(name.title(), email=f"{name}@exemple.fr", is_organiser=name == "olga", at=at)
            for name in ("bea", "bert", "sami", "olga")
        )
        event = build_event(slug=SLUG, at=at)
        city = build_desk(event, "Achats", contact=bea, at=at)
        other = build_desk(event, "DSI", body="Plaine Commune", contact=bert, at=at)
        build_structure(event, "Atelier Soleil", contact=sami, at=at)
    assert olga.is_organiser
    return Story(app, city.organisation_id, other.organisation_id)
