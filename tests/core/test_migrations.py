"""A database in use goes back to the first version and up again, step by step, and what each version knows is kept.

What an older version cannot say at all, such as a visitor's registration, stops its downgrade instead of being lost.
"""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Table, func, inspect, select
from sqlalchemy.exc import IntegrityError

from openmap.core.audit import record
from openmap.core.clock import now
from openmap.core.db import db, session, unit_of_work
from openmap.core.models import Base
from openmap.organisations.enums import OrganisationKind, Sector
from openmap.profiles.operations import save_desk
from openmap.roadmaps.operations import follow_sectors
from tests.factories import (
    build_answer,
    build_capacity,
    build_colleague_invitation,
    build_delegation,
    build_desk,
    build_draft,
    build_event,
    build_file,
    build_guest,
    build_guest_sheet,
    build_need,
    build_need_sheet,
    build_person,
    build_question,
    build_request,
    build_structure,
    build_visitor,
)

KEPT = ("person", "organisation", "contact", "event", "time_slot", "registration", "desk", "meeting_request")


@pytest.fixture
def in_use(any_app: Flask) -> Flask:
    """A morning with something in every part of it."""
    at = now()
    with unit_of_work():
        olga = build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=at)
        event = build_event(at=at)
        desk, amina = build_desk(event, "DSI", at=at), build_structure(event, "Atelier Amina", at=at)
        build_request(amina, desk, motive="Laver votre linge", at=at)
        buyer = desk.registration.organisation
        need = build_need(buyer, at=at)
        build_need_sheet(need.roadmap, ["Besoin"], ["Linge"], by=olga, at=at)
        follow_sectors(olga, {Sector.WASTE}, by=olga, at=at)
        build_answer(amina, build_question(event, at=at), build_file(at=at), at=at)
        build_capacity(event, OrganisationKind.VISITOR, 3)
        build_draft(event, at=at, name="Atelier Lune")
        build_guest(event, at=at)
        build_guest_sheet(event, olga, at=at)
        build_delegation(amina, at=at)
        build_colleague_invitation(amina.contact, at=at)
        save_desk(buyer, None, name="DSI", about="", sectors=(), contact_ids=(), by=None, at=at)
        record(olga, "registration.approved", amina, at=at, event_id=event.id)
    return any_app


def counts() -> dict[str, int]:
    """How many rows each table has that is there now."""
    session.rollback()
    there = set(inspect(db.engine).get_table_names())
    tables: list[Table] = [table for table in Base.metadata.sorted_tables if table.name in there]
    found = {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    session.rollback()  # a table that is being read cannot be changed
    return found


def test_a_database_in_use_goes_down_to_the_first_version_and_up_again(in_use: Flask) -> None:
    before = counts()
    assert sum(1 for count in before.values() if count) > 25
    while revision() != "0001":
        downgrade(revision="-1")
        db.engine.dispose()
    first = counts()
    assert {name: first[name] for name in KEPT} == {name: before[name] for name in KEPT}
    upgrade()
    after = counts()
    assert set(after) == set(before)
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}
    assert session.scalars(select(Base.metadata.tables["meeting_request"].c.motive)).one() == "Laver votre linge"


def test_a_version_that_cannot_say_what_is_there_is_not_gone_back_to(in_use: Flask) -> None:
    with unit_of_work():
        build_visitor(build_event(at=now()), "Emma", contact=build_person("Emma", at=now()), at=now())
    before = counts()
    with pytest.raises(IntegrityError):
        downgrade(revision="0001")
    db.engine.dispose()
    after = counts()
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}


def revision() -> str:
    """The version that the database says it has."""
    with db.engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
