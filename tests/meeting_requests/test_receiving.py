"""A desk reads who asks for it, answers, takes answers back, until its own deadline."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from openmap.allocation.problem import build_instance
from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.meeting_requests.demand import demand_of_desks
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.operations import withdraw_request
from openmap.profiles.operations import save_sheet
from openmap.profiles.sheets import Sheet
from openmap.registrations.enums import RegistrationState
from tests.counting import queries_of
from tests.factories import build_request, build_structure


@pytest.fixture
def wishes(morning) -> list[MeetingRequest]:
    """Three structures ask for Bruno's desk."""
    at = now()
    with unit_of_work():
        asked = [build_request(morning.structure, morning.desks[0], at=at, motive="Vous présenter notre atelier")]
        for name in ("Fourmis Vertes", "Éclairs"):
            structure = build_structure(morning.event, name, at=at)
            asked.append(build_request(structure, morning.desks[0], at=at + timedelta(minutes=len(asked))))
    return asked


def answers(bruno, morning, wish, answer, *, status=200, **fields):
    given = {"answer": answer} | ({"cause": "no-need"} if answer == "declined" else {})
    return bruno.posts(f"{morning.received_path()}/{wish.id}", given | fields, status=status)


def states(wishes) -> list[RequestState]:
    session.rollback()
    return [wish.state for wish in wishes]


def declined_mails() -> list[OutboxMail]:
    session.rollback()
    return list(session.scalars(select(OutboxMail).filter_by(kind="request_declined")))


def progress(page) -> str:
    return str(page.html.find(id="avancement").label.get_text(strip=True))


def test_the_cards_say_who_asks_and_why(bruno, morning, wishes):
    page = bruno.sees(morning.received_path())
    first = page.html.select_one(".answer-card").get_text(" ", strip=True)
    for words in (
        "Atelier Soleil",
        "ESAT",
        "Seine-Saint-Denis (93)",
        "Vous présenter notre atelier",
        "Collecte et tri",
    ):
        assert words in first


def test_the_cards_say_what_a_structure_says_of_itself_today(bruno, olga, morning, wishes):
    with unit_of_work():
        save_sheet(morning.structure.organisation, Sheet(staff_count=12), by=None, at=now())
    [card, *_others] = bruno.sees(morning.received_path()).html.select(".answer-card")
    assert "12 personnes" in card.get_text(" ", strip=True)
    [link] = [link for link in card.select("a") if "Lire sa fiche" in link.get_text()]
    assert link["href"].split("?")[0].endswith(f"/catalogue/{morning.structure.ref}")
    assert "Lire sa fiche" not in olga.sees(morning.received_path()).text


def test_progress_counts_answers_among_requests(bruno, morning, wishes):
    assert progress(answers(bruno, morning, wishes[1], "accepted")) == "1 réponse sur 3"


def test_who_is_let_in_no_more_is_neither_counted_nor_to_be_answered(bruno, morning, wishes):
    with unit_of_work():
        wishes[1].requester.state, wishes[1].requester.decided_at = RegistrationState.PENDING, None
    page = bruno.sees(morning.received_path())
    assert "Fourmis Vertes" not in page.html.find("main").text
    assert progress(page) == "0 réponse sur 2"
    session.rollback()
    demand = next(each for each in demand_of_desks(morning.event) if each.desk.id == morning.desks[0].id)
    assert demand.request_count == len(build_instance(morning.event).requests) == 2


def test_each_answer_counts_and_can_be_taken_back(bruno, morning, wishes):
    answers(bruno, morning, wishes[0], "preferred")
    answers(bruno, morning, wishes[1], "accepted")
    page = answers(bruno, morning, wishes[2], "declined", reason="Hors de notre périmètre")
    assert states(wishes) == [RequestState.PREFERRED, RequestState.ACCEPTED, RequestState.DECLINED]
    assert progress(page) == "3 réponses sur 3"
    page = answers(bruno, morning, wishes[2], "sent")
    assert states(wishes) == [RequestState.PREFERRED, RequestState.ACCEPTED, RequestState.SENT]
    assert (wishes[2].decline_reason, wishes[2].answered_at) == ("", None)
    assert progress(page) == "2 réponses sur 3"
    trace = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("request.%")).order_by(AuditEntry.id)
    )
    assert list(trace) == ["request.preferred", "request.accepted", "request.declined", "request.answer_undone"]


def test_the_same_answer_twice_leaves_one_trace(bruno, morning, wishes):
    answers(bruno, morning, wishes[0], "accepted")
    answers(bruno, morning, wishes[0], "accepted")
    session.rollback()
    trace = session.scalars(select(AuditEntry.action).filter_by(subject_id=wishes[0].id, action="request.accepted"))
    assert len(list(trace)) == 1


