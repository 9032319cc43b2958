"""Everyone sees, takes away, corrects and has erased what the service keeps about them."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from openmap.accounts.models import LoginSession, Person
from openmap.core import audit
from openmap.core.clock import now
from openmap.core.db import db, session, unit_of_work
from openmap.core.models import Base
from openmap.core.outbox import Mail, OutboxMail, enqueue
from openmap.events.models import Event
from openmap.organisations.models import Contact
from openmap.personal_data.inventory import ACTS, INVENTORY, OnErasure
from openmap.personal_data.models import Erasure
from openmap.personal_data.recurring import carry_out_erasures
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from openmap.roadmaps.operations import begin_roadmap
from tests.factories import (
    build_desk,
    build_draft,
    build_event,
    build_guest,
    build_guest_sheet,
    build_need_sheet,
    build_person,
    build_request,
    build_structure,
    build_visitor,
)
from tests.people import Visitor
from tests.rows import all_rows

EMAIL = "amina@exemple.fr"
HERE = "/my-space/data"


@pytest.fixture
def event(app: Flask) -> Event:
    with unit_of_work():
        build_person("Amina Diallo", email=EMAIL, at=now())
        return build_event(at=now())


@pytest.fixture
def amina(app: Flask, event: Event) -> Visitor:
    return Visitor(app, EMAIL).signs_in()


@pytest.fixture
def structure(event: Event, amina: Visitor) -> Registration:
    with unit_of_work():
        registration = build_structure(event, "Atelier Amina", at=now(), contact=person())
        build_request(registration, build_desk(event, "DSI", at=now()), at=now(), motive="Laver votre linge.")
        return registration


def person(email: str = EMAIL) -> Person:
    session.rollback()
    return session.scalars(select(Person).filter_by(email=email)).one()


def archive(visitor: Visitor) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(visitor.sees(f"{HERE}/export.zip").body))


def test_every_table_about_people_is_in_the_inventory(app: Flask) -> None:
    known = {(table, column) for table, kept in INVENTORY.items() for column in kept.through} | ACTS
    known |= {(table, kept.mailbox) for table, kept in INVENTORY.items()}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            points = {key.column.table.name for key in column.foreign_keys} & {"person", "contact"}
            if points or re.search("email|recipient|mailbox", column.name):
                assert (table.name, column.name) in known | {("person", "email")}, f"{table}.{column.name}"


def test_the_inventory_names_tables_and_columns_that_exist(app: Flask) -> None:
    inspector = inspect(db.engine)
    for table, kept in INVENTORY.items():
        columns = {column["name"] for column in inspector.get_columns(table)}
        assert set(kept.through) | set(kept.blanks) | kept.hidden | ({kept.mailbox} - {""}) <= columns, table


def test_amina_reads_what_is_kept_and_takes_it_away(amina: Visitor, structure: Registration) -> None:
    page = amina.sees(HERE).html.find("main").get_text(" ", strip=True)
    assert "Vos demandes de rendez-vous" in page
    with archive(amina) as packed:
        told = json.loads(packed.read("donnees.json"))
        assert told["person"][0]["email"] == EMAIL
        assert [request["motive"] for request in told["meeting_request"]] == ["Laver votre linge."]
        assert "tableaux/registration.csv" in packed.namelist()
        assert "key_hash" not in packed.read("donnees.json").decode()


def test_nobody_else_is_in_the_archive(app: Flask, event: Event, amina: Visitor, structure: Registration) -> None:
    with unit_of_work():
        build_structure(
            event, "Bruno SARL", contact=build_person("Bruno", email="bruno@exemple.fr", at=now()), at=now()
        )
    with archive(amina) as packed:
        assert "bruno" not in packed.read("donnees.json").decode().lower()


def test_amina_corrects_her_name_and_phone(amina: Visitor, structure: Registration) -> None:
    amina.submits(HERE, "/details", name="Amina Diallo-Roy", phone="0123456789", locale="en", status=200)
    assert person().name == "Amina Diallo-Roy"
    assert person().locale == "en"
    assert {contact.phone for contact in session.scalars(select(Contact).filter_by(person_id=person().id))} == {
        "01 23 45 67 89"
    }


def test_a_new_address_counts_once_its_link_is_opened(amina: Visitor) -> None:
    page = amina.sees(HERE)
    amina.submits(page, "/address", email="amina.roy@exemple.fr")
    assert person().email == EMAIL
    mail = session.scalars(select(OutboxMail).filter_by(recipient="amina.roy@exemple.fr")).one()
    link = re.search(rf"{HERE}/address/[\w-]+", mail.text)
    assert link
    amina.sees(link.group())
    assert person().email == EMAIL
    amina.submits(link.group(), "")
    assert person("amina.roy@exemple.fr").name == "Amina Diallo"
    amina.sees(link.group(), status=410)


def test_signing_out_everywhere_closes_the_other_browser_too(app: Flask, amina: Visitor) -> None:
    other = Visitor(app, EMAIL).signs_in()
    amina.submits(HERE, "/sessions/end")
    assert "/accounts/sign-in" in other.sees("/my-space").request.path


def test_the_address_of_someone_else_is_refused(app: Flask, amina: Visitor) -> None:
    with unit_of_work():
        build_person("Bruno", email="bruno@exemple.fr", at=now())
    answer = amina.submits(amina.sees(HERE), "/address", email="Bruno@exemple.fr", status=422)
    assert "Cette adresse sert déjà à un autre compte." in answer.text


def test_erased_at_once_amina_leaves_no_name_and_her_morning_is_told(amina: Visitor, structure: Registration) -> None:
    amina.submits(f"{HERE}/erasure", "", when="now", word="effacer")
    session.rollback()
    assert not session.scalars(select(Person).filter_by(email=EMAIL)).all()
    gone = session.scalars(select(Person).where(Person.email.endswith("@efface.invalid"))).one()
    assert gone.name == ""
    assert not session.scalars(select(LoginSession).filter_by(person_id=gone.id)).all()
    assert session.get_one(Registration, structure.id).state is RegistrationState.CANCELLED
    assert not session.scalars(select(OutboxMail).filter_by(recipient=EMAIL)).all()
    assert "/accounts/sign-in" in amina.sees("/my-space").request.path


def test_no_row_of_an_erased_person_says_who_it_was(app: Flask, amina: Visitor, structure: Registration) -> None:
    amina.submits(f"{HERE}/erasure", "", when="now", word="Effacer")
    session.rollback()
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            assert EMAIL not in str(dict(row)), table.name
            assert "Amina Diallo" not in str(dict(row)), table.name


def test_what_others_wrote_of_an_erased_person_says_no_more_who_it_was(
    app: Flask, event: Event, amina: Visitor, structure: Registration
) -> None:
    with unit_of_work():
        olga = build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=now())
        town = build_desk(event, "Achats", at=now()).registration.organisation
        roadmap = begin_roadmap(town, by=None, at=now())
        rows = ["Besoin", "Contact", "Téléphone"], ["Linge", EMAIL.upper(), "0612345678"]
        build_need_sheet(roadmap, *rows, by=olga, at=now())
        build_draft(event, at=now(), contact_name="Amina Diallo", name="Atelier Amina")
        audit.record(olga, "call.noted", structure, at=now(), caller="Amina Diallo", line=f"écrire à {EMAIL}")
    amina.submits(f"{HERE}/erasure", "", when="now", word="effacer")
    said = str(all_rows())
    assert "Amina Diallo" not in said
    assert "0612345678" not in said
    assert EMAIL not in said.lower()
    assert "Linge" not in said  # the whole row goes with the address


def columns_by_row() -> dict[tuple[str, int], dict[str, object]]:
    """Every row of every table, by its table and key."""
    session.rollback()
    return {
        (table.name, row["id"]): dict(row)
        for table in Base.metadata.sorted_tables
        if "id" in table.c
        for row in session.execute(select(table)).mappings()
    }


def test_whatever_an_erasure_touches_was_in_the_file_to_take_away(
    app: Flask, event: Event, amina: Visitor, structure: Registration
) -> None:
    herself = person()
    with unit_of_work():
        olga = build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=now())
        roadmap = begin_roadmap(build_desk(event, "Achats", at=now()).registration.organisation, by=None, at=now())
        build_need_sheet(roadmap, ["Besoin", "Contact"], ["Linge", f"Amina <{EMAIL}>", "0612345678"], by=olga, at=now())
        build_guest_sheet(event, olga, at=now()).content |= {"said": [["Amina", EMAIL]]}
        build_draft(event, at=now(), contact_name="amina diallo", name="Atelier Amina", email=EMAIL).email = EMAIL
        build_draft(event, at=now(), contact_name="Amina Diallo", email="olga@exemple.fr", name="Lune")
        build_visitor(event, "Amina Diallo", contact=herself, at=now())
        build_guest(event, at=now()).email = EMAIL
        audit.record(olga, "call.noted", structure, at=now(), caller="Amina Diallo", line=f"écrire à {EMAIL}")
        enqueue(Mail("programme", "version:1", EMAIL, "Programme", "…", "<p>…</p>"), at=now())
    with archive(amina) as packed:
        told = json.loads(packed.read("donnees.json"))
        assert "Amina <amina@exemple.fr>" in str(told["mention"])
        assert "0612345678" in packed.read("tableaux/mention.csv").decode()
    before = columns_by_row()
    amina.submits(f"{HERE}/erasure", "", when="now", word="effacer")
    after = columns_by_row()
    shown = {
        (table, row["id"]): set(row) | INVENTORY[table].hidden for table in INVENTORY for row in told.get(table, [])
    }
    for mention in told["mention"]:
        shown.setdefault((mention["table"], mention["row"]), set()).add(mention["column"])
    touched = {
        (*key, column)
        for key, row in before.items()
        for column, value in row.items()
        if value and after.get(key, {}).get(column) != value
    }
    assert len({table for table, *_ in touched}) >= 10
    assert not {(table, row, column) for table, row, column in touched if column not in shown.get((table, row), set())}


def test_a_visitor_who_came_alone_leaves_no_body_of_their_name(app: Flask, event: Event, amina: Visitor) -> None:
    with unit_of_work():
        visit = build_visitor(event, "Amina Diallo", contact=person(), at=now())
    amina.submits(f"{HERE}/erasure", "", when="now", word="effacer")
    session.rollback()
    assert visit.organisation.name == "Visiteur"


def test_without_the_word_nothing_is_erased(amina: Visitor) -> None:
    answer = amina.submits(f"{HERE}/erasure", "", word="oui", status=422)
    assert "Écrivez « effacer »" in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert person().name == "Amina Diallo"


def test_after_the_morning_is_the_day_after_and_can_be_taken_back(
    amina: Visitor, structure: Registration, event: Event
) -> None:
    amina.submits(f"{HERE}/erasure", "", when="after", word="effacer")
    session.rollback()
    carry_out_erasures.task(now())
    assert person().name == "Amina Diallo"
    amina.submits(HERE, "/keep")
    session.rollback()
    assert not session.scalars(select(Erasure)).all()
    amina.submits(f"{HERE}/erasure", "", when="after", word="effacer")
    session.rollback()
    carry_out_erasures.task(now() + timedelta(days=365))
    session.rollback()
    assert not session.scalars(select(Person).filter_by(email=EMAIL)).all()


def test_the_last_organiser_stays_until_there_is_another(app: Flask, event: Event) -> None:
    with unit_of_work():
        build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=now())
    olga = Visitor(app, "olga@exemple.fr").signs_in()
    answer = olga.submits(f"{HERE}/erasure", "", word="effacer", status=422)
    assert "nommez d’abord quelqu’un d’autre" in answer.text


def test_what_is_deleted_comes_after_what_points_at_it(app: Flask) -> None:
    order = list(INVENTORY)
    for name, kept in INVENTORY.items():
        for key in Base.metadata.tables[name].foreign_keys:
            parent = key.column.table.name
            if parent in INVENTORY and INVENTORY[parent].on_erasure is OnErasure.DELETE and parent != name:
                assert kept.on_erasure is OnErasure.DELETE, f"{name} points at {parent}, which is deleted"
                assert order.index(parent) < order.index(name), f"{name} is deleted before {parent}"
