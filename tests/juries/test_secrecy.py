"""Nobody reads others' scores before giving their own: every page, every role, counts and orders too."""

import pytest
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.db import session, unit_of_work
from openmap.juries.models import Assignment
from openmap.organisations.delegating import Delegation
from openmap.organisations.enums import OrganisationKind, PartnerKind
from openmap.organisations.models import Contact, Organisation
from tests.juries.conftest import SLUG, Court, press

MINE = f"/events/{SLUG}/jury"
RESULTS = f"/manage/{SLUG}/jury/results"
SECRET = "Un mot que personne ne lit trop tôt"


@pytest.fixture
def judged(court: Court) -> Court:
    """Denis gave Amina's file 100 of 100 and said why; Claire has not; Eva judges it too."""
    with unit_of_work():
        court.gives("denis", "amina", "bruno")
        court.gives("claire", "amina")
        court.gives("eva", "amina")
    press(court.judge("denis"), court.path("amina"), "give", **court.fields(5, 5), comment=SECRET)
    press(court.judge("denis"), court.path("bruno"), "give", **court.fields(1, 1), comment=SECRET)
    return court


def all_pages(court: Court, visitor) -> str:
    """What a reviewer's pages say, one after the other."""
    paths = [MINE, f"{MINE}?q=pitch", *(court.path(name) for name in court.files)]
    return "\n".join(visitor.browser.get(path, expect_errors=True).text for path in paths)


def test_a_reviewer_reads_nothing_of_the_others_before_giving_scores(judged):
    claire = judged.judge("claire")
    said = all_pages(judged, claire)
    assert SECRET not in said
    assert "Médiane" not in said
    press(claire, judged.path("amina"), "draft", **judged.fields(3, 3))
    assert SECRET not in all_pages(judged, claire)
    press(claire, judged.path("amina"), "give", **judged.fields(3, 3))
    page = claire.sees(judged.path("amina"))
    assert SECRET in page.text
    assert "Médiane 75, moyenne 75 sur 100" in page.text.replace("\u00a0", " ")
    assert "Denis" not in page.text


def test_who_abstains_waits_for_the_end_of_the_jury_as_scores_could_still_follow(judged):
    claire = judged.judge("claire")
    press(claire, judged.path("amina"), "abstain")
    assert SECRET not in all_pages(judged, claire)
    with unit_of_work():
        session.add(judged.call)
        judged.call.jury_closes_at = judged.at
    assert SECRET in claire.sees(judged.path("amina")).text


def test_an_organiser_in_the_jury_sees_no_result_before_giving_every_score(judged):
    with unit_of_work():
        judged.reviewers["olivier"] = judged.reviewer("olivier", is_organiser=True)
        judged.gives("olivier", "bruno", "chloe")
    olivier = judged.judge("olivier")

    def everything() -> str:
        paths = (
            RESULTS,
            f"{RESULTS}?order=disputed",
            f"{RESULTS}?order=name",
            f"{RESULTS}.csv",
            f"{RESULTS}.xlsx",
            f"/manage/{SLUG}/jury/scores.csv",
            f"{RESULTS}/{judged.files['amina'].id}",
            f"/manage/{SLUG}/jury",
            f"/manage/{SLUG}/jury/files",
            f"/manage/{SLUG}/jury/{judged.reviewers['denis'].id}",
        )
        return "\n".join(olivier.sees(path).text for path in paths)

    assert SECRET not in everything()
    assert "D’abord vos avis" in olivier.sees(RESULTS).text
    for path in (f"{RESULTS}.csv", f"{RESULTS}.xlsx", f"/manage/{SLUG}/jury/scores.csv"):
        assert olivier.sees(path).content_type == "text/html"
    press(olivier, judged.path("bruno"), "give", **judged.fields(3, 3))
    assert "D’abord vos avis" in olivier.sees(RESULTS).text
    press(olivier, judged.path("chloe"), "abstain")
    assert "D’abord vos avis" in olivier.sees(RESULTS).text
    press(olivier, judged.path("chloe"), "give", **judged.fields(3, 3))
    assert SECRET in olivier.sees(f"{RESULTS}/{judged.files['amina'].id}").text


