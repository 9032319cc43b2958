"""The organiser decides, and a mail tells it either way."""

import pytest
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.events.models import Event
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from tests.counting import queries_of
from tests.factories import build_person, build_structure
from tests.people import Visitor, the_form

REVIEW = "/events/matinale-dechets/registrations/review"


@pytest.fixture
def pending(event: Event, amina: Visitor) -> Registration:
    """Amina's registration, waiting."""
    with unit_of_work():
        person = build_person("Amina Diallo", email=amina.email, at=now())
        return build_structure(event, at=now(), contact=person, state=RegistrationState.PENDING)


def again(registration: Registration) -> Registration:
    session.rollback()
    return registration


def test_claire_approves_in_one_tap_and_amina_knows_what_to_do_next(organiser, amina, pending):
    page = organiser("Claire").submits(REVIEW, f"{pending.ref}/approve")
    assert "Atelier Soleil est validée" in page.text
    assert again(pending).state is RegistrationState.APPROVED
    assert (pending.decided_by and pending.decided_by.name) == "Claire"
    mail = amina.latest_mail()
    assert mail.kind == "registration_approved"
    assert f"http://localhost/events/matinale-dechets/requests/{pending.ref}" in mail.text
    assert "5 demandes au plus" in mail.text


def test_claire_refuses_with_a_reason_that_amina_reads(organiser, amina, pending):
    claire = organiser("Claire")
    form_page = claire.sees(f"/events/matinale-dechets/registrations/{pending.ref}/refuse")
    claire.submits(form_page, reason="Hors du thème :\nla matinale porte sur les déchets.")
    assert again(pending).state is RegistrationState.REFUSED
    mail = amina.latest_mail()
    assert mail.kind == "registration_refused"
    assert "Hors du thème :\nla matinale porte sur les déchets." in mail.text
    actions = session.scalars(select(AuditEntry.action).filter_by(subject_type="registration")).all()
    assert actions == ["registration.refused"]


def test_a_refusal_without_a_reason_is_asked_for_one(organiser, amina, pending):
    claire = organiser("Claire")
    path = f"/events/matinale-dechets/registrations/{pending.ref}/refuse"
    answer = claire.submits(path, status=422, reason="  \x00 ")
    assert "Écrivez la raison" in answer.html.find(id="reason-error").text
    assert again(pending).state is RegistrationState.PENDING


def test_a_refused_structure_can_be_let_in_after_all(organiser, amina, pending):
    claire = organiser("Claire")
    claire.submits(f"/events/matinale-dechets/registrations/{pending.ref}/refuse", reason="Trop tard")
    claire.submits(REVIEW, f"{pending.ref}/approve")
    assert again(pending).state is RegistrationState.APPROVED
    assert (pending.refusal_reason, amina.latest_mail().kind) == ("", "registration_approved")


def test_of_two_organisers_the_second_is_told_what_happened(organiser, amina, pending):
    claire, denis = organiser("Claire"), organiser("Denis")
    page_of_denis = denis.sees(f"/events/matinale-dechets/registrations/{pending.ref}/refuse")
    claire.submits(REVIEW, f"{pending.ref}/approve")
    answer = denis.submits(page_of_denis, status=409, reason="Hors du thème")
    assert "Un autre organisateur vient de valider" in answer.text
    assert the_form(answer)["reason"].value == "Hors du thème"
    assert again(pending).state is RegistrationState.APPROVED
    assert amina.latest_mail().kind == "registration_approved"


def test_two_approvals_from_two_pages_leave_one_decision(organiser, pending):
    claire, denis = organiser("Claire"), organiser("Denis")
    page_of_denis = denis.sees(REVIEW)
    claire.submits(REVIEW, f"{pending.ref}/approve")
    answer = denis.submits(page_of_denis, f"{pending.ref}/approve", status=409)
    assert "Un autre organisateur vient de valider" in answer.text
    decided_by = again(pending).decided_by
    assert (decided_by and decided_by.name) == "Claire"


def test_a_double_click_approves_once(organiser, pending):
    claire = organiser("Claire")
    form = the_form(claire.sees(REVIEW), f"{pending.ref}/approve")
    claire.sends_again(form)
    claire.sends_again(form)
    session.rollback()
    kinds = session.scalars(select(OutboxMail.kind).filter_by(kind="registration_approved")).all()
    assert len(kinds) == 1


def test_a_hand_made_decision_without_the_state_seen_changes_nothing(organiser, pending):
    claire = organiser("Claire")
    claire.posts(f"/events/matinale-dechets/registrations/{pending.ref}/approve", {"seen": "oops"}, status=409)
    assert again(pending).state is RegistrationState.PENDING


@pytest.mark.parametrize("path", ["/review", "/{ref}/refuse"])
def test_for_anyone_else_the_organisers_pages_do_not_exist(amina, pending, path):
    amina.signs_in().sees(f"/events/matinale-dechets/registrations{path.format(ref=pending.ref)}", status=404)


def test_for_anyone_else_decisions_do_not_exist(amina, pending):
    amina.signs_in()
    for verb in ("approve", "refuse"):
        path = f"/events/matinale-dechets/registrations/{pending.ref}/{verb}"
        amina.posts(path, {"seen": "pending", "reason": "Non"}, status=404)
    assert again(pending).state is RegistrationState.PENDING


def test_a_ref_of_another_morning_does_not_exist(organiser, pending):
    organiser("Claire").posts("/events/matinale-dechets/registrations/S9999/approve", {"seen": "pending"}, status=404)


def test_search_and_filters_stay_in_the_address_and_pages_hold_twenty(organiser, event):
    with unit_of_work():
        for number in range(23):
            build_structure(event, f"Atelier {number:02d}", at=now(), state=RegistrationState.PENDING)
        build_structure(event, "Les Rouages", at=now())
    claire = organiser("Claire")
    first = claire.sees(f"{REVIEW}?state=pending&q=atelier")
    assert len(first.html.select("main li.card")) == 20
    second = claire.sees(first.html.find("a", rel="next")["href"])
    assert "state=pending" in second.request.url
    assert [one.text.strip() for one in second.html.select("main li.card h2")] == [
        "Atelier 20", "Atelier 21", "Atelier 22"
    ]  # fmt: skip
    found = claire.sees(f"{REVIEW}?q=rouages")
    assert [one.text.strip() for one in found.html.select("main li.card h2")] == ["Les Rouages"]
    assert "Aucune inscription ne correspond" in claire.sees(f"{REVIEW}?q=100%25_").text
    assert claire.sees(f"{REVIEW}?state=oops&page=-3&kind=zzz").status_int == 200
    claire.sees(f"{REVIEW}?kind=%00", status=400)


def test_the_list_asks_as_many_queries_for_three_rows_as_for_one(organiser, event, pending):
    claire = organiser("Claire")
    one = queries_of(claire, REVIEW)
    with unit_of_work():
        build_structure(event, at=now(), unavailable=(1,))
        build_structure(event, at=now(), state=RegistrationState.REFUSED)
    assert queries_of(claire, REVIEW) == one


def test_what_is_decided_already_offers_no_refusal(organiser, event):
    with unit_of_work():
        ref = build_structure(event, at=now()).ref
    claire = organiser("Claire")
    path = f"/events/matinale-dechets/registrations/{ref}/refuse"
    assert "Cette inscription est déjà décidée" in claire.sees(path).text
    claire.posts(path, {"seen": "approved", "reason": "Non"}, status=409)
