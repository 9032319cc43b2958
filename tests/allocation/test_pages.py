"""The organiser's pages, at a browser."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event as events

from openmap.allocation import queries
from openmap.core.clock import now
from openmap.core.db import db, session, unit_of_work
from openmap.core.jobs import Job, JobState
from openmap.meeting_requests.enums import RequestState
from openmap.registrations.models import Unavailability
from tests.allocation.conftest import SLUG, Morning
from tests.factories import build_desk, build_event, build_request, build_structure
from tests.people import Visitor, the_form

HEADLINE = "3 rendez-vous sur 4 places ; 3 structures sur 3 ont au moins un rendez-vous."


def words(page: object) -> str:
    """The text of a page as people read it, on one line."""
    return " ".join(page.html.get_text(" ").replace("\u00a0", " ").split())  # type: ignore[attr-defined]  # WebTest's


def test_an_organiser_starts_a_run_follows_it_and_reads_the_proposal(solved: Morning, olga: Visitor) -> None:
    page = olga.submits(solved.path(), solved.path(), time_limit_s="10", seed="7")
    assert "Le calcul est en cours" in page.text
    fragment = olga.sees(solved.path("/2/progress"))
    assert 'hx-trigger="every 1s"' in fragment.text
    assert "HX-Refresh" not in fragment.headers
    solved.work()
    assert olga.sees(solved.path("/2/progress")).headers["HX-Refresh"] == "true"
    assert HEADLINE in words(olga.sees(solved.path("/2")))
    assert solved.run(2).seed == 7


def test_the_proposal_says_what_is_proven_and_why_each_request_was_left_out(solved: Morning, olga: Visitor) -> None:
    text = words(olga.sees(solved.path("/1")))
    assert HEADLINE in text
    assert "Aucune autre répartition ne peut faire mieux (prouvé)." in text
    assert "Pas de rendez-vous avec Ville de Paris – DSI : ses 2 créneaux vont à des structures" in text
    assert "Pas de rendez-vous avec Ville de Paris – Achats : l’acheteur a décliné la demande (« Ce n’est pas" in text


def test_the_list_of_unmet_requests_is_filtered_by_reason_and_name(solved: Morning, olga: Visitor) -> None:
    declined = words(olga.sees(solved.path("/1?reason=declined")))
    assert "l’acheteur a décliné" in declined
    assert "ses 2 créneaux vont" not in declined
    nobody = words(olga.sees(solved.path("/1?q=Personne")))
    assert "Aucune demande ne correspond" in nobody


def test_a_second_start_is_a_conflict_and_says_so(solved: Morning, olga: Visitor) -> None:
    form = the_form(olga.sees(solved.path()), solved.path())
    olga.sends_again(form)
    refused = olga.submits(solved.path(), solved.path(), status=409)
    assert "Un calcul est déjà en cours" in words(refused)


def test_a_double_click_starts_one_run(solved: Morning, olga: Visitor) -> None:
    form = the_form(olga.sees(solved.path()), solved.path())
    olga.sends_again(form)
    olga.sends_again(form)
    session.rollback()
    assert [run.number for run in queries.runs_of(solved.event)] == [2, 1]


def test_a_seed_that_is_no_number_is_refused_with_what_was_typed(solved: Morning, olga: Visitor) -> None:
    page = olga.submits(solved.path(), solved.path(), status=422, seed="beaucoup")
    assert 'value="beaucoup"' in page.text
    assert len(queries.runs_of(solved.event)) == 1


def test_a_waiting_run_can_be_cancelled(solved: Morning, olga: Visitor) -> None:
    page = olga.submits(solved.path(), solved.path())
    page = olga.submits(page, "/cancel")
    assert "Le calcul a été arrêté à votre demande" in words(page)
    assert solved.run(2).job.state is JobState.CANCELLED


def test_a_failed_run_tells_its_sentence(solved: Morning, olga: Visitor) -> None:
    olga.submits(solved.path(), solved.path())
    with unit_of_work():
        job = session.get_one(Job, solved_job_id(solved))
        job.state, job.error = JobState.FAILED, "Le calcul n’a rien rendu dans le temps donné."
    assert "rien rendu dans le temps" in words(olga.sees(solved.path("/2")))


def solved_job_id(morning: Morning) -> int:
    found = queries.find_run(morning.event, 2)
    assert found
    return found.job_id


def test_a_meeting_is_pinned_and_let_go_from_its_desk_s_list(solved: Morning, olga: Visitor) -> None:
    desk = solved.participant("achats").ref
    page = olga.submits(solved.path(f"/1?desk={desk}"), "/pins/")
    assert "Ce rendez-vous est figé" in words(page)
    session.rollback()
    assert len(queries.pins_of(solved.event)) == 1
    page = olga.submits(page, "/remove")
    assert "n’est plus figé" in words(page)
    session.rollback()
    assert queries.pins_of(solved.event) == []


def test_a_pin_that_an_absence_forbids_is_a_conflict(solved: Morning, olga: Visitor) -> None:
    allocation = queries.allocations_of(solved.run())[0]
    with unit_of_work():
        session.add(Unavailability(registration_id=allocation.request.requester_id, slot_id=allocation.slot_id))
    page = olga.posts(solved.path(f"/1/pins/{allocation.request_id}"), status=409)
    assert "ne peut pas être figé" in words(page)


def test_publishing_shows_every_mail_first_then_sends_them(solved: Morning, olga: Visitor) -> None:
    preview = olga.sees(solved.path("/1/publish"))
    text = words(preview)
    assert "5 courriels partent dès la publication." in text
    for name in ("achats", "amina", "bruno", "chloe", "dsi"):
        assert f"{name}@exemple.fr" in text
    assert "ses 2 créneaux vont à des structures dont c’est l’unique rendez-vous" in text
    assert solved.mails() == []
    page = olga.submits(preview, "/publish")
    assert "La version 1 est publiée." in words(page)
    assert len(solved.mails()) == 5


def test_publishing_an_outdated_proposal_says_what_changed(solved: Morning, olga: Visitor) -> None:
    form = the_form(olga.sees(solved.path("/1/publish")), "/publish")
    with unit_of_work():
        request = solved.request("bruno", "dsi")
        request.state, request.answered_at = RequestState.DECLINED, now()
    page = olga.sends_again(form, status=409)
    assert "retirées : 1" in words(page)
    assert solved.mails() == []
    assert "ne peut plus être publiée" in words(olga.sees(solved.path("/1")))


def test_a_double_click_on_publish_publishes_once(solved: Morning, olga: Visitor) -> None:
    form = the_form(olga.sees(solved.path("/1/publish")), "/publish")
    olga.sends_again(form)
    assert "publiée : version 1" in words(olga.sends_again(form))
    assert len(solved.mails()) == 5


def test_contradicting_pins_are_told_in_people_s_words(solved: Morning, olga: Visitor) -> None:
    amina = next(e for e in queries.allocations_of(solved.run()) if e.request.requester.title == "Amina")
    olga.posts(solved.path(f"/1/pins/{amina.request_id}"))
    with unit_of_work():
        session.add(Unavailability(registration_id=amina.request.requester_id, slot_id=amina.slot_id))
    solved.solve()
    text = words(olga.sees(solved.path("/2")))
    assert "Le rendez-vous de Amina avec Ville de Paris – Achats est figé à" in text
    assert "Amina n’est pas disponible à :" in text


@pytest.mark.parametrize("rest", ["", "/1", "/1/progress", "/1/publish"])
def test_the_pages_do_not_exist_for_others(solved_app: Flask, solved: Morning, rest: str) -> None:
    amina = Visitor(solved_app, "amina@exemple.fr").signs_in()
    amina.sees(solved.path(rest), status=404)
    assert "/accounts/sign-in" in Visitor(solved_app).sees(solved.path(rest)).request.url


@pytest.mark.parametrize("rest", ["", "/1/cancel", "/1/pins/1", "/1/pins/1/remove", "/1/publish"])
def test_no_one_else_can_act(solved_app: Flask, solved: Morning, rest: str) -> None:
    Visitor(solved_app, "dsi@exemple.fr").signs_in().posts(solved.path(rest), status=404)


def test_a_request_or_proposal_of_another_morning_is_not_found(solved: Morning, olga: Visitor) -> None:
    at = now()
    with unit_of_work():
        other = build_event(slug="autre", at=at)
        foreign = build_request(build_structure(other, at=at), build_desk(other, at=at), at=at)
        foreign_id = foreign.id
    olga.posts(solved.path(f"/1/pins/{foreign_id}"), status=404)
    olga.sees("/events/autre/allocation/1", status=404)
    olga.sees(solved.path("/99"), status=404)


def query_count(look: Callable[[], object]) -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    events.listen(db.engine, "before_cursor_execute", note)
    try:
        look()
    finally:
        events.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


def test_the_list_and_the_proposal_need_as_many_queries_for_many_rows_as_for_few(
    solved: Morning, olga: Visitor
) -> None:
    few = [query_count(lambda path=path: olga.sees(path)) for path in (solved.path(), solved.path("/1"))]  # type: ignore[misc]  # a lambda's default has no annotation
    at = now()
    with unit_of_work():
        desk = build_desk(solved.event, "Voirie", at=at)
        for number in range(6):
            build_request(build_structure(solved.event, f"Nouvelle {number}", at=at), desk, at=at)
    solved.solve()
    many = [query_count(lambda path=path: olga.sees(path)) for path in (solved.path(), solved.path("/2"))]  # type: ignore[misc]  # as above
    assert many == few


def test_the_preview_needs_as_many_queries_for_many_mails_as_for_few(solved: Morning, olga: Visitor) -> None:
    few = query_count(lambda: olga.sees(solved.path("/1/publish")))
    at = now()
    with unit_of_work():
        desk = build_desk(solved.event, "Voirie", at=at)
        for number in range(6):
            build_request(build_structure(solved.event, f"Nouvelle {number}", at=at), desk, at=at)
    solved.solve()
    assert query_count(lambda: olga.sees(solved.path("/2/publish"))) == few


def test_the_web_process_never_imports_cp_sat() -> None:
    program = f"""
import sys, tempfile
from pathlib import Path
from tests.applications import settings_for
from openmap.app import create_app
create_app(settings_for(Path(tempfile.mkdtemp()))).test_client().get("/events/{SLUG}/allocation/1")
print([name for name in sys.modules if name.startswith("ortools")])
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout.strip() == "[]"
