"""Two people at the same thing of a call for pitches: the second is told so, nothing is lost, nothing half-done."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from webtest import Form

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import ProgrammeItem
from openmap.exhibition.queries import fingerprint
from openmap.juries.models import Reviewer, Score
from openmap.pitches.operations import edit_criterion
from openmap.pitches.operations.judging import CriterionDetails
from openmap.selections.enums import BalanceKind
from openmap.selections.models import SelectionConstraint
from openmap.selections.operations import add_constraint
from tests.factories import build_exhibition, build_stand
from tests.juries.conftest import Court
from tests.meeting_requests.test_concurrency import at_once
from tests.people import Visitor, the_form
from tests.processes import until
from tests.rows import all_rows
from tests.selections.conftest import PEOPLE, build_selection


def windows_of_olga(app: Flask, path: str, action: str) -> list[Form]:
    """The same button in two windows."""
    pages = [Visitor(app, "olga@exemple.fr").signs_in().sees(path) for _ in range(2)]
    return [the_form(page, action) for page in pages]


def noted(action: str) -> int:
    """How often the trail tells of it."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(AuditEntry).filter_by(action=action)) or 0


GONE = ([302, 409], [302, 404])  # while the first was at it, or just after


def test_a_rule_removed_in_two_windows_goes_once_and_the_second_is_told(any_app):
    selection = build_selection()
    with unit_of_work():
        call = selection.file_in("amina").call
        add_constraint(call, BalanceKind.FIRST_TIME, values=(), at_least=1, at_most=None, by=None, at=now())
    assert at_once(windows_of_olga(any_app, selection.path(), "/remove")) in GONE
    assert noted("selection_rule.removed") == 1
    assert session.query(SelectionConstraint).count() == 0


def test_a_line_of_the_programme_removed_in_two_windows_goes_once_and_the_second_is_told(any_app):
    slug = build_selection().slug
    line = session.scalars(select(ProgrammeItem).filter_by(title="Pitchs")).one().id
    path = f"/manage/{slug}/programme"
    assert at_once(windows_of_olga(any_app, path, f"/{line}/remove")) in GONE
    assert noted("programme.line_removed") == 1
    assert session.get(ProgrammeItem, line) is None


def test_what_belongs_to_another_morning_is_taken_by_no_field(app):
    here, there = build_selection(), build_selection(dict.fromkeys(["zoe"], PEOPLE["amina"]), slug="ailleurs")
    with unit_of_work():
        own, foreign = here.file_in("amina"), there.file_in("zoe")
        exhibition = build_exhibition(own.call.event)
        stand = build_stand(exhibition)
        judges = {each.call_id: each.id for each in session.scalars(select(Reviewer))}
    olga, manage = Visitor(app, "olga@exemple.fr").signs_in(), f"/manage/{here.slug}"
    kept = all_rows()
    olga.posts(
        here.path("/decide"), {"application": str(foreign.id), "outcome": "selected", "version": "0"}, status=404
    )
    for pair in (f"{judges[own.call_id]}-{foreign.id}", f"{judges[foreign.call_id]}-{own.id}"):
        olga.posts(f"{manage}/jury/assign", {"pair": pair}, status=409)
    place = {"label": "A1", "x": "0", "y": "0", "width": "3", "depth": "2", "seen": fingerprint(exhibition)}
    session.rollback()
    holder = place | {"registration": str(foreign.registration_id)}
    olga.posts(f"{manage}/exhibition/stands/{stand.id}", holder, status=422)
    assert all_rows() == kept


@pytest.mark.parametrize("action", ["/confirm", "/decline"])
def test_who_answers_in_an_old_window_is_told_that_the_place_is_gone(app, action):
    selection = build_selection()
    selection.decide(["amina", "bruno"], ["chloe", "dina"], ["elio"])
    selection.release()
    bruno = Visitor(app, "bruno@exemple.fr").signs_in()
    old = bruno.sees(selection.answer_path("bruno"))
    bruno.submits(old, "/decline", reason="En congé")
    page = bruno.submits(old, action, status=409, **({"reason": "En congé"} if action == "/decline" else {}))
    assert page.html.find(role="alert").li.get_text() == (
        "Il n’y a plus rien à confirmer pour ce dossier : sa place a été rendue."
    )
    assert selection.names()["selected"] == ["amina", "chloe"]
    assert len(selection.mails("pitch_promoted")) == 1


@pytest.mark.database
def test_a_scale_does_not_change_between_reading_it_and_storing_a_score_on_it(postgres_app):
    court = Court(postgres_app)
    with unit_of_work():
        court.gives("claire", "amina")
    page = court.judge("claire").sees(court.path("amina"))
    form = next(form for form in page.forms.values() if form.id == "review-form")
    for name, value in court.fields(5, 5).items():
        form[name] = value
    criterion = court.call.criteria[0]
    shorter = CriterionDetails(label=criterion.label, lowest=1, highest=3)
    with ThreadPoolExecutor(1) as thread:
        with unit_of_work():
            edit_criterion(criterion, shorter, by=None, at=now())
            session.flush()
            given = thread.submit(form.submit, "act", value="give", expect_errors=True)
            waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            until(lambda: given.done() or session.scalar(waits), what="the review waits for the criterion")
        answer = given.result(timeout=60)
    session.rollback()
    assert answer.status_int == 422
    assert "Choisissez une valeur de l’échelle, de 1 à 3." in answer.text
    assert session.query(Score).count() == 0
