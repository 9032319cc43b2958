"""A public buyer registers its desks; each gets a table when it is let in."""

from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.organisations.models import Organisation
from openmap.registrations.models import Desk
from tests.factories import build_desk, build_structure, valid_siret

PAGE = "/events/matinale-dechets/registrations/desk"
REVIEW = "/events/matinale-dechets/registrations/review"


def desks() -> list[Desk]:
    session.rollback()
    return list(session.scalars(select(Desk).order_by(Desk.id)).unique())


def test_bruno_registers_two_desks_of_one_body(bruno, desk_form):
    bruno.registers(PAGE, desk_form)
    bruno.registers(PAGE, desk_form | {"desk": "DSI", "body": "VILLE DE VITRY"})
    assert [(desk.registration.ref, desk.title) for desk in desks()] == [
        ("B01", "Ville de Vitry – Commande publique"),
        ("B02", "Ville de Vitry – DSI"),
    ]
    assert len(session.scalars(select(Organisation)).all()) == 1
    assert "Ville de Vitry – DSI" in bruno.latest_mail().text


def test_the_same_desk_is_not_registered_twice(bruno, desk_form):
    bruno.registers(PAGE, desk_form)
    answer = bruno.registers(PAGE, desk_form | {"desk": "commande publique"}, status=409)
    assert "a déjà une inscription" in answer.text
    assert len(desks()) == 1


def test_an_approved_desk_gets_the_lowest_free_table_and_its_mail_says_which(bruno, event, desk_form, organiser):
    with unit_of_work():
        build_desk(event, "Achats", body="Ville de Paris", at=now(), table_number=1)
    bruno.registers(PAGE, desk_form)
    [ref] = [desk.registration.ref for desk in desks() if desk.table is None]
    page = organiser("Claire").submits(REVIEW, f"{ref}/approve")
    assert "est validée" in page.text
    assert [desk.table and desk.table.number for desk in desks()] == [1, 2]
    assert "Votre table\u00a0: 2" in bruno.latest_mail().text


def test_without_a_free_table_the_desk_waits_and_the_organiser_is_told(bruno, event, desk_form, organiser):
    with unit_of_work():
        for number in (1, 2, 3, 4):
            build_desk(event, f"Service {number}", body=f"Ville {number}", at=now(), table_number=number)
    bruno.registers(PAGE, desk_form)
    [ref] = [desk.registration.ref for desk in desks() if desk.table is None]
    answer = organiser("Claire").submits(REVIEW, f"{ref}/approve", status=409)
    assert "Les 4 tables de la matinale sont prises" in answer.text
    assert [desk.registration.state.value for desk in desks() if desk.table is None] == ["pending"]
    assert bruno.latest_mail().kind == "registration_received"


def test_a_body_is_known_again_by_its_number_whatever_it_is_called(bruno, desk_form):
    numbered = desk_form | {"siret": "217 500 016 00019"}
    bruno.registers(PAGE, numbered)
    bruno.registers(PAGE, numbered | {"desk": "DSI", "body": "Mairie de Vitry"})
    [body] = {desk.registration.organisation for desk in desks()}
    assert (body.name, body.siret) == ("Ville de Vitry", "21750001600019")


def test_two_bodies_of_one_name_and_two_numbers_are_two_and_a_claimed_number_is_not_written(bruno, desk_form):
    bruno.registers(PAGE, desk_form | {"desk": "DSI"})
    bruno.registers(PAGE, desk_form | {"siret": "21750001600019"})
    assert [body.siret for body in session.scalars(select(Organisation))] == [None]
    with unit_of_work():
        session.scalars(select(Organisation)).one().siret = valid_siret(7)
    bruno.registers(PAGE, desk_form | {"siret": "21750001600019", "desk": "Voirie"})
    session.rollback()
    assert [body.siret for body in session.scalars(select(Organisation).order_by(Organisation.id))] == [
        valid_siret(7),
        "21750001600019",
    ]


def test_the_number_of_a_structure_or_a_wrong_one_is_told_at_its_field(bruno, event, desk_form):
    with unit_of_work():
        build_structure(event, at=now()).organisation.siret = valid_siret(8)
    answer = bruno.registers(PAGE, desk_form | {"siret": valid_siret(8)}, status=409)
    assert "participe à un autre titre" in answer.text
    assert "n’est pas un SIRET" in bruno.fills(PAGE, desk_form | {"siret": "123"}, status=422).text
