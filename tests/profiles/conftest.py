"""Amina and Bilal fill the profile of one structure; Dora that of a buyer; Mallory belongs to neither."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfWriter
from sqlalchemy import select
from webtest import Form, TestResponse, Upload

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import Contact, GivenRole, Organisation
from openmap.registrations.models import Registration
from tests.factories import build_desk, build_event, build_person, build_structure
from tests.people import Visitor


class Fair:
    """A morning in a month with one structure and one desk; `profile` is where the structure's people write."""

    def __init__(self, app: Flask) -> None:
        self.app, self.at = app, now() - timedelta(days=1)
        with unit_of_work():
            people = {name: self.person(name) for name in ("Amina", "Bilal", "Dora", "Mallory")}
            build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=self.at)
            self.event: Event = build_event(slug="matinale", at=self.at)
            self.structure: Registration = build_structure(
                self.event, "Atelier Soleil", contact=people["Amina"], at=self.at
            )
            self.desk = build_desk(self.event, "DSI", body="Ville de Paris", contact=people["Dora"], at=self.at)
            self.stranger = build_structure(self.event, "Ailleurs", contact=people["Mallory"], at=self.at)
            session.add(
                Contact(organisation_id=self.structure.organisation_id, person_id=people["Bilal"].id, is_main=False)
            )
            session.flush()
            self.give_rights()

    def person(self, name: str):
        """Somebody with a mail address of their own."""
        return build_person(name, email=f"{name.lower()}@exemple.fr", at=self.at)

    def give_rights(self) -> None:
        """The contacts of the registrations speak for their organisations; Bilal looks after the profile."""
        for contact in session.scalars(select(Contact)):
            if contact.person.name == "Bilal":
                contact.given_roles = [GivenRole(role=ContactRole.PROFILE)]
            else:
                contact.is_main = True

    @property
    def organisation(self) -> Organisation:
        """The structure's own."""
        return self.structure.organisation

    def path(self, rest: str = "", organisation: Organisation | None = None) -> str:
        """A page of the structure's profile, or of another one."""
        return f"/organisations/{(organisation or self.organisation).id}/profile{rest}"

    def visitor(self, name: str) -> Visitor:
        """Someone signed in."""
        return Visitor(self.app, f"{name.lower()}@exemple.fr").signs_in()


@pytest.fixture
def fair(app: Flask) -> Fair:
    return Fair(app)


@pytest.fixture
def amina(fair: Fair) -> Visitor:
    return fair.visitor("Amina")


def form_with(page: TestResponse, name: str) -> Form:
    """The form of a page that has a field of this name, among those of its buttons."""
    return next(form for form in page.forms.values() if name in form.fields)


def pdf(pages: int = 1) -> bytes:
    """A small document of blank pages."""
    writer, kept = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(kept)
    return kept.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 300)) -> bytes:
    """A plain picture."""
    kept = io.BytesIO()
    Image.new("RGB", size, (11, 92, 92)).save(kept, kind)
    return kept.getvalue()


def sent(name: str, content: bytes) -> Upload:
    """A file as a browser sends it."""
    return Upload(name, content)