def test_a_refusal_is_mailed_while_another_desk_can_be_asked(bruno, morning, wishes):
    answers(bruno, morning, wishes[0], "declined", reason="Hors de notre périmètre")
    answers(bruno, morning, wishes[1], "accepted")
    [mail] = declined_mails()
    assert mail.recipient == "amina@exemple.fr"
    assert "Hors de notre périmètre" in mail.text
    assert "faire une autre à sa place" in mail.text


def test_a_refusal_after_the_requests_closed_waits_for_the_programme(bruno, morning, wishes):
    with unit_of_work():
        morning.event.registration_closes_at = now() - timedelta(days=1)
        morning.event.requests_close_at = now() - timedelta(minutes=1)
    answers(bruno, morning, wishes[0], "declined")
    assert states(wishes)[0] is RequestState.DECLINED
    assert declined_mails() == []


def test_after_the_deadline_no_answer_changes(bruno, morning, wishes):
    answers(bruno, morning, wishes[0], "accepted")
    with unit_of_work():
        morning.event.registration_closes_at = morning.event.requests_close_at = now() - timedelta(days=1)
        morning.event.answers_close_at = now() - timedelta(minutes=1)
    for given in ("declined", "sent"):
        assert "les réponses sont closes" in answers(bruno, morning, wishes[0], given, status=422).text
    assert states(wishes)[0] is RequestState.ACCEPTED
    assert "Accepter" not in bruno.sees(morning.received_path()).html.find("main").get_text()


def test_an_answer_to_a_request_withdrawn_meanwhile_is_a_conflict(bruno, morning, wishes):
    with unit_of_work():
        withdraw_request(wishes[0], by=None, at=now())
    page = answers(bruno, morning, wishes[0], "accepted", status=409)
    assert "Atelier Soleil a retiré sa demande entre-temps" in page.text
    assert states(wishes)[0] is RequestState.WITHDRAWN


def test_an_unknown_answer_changes_nothing(bruno, morning, wishes):
    answers(bruno, morning, wishes[0], "withdrawn", status=422)
    answers(bruno, morning, wishes[0], "", status=422)
    answers(bruno, morning, wishes[0], "declined", reason="x" * 301, status=422)
    assert states(wishes)[0] is RequestState.SENT


def test_another_desks_request_does_not_exist(bruno, morning):
    with unit_of_work():
        theirs = build_request(morning.structure, morning.desks[1], at=now())
    answers(bruno, morning, theirs, "declined", status=404)
    path = f"{morning.received_path(1)}/{theirs.id}"
    bruno.posts(path, {"answer": "declined"}, status=404)
    bruno.sees(morning.received_path(1), status=404)
    assert states([theirs]) == [RequestState.SENT]


def test_an_organiser_answers_for_a_desk_on_record(olga, morning, wishes):
    assert "Vous agissez pour Ville de Paris – Service 1" in olga.sees(morning.received_path()).text
    answers(olga, morning, wishes[0], "preferred")
    session.rollback()
    entry = session.scalars(select(AuditEntry).filter_by(action="request.preferred")).one()
    assert entry.details == {"on_behalf_of": morning.desks[0].registration.ref}


def test_unanswered_requests_are_one_click_away(bruno, morning, wishes):
    answers(bruno, morning, wishes[0], "accepted")
    page = bruno.sees(f"{morning.received_path()}?show=sent")
    names = [title.get_text(strip=True) for title in page.html.select(".answer-card h2")]
    assert names == ["Fourmis Vertes", "Éclairs"]
    for wish in wishes[1:]:
        answers(bruno, morning, wish, "accepted")
    assert "Vous avez répondu à tout le monde" in bruno.sees(f"{morning.received_path()}?show=sent").text


def test_htmx_gets_the_card_and_the_progress_alone(bruno, morning, wishes):
    token = bruno.sees(morning.received_path()).html.find("meta", attrs={"name": "csrf-token"})["content"]
    path = f"{morning.received_path()}/{wishes[0].id}"
    fields = {"csrf_token": token, "answer": "accepted", "reason": ""}
    part = bruno.browser.post(path, fields, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "Vous acceptez" in part.html.find(id=f"demande-{wishes[0].id}").get_text()
    assert part.html.find(id="avancement")["hx-swap-oob"] == "true"


def test_a_desk_nobody_asked_yet_is_told_when_to_come_back(bruno, morning):
    assert "Personne ne vous a encore demandé" in bruno.sees(morning.received_path()).text


def test_the_page_costs_the_same_number_of_queries_for_one_request_and_for_three(bruno, morning):
    at = now()
    with unit_of_work():
        build_request(morning.structure, morning.desks[0], at=at)
    with_one = queries_of(bruno, morning.received_path())
    with unit_of_work():
        for name in ("Deux", "Trois"):
            build_request(build_structure(morning.event, name, at=at), morning.desks[0], at=at)
    assert queries_of(bruno, morning.received_path()) == with_one
