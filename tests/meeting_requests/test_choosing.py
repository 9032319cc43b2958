"""A structure asks for desks, within its quota and until the deadline, and ranks them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.registrations.enums import RegistrationState
from tests.counting import queries_of
from tests.factories import build_desk, build_event, build_request, build_structure
from tests.people import the_form


def mails(kind: str) -> list[OutboxMail]:
    session.rollback()
    return list(session.scalars(select(OutboxMail).filter_by(kind=kind)))


def actions() -> list[tuple[str, dict[str, object]]]:
    session.rollback()
    kept = select(AuditEntry).where(AuditEntry.action.like("request%")).order_by(AuditEntry.id)
    return [(entry.action, entry.details) for entry in session.scalars(kept)]


def test_a_request_is_stored_with_its_motive_its_mail_and_its_trace(amina, morning):
    page = amina.asks_for(morning.desks[2], "Reprendre vos vieux écrans")
    assert "Votre demande à Ville de Paris – Service 3 est envoyée" in page.text
    request = morning.request(0)
    assert (request.motive, request.rank, request.state) == ("Reprendre vos vieux écrans", 1, RequestState.SENT)
    assert [mail.recipient for mail in mails("request_received")] == ["amina@exemple.fr"]
    assert "Ville de Paris – Service 3" in mails("request_received")[0].subject
    assert actions() == [("request.sent", {})]


def test_a_structure_at_its_quota_keeps_its_requests_and_is_told_why(amina, morning):
    page = amina.sees(morning.choose_path)
    for desk in morning.desks[:5]:
        amina.asks_for(desk)
    sixth = the_form(page, f"#acheteur-{morning.desks[5].registration.ref}")  # from a page opened before
    sixth["motive"] = "Une de plus"
    answer = amina.sends_again(sixth, status=422)
    assert "Vous avez déjà 5 demandes" in answer.text
    assert "retirez d’abord une demande" in answer.text
    assert "Une de plus" in answer.text
    assert morning.asked() == ["Service 1", "Service 2", "Service 3", "Service 4", "Service 5"]
    assert len(mails("request_received")) == 5


def test_a_request_without_motive_is_refused_at_its_field(amina, morning):
    page = amina.asks_for(morning.desks[0], "", status=422)
    assert "Écrivez en une phrase pourquoi" in page.html.find(class_="field__error").get_text()
    assert morning.asked() == []


def test_a_motive_that_is_too_long_is_refused_and_kept(amina, morning):
    motive = "é" * 601
    page = amina.asks_for(morning.desks[0], motive, status=422)
    assert motive in page.text
    assert morning.asked() == []


def test_after_the_deadline_nothing_changes(amina, morning):
    amina.asks_for(morning.desks[0])
    amina.asks_for(morning.desks[1])
    page = amina.sees(morning.choose_path)
    with unit_of_work():
        morning.event.requests_close_at = now() - timedelta(minutes=1)
        morning.event.registration_closes_at = now() - timedelta(days=1)
    late = the_form(page, f"#acheteur-{morning.desks[2].registration.ref}")
    late["motive"] = "Juste après"
    assert "les demandes de rendez-vous sont closes" in amina.sends_again(late, status=422).text
    assert "sont closes" in amina.presses(0, "withdraw", status=422).text
    assert "sont closes" in amina.presses(0, "move", direction="down", status=422).text
    assert "sont closes" in amina.presses(0, "motive", motive="Autre", status=422).text
    assert morning.asked() == ["Service 1", "Service 2"]
    assert "Envoyer la demande" not in amina.sees(morning.choose_path).text


def test_moving_a_request_keeps_ranks_without_holes(amina, morning):
    for desk in morning.desks[:3]:
        amina.asks_for(desk)
    amina.presses(2, "move", direction="up")
    assert morning.asked() == ["Service 1", "Service 3", "Service 2"]
    amina.presses(0, "move", direction="up")  # already first
    assert morning.asked() == ["Service 1", "Service 3", "Service 2"]
    amina.presses(0, "move", direction="down")
    assert morning.asked() == ["Service 3", "Service 1", "Service 2"]
    assert morning.ranks() == [1, 2, 3]


def test_a_drag_ranks_the_whole_list(amina, morning):
    for desk in morning.desks[:3]:
        amina.asks_for(desk)
    order = [str(morning.request(place).id) for place in (2, 0, 1)]
    amina.posts(f"{morning.choose_path}/order", {"order": order}, status=204)
    assert morning.asked() == ["Service 3", "Service 1", "Service 2"]


def test_a_drag_of_a_list_that_changed_meanwhile_is_a_conflict(amina, morning):
    for desk in morning.desks[:3]:
        amina.asks_for(desk)
    order = [str(morning.request(place).id) for place in (2, 0, 1)]
    amina.presses(1, "withdraw")
    page = amina.posts(f"{morning.choose_path}/order", {"order": order}, status=409)
    assert "Votre liste a changé entre-temps" in page.text
    assert morning.asked() == ["Service 1", "Service 3"]


def test_withdrawing_closes_the_gap_and_asking_again_is_the_same_row_at_the_end(amina, morning):
    for desk in morning.desks[:3]:
        amina.asks_for(desk)
    first = morning.request(0).id
    amina.presses(0, "withdraw")
    assert (morning.asked(), morning.ranks()) == (["Service 2", "Service 3"], [1, 2])
    amina.asks_for(morning.desks[0], "Finalement, si")
    assert morning.asked() == ["Service 2", "Service 3", "Service 1"]
    assert (morning.request(2).id, morning.request(2).motive) == (first, "Finalement, si")
    assert len(mails("request_received")) == 4


def test_a_declined_request_may_be_replaced_but_not_asked_again(amina, morning):
    amina.asks_for(morning.desks[0])
    page = amina.sees(morning.choose_path)
    with unit_of_work():
        request = session.get_one(MeetingRequest, morning.request(0).id)
        request.state, request.answered_at = RequestState.DECLINED, now()
    amina.presses(0, "withdraw")
    again = the_form(amina.sees(morning.choose_path), f"#acheteur-{morning.desks[0].registration.ref}")
    again["motive"] = "J’insiste"
    assert "a décliné votre demande" in amina.sends_again(again, status=422).text
    assert morning.asked() == []
    amina.sends_again(filled(page, morning.desks[1]))
    assert morning.asked() == ["Service 2"]


def filled(page, desk):
    form = the_form(page, f"#acheteur-{desk.registration.ref}")
    form["motive"] = "Vous présenter notre collecte"
    return form


def test_a_double_click_asks_once(amina, morning):
    form = filled(amina.sees(morning.choose_path), morning.desks[0])
    amina.sends_again(form)
    page = amina.sends_again(form)
    assert "Dans votre liste" in page.text
    assert morning.asked() == ["Service 1"]
    assert len(mails("request_received")) == 1


def test_a_second_window_is_told_that_the_request_exists(amina, morning):
    window = amina.sees(morning.choose_path)
    amina.asks_for(morning.desks[0])
    page = amina.sends_again(filled(window, morning.desks[0]), status=409)
    assert "Vous avez déjà demandé un rendez-vous avec Ville de Paris – Service 1" in page.text
    assert morning.asked() == ["Service 1"]


def test_the_motive_is_edited_in_the_list(amina, morning):
    amina.asks_for(morning.desks[0])
    amina.submits(morning.choose_path, "/motive", motive="Mieux dit")
    assert morning.request(0).motive == "Mieux dit"


def test_an_organiser_asks_for_a_structure_on_record(olga, morning):
    page = olga.sees(morning.choose_path)
    assert "Vous agissez pour Atelier Soleil" in page.text
    olga.submits(page, f"#acheteur-{morning.desks[0].registration.ref}", motive="Demandé par téléphone")
    assert actions() == [("request.sent", {"on_behalf_of": morning.structure.ref})]
    assert mails("request_received")[0].recipient == "amina@exemple.fr"


@pytest.mark.parametrize("state", [RegistrationState.PENDING, RegistrationState.REFUSED])
def test_who_is_not_approved_reads_but_does_not_ask(app, morning, amina, state):
    page = amina.sees(morning.choose_path)
    with unit_of_work():
        morning.structure.state = state
        morning.structure.decided_at, morning.structure.refusal_reason = now(), "Hors du thème"
    assert "Envoyer la demande" not in amina.sees(morning.choose_path).text
    answer = amina.sends_again(filled(page, morning.desks[0]), status=422)
    assert "n’est pas encore validée" in answer.text
    assert morning.asked() == []


def test_a_desk_of_another_morning_or_not_approved_is_no_choice(amina, morning):
    at = now()
    with unit_of_work():
        elsewhere = build_desk(build_event(at=at), "Ailleurs", at=at)
        pending = build_desk(morning.event, "En attente", at=at, state=RegistrationState.PENDING)
    assert "En attente" not in amina.sees(morning.choose_path).html.find(id="acheteurs").get_text()
    form = filled(amina.sees(morning.choose_path), morning.desks[0])
    form["desk"].force_value(elsewhere.registration.ref)
    amina.sends_again(form, status=404)
    form["desk"].force_value(pending.registration.ref)
    assert "ne prend pas de rendez-vous" in amina.sends_again(form, status=422).text
    assert morning.asked() == []


def test_someone_elses_list_does_not_exist(app, morning, bruno):
    bruno.sees(morning.choose_path, status=404)
    bruno.posts(morning.choose_path, {"desk": morning.desks[0].registration.ref, "motive": "x"}, status=404)
    assert morning.asked() == []


def test_a_request_of_another_structure_is_not_touched(app, amina, morning):
    at = now()
    with unit_of_work():
        other = build_structure(morning.event, "Structure Verte", at=at)
        theirs = build_request(other, morning.desks[0], at=at)
    for button in ("withdraw", "move", "motive"):
        fields = {"direction": "up", "motive": "x"}
        amina.posts(f"{morning.choose_path}/{theirs.id}/{button}", fields, status=404)
    session.rollback()
    assert (theirs.state, theirs.rank, theirs.motive) == (
        RequestState.SENT,
        1,
        "Présenter notre offre de réemploi",
    )


def test_filters_are_kept_in_the_address_and_ignore_accents(amina, morning):
    with unit_of_work():
        build_desk(morning.event, "Éclairage public", body="Ville d’Évry", at=now())
    page = amina.sees(f"{morning.choose_path}?q=eclairage")
    titles = [card.get_text(" ", strip=True) for card in page.html.select(".desk-card h3")]
    assert titles == ["Ville d’Évry Éclairage public"]
    assert page.html.find("input", attrs={"name": "q"})["value"] == "eclairage"
    asked = amina.submits(page, "#acheteur-", motive="Relamping")
    assert "q=eclairage" in asked.request.url


def test_a_filter_that_finds_nothing_says_what_to_do(amina, morning):
    page = amina.sees(f"{morning.choose_path}?q=zzz")
    assert "Aucun acheteur ne correspond" in page.text


def test_the_hint_counts_the_other_structures_and_the_places(app, amina, morning):
    at = now()
    with unit_of_work():
        for name in ("Un", "Deux"):
            build_request(build_structure(morning.event, name, at=at), morning.desks[0], at=at)
        declined = build_structure(morning.event, "Trois", at=at)
        build_request(declined, morning.desks[0], at=at, state=RequestState.DECLINED)
    card = amina.sees(morning.choose_path).html.find(id=f"acheteur-{morning.desks[0].registration.ref}")
    assert "2 structures ont déjà demandé, pour 4 places" in card.get_text(" ", strip=True)


def test_the_page_costs_the_same_number_of_queries_for_one_request_and_for_three(amina, morning):
    amina.asks_for(morning.desks[0])
    with_one = queries_of(amina, morning.choose_path)
    amina.asks_for(morning.desks[1])
    amina.asks_for(morning.desks[2])
    assert queries_of(amina, morning.choose_path) == with_one


def test_hand_made_values_get_an_answer_and_change_nothing(amina, morning):
    amina.asks_for(morning.desks[0])
    number = morning.request(0).id
    for odd in ("0", "-1", "99999999999999999999", "x"):
        amina.posts(f"{morning.choose_path}/{odd}/withdraw", status=404)
    amina.posts(f"{morning.choose_path}/{number}/move", {"direction": "sideways"}, status=422)
    amina.posts(f"{morning.choose_path}/order", {"order": ["9" * 400, "x", ""]}, status=409)
    amina.posts(morning.choose_path, {"desk": "\x00\ud7ff", "motive": "x", "form_key": "\x00"}, status=404)
    amina.posts(morning.choose_path, {"desk": morning.structure.ref, "motive": "x"}, status=404)
    amina.sees(f"{morning.choose_path}?page=99999999999999999999&sector=zzz&departement=zzz&q=%EF%BF%BF")
    amina.sees(f"{morning.choose_path}?q=%00", status=400)
    assert morning.asked() == ["Service 1"]


def test_htmx_is_sent_to_the_page_when_a_button_comes_too_late(amina, morning):
    amina.asks_for(morning.desks[0])
    amina.asks_for(morning.desks[1])
    page = amina.sees(morning.choose_path)
    token = page.html.find("meta", attrs={"name": "csrf-token"})["content"]
    with unit_of_work():
        morning.event.registration_closes_at = morning.event.requests_close_at = now() - timedelta(days=1)
    path = f"{morning.choose_path}/{morning.request(0).id}/move"
    fields = {"csrf_token": token, "direction": "down"}
    answer = amina.browser.post(path, fields, headers={"HX-Request": "true"}, expect_errors=True)
    assert (answer.status_int, answer.headers["HX-Redirect"]) == (422, morning.choose_path)
    assert "sont closes" in amina.sees(morning.choose_path).html.find(id="messages").get_text()
