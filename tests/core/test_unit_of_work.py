"""Everything in a unit of work is stored together, or nothing is; nothing is stored outside one."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from tests.factories import build_person


def names() -> list[str]:
    session.rollback()
    return list(session.scalars(select(Person.name).order_by(Person.name)))


def test_what_fails_in_the_middle_leaves_nothing(app):
    with pytest.raises(InterruptedError):
        write_and_stop()
    assert names() == []


def test_a_row_cannot_change_outside(app):
    session.add(Person(email="amina@exemple.fr", created_at=now()))
    with pytest.raises(RuntimeError, match="inside unit_of_work"):
        session.flush()
    session.rollback()


def test_a_second_unit_inside_the_first_is_refused(app):
    with pytest.raises(RuntimeError, match="already open"), unit_of_work(), unit_of_work():
        pass
    with unit_of_work():
        build_person("Amina", at=now())
    assert names() == ["Amina"]


def test_rows_read_before_are_read_again_under_the_lock(app):
    with unit_of_work():
        amina = build_person("Amina", at=now())
    assert amina.name == "Amina"
    rename_elsewhere(app, amina.id, "Amina Diallo")
    with unit_of_work():
        assert amina.name == "Amina Diallo"


def test_writers_wait_for_each_other(app):
    with unit_of_work():
        counter = build_person("0", at=now())
    threads = [threading.Thread(target=add_one, args=(app, counter.id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names() == ["40"]


def write_and_stop() -> None:
    with unit_of_work():
        build_person("Amina", at=now())
        session.flush()
        raise InterruptedError


def add_one(app: Flask, person_id: int) -> None:
    with app.app_context():
        for _ in range(5):
            with unit_of_work():
                person = session.get_one(Person, person_id)
                person.name = str(int(person.name) + 1)


def rename_elsewhere(app: Flask, person_id: int, name: str) -> None:
    def rename() -> None:
        with app.app_context(), unit_of_work():
            session.get_one(Person, person_id).name = name

    thread = threading.Thread(target=rename)
    thread.start()
    thread.join()
