"""The same stories on PostgreSQL: searching, importing, telling followers; and a sheet confirmed twice at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.organisations.enums import Sector
from openmap.roadmaps.models import Follower, Need
from openmap.roadmaps.operations import follow_sectors, tell_of_new_needs
from tests.people import Visitor, the_form
from tests.roadmaps.conftest import SLUG, build_story
from tests.roadmaps.test_importing import confirms, line, sends
from tests.roadmaps.test_reading import titles

pytestmark = pytest.mark.database


def test_needs_are_imported_found_and_told(postgres_app):
    story = build_story(postgres_app)
    with unit_of_work():
        sami = session.scalars(select(Person).filter_by(email="sami@exemple.fr")).one()
        follow_sectors(sami, {Sector.WASTE}, by=sami, at=now())
    bea = story.person("bea")
    bea.submits("/roadmaps/mine", "/mine")
    confirms(bea, sends(bea, line("A1", "Collecte d’été"), line("A2", "Broyage")), is_published=True)
    page = Visitor(postgres_app).sees(f"/events/{SLUG}/roadmaps?q=ete&sector=waste&departement=93&amount=medium")
    assert titles(page) == ["Collecte d’été"]
    need = session.scalars(select(Need).filter_by(reference="A2")).one()
    bea.posts(f"/roadmaps/ville-de-paris/needs/{need.id}/up")
    assert titles(Visitor(postgres_app).sees("/roadmaps/ville-de-paris")) == ["Broyage", "Collecte d’été"]
    tomorrow = (now() + timedelta(days=1)).replace(hour=11)
    for _turn in range(2):
        with unit_of_work():
            tell_of_new_needs(session.scalars(select(Follower)).one(), at=tomorrow)
    subjects = select(OutboxMail.subject).filter_by(kind="new_needs")
    assert session.scalars(subjects).all() == ["2 nouveaux besoins dans vos secteurs"]


def test_a_sheet_confirmed_in_two_windows_at_once_is_imported_once(any_app):
    story = build_story(any_app)
    windows = [story.person("bea"), story.person("bea")]
    windows[0].submits("/roadmaps/mine", "/mine")
    preview = sends(windows[0], *(line(f"A{number}", f"Collecte {number}") for number in range(30)))
    forms = [the_form(window.sees(preview.request.path), "/import/") for window in windows]
    session.rollback()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda form: form.submit(expect_errors=True).status_int, forms))
    assert sorted(answers) in ([302, 302], [302, 404])
    session.rollback()
    assert sorted(session.scalars(select(Need.reference))) == sorted(f"A{number}" for number in range(30))
