"""What Amina finds under « À faire maintenant » besides her requests: her draft, her page, who asks to act for her."""

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from openmap.registrations.models import Registration
from tests.factories import build_delegation, build_draft, build_event, build_person, build_structure
from tests.people import Visitor

EMAIL = "amina@exemple.fr"


@pytest.fixture
def event(app: Flask) -> Event:
    with unit_of_work():
        build_person("Amina Diallo", email=EMAIL, at=now())
        return build_event(at=now())


@pytest.fixture
def amina(app: Flask, event: Event) -> Visitor:
    return Visitor(app, EMAIL).signs_in()


@pytest.fixture
def atelier(event: Event, amina: Visitor) -> Registration:
    """The structure she speaks for."""
    with unit_of_work():
        person = session.scalars(select(Person).filter_by(email=EMAIL)).one()
        registration = build_structure(event, "Atelier Amina", contact=person, at=now())
        registration.contact.is_main = True
        return registration


def todo(visitor: Visitor) -> list[str]:
    page = visitor.sees("/my-space")
    return [each.get_text(strip=True) for each in page.html.select(".todo__title")]


def test_a_page_that_says_nothing_is_worth_filling(amina: Visitor, atelier: Registration) -> None:
    assert "Présentez votre offre en un paragraphe" in todo(amina)


def test_someone_who_asks_to_act_for_her_comes_before_her_page(amina: Visitor, atelier: Registration) -> None:
    with unit_of_work():
        build_delegation(atelier, at=now())
    asked, *others = todo(amina)
    assert asked == "Un facilitateur demande à agir pour vous"
    assert others[-1] == "Présentez votre offre en un paragraphe"


def test_a_draft_waits_with_its_morning_and_its_last_day(amina: Visitor, event: Event) -> None:
    with unit_of_work():
        build_draft(event, at=now(), email=EMAIL)
    page = amina.sees("/my-space")
    assert [each.get_text(strip=True) for each in page.html.select(".todo__title")] == ["Finissez votre inscription"]
    page.click("Reprendre")


def test_three_things_at_most(amina: Visitor, atelier: Registration, event: Event) -> None:
    with unit_of_work():
        build_delegation(atelier, at=now())
        build_draft(event, at=now(), email=EMAIL)
    assert len(todo(amina)) == 3


def test_her_organisation_and_her_own_things_are_one_tap_away(amina: Visitor, atelier: Registration) -> None:
    links = {link.get_text(" ", strip=True) for link in amina.sees("/my-space").html.find("main").find_all("a")}
    assert {"Ma fiche", "Mes collègues", "Qui agit pour nous", "Les secteurs que je suis"} <= links
