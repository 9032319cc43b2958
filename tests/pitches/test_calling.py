"""Olga writes a call, is told what it lacks, publishes, closes and reopens it; criteria with scores hold."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import Criterion, PitchCall
from openmap.pitches.moments import NoSuchTime, as_typed, typed_instant
from tests.counting import queries_of
from tests.factories import (
    build_application,
    build_assignment,
    build_person,
    build_review,
    build_reviewer,
    build_structure,
)
from tests.people import Visitor, the_form
from tests.pitches.conftest import MANAGE, PAGE, SLUG

PARIS = ZoneInfo("Europe/Paris")


def local(**later: float) -> str:
    return as_typed(now() + timedelta(**later), PARIS)


def dates(**changed: str) -> dict[str, str]:
    return {"opens_at": local(days=-1), "closes_at": local(days=9), "jury_closes_at": local(days=15)} | changed


def the_call() -> PitchCall:
    session.rollback()
    return session.scalars(select(PitchCall)).one()


def test_a_call_grows_from_nothing_and_says_what_it_lacks(app, olga):
    olga.sees(PAGE, status=404)
    assert "Pas encore d’appel" in olga.sees(MANAGE).text
    page = olga.submits(f"{MANAGE}/edit", places="8", **dates())
    assert "Aucun critère ne dit" in page.text
    assert "Ni consigne ni question" in page.text
    olga.posts(f"{MANAGE}/publish", status=422)
    olga.submits(f"{MANAGE}/criteria/new", label="Clarté", weight="2")
    olga.submits(f"/manage/{SLUG}/questions/new?for=pitch", label="Pour qui ?", kind="text")
    assert "Pour qui ?" in olga.sees(f"{MANAGE}/preview").text
    Visitor(app).sees(PAGE, status=404)
    olga.submits(MANAGE, "/publish")
    page = Visitor(app).sees(PAGE)
    assert "8 pitchs" in page.text
    assert "compte double" in page.text
    assert "Candidater à un pitch" in olga.sees(f"/events/{SLUG}").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"closes_at": local(days=-2)}, "avant d’avoir commencé"),
        ({"jury_closes_at": local(days=3)}, "Le jury note jusqu’au"),
        ({"opens_at": "hier"}, "Écrivez un jour et une heure"),
        ({"closes_at": "2030-03-31T02:30"}, "cette heure n’existe pas"),
        ({"places": "0"}, "de 1 à 50"),
        ({"reserve_places": "²"}, "de 0 à 50"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_kept(olga, changed, words):
    page = olga.submits(f"{MANAGE}/edit", status=422, **dates(**changed))
    assert words in page.text
    name, value = next(iter(changed.items()))
    assert page.html.find("input", attrs={"name": name})["value"] == value
    assert session.scalars(select(PitchCall)).all() == []


def test_clocks_that_jump_are_read_in_the_mornings_zone():
    assert typed_instant("2026-03-28T23:59", PARIS) == datetime(2026, 3, 28, 22, 59, tzinfo=UTC)
    assert typed_instant("2026-03-29T23:59", PARIS) == datetime(2026, 3, 29, 21, 59, tzinfo=UTC)
    assert typed_instant("2026-10-25T02:30", PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the later of both
    with pytest.raises(NoSuchTime):
        typed_instant("2026-03-29T02:30", PARIS)


def test_a_closed_call_opens_again_only_on_record(olga, call):
    olga.submits(MANAGE, "/close")
    assert the_call().closes_at <= now()
    page = olga.submits(f"{MANAGE}/edit", status=422, closes_at=local(days=2))
    assert "Rouvrir" in page.text
    assert "Repoussez" in olga.submits(f"{MANAGE}/reopen", status=422, until=local(days=99), reason="Panne").text
    olga.submits(f"{MANAGE}/reopen", until=local(days=2), reason="Panne chez notre hébergeur")
    assert the_call().is_open(now())
    entry = session.scalars(select(AuditEntry).filter_by(action="pitch_call.reopened")).one()
    assert entry.details["reason"] == "Panne chez notre hébergeur"


def test_another_deadline_is_told_to_those_it_concerns_and_to_nobody_else(olga, call, structure):
    with unit_of_work():
        build_application(call, structure, state=ApplicationState.DRAFT, at=now())
        build_application(call, build_structure(call.event, "Envoyée", at=now()), at=now())
        own = call.closes_at + timedelta(days=3)
        extended = {"extended_until": own, "extension_reason": "Panne", "state": ApplicationState.DRAFT}
        build_application(call, build_structure(call.event, "Prolongée", at=now()), at=now(), **extended)
        withdrawn = build_structure(call.event, "Retirée", at=now())
        build_application(call, withdrawn, state=ApplicationState.WITHDRAWN, at=now())
    news = select(OutboxMail).filter_by(kind="application_deadline").order_by(OutboxMail.id)
    olga.submits(f"{MANAGE}/edit", guidance="Seuls les mots changent.")
    assert session.scalars(news).all() == []
    page = olga.submits(f"{MANAGE}/edit", closes_at=local(days=12))
    assert "2 structures reçoivent la nouvelle date" in page.text
    session.rollback()
    later = session.scalars(news).all()
    assert ["envoyez-le avant" in mail.text for mail in later] == [True, False]
    page = olga.submits(MANAGE, "/close")
    assert "structures reçoivent la nouvelle date" in page.text
    session.rollback()
    closed = session.scalars(news).all()[len(later) :]
    assert "sont closes" in closed[0].subject
    assert "le jury le lira tel qu’il est" in closed[1].text


def test_a_call_ends_before_its_morning_and_says_so_when_the_morning_moves(olga, event):
    page = olga.submits(f"{MANAGE}/edit", status=422, **dates(jury_closes_at=local(days=60)))
    assert "le jury doit avoir noté ce jour-là au plus tard" in page.text
    olga.submits(f"{MANAGE}/edit", **dates())
    assert "ne vont plus avec la matinale" not in olga.sees(MANAGE).text
    with unit_of_work():
        session.add(event)
        event.held_on = (now() + timedelta(days=3)).date()
    assert "ne vont plus avec la matinale" in olga.sees(MANAGE).text


def test_the_public_page_tells_a_stranger_and_a_buyer_what_to_prepare_and_how_to_come_in(app, olga, call):
    olga.submits(f"/manage/{SLUG}/questions/new?for=pitch", label="Pour qui ?", kind="text")
    page = Visitor(app).sees(PAGE)
    assert "Pour qui ? (facultatif)" in " ".join(page.html.find(class_="pitch-asked").text.split()).replace(" ", " ")
    assert "Connectez-vous" in page.text
    with unit_of_work():
        build_person("Dsi", email="dsi@exemple.fr", at=now())
    page = Visitor(app, "dsi@exemple.fr").signs_in().sees(PAGE)
    assert "Connectez-vous" not in page.text
    assert "votre adresse n’est le contact d’aucune" in page.text


def test_olga_is_told_how_many_files_lack_a_question_that_comes_late(olga, call, structure, amina):
    form = the_form(amina.sees(f"{PAGE}/{structure.ref}"))
    form["title"] = "Commencé"
    form.submit("action", value="save")
    page = olga.sees(f"/manage/{SLUG}/questions/new?for=pitch")
    assert "1 formulaire est déjà rempli sans cette question" in page.text
    assert "inscription" not in olga.sees(f"/manage/{SLUG}/questions?for=pitch").html.find("main").text


def test_a_late_file_is_no_dead_end_for_the_organiser(olga, call, structure):
    with unit_of_work():
        file = build_application(call, structure, at=now())
    path = f"{MANAGE}/applications/{file.id}"
    assert "Modifier pour la structure" in olga.sees(path).text
    olga.submits(MANAGE, "/close")
    page = olga.sees(path)
    assert "Modifier pour la structure" not in page.text
    assert "donnez-lui d’abord un délai" in page.text
    assert [term.text for term in page.html.select(".pitch-layout aside dt")] == ["Envoyé", "Modifié"]


def test_a_criterion_with_scores_keeps_its_scale_and_weighs_otherwise_only_when_meant(olga, call, structure):
    with unit_of_work():
        file = build_application(call, structure, at=now())
        build_review(build_assignment(build_reviewer(call, at=now()), file, at=now()), 4, at=now())
    key = session.scalars(select(Criterion.id)).one()
    path = f"{MANAGE}/criteria/{key}"
    assert "1 note est déjà donnée" in olga.sees(path).text
    olga.submits(path, label="Dit autrement")
    page = olga.submits(path, status=422, highest="10")
    assert "1 notes sont déjà données sur l’échelle de 1 à 5" in page.text
    assert "Cochez cette case" in olga.submits(path, status=422, weight="3").text
    olga.submits(path, weight="3", confirms=True)
    olga.posts(f"{path}/retire", status=422)
    session.rollback()
    criterion = session.scalars(select(Criterion)).one()
    assert (criterion.label, criterion.highest, criterion.weight, criterion.retired_at) == ("Dit autrement", 5, 3, None)
    edits = session.scalars(select(AuditEntry).filter_by(action="pitch_criterion.edited").order_by(AuditEntry.id)).all()
    assert edits[-1].details | {"weight_was": 1, "weight": 3, "scores": 1} == edits[-1].details


def test_criteria_are_ordered_retired_and_judged_again(olga, call):
    olga.submits(f"{MANAGE}/criteria/new", label="Clarté")
    first, second = session.scalars(select(Criterion.id).order_by(Criterion.position)).all()
    olga.posts(f"{MANAGE}/criteria/{second}/move", {"direction": "up"})
    olga.posts(f"{MANAGE}/criteria/{first}/retire")
    session.rollback()
    assert [one.id for one in session.scalars(select(Criterion).filter_by(retired_at=None))] == [second]
    olga.posts(f"{MANAGE}/criteria/{first}/restore")
    session.rollback()
    assert [one.id for one in session.scalars(select(Criterion).order_by(Criterion.position))] == [second, first]


def test_the_list_is_filtered_taken_away_and_costs_as_many_queries_with_many_files(olga, call):
    def add(count: int) -> None:
        with unit_of_work():
            for number in range(count):
                state = ApplicationState.DRAFT if number % 3 == 0 else ApplicationState.SUBMITTED
                file = build_structure(call.event, f"=Structure {number}", at=now())
                build_application(call, file, f"Titre {number}", state=state, is_first_time=number % 2 == 0, at=now())

    add(2)
    paths = (f"{MANAGE}/applications", f"{MANAGE}/applications.csv", MANAGE, f"{MANAGE}/applications/new")
    few = [queries_of(olga, path) for path in paths]
    add(28)
    with unit_of_work():
        build_application(call, build_structure(call.event, "=Rare", at=now()), "Rarissime", at=now())
    assert [queries_of(olga, path) for path in paths] == few
    page = olga.sees(f"{MANAGE}/applications?state=draft&first=yes&kind=ESAT&departement=93&sector=waste")
    assert "6 dossiers" in page.text
    assert "1 dossier" in olga.sees(f"{MANAGE}/applications?q=rarissime").text
    answer = olga.browser.get(f"{MANAGE}/applications.csv?q=rarissime")
    assert answer.body.startswith(b"\xef\xbb\xbf")
    assert "'=Rare" in answer.body.decode("utf-8-sig")


def test_olga_types_a_file_for_somebody_on_the_phone_and_it_is_on_record(olga, call, structure):
    page = olga.sees(f"{MANAGE}/applications/new?q=soleil")
    assert "Atelier Soleil" in page.text
    page = olga.sees(f"{PAGE}/{structure.ref}")
    assert "Vous agissez pour" in page.text
    form = next(form for form in page.forms.values() if "title" in form.fields)
    form["title"] = "Dicté au téléphone"
    assert "brouillon est enregistré" in olga._follow(form.submit("action", value="save"), 200).text
    session.rollback()
    entry = session.scalars(select(AuditEntry).filter_by(action="pitch.saved")).one()
    assert entry.details["on_behalf_of_organisation"] == structure.organisation_id
