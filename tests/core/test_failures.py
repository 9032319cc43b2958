"""When the service itself fails, its page needs nothing that may have failed with it."""

from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import text

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import lock, session, unit_of_work
from tests.factories import build_person
from tests.people import Visitor
from tests.rows import all_rows


def test_a_signed_in_person_is_told_to_come_back_when_the_database_is_away(app: Flask) -> None:
    with unit_of_work():
        build_person("Amina Diallo", email="amina@exemple.fr", at=now())
    amina = Visitor(app, "amina@exemple.fr").signs_in()
    session.rollback()
    with unit_of_work():
        session.execute(text("DROP TABLE login_session"))
    page = amina.sees("/accessibility", status=503)
    assert page.html.h1.get_text() == "Le service est arrêté quelques minutes"
    assert page.headers["Retry-After"] == "10"


def test_a_fault_shows_a_page_in_both_languages_that_asks_for_no_account(own_app: Flask) -> None:
    own_app.add_url_rule("/fault", "fault", lambda: str(1 // 0))
    page = Visitor(own_app).sees("/fault", status=500)
    assert page.html.h1.get_text() == "Une erreur s’est produite de notre côté"
    assert page.html.find("p", lang="en")
    assert page.html.find_all("form") == []


def test_what_a_constraint_refuses_is_a_conflict_that_keeps_nothing(own_app: Flask) -> None:
    def twice() -> str:
        with unit_of_work():
            build_person(email="amina@exemple.fr", at=now())
            build_person(email="amina@exemple.fr", at=now())
        return "stored"

    own_app.add_url_rule("/twice", "twice", twice)
    before = all_rows()
    page = Visitor(own_app).sees("/twice", status=409)
    assert page.html.h1.get_text(strip=True) == "Quelqu’un a changé cela avant vous"
    assert all_rows() == before


@pytest.mark.parametrize("change", [lock, lambda person: person.display_name])
def test_what_another_deleted_meanwhile_is_a_conflict_told_in_words(own_app, change):
    with unit_of_work():
        amina = build_person("Amina", at=now())

    def delete() -> None:
        with own_app.app_context(), unit_of_work():
            session.delete(session.get_one(Person, amina.id))

    def late() -> str:
        person = session.get_one(Person, amina.id)
        elsewhere = Thread(target=delete)
        elsewhere.start()
        elsewhere.join()
        with unit_of_work():
            return str(change(person))

    own_app.add_url_rule("/late", "late", late)
    session.rollback()
    assert "Quelqu’un vient de retirer" in Visitor(own_app).sees("/late", status=409).html.find("main").get_text()
