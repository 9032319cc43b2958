"""A morning, the people who register for it, and the organiser who decides."""

from collections.abc import Callable

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from tests.factories import build_event, build_person
from tests.people import Visitor


@pytest.fixture
def event(app: Flask) -> Event:
    """A morning of four slots and four tables, open for registration."""
    with unit_of_work():
        return build_event(at=now(), slug="matinale-dechets")


@pytest.fixture
def amina(app: Flask, event: Event) -> Visitor:
    """Works at an ESAT; has no account."""
    return Visitor(app, "amina@soleil.example.fr")


@pytest.fixture
def bruno(app: Flask, event: Event) -> Visitor:
    """Buys for a town; has no account."""
    return Visitor(app, "bruno@ville.example.fr")


@pytest.fixture
def organiser(app: Flask) -> Callable[[str], Visitor]:
    """`organiser("Claire")` is signed in and may decide."""

    def sign_in(name: str) -> Visitor:
        email = f"{name.lower()}@openmap.example.fr"
        with unit_of_work():
            build_person(name, email=email, is_organiser=True, at=now())
        return Visitor(app, email).signs_in()

    return sign_in


@pytest.fixture
def structure_form(amina: Visitor) -> dict[str, str]:
    """What Amina types."""
    return {
        "siret": "732 829 320 00074",
        "name": "Atelier Soleil",
        "kind": "ESAT",
        "departement": "93",
        "sector": "waste",
        "offer": "Tri et collecte de papier,\nen Seine-Saint-Denis.",
        "contact_name": "Amina Diallo",
        "email": amina.email,
        "consent_terms": "y",
    }


@pytest.fixture
def desk_form(bruno: Visitor) -> dict[str, str]:
    """What Bruno types."""
    return {
        "body": "Ville de Vitry",
        "kind": "collectivite",
        "desk": "Commande publique",
        "departement": "94",
        "sector": "waste",
        "contact_name": "Bruno Petit",
        "email": bruno.email,
        "consent_terms": "y",
    }


@pytest.fixture(autouse=True)
def _fresh_reads(app: Flask) -> None:
    """A story reads what requests stored, not what it read before."""
    session.rollback()
