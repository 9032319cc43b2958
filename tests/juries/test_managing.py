"""Olga asks a jury, gives it files, follows it; guests answer from their mail."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.audit import AuditEntry
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.juries.models import Assignment, Reviewer
from tests.counting import queries_of
from tests.factories import build_application, build_assignment, build_review, build_structure
from tests.juries.conftest import SLUG, press
from tests.people import Visitor, the_form

JURY = f"/manage/{SLUG}/jury"
LINK = re.compile(r"/jury/[\w-]{20,}")


def reviewer(email: str) -> Reviewer:
    session.rollback()
    return session.scalars(select(Reviewer).filter_by(email=email)).one()


def link_in(visitor: Visitor) -> str:
    found = LINK.search(visitor.latest_mail().text)
    assert found, "no link in the mail"
    return found.group()


def pairs() -> set[tuple[str, str]]:
    session.rollback()
    rows = session.scalars(select(Assignment))
    return {(row.reviewer.name, row.application.registration.organisation.name) for row in rows}


def pair(court, who: str, what: str) -> str:
    return f"{court.reviewers[who].id}-{court.files[what].id}"


def asks(olga: Visitor, court, lines: str, *, status: int = 200) -> str:
    page = olga.submits(f"{JURY}/invite", lines=lines, message="Nous comptons sur vous", status=status)
    return page.text


def test_several_people_pasted_at_once_each_get_a_mail_with_a_link_of_their_own(olga, court):
    asks(olga, court, "Gilles Faure <gilles@cd93.fr>\nhana@reseau.net ; Hana Benali ; Réseau 93")
    gilles, hana = Visitor(court.app, "gilles@cd93.fr"), Visitor(court.app, "hana@reseau.net")
    links = {link_in(each) for each in (gilles, hana)}
    assert len(links) == 2
    assert "Nous comptons sur vous" in gilles.latest_mail().text
    assert (reviewer("hana@reseau.net").name, reviewer("hana@reseau.net").body) == ("Hana Benali", "Réseau 93")
    assert all(link.rpartition("/")[2] not in reviewer("gilles@cd93.fr").token_hash for link in links)


def test_opening_the_link_changes_nothing_and_the_button_makes_a_reviewer_who_signs_in_as_everybody(olga, court):
    asks(olga, court, "Gilles Faure <gilles@cd93.fr>")
    gilles = Visitor(court.app, "gilles@cd93.fr")
    link = link_in(gilles)
    gilles.sees(link)
    assert reviewer("gilles@cd93.fr").accepted_at is None
    gilles.submits(link, "/accept", name="Gilles Faure")
    assert reviewer("gilles@cd93.fr").is_active
    gilles.signs_in()
    assert "Aucun dossier pour le moment" in gilles.sees(f"/events/{SLUG}/jury").text
    assert not session.scalars(select(Person).filter_by(email="gilles@cd93.fr")).one().is_organiser


def test_who_declined_may_change_their_mind_and_who_accepted_does_not_decline(olga, court):
    asks(olga, court, "gilles@cd93.fr")
    gilles = Visitor(court.app, "gilles@cd93.fr")
    link = link_in(gilles)
    gilles.submits(link, "/decline")
    assert reviewer("gilles@cd93.fr").declined_at is not None
    gilles.submits(link, "/accept", name="Gilles")
    assert reviewer("gilles@cd93.fr").is_active
    gilles.posts(link + "/decline")
    assert reviewer("gilles@cd93.fr").is_active


def test_a_guessed_link_and_that_of_somebody_taken_out_open_nothing(olga, court):
    claire = court.reviewers["claire"]
    Visitor(court.app).sees("/jury/" + "0" * 64, status=410)
    olga.submits(JURY, f"/{claire.id}/remove")
    Visitor(court.app).sees(court.link(claire), status=410)
    Visitor(court.app).posts(court.link(claire) + "/accept", {"name": "Claire"}, status=410)
    assert not reviewer(claire.email).is_active


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "Écrivez au moins une adresse"),
        ("Gilles Faure", "Il manque l’adresse électronique"),
        ("gilles@@cd93.fr", "Ce n’est pas une adresse électronique"),
        ("claire@region.fr", "déjà invitées"),
    ],
)
def test_a_line_that_names_nobody_is_told_and_nobody_is_asked(olga, court, lines, said):
    assert said in asks(olga, court, lines, status=422)
    session.rollback()
    assert not session.scalars(select(OutboxMail).filter_by(kind="jury_invited")).all()


def test_somebody_taken_out_may_be_asked_again_and_finds_their_draft(olga, court):
    with unit_of_work():
        court.gives("claire", "amina")
    claire = court.judge("claire")
    press(claire, court.path("amina"), "draft", comment="À moitié lu")
    olga.submits(JURY, f"/{court.reviewers['claire'].id}/remove")
    asks(olga, court, "claire@region.fr")
    claire.submits(court.link(reviewer("claire@region.fr")), "/accept", name="Claire")
    assert "À moitié lu" in claire.sees(court.path("amina")).text


def test_a_reminder_reaches_who_owes_something_once_a_day(olga, court):
    with unit_of_work():
        court.gives("claire", "amina")
        court.invited("gilles", "cd93.fr")
    page = olga.posts(f"{JURY}/remind")
    assert "2 rappels partent" in page.text.replace("\u00a0", " ")
    session.rollback()
    sent = {(mail.kind, mail.recipient) for mail in session.scalars(select(OutboxMail)) if mail.kind != "sign_in"}
    assert sent == {("jury_reminded", "claire@region.fr"), ("jury_invited", "gilles@cd93.fr")}
    assert "Personne à relancer" in olga.posts(f"{JURY}/remind").text


def test_files_are_given_and_taken_by_boxes_and_the_reviewer_is_told_once(olga, court):
    page = olga.sees(f"{JURY}/files")
    form = the_form(page, "/assign")
    ticked = {pair(court, "claire", "amina"), pair(court, "denis", "bruno"), pair(court, "claire", "bruno")}
    for box in form.fields["pair"]:
        box.checked = box._value in ticked
    olga.sends_again(form)
    assert pairs() == {("Claire", "Atelier Amina"), ("Claire", "Bruno Recyclage"), ("Denis", "Bruno Recyclage")}
    told = session.scalars(select(OutboxMail).filter_by(kind="jury_files", recipient="claire@region.fr")).one()
    assert "2 dossiers" in told.subject.replace("\u00a0", " ")
    form = the_form(olga.sees(f"{JURY}/{court.reviewers['claire'].id}"), "/assign")
    for box in form.fields["pair"]:
        box.checked = False
    olga.sends_again(form)
    assert pairs() == {("Denis", "Bruno Recyclage")}


def test_a_stale_page_takes_nothing_away_that_another_gave_meanwhile(olga, court):
    stale = the_form(olga.sees(f"{JURY}/files"), "/assign")
    with unit_of_work():
        court.gives("eva", "chloe")
    for box in stale.fields["pair"]:
        box.checked = box._value == pair(court, "claire", "amina")
    olga.sends_again(stale)
    assert pairs() == {("Claire", "Atelier Amina"), ("Eva", "Chloé Traiteur")}


def test_work_that_has_begun_is_not_taken_away(olga, court):
    with unit_of_work():
        court.gives("claire", "amina")
    press(court.judge("claire"), court.path("amina"), "draft", comment="Bien")
    had = pair(court, "claire", "amina")
    page = olga.posts(f"{JURY}/assign", {"had": had}, status=409)
    assert "a déjà commencé ce dossier" in page.text
    assert pairs() == {("Claire", "Atelier Amina")}


@pytest.mark.parametrize("sent", ["9999-1", "x-y", "1", "-", "99999999999999999999999-1", "1-9999"])
def test_a_pair_that_is_none_gives_nothing(olga, court, sent):
    answer = olga.browser.get(f"{JURY}/files")
    token = answer.html.find("meta", attrs={"name": "csrf-token"})["content"]
    got = olga.browser.post(f"{JURY}/assign", {"csrf_token": token, "pair": sent}, expect_errors=True)
    assert got.status_int in {302, 409}
    assert pairs() == set()


def test_files_are_shared_evenly_against_no_conflict_and_what_lacks_somebody_says_why(olga, court):
    with unit_of_work():
        court.joins("eva", "amina")
    page = olga.submits(f"{JURY}/files", "/share", per_file="3", draw="7")
    assert "8 lectures sont confiées" in page.text.replace("\u00a0", " ")
    assert ("Eva", "Atelier Amina") not in pairs()
    assert len(pairs()) == 8
    assert "1 dossier a moins de 3 relecteurs" in page.text.replace("\u00a0", " ")
    assert "Parle pour cette structure" in page.text
    entry = session.scalars(select(AuditEntry).filter_by(action="jury.shared")).one()
    assert entry.details == {"per_file": 3, "draw": 7, "pairs": 8, "missing": 1}


def test_a_colleague_of_the_applicant_is_never_drawn(olga, court):
    with unit_of_work():
        session.add(court.reviewers["eva"])
        court.reviewers["eva"].email = "eva@amina.fr"
    olga.submits(f"{JURY}/files", "/share", per_file="3", draw="1")
    assert ("Eva", "Atelier Amina") not in pairs()
    assert ("Eva", "Bruno Recyclage") in pairs()


@pytest.mark.parametrize(("per_file", "draw"), [("0", "1"), ("10", "1"), ("trois", "1"), ("3", ""), ("3", "-4")])
def test_a_number_that_cannot_be_is_told_at_its_field(olga, court, per_file, draw):
    page = olga.submits(f"{JURY}/files", "/share", per_file=per_file, draw=draw, status=422)
    assert "error-summary" in page.text
    assert pairs() == set()


def test_normalising_is_a_switch_that_shows_both_and_stays_in_the_journal(olga, court):
    with unit_of_work():
        for name, values in (("claire", (5, 3, 1)), ("denis", (2, 2, 3)), ("eva", (2, 2, 3))):
            for file, value in zip(court.files, values, strict=True):
                assignment = build_assignment(court.reviewers[name], court.files[file], at=court.at)
                build_review(assignment, value, value, at=court.at)
    assert "une fois normalisé" in olga.sees(f"{JURY}/results").text
    page = olga.submits(f"{JURY}/results", "/normalise")
    assert "Revenir aux notes données" in page.text
    assert "sans normaliser" in page.text
    assert session.scalars(select(AuditEntry).filter_by(action="jury.normalised")).one()
    lines = olga.sees(f"{JURY}/results.csv").body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Rang;Structure;Titre")
    assert len(lines) == 4


def test_every_score_is_handed_out_as_csv_and_workbook_without_a_formula(olga, court):
    with unit_of_work():
        for name, value in (("claire", 5), ("denis", 1)):
            assignment = build_assignment(court.reviewers[name], court.files["amina"], at=court.at)
            build_review(assignment, value, value, comment="=2+2, dit la comptable", at=court.at)
    lines = olga.sees(f"{JURY}/scores.csv").body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith(
        "Structure;Titre;Relecteur;Organisme du relecteur;Intérêt pour l’achat (1–5);Clarté (1–5)"
    )
    assert [line.split(";")[2:7] for line in lines[1:]] == [
        ["Claire", "", "5", "5", "100,0"],
        ["Denis", "", "1", "1", "0,0"],
    ]
    assert lines[1].endswith(";'=2+2, dit la comptable")
    book = load_workbook(BytesIO(olga.sees(f"{JURY}/results.xlsx").body))
    assert book.sheetnames == ["Résultats", "Notes"]
    assert [cell.value for cell in book["Notes"][2]][2:7] == ["Claire", None, 5, 5, 100]
    assert book["Notes"][2][8].data_type == "s"


def test_inviting_the_contact_of_an_applicant_says_whose_file_they_never_read(olga, court):
    page = olga.submits(f"{JURY}/invite", "", lines="amina@amina.fr\nzoe@ville.fr")
    assert "amina@amina.fr parle pour Atelier Amina, qui candidate" in page.text
    assert "zoe@ville.fr parle" not in page.text


def test_disputed_files_come_first_on_demand(olga, court):
    with unit_of_work():
        for name, values in (("claire", (5, 1, 3)), ("denis", (5, 5, 3))):
            for file, value in zip(court.files, values, strict=True):
                assignment = build_assignment(court.reviewers[name], court.files[file], at=court.at)
                build_review(assignment, value, value, at=court.at)

    def order(query: str) -> list[str]:
        rows = olga.sees(f"{JURY}/results{query}").html.select("main tbody th a")
        return [row.get_text(strip=True) for row in rows]

    assert order("")[0] == "Atelier Amina"
    assert order("?order=disputed")[0] == "Bruno Recyclage"
    assert order("?q=chlo%C3%A9") == ["Chloé Traiteur"]
    assert len(order("?order=nonsense")) == 3


def test_two_hundred_files_cost_no_more_queries_than_ten(olga, court):
    def grow(count: int) -> None:
        with unit_of_work():
            for _ in range(count):
                file = build_application(court.call, build_structure(court.event, at=court.at), at=court.at)
                for name in ("claire", "denis", "eva"):
                    build_review(build_assignment(court.reviewers[name], file, at=court.at), 3, 4, at=court.at)

    claire = court.judge("claire")
    pages = [
        JURY,
        f"{JURY}/files",
        f"{JURY}/results",
        f"{JURY}/results?order=disputed",
        f"{JURY}/results.csv",
        f"{JURY}/scores.csv",
    ]
    pages.append(f"{JURY}/{court.reviewers['claire'].id}")
    grow(10)
    few = [queries_of(olga, page) for page in pages], queries_of(claire, f"/events/{SLUG}/jury")
    grow(190)
    many = [queries_of(olga, page) for page in pages], queries_of(claire, f"/events/{SLUG}/jury")
    assert few == many


def test_the_end_of_the_jury_is_told_in_the_mornings_time(olga, court):
    with unit_of_work():
        session.add(court.call)
        court.call.jury_closes_at = court.at - timedelta(minutes=1)
        court.gives("claire", "amina")
    assert "Personne à relancer" in olga.posts(f"{JURY}/remind").text
    assert "Le jury a rendu ses avis" in court.judge("claire").sees(f"/events/{SLUG}/jury").text
