"""A morning that nobody has heard of yet, and Claire who invites."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select
from webtest import TestResponse, Upload

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from openmap.invitations.models import Invitation
from tests.factories import build_event, build_person
from tests.people import Visitor, the_form

LIST = "/manage/matinale/invitations"


@pytest.fixture
def event(app: Flask) -> Event:
    with unit_of_work():
        return build_event(at=now(), slug="matinale")


@pytest.fixture
def claire(app: Flask, event: Event) -> Visitor:
    with unit_of_work():
        build_person("Claire", email="claire@exemple.fr", is_organiser=True, at=now())
    return Visitor(app, "claire@exemple.fr").signs_in()


@pytest.fixture
def pastes(claire: Visitor) -> Callable[..., TestResponse]:
    """`pastes("amina@soleil.fr")` leads to the page on which the list is looked at."""

    def paste(lines: str, *, status: int = 200) -> TestResponse:
        return claire.submits(f"{LIST}/new/paste", status=status, lines=lines)

    return paste


@pytest.fixture
def invites(claire: Visitor, pastes: Callable[..., TestResponse]) -> Callable[[str], Invitation]:
    """`invites("amina@soleil.fr;Amina;Atelier Soleil")` confirms at once; gives the invitation of the last line."""

    def invite(lines: str) -> Invitation:
        claire.submits(pastes(lines), "/sheets/")
        session.rollback()
        return session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(1)).one()

    return invite


@pytest.fixture
def uploads(claire: Visitor) -> Callable[..., TestResponse]:
    """Send a file; gives the page it leads to."""

    def upload(content: bytes, name: str = "liste.csv", *, status: int = 200) -> TestResponse:
        form = the_form(claire.sees(f"{LIST}/new/file"))
        form["file"] = Upload(name, content)
        return claire.sends_again(form, status=status)

    return upload


def workbook(*rows: tuple[object, ...]) -> bytes:
    """An .xlsx of these rows."""
    book, out = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()
