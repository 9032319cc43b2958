"""Claire judges: drafts, scores, abstentions, conflicts, until the jury is over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.db import session, unit_of_work
from openmap.juries.models import Assignment, Reviewer
from openmap.pitches.enums import ApplicationState
from tests.factories import build_event
from tests.juries.conftest import SLUG, press
from tests.people import Visitor

MINE = f"/events/{SLUG}/jury"


@pytest.fixture
def claire(court) -> Visitor:
    with unit_of_work():
        court.gives("claire", "amina", "bruno")
        court.gives("denis", "amina")
    return court.judge("claire")


def actions() -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_draft_is_kept_incomplete_and_counts_for_nothing(court, claire):
    first = next(iter(court.fields(4, 5)))
    page = press(claire, court.path("amina"), "draft", **{first: "4", "comment": "À relire"})
    assert "Brouillon enregistré" in page.text
    review = court.review("claire", "amina")
    assert (review.submitted_at, review.comment, [score.value for score in review.scores]) == (None, "À relire", [4])
    assert "0 avis donnés sur 2" in claire.sees(MINE).text


def test_a_given_review_leads_to_the_next_file_and_then_to_the_list(court, claire):
    page = press(claire, court.path("amina"), "give", **court.fields(4, 5))
    assert page.request.path == court.path("bruno")
    page = press(claire, court.path("bruno"), "give", **court.fields(1, 2))
    assert page.request.path == MINE
    assert "Tout est lu, merci" in page.text


def test_a_review_lacks_nothing_when_it_is_given(court, claire):
    first = next(iter(court.fields(4, 5)))
    page = press(claire, court.path("amina"), "give", status=422, **{first: "4", "comment": "Très bien"})
    assert "Choisissez une note pour ce critère" in page.text
    assert "Très bien" in page.text
    assert court.review("claire", "amina") is None


@pytest.mark.parametrize("value", ["0", "6", "-1", "5.0", "x", "٣"])
def test_a_value_outside_the_scale_is_refused_at_its_criterion(court, claire, value):
    page = claire.sees(court.path("amina"))
    form = next(form for form in page.forms.values() if form.id == "review-form")
    sent = dict(form.submit_fields()) | court.fields(4, 5)
    first = next(iter(court.fields(4, 5)))
    page = claire.posts(court.path("amina"), sent | {first: value, "act": "give"}, status=422)
    assert "Choisissez une valeur de l’échelle, de 1 à 5" in page.text
    assert court.review("claire", "amina") is None


def test_scores_may_be_changed_until_the_end_and_never_become_a_draft_again(court, claire):
    press(claire, court.path("amina"), "give", **court.fields(4, 5))
    press(claire, court.path("amina"), "give", **court.fields(1, 5))
    assert sorted(score.value for score in court.review("claire", "amina").scores) == [1, 5]
    page = press(claire, court.path("amina"), "draft", status=409, **court.fields(2, 2))
    assert "Votre avis est déjà donné" in page.text
    assert sorted(score.value for score in court.review("claire", "amina").scores) == [1, 5]
    assert [one for one in actions() if one.startswith("review.")] == ["review.given", "review.changed"]


def test_one_second_after_the_end_nothing_changes_and_what_was_typed_stays_on_the_page(court, claire):
    press(claire, court.path("amina"), "give", **court.fields(4, 5))
    page = claire.sees(court.path("amina"))
    with unit_of_work():
        session.add(court.call)
        court.call.jury_closes_at = court.at - timedelta(seconds=1)
    form = next(form for form in page.forms.values() if form.id == "review-form")
    form["comment"] = "Mon dernier mot"
    answer = form.submit("act", value="give", expect_errors=True)
    assert answer.status_int == 422
    assert "Le jury a rendu ses avis" in answer.text
    assert "Mon dernier mot" in answer.text
    assert court.review("claire", "amina").comment == ""


def test_reopened_for_her_alone_she_gives_again(court, claire, olga):
    with unit_of_work():
        session.add(court.call)
        court.call.jury_closes_at = court.at - timedelta(seconds=1)
    press(claire, court.path("amina"), "give", status=422, **court.fields(4, 5))
    reviewer_id = court.reviewers["claire"].id
    later = (court.at + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    olga.submits(f"/manage/{SLUG}/jury/{reviewer_id}", "/reopen", until=later, reason="Malade")
    press(claire, court.path("amina"), "give", **court.fields(4, 5))
    press(court.judge("denis"), court.path("amina"), "give", status=422, **court.fields(1, 1))
    entry = session.scalars(select(AuditEntry).filter_by(action="jury.reopened")).one()
    assert entry.details["reason"] == "Malade"


def test_an_abstention_asks_nothing_more_and_holds_no_score(court, claire):
    press(claire, court.path("amina"), "draft", **court.fields(4, 5))
    press(claire, court.path("amina"), "abstain")
    review = court.review("claire", "amina")
    assert review.is_abstention
    assert review.scores == []


def test_a_file_that_may_still_change_takes_a_draft_only(court, claire):
    with unit_of_work():
        session.add(court.files["amina"])
        court.files["amina"].extended_until = court.at + timedelta(days=1)
        court.files["amina"].extension_reason = "Panne"
    assert "Ce dossier peut encore changer" in claire.sees(court.path("amina")).text
    claire.posts(court.path("amina"), court.fields(4, 5) | {"act": "give"}, status=422)
    claire.posts(court.path("amina"), {"act": "abstain"}, status=422)
    press(claire, court.path("amina"), "draft", **court.fields(4, 5))


def test_the_reason_of_a_conflict_is_told_as_it_was_typed(court, claire, olga):
    claire.submits(court.path("amina"), "/conflict", reason="À 100 %s <b>la mienne</b>")
    page = olga.sees(f"/manage/{court.event.slug}/jury")
    assert "À 100 %s <b>la mienne</b>" in page.html.find(id="conflicts").parent.get_text()


def test_a_conflict_of_interest_hands_the_file_to_whoever_has_the_fewest(court, claire):
    page = claire.submits(court.path("amina"), "/conflict", reason="Nous travaillons ensemble")
    assert "il va à quelqu’un d’autre" in page.text
    session.rollback()
    rows = session.scalars(select(Assignment).filter_by(application_id=court.files["amina"].id)).all()
    assert {row.reviewer.name for row in rows if row.conflict_at is None} == {"Denis", "Eva"}
    assert claire.sees(court.path("amina"), status=403)
    claire.posts(court.path("amina"), court.fields(4, 5) | {"act": "give"}, status=403)
    assert court.review("claire", "amina") is None


def test_a_withdrawn_file_is_no_longer_judged(court, claire):
    page = claire.sees(court.path("amina"))
    with unit_of_work():
        session.add(court.files["amina"])
        court.files["amina"].state = ApplicationState.WITHDRAWN
        court.files["amina"].withdrawn_at = court.at
    form = next(form for form in page.forms.values() if form.id == "review-form")
    for name, value in court.fields(4, 5).items():
        form[name] = value
    answer = form.submit("act", value="give", expect_errors=True)
    assert answer.status_int == 409
    assert "La structure a retiré ce dossier" in answer.text
    claire.sees(court.path("amina"), status=410)
    assert "Atelier Amina" not in claire.sees(MINE).text


def test_another_tab_is_never_written_over_unseen(court, claire):
    stale = claire.sees(court.path("amina"))
    press(claire, court.path("amina"), "give", **court.fields(4, 5), comment="Du premier")
    form = next(form for form in stale.forms.values() if form.id == "review-form")
    for name, value in court.fields(1, 1).items():
        form[name] = value
    form["comment"] = "Du second"
    answer = form.submit("act", value="give", expect_errors=True)
    assert answer.status_int == 409
    assert "Du premier" in answer.text
    assert "Du second" in answer.text
    assert court.review("claire", "amina").comment == "Du premier"
    again = next(form for form in answer.forms.values() if form.id == "review-form")
    assert again.submit("act", value="give").status_int == 302
    assert court.review("claire", "amina").comment == "Du second"


def test_a_double_click_gives_one_review(court, claire):
    page = claire.sees(court.path("amina"))
    form = next(form for form in page.forms.values() if form.id == "review-form")
    for name, value in court.fields(4, 5).items():
        form[name] = value
    assert form.submit("act", value="give").status_int == 302
    assert form.submit("act", value="give").status_int == 302
    assert [one for one in actions() if one.startswith("review.")] == ["review.given"]


def test_files_of_others_and_of_other_calls_look_absent(court, claire):
    claire.sees(court.path("chloe"), status=404)
    claire.posts(court.path("chloe"), {"act": "give"}, status=404)
    claire.posts(court.path("chloe") + "/conflict", {"reason": "x"}, status=404)
    with unit_of_work():
        build_event(slug="ailleurs", at=court.at)
    claire.sees(f"/events/ailleurs/jury/{court.files['amina'].id}", status=404)
    claire.sees("/events/ailleurs/jury", status=404)


def test_taken_out_of_the_jury_she_sees_no_page_and_what_she_gave_stays(court, claire, olga):
    press(claire, court.path("amina"), "give", **court.fields(4, 5))
    olga.submits(f"/manage/{SLUG}/jury", f"/{court.reviewers['claire'].id}/remove")
    claire.sees(MINE, status=404)
    claire.sees(court.path("bruno"), status=404)
    assert "87,5" in olga.sees(f"/manage/{SLUG}/jury/results").text
    session.rollback()
    assert session.get_one(Reviewer, court.reviewers["claire"].id).removed_at is not None


def test_my_space_leads_to_the_files_and_says_how_many_are_left(court, claire):
    page = claire.sees("/my-space")
    assert "0 avis donnés sur 2" in page.text.replace("\u00a0", " ")
    assert page.html.find("a", href=MINE)
    assert "/jury" not in court.visitor("bruno@bruno.fr").sees("/my-space").text
