"""A morning takes as many as it has places; the others stand in line, in order, on both engines."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from tests.counting import queries_of
from tests.factories import build_capacity, build_desk, build_event, build_person, build_structure, build_visitor
from tests.people import Visitor, the_form

REVIEW = "/events/matinale-dechets/registrations/review"
CAPACITY = "/events/matinale-dechets/registrations/capacity"
PAGE = "/events/matinale-dechets/registrations/structure"
CROWD = 6


def states() -> dict[str, str]:
    session.rollback()
    return {one.title: one.state.value for one in session.scalars(select(Registration)).unique()}


def kinds_of_mails(recipient: str) -> list[str]:
    session.rollback()
    return list(session.scalars(select(OutboxMail.kind).filter_by(recipient=recipient).order_by(OutboxMail.id)))


def test_past_the_last_place_a_newcomer_stands_in_line_and_knows_it(amina, event, structure_form):
    with unit_of_work():
        build_capacity(event, OrganisationKind.STRUCTURE, 1)
        build_structure(event, "Les Rouages", at=now())
    assert "vous serez sur la liste d’attente" in amina.sees(PAGE.replace("/structure", "")).text
    check = amina.fills(PAGE, structure_form)
    assert "Toutes les places sont prises" in check.text
    amina.submits(check, "/send")
    assert states() == {"Les Rouages": "approved", "Atelier Soleil": "waiting"}
    assert kinds_of_mails(amina.email) == ["registration_waiting"]
    ref = session.scalars(select(Registration.ref).where(Registration.state == RegistrationState.WAITING)).one()
    page = amina.signs_in().sees(f"/events/matinale-dechets/registrations/{ref}")
    assert "Sur la liste d’attente, place n°" in page.text


def test_a_pending_one_goes_in_line_when_it_is_approved_too_late(event, organiser):
    with unit_of_work():
        build_capacity(event, OrganisationKind.STRUCTURE, 1)
        build_structure(event, "Les Rouages", at=now())
        late = build_structure(event, "Atelier Lune", at=now(), state=RegistrationState.PENDING).ref
    claire = organiser("Claire")
    review = claire.sees(REVIEW)
    assert "Mettre en liste d’attente" in review.text
    page = claire.submits(review, f"{late}/approve")
    assert "est sur la liste d’attente" in page.text
    assert states()["Atelier Lune"] == "waiting"


def test_a_freed_place_goes_to_the_first_in_line_on_the_organisers_word(event, organiser, amina):
    with unit_of_work():
        build_capacity(event, OrganisationKind.STRUCTURE, 1)
        person = build_person("Amina", email=amina.email, at=now())
        first_in = build_structure(event, "Les Rouages", at=now())
        for name in ("Atelier Un", "Atelier Deux"):
            contact = person if name == "Atelier Un" else None
            build_structure(event, name, at=now(), contact=contact, state=RegistrationState.WAITING)
        refs = {one.title: one.ref for one in session.scalars(select(Registration)).unique()}
        leaving = first_in.ref
    claire = organiser("Claire")
    claire.posts(
        f"/events/matinale-dechets/registrations/{refs['Atelier Deux']}/approve", {"seen": "waiting"}, status=409
    )
    claire.posts(
        f"/events/matinale-dechets/registrations/{refs['Atelier Un']}/approve", {"seen": "waiting"}, status=409
    )
    claire.submits(f"/events/matinale-dechets/leaving/{leaving}/cancel")
    assert states() == {"Les Rouages": "cancelled", "Atelier Un": "waiting", "Atelier Deux": "waiting"}
    page = claire.submits(CAPACITY, "/structure/give")
    assert "Une place est donnée à" in page.text
    assert states() == {"Les Rouages": "cancelled", "Atelier Un": "approved", "Atelier Deux": "waiting"}
    assert kinds_of_mails(amina.email) == ["registration_promoted"]
    assert "Une place s’est libérée" in amina.latest_mail().text


def test_nobody_jumps_the_queue_while_a_freed_place_is_not_given(event, organiser):
    with unit_of_work():
        build_capacity(event, OrganisationKind.STRUCTURE, 1)
        build_structure(event, "Atelier Un", at=now(), state=RegistrationState.WAITING)
        late = build_structure(event, "Atelier Deux", at=now(), state=RegistrationState.PENDING).ref
    organiser("Claire").submits(REVIEW, f"{late}/approve")
    assert states() == {"Atelier Un": "waiting", "Atelier Deux": "waiting"}


def test_places_are_set_and_taken_back_and_nobody_is_put_out(event, organiser):
    with unit_of_work():
        for name in ("Un", "Deux", "Trois"):
            build_structure(event, name, at=now())
    claire = organiser("Claire")
    page = claire.submits(CAPACITY, "", structure="2", buyer="", partner="0", visitor="x", status=422)
    assert "Écrivez un nombre de places" in page.html.find(id="visitor-error").text
    page = claire.submits(page, "", visitor="40")
    assert the_form(page)["structure"].value == "2"
    assert set(states().values()) == {"approved"}
    assert "3 sur 2" in claire.sees(REVIEW).text.replace("\u00a0", " ")
    claire.submits(CAPACITY, "", structure="", partner="", visitor="")
    assert [the_form(claire.sees(CAPACITY))[kind].value for kind in ("structure", "partner", "visitor")] == ["", "", ""]


def test_an_approval_can_be_undone_and_done_again_with_a_mail_each_time(event, organiser, amina):
    with unit_of_work():
        person = build_person("Amina", email=amina.email, at=now())
        ref = build_structure(event, contact=person, at=now(), state=RegistrationState.PENDING).ref
    claire, undo = organiser("Claire"), f"/events/matinale-dechets/leaving/{ref}/reopen"
    claire.submits(REVIEW, f"{ref}/approve")
    claire.submits(undo, status=422, reason=" ")
    claire.submits(undo, reason="Nous vérifions\nvotre agrément.")
    assert states() == {"Atelier Soleil": "pending"}
    assert "votre agrément." in amina.latest_mail().text
    claire.posts(undo, {"reason": "Encore"}, status=409)
    claire.submits(REVIEW, f"{ref}/approve")
    assert kinds_of_mails(amina.email) == ["registration_approved", "registration_reopened", "registration_approved"]


def test_a_table_is_free_again_after_an_approval_undone(event, organiser):
    with unit_of_work():
        taken = [build_desk(event, f"Service {n}", body=f"Ville {n}", at=now(), table_number=n) for n in (1, 2, 3, 4)]
        late = build_desk(event, "DSI", at=now(), state=RegistrationState.PENDING).registration.ref
        undone = taken[1].registration.ref
    claire = organiser("Claire")
    claire.posts(f"/events/matinale-dechets/registrations/{late}/approve", {"seen": "pending"}, status=409)
    claire.submits(f"/events/matinale-dechets/leaving/{undone}/reopen", reason="Absents")
    page = claire.submits(REVIEW, f"{late}/approve")
    assert "Table 2" in page.html.find(id=late).text


def test_ticked_registrations_are_approved_together_and_what_cannot_be_is_named(event, organiser):
    with unit_of_work():
        for number in (1, 2, 3, 4):
            build_desk(event, f"Service {number}", body=f"Ville {number}", at=now(), table_number=number)
        build_desk(event, "DSI", at=now(), state=RegistrationState.PENDING)
        for name in ("Un", "Deux", "Trois"):
            build_structure(event, name, at=now(), state=RegistrationState.PENDING)
        refs = [one.ref for one in session.scalars(select(Registration)).unique() if one.title != "Trois"]
    page = organiser("Claire").posts(
        "/events/matinale-dechets/registrations/review/approvals", {"refs": [*refs, "S9999", "\x00", refs[0]]}
    )
    assert "2 inscriptions sont validées" in page.text
    assert "Les 4 tables de la matinale sont prises" in page.text
    found = states()
    assert [found[name] for name in ("Un", "Deux", "Trois", "Ville de Paris – DSI")] == [
        "approved", "approved", "pending", "pending"
    ]  # fmt: skip


def test_the_list_costs_as_many_queries_with_a_long_line(event, organiser):
    with unit_of_work():
        build_capacity(event, OrganisationKind.VISITOR, 0)
        build_visitor(event, "Un", at=now(), state=RegistrationState.WAITING)
    claire = organiser("Claire")
    short = [queries_of(claire, path) for path in (REVIEW, CAPACITY)]
    with unit_of_work():
        for number in range(8):
            build_visitor(event, f"Vera {number}", at=now(), state=RegistrationState.WAITING)
    assert [queries_of(claire, path) for path in (REVIEW, CAPACITY)] == short


def test_an_organiser_registers_somebody_on_the_phone_even_past_the_deadline(event, organiser, amina, structure_form):
    with unit_of_work():
        event.registration_closes_at = now()
    claire = organiser("Claire")
    first = claire.sees(PAGE)
    assert "Vous inscrivez quelqu’un par téléphone" in first.text
    check = claire.fills(PAGE, structure_form)
    assert "Vous inscrivez quelqu’un par téléphone" in check.text
    assert "Claire" not in check.html.find("main").text
    claire.submits(check, "/send")
    assert states() == {"Atelier Soleil": "pending"}
    assert kinds_of_mails(amina.email) == ["registration_received"]
    entry = session.scalars(select(AuditEntry).filter_by(action="registration.sent")).one()
    assert entry.details["on_behalf_of"] == "S001"
    consent = session.scalars(select(Registration)).unique().one().consents[0]
    assert consent.noted_by is not None
    assert "au téléphone" in amina.signs_in().sees("/events/matinale-dechets/registrations/S001").text


@pytest.mark.parametrize("free", [1, 3])
def test_many_organisers_at_once_never_fill_more_places_than_there_are(any_app: Flask, free):
    with unit_of_work():
        event = build_event(at=now(), slug="matinale-dechets")
        build_capacity(event, OrganisationKind.STRUCTURE, free)
        pending = RegistrationState.PENDING
        refs = [build_structure(event, f"A {number}", at=now(), state=pending).ref for number in range(CROWD)]
        for number in range(CROWD):
            build_person(email=f"o{number}@exemple.fr", is_organiser=True, at=now())
    organisers = [Visitor(any_app, f"o{number}@exemple.fr").signs_in() for number in range(CROWD)]
    forms = [the_form(one.sees(REVIEW), f"{ref}/approve") for one, ref in zip(organisers, refs, strict=True)]
    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(lambda form: form.submit(expect_errors=True).status_int, forms))
    assert answers == [302] * CROWD
    found = sorted(states().values())
    assert found == ["approved"] * free + ["waiting"] * (CROWD - free)
    with ThreadPoolExecutor(CROWD) as pool:
        path = CAPACITY + "/structure/give"
        list(pool.map(lambda one: one.posts(path), organisers))
    assert sorted(states().values()) == found
