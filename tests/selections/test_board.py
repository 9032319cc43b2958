"""Olga decides on the board: what she sees, what two windows do to each other, what a withdrawal does."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.juries.models import PitchReview, Reviewer
from openmap.pitches.operations import withdraw_application
from tests.factories import build_person
from tests.people import Visitor
from tests.selections.conftest import build_selection


def form_of(page, name: str, outcome: str, rank: str = ""):
    """The button of one file that leads to one zone."""
    for form in page.forms.values():
        if not form.action or "/decide" not in form.action:
            continue
        card = page.html.find(id=f"file-{form['application'].value}")
        is_there = name.title() in card.get_text() and form["outcome"].value == outcome
        if is_there and (not rank or ("rank" in form.fields and form["rank"].value == rank)):
            return form
    raise AssertionError(f"no button puts {name} into {outcome!r}")


def test_files_are_ranked_and_a_decision_shows_in_its_zone_and_in_the_balance(olga, selection):
    page = olga.sees(selection.path())
    places = [each.get_text(strip=True) for each in page.html.select("#files ~ ol .file-card__title")]
    assert places == ["Amina", "Bruno", "Chloe", "Dina", "Elio"]
    page = olga.sends_again(form_of(page, "bruno", "selected"))
    assert selection.names() == {"selected": ["bruno"], "reserve": [], "rejected": []}
    assert "Il reste 1 place." in page.text
    assert "1 sur 3" in page.html.find("table", class_="balance").get_text()


def test_the_reserve_is_ordered_by_its_buttons(olga, selection):
    selection.decide(reserve=["amina", "bruno", "chloe"])
    page = olga.sees(selection.path())
    olga.sends_again(form_of(page, "chloe", "reserve", rank="2"))
    assert selection.names()["reserve"] == ["amina", "chloe", "bruno"]


def test_nobody_is_selected_beyond_the_places(olga, selection):
    selection.decide(selected=["amina", "bruno"])
    page = olga.sees(selection.path())
    answer = olga.sends_again(form_of(page, "chloe", "selected"), status=409)
    assert "Les 2 places sont prises." in answer.text
    assert selection.names()["selected"] == ["amina", "bruno"]


def test_two_organisers_at_once_lose_nothing(app, olga, selection):
    with unit_of_work():
        build_person("Marc Petit", email="marc@exemple.fr", is_organiser=True, at=now())
    marc = Visitor(app, "marc@exemple.fr").signs_in()
    page_of_olga = olga.sees(selection.path())
    marc.sends_again(form_of(marc.sees(selection.path()), "amina", "selected"))
    answer = olga.sends_again(form_of(page_of_olga, "bruno", "reserve"), status=409)
    assert "Le tableau a changé pendant que vous décidiez." in answer.text
    assert "Marc Petit" in answer.text
    assert "Amina\u00a0: à décider → retenu" in answer.text
    again = next(form for form in answer.forms.values() if "outcome" in form.fields and "Appliquer" in form.text)
    olga.sends_again(again)
    assert selection.names() == {"selected": ["amina"], "reserve": ["bruno"], "rejected": []}


def test_a_double_click_is_one_decision(olga, selection):
    form = form_of(olga.sees(selection.path()), "amina", "selected")
    olga.sends_again(form)
    olga.sends_again(form)
    assert selection.call.board_version == 1


def test_two_organisers_at_once_never_decide_over_each_other(any_app: Flask):
    selection = build_selection()
    with unit_of_work():
        build_person("Oscar", email="oscar@exemple.fr", is_organiser=True, at=now())
    windows = [Visitor(any_app, f"{name}@exemple.fr").signs_in() for name in ("olga", "oscar")]
    pages = [window.sees(selection.path()) for window in windows]
    forms = [form_of(page, name, "selected") for page, name in zip(pages, ("amina", "bruno"), strict=True)]
    barrier = Barrier(2)

    def send(form) -> Any:
        barrier.wait(timeout=20)
        return form.submit(expect_errors=True)

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(send, forms))
    assert sorted(answer.status_int for answer in answers) == [302, 409]
    refused = next(answer for answer in answers if answer.status_int == 409)
    assert "Appliquer quand même" in refused.text
    session.rollback()
    (kept,) = selection.names()["selected"]
    assert f"{kept.title()}\u00a0: à décider → retenu" in refused.text


def test_one_click_takes_the_last_change_back_and_another_does_it_again(olga, selection):
    selection.decide(selected=["amina"], reserve=["bruno"])
    olga.submits(selection.path(), "/undo")
    assert selection.names() == {"selected": ["amina"], "reserve": [], "rejected": []}
    olga.submits(selection.path(), "/undo")
    assert selection.names()["reserve"] == ["bruno"]


def test_the_rest_is_rejected_at_once(olga, selection):
    selection.decide(selected=["amina"])
    olga.submits(selection.path(), "/rest")
    assert selection.names()["rejected"] == ["bruno", "chloe", "dina", "elio"]


def test_a_withdrawn_file_leaves_the_board_and_its_history_says_so(olga, selection):
    selection.decide(selected=["amina"], reserve=["bruno", "chloe"])
    page = olga.sees(selection.path())
    with unit_of_work():
        withdraw_application(selection.file_in("bruno"), by=None, at=now())
    assert selection.names() == {"selected": ["amina"], "reserve": ["chloe"], "rejected": []}
    assert "Dossier retiré par la structure" in olga.sees(selection.path()).text
    answer = olga.sends_again(form_of(page, "bruno", "selected"), status=409)
    assert "Le dossier de Bruno n’est plus là" in answer.text


def test_htmx_gets_the_board_alone(olga, selection):
    form = form_of(olga.sees(selection.path()), "amina", "selected")
    answer = form.submit(headers={"HX-Request": "true"})
    assert answer.status_int == 200
    assert answer.html.find(id="board")
    assert not answer.html.find("header")
    assert "Amina\u00a0: retenu." in answer.text


def test_an_organiser_who_owes_the_jury_scores_sees_no_board(app, selection):
    with unit_of_work():
        call = selection.file_in("amina").call
        call.jury_closes_at = now().replace(year=now().year + 1)
        reviewer = session.scalars(select(Reviewer)).one()
        assert reviewer.person
        reviewer.person.is_organiser = True
        session.scalars(select(PitchReview)).all()[0].submitted_at = None
    jeanne = Visitor(app, "jeanne@exemple.fr").signs_in()
    page = jeanne.sees(selection.path())
    assert "Donnez d’abord vos notes" in page.text
    assert "file-card" not in page.text


def test_what_makes_no_sense_is_answered(olga, selection):
    page = olga.sees(selection.path())
    form = form_of(page, "amina", "selected")
    for name, value in (("version", "x"), ("version", "9" * 30), ("outcome", "prize"), ("application", "-1")):
        form[name].force_value(value)
        assert olga.sends_again(form, status=422)
        form = form_of(olga.sees(selection.path()), "amina", "selected")
    form["application"].force_value("99999")
    olga.sends_again(form, status=404)
