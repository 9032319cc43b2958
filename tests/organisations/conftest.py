"""Two bodies: Atelier Soleil with Amina, and Ville de Paris with Denis; Claire organises."""

from dataclasses import dataclass

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import Contact, GivenRole, Organisation
from openmap.registrations.models import Registration
from tests.factories import build_desk, build_event, build_person, build_structure
from tests.people import Visitor


@dataclass
class World:
    """What the stories look at again after each request."""

    app: Flask
    event: Event
    structure: Registration
    town: Registration

    def someone(self, name: str) -> Visitor:
        """A person signed in."""
        return Visitor(self.app, f"{name}@exemple.fr").signs_in()

    def contacts_path(self, organisation: Organisation | None = None) -> str:
        """The page of the contacts of Atelier Soleil, or of another body."""
        return f"/organisations/{(organisation or self.structure.organisation).id}/contacts"

    def add_contact(self, name: str, *roles: ContactRole, organisation: Organisation | None = None) -> Contact:
        """One more contact, known for a long time."""
        with unit_of_work():
            person = build_person(name.title(), email=f"{name}@exemple.fr", at=now())
            session.flush()
            body = organisation or self.structure.organisation
            contact = Contact(organisation_id=body.id, person_id=person.id)
            contact.given_roles = [GivenRole(role=role) for role in roles]
            session.add(contact)
        return contact

    def again(self) -> None:
        """Read what requests stored."""
        session.rollback()
        session.expire_all()


@pytest.fixture
def world(app: Flask) -> World:
    at = now()
    with unit_of_work():
        people = {name: build_person(name.title(), email=f"{name}@exemple.fr", at=at) for name in ("amina", "denis")}
        build_person("Claire", email="claire@exemple.fr", is_organiser=True, at=at)
        event = build_event(slug="matinale", at=at)
        structure = build_structure(event, contact=people["amina"], at=at)
        structure.contact.is_main = True
        town = build_desk(event, contact=people["denis"], at=at).registration
        town.contact.is_main = True
    return World(app, event, structure, town)
