"""A morning with two partners and a structure that may hold stands; Olga organises."""

from dataclasses import dataclass

import pytest
from flask import Flask

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from openmap.exhibition.models import Exhibition
from openmap.exhibition.queries import exhibition_of
from openmap.organisations.enums import PartnerKind
from openmap.organisations.operations import ContactDetails
from openmap.registrations.models import Registration
from openmap.registrations.operations import PartnerProfile, RegistrationDetails, approve_registration, register_partner
from tests.factories import build_event, build_exhibition, build_person, build_structure
from tests.people import Visitor


@dataclass
class Hall:
    """What the stories of this folder are about."""

    event: Event
    grafie: Registration
    amina: Registration
    olga: Person

    @property
    def home(self) -> str:
        """The organiser's page."""
        return f"/manage/{self.event.slug}/exhibition"

    @property
    def page(self) -> str:
        """The page for everybody."""
        return f"/events/{self.event.slug}/exhibition"

    @property
    def exhibition(self) -> Exhibition:
        """The exhibition, in a unit of work too."""
        found = exhibition_of(self.event)
        assert found
        return found

    @property
    def stored(self) -> Exhibition:
        """The exhibition as requests left it."""
        session.rollback()
        return self.exhibition


def build_partner(event: Event, name: str, email: str, *, by: Person) -> Registration:
    """An approved partner without a desk."""
    details = RegistrationDetails(sector=event.sector, contact=ContactDetails(name=name, email=email))
    profile = PartnerProfile(name, PartnerKind.NETWORK, "75")
    registration = register_partner(event, profile, details, by=None, at=now())
    approve_registration(registration, seen=registration.state, by=by, at=now())
    return registration


def build_hall() -> Hall:
    """A hall of 20 metres by 12, empty and not shown yet."""
    at = now()
    with unit_of_work():
        event = build_event(at=at)
        olga = build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=at)
        contact = build_person("Amina", email="amina@exemple.fr", at=at)
        amina = build_structure(event, "Atelier Soleil", contact=contact, at=at)
        grafie = build_partner(event, "GRAFIE", "gaelle@exemple.fr", by=olga)
        build_exhibition(event)
    return Hall(event, grafie, amina, olga)


@pytest.fixture
def hall(app: Flask) -> Hall:
    return build_hall()


@pytest.fixture
def olga(app: Flask, hall: Hall) -> Visitor:
    return Visitor(app, "olga@exemple.fr").signs_in()


@pytest.fixture
def gaelle(app: Flask, hall: Hall) -> Visitor:
    return Visitor(app, "gaelle@exemple.fr").signs_in()
