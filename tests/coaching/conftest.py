"""A morning whose call is decided: Amina and Bruno pitch, Zoé does not; Claire coaches, Olga organises."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask

from openmap.accounts.models import Person
from openmap.coaching.models import CoachingSession
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.events.models import Event
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import PitchApplication, PitchCall
from tests.factories import (
    build_application,
    build_call,
    build_coaching_session,
    build_event,
    build_person,
    build_structure,
)
from tests.people import Visitor


@dataclass
class Coached:
    """What the stories of this folder are about."""

    event: Event
    call: PitchCall
    amina: PitchApplication
    bruno: PitchApplication
    zoe: PitchApplication
    claire: Person
    sessions: list[CoachingSession]
    at: datetime

    @property
    def home(self) -> str:
        """The organiser's page."""
        return f"/manage/{self.event.slug}/coaching"

    def place_of(self, application: PitchApplication) -> str:
        """Where a structure books."""
        return f"/events/{self.event.slug}/coaching/{application.registration.ref}"

    def session_page(self, number: int = 0) -> str:
        """The coaches' page of a session."""
        return f"/events/{self.event.slug}/coaching/sessions/{self.sessions[number].id}"


def build_coached(*, places: int = 2) -> Coached:
    """Two sessions to come, with Claire in the first one."""
    at = now()
    with unit_of_work():
        event = build_event(at=at)
        call = build_call(event, at=at)
        people = {name: build_person(name, email=f"{name.lower()}@exemple.fr", at=at) for name in ("Amina", "Bruno")}
        zoe = build_person("Zoé", email="zoe@exemple.fr", at=at)
        build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=at)
        claire = build_person("Claire Petit", email="claire@exemple.fr", at=at)
        amina, bruno = (
            build_application(
                call,
                build_structure(event, f"Atelier {name}", contact=person, at=at),
                f"Le pitch de {name}",
                state=ApplicationState.SELECTED,
                at=at,
            )
            for name, person in people.items()
        )
        undecided = build_application(call, build_structure(event, "Atelier Zoé", contact=zoe, at=at), at=at)
        sessions = [
            build_coaching_session(call, claire, at=at, days=5, places=places),
            build_coaching_session(call, at=at, days=8, places=places),
        ]
    return Coached(event, call, amina, bruno, undecided, claire, sessions, at)


@pytest.fixture
def coached(app: Flask) -> Coached:
    return build_coached()


@pytest.fixture
def amina(app: Flask, coached: Coached) -> Visitor:
    return Visitor(app, "amina@exemple.fr").signs_in()


@pytest.fixture
def bruno(app: Flask, coached: Coached) -> Visitor:
    return Visitor(app, "bruno@exemple.fr").signs_in()


@pytest.fixture
def claire(app: Flask, coached: Coached) -> Visitor:
    return Visitor(app, "claire@exemple.fr").signs_in()


@pytest.fixture
def olga(app: Flask, coached: Coached) -> Visitor:
    return Visitor(app, "olga@exemple.fr").signs_in()
