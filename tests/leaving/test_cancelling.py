"""Whoever cannot come says so, knowing what it costs; organisers hear of meetings that are off."""

import pytest
from sqlalchemy import select

from openmap.allocation.problem import build_instance
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from tests.allocation.conftest import SLUG
from tests.factories import build_event, build_person, build_structure
from tests.people import Visitor, the_form


def mails(kind: str) -> list[OutboxMail]:
    session.rollback()
    return list(session.scalars(select(OutboxMail).filter_by(kind=kind)))


@pytest.fixture
def published(solved_app, solved):
    """The morning, its first version published by Olga."""
    olga = Visitor(solved_app, "olga@exemple.fr").signs_in()
    olga.submits(solved.path("/1/publish"), "/publish")
    return solved


def test_amina_reads_the_consequences_cancels_and_olga_is_told_of_the_meeting(solved_app, published):
    amina = published.participant("amina")
    path = f"/events/{SLUG}/leaving/{amina.ref}/cancel"
    visitor = Visitor(solved_app, "amina@exemple.fr").signs_in()
    page = visitor.sees(path)
    assert "ne compteront plus" in page.text
    assert "rendez-vous publié" in page.text
    form = the_form(page)
    answer = visitor.sends_again(form)
    assert "est annulée" in answer.text
    visitor.sends_again(form)
    [told] = mails("meetings_are_off")
    assert told.recipient == "olga@exemple.fr"
    assert amina.title in told.text
    assert len(mails("registration_cancelled")) == 1
    event = session.get_one(type(published.event), published.event.id)
    assert amina.ref not in {one.id for one in build_instance(event).participants}, "requests count no more"
    assert "Il n’y a rien à annuler" in visitor.sees(path).text


def test_let_in_again_a_participant_finds_its_requests(solved_app, published):
    amina = published.participant("amina")
    asked = {request.id for request in build_instance(published.event).requests if amina.ref in request.between}
    olga = Visitor(solved_app, "olga@exemple.fr").signs_in()
    page = olga.submits(f"/events/{SLUG}/leaving/{amina.ref}/reopen", reason="Vérification")
    assert "attend de nouveau votre décision" in page.text
    session.rollback()
    assert not {one.id for one in build_instance(published.event).requests} & asked
    olga.submits(f"/events/{SLUG}/registrations/review", f"{amina.ref}/approve")
    session.rollback()
    assert {one.id for one in build_instance(published.event).requests} >= asked


def test_the_other_organisers_hear_of_meetings_that_an_approval_taken_back_leaves_open(solved_app, published):
    with unit_of_work():
        build_person("Odile", email="odile@exemple.fr", is_organiser=True, at=now())
    amina = published.participant("amina")
    olga = Visitor(solved_app, "olga@exemple.fr").signs_in()
    assert "rendez-vous publié à refaire" not in olga.sees(f"/manage/{SLUG}").text
    olga.submits(f"/events/{SLUG}/leaving/{amina.ref}/reopen", reason="Vérification")
    [told] = mails("meetings_are_off")
    assert told.recipient == "odile@exemple.fr"
    assert f"Olga est revenu sur la validation de {amina.title}" in told.text
    assert "1 rendez-vous publié à refaire" in olga.sees(f"/manage/{SLUG}").text
    olga.submits(f"/events/{SLUG}/registrations/review", f"{amina.ref}/approve")
    assert "rendez-vous publié à refaire" not in olga.sees(f"/manage/{SLUG}").text


def test_before_any_meeting_nobody_else_is_written_to(app):
    with unit_of_work():
        event = build_event(at=now(), slug=SLUG)
        person = build_person("Amina", email="amina@exemple.fr", at=now())
        build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=now())
        ref = build_structure(event, contact=person, at=now(), state=RegistrationState.PENDING).ref
    Visitor(app, "amina@exemple.fr").signs_in().submits(f"/events/{SLUG}/leaving/{ref}/cancel")
    assert [len(mails(kind)) for kind in ("registration_cancelled", "meetings_are_off")] == [1, 0]


def test_someone_who_cancelled_registers_again_and_nobody_else_takes_that_past(app):
    with unit_of_work():
        event = build_event(at=now(), slug=SLUG)
        person = build_person("Amina", email="amina@exemple.fr", at=now())
        known = build_structure(event, contact=person, at=now(), state=RegistrationState.CANCELLED)
        siret, ref = known.organisation.siret or "", known.ref
    page = f"/events/{SLUG}/registrations/structure"
    typed = {
        "siret": siret, "name": "Atelier Soleil", "kind": "ESAT", "departement": "93", "sector": "waste",
        "offer": "Tri", "contact_name": "Amina", "email": "amina@exemple.fr", "consent_terms": "y",
    }  # fmt: skip
    mallory = Visitor(app, "mallory@exemple.fr")
    mallory.registers(page, typed | {"email": mallory.email}, status=409)
    Visitor(app, "amina@exemple.fr").registers(page, typed)
    session.rollback()
    assert [(one.ref, one.state.value) for one in session.scalars(select(Registration)).unique()] == [(ref, "pending")]