def test_an_organiser_who_read_the_results_does_not_reopen_the_jury_for_themself(judged):
    with unit_of_work():
        judged.reviewers["olivier"] = judged.reviewer("olivier", is_organiser=True)
        judged.gives("olivier", "amina")
        session.add(judged.call)
        judged.call.jury_closes_at = judged.at
    olivier = judged.judge("olivier")
    assert "100" in olivier.sees(RESULTS).text
    path = f"/manage/{SLUG}/jury/{judged.reviewers['olivier'].id}"
    page = olivier.submits(path, "/reopen", until="2099-01-01T10:00", reason="Oubli", status=422)
    assert "demandez à un autre organisateur" in page.text


@pytest.mark.parametrize("who", ["amina@amina.fr", "bruno@bruno.fr", "olga@exemple.fr"])
def test_nobody_else_opens_a_page_of_a_reviewer_not_even_an_organiser(judged, who):
    visitor = judged.visitor(who)
    visitor.sees(MINE, status=404)
    visitor.sees(judged.path("amina"), status=404)
    visitor.posts(judged.path("amina"), {"act": "give"}, status=404)


@pytest.mark.parametrize("who", ["amina@amina.fr", "claire@region.fr"])
def test_nobody_but_organisers_opens_the_pages_of_the_jury(judged, who):
    visitor = judged.visitor(who)
    reviewer = judged.reviewers["denis"].id
    for path in ("", "/invite", "/files", "/results", "/results.csv", "/results.xlsx", "/scores.csv", f"/{reviewer}"):
        visitor.sees(f"/manage/{SLUG}/jury{path}", status=404)
    for path in ("/assign", "/share", "/remind", "/normalise", f"/{reviewer}/remove", f"/{reviewer}/reopen"):
        visitor.posts(f"/manage/{SLUG}/jury{path}", status=404)


def test_a_reviewer_is_never_given_the_file_they_speak_for(judged):
    with unit_of_work():
        judged.joins("eva", "chloe")
    organiser = judged.visitor("olga@exemple.fr")
    pair = f"{judged.reviewers['eva'].id}-{judged.files['chloe'].id}"
    page = organiser.posts(f"/manage/{SLUG}/jury/assign", {"pair": pair}, status=422)
    assert "Eva parle pour la structure" in page.text
    session.rollback()
    refused = session.scalars(select(AuditEntry).filter_by(action="jury.assignment_refused")).one()
    assert refused.details == {"why": "ReviewerIsApplicant", "name": "Eva"}
    assert not session.scalars(select(Assignment).filter_by(application_id=judged.files["chloe"].id)).all()


def becomes_contact(judged: Court) -> None:
    judged.joins("eva", "amina")


def becomes_facilitator(judged: Court) -> None:
    facilitator = Organisation(
        kind=OrganisationKind.PARTNER,
        partner_kind=PartnerKind.FACILITATOR,
        name="Facilitateur du 93",
        departement="93",
        created_at=judged.at,
    )
    session.add(facilitator)
    session.flush()
    session.add(Contact(organisation_id=facilitator.id, person_id=judged.reviewers["eva"].person_id))
    structure = judged.files["amina"].registration.organisation_id
    session.add(
        Delegation(
            structure_id=structure,
            facilitator_id=facilitator.id,
            asked_at=judged.at,
            accepted_at=judged.at,
            is_from_structure=True,
        )
    )
    session.flush()


@pytest.mark.parametrize("draws_near", [becomes_contact, becomes_facilitator])
def test_who_comes_to_speak_for_the_applicant_later_can_no_longer_judge_and_their_scores_count_no_more(
    judged, draws_near
):
    eva = judged.judge("eva")
    press(eva, judged.path("amina"), "give", **judged.fields(1, 1))
    olga = judged.visitor("olga@exemple.fr")
    assert "2 avis" in olga.sees(RESULTS).text.replace("\u00a0", " ")
    stale = eva.sees(judged.path("amina"))
    with unit_of_work():
        draws_near(judged)
    assert "Médiane 100, moyenne 100" in olga.sees(f"{RESULTS}/{judged.files['amina'].id}").text.replace("\u00a0", " ")
    form = next(form for form in stale.forms.values() if form.id == "review-form")
    assert form.submit("act", value="give", expect_errors=True).status_int == 403
    page = eva.sees(judged.path("amina"), status=403)
    assert "Parle pour la structure candidate" in page.text
    assert SECRET not in page.text
    session.rollback()
    assert session.scalars(select(AuditEntry).filter_by(action="jury.own_file")).one().actor_id is None
    left = session.scalars(select(Assignment).filter_by(application_id=judged.files["amina"].id)).all()
    assert {one.reviewer.name for one in left if one.conflict_at is None} == {"Claire", "Denis"}
