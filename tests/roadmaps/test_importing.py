"""Needs come from a buyer's own spreadsheet: looked at first, then stored as a whole or not at all."""

import io
import time
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from webtest import Upload

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.spreadsheets import csv_bytes
from openmap.roadmaps.enums import NeedState
from openmap.roadmaps.models import Need, NeedSheet
from openmap.roadmaps.quarters import quarter_code, quarter_of
from openmap.roadmaps.recurring import forget_sheets
from tests.factories import build_need_sheet
from tests.people import Visitor, the_form
from tests.roadmaps.conftest import CITY
from tests.rows import all_rows

IMPORT = f"{CITY}/import"
HEADINGS = ["Réf", "Objet du marché", "Secteur", "Type", "Trimestre", "Montant", "Département", "Co-traitance"]


def soon(more: int = 1) -> str:
    return quarter_code(quarter_of(now().date()) + more)


def line(reference: str = "", title: str = "Collecte", **other: str) -> list[str]:
    said = {"sector": "waste", "service": "Prestation de service", "quarter": soon(), "amount": "40 000 à 90 000 €"}
    said |= {"departement": "93", "together": "oui"} | other
    return [reference, title, *said.values()]


def sends(visitor: Visitor, *lines: list[str], headings: list[str] = HEADINGS, status: int = 200):
    form = the_form(visitor.sees(IMPORT))
    form["file"] = Upload("besoins.csv", csv_bytes(headings, lines), "text/csv")
    return visitor.sends_again(form, status=status)


def confirms(visitor: Visitor, page, *, status: int = 200, **said):
    return visitor.submits(page, "/import/", status=status, **said)


def stored() -> list[tuple[str, str, str]]:
    session.rollback()
    rows = session.scalars(select(Need).order_by(Need.position, Need.id))
    return [(need.reference, need.title, str(need.state)) for need in rows]


@pytest.fixture
def bea(story) -> Visitor:
    visitor = story.person("bea")
    visitor.submits("/roadmaps/mine", "/mine")
    return visitor


def test_a_sheet_is_shown_first_and_stored_once_confirmed(bea):
    page = sends(bea, line("A1"), line("", "Nettoyage", together=""))
    assert [figure.text.strip() for figure in page.html.select(".stat__figure")] == ["2", "0", "0", "0"]
    assert stored() == []
    page = confirms(bea, page, is_published=True)
    assert "2 besoins ajoutés" in page.text
    assert stored() == [("A1", "Collecte", "published"), ("N001", "Nettoyage", "published")]
    need = session.scalars(select(Need).filter_by(reference="A1")).one()
    assert (need.amount_low, need.amount_high, need.departement) == (40_000, 90_000, "93")
    assert need.is_open_to_cocontracting
    assert session.scalar(select(func.count()).select_from(NeedSheet)) == 0


def test_sent_again_it_updates_what_it_knows_and_says_what_changes(bea):
    confirms(bea, sends(bea, line("A1"), line("", "Nettoyage")))
    page = sends(bea, line("A1", "Collecte", quarter=soon(2)), line("", "NETTOYAGE "), line("A3", "Broyage"))
    assert [figure.text.strip() for figure in page.html.select(".stat__figure")] == ["1", "2", "0", "0"]
    assert page.html.find("del").text.startswith(("1er", "2e", "3e", "4e"))
    confirms(bea, page)
    assert stored() == [
        ("A1", "Collecte", "draft"),
        ("N001", "NETTOYAGE", "draft"),
        ("A3", "Broyage", "draft"),
    ]
    assert "Tout est déjà à jour" in sends(bea, line("A3", "Broyage")).text


def test_what_a_file_has_no_column_for_stays(bea, story):
    confirms(bea, sends(bea, line("A1")))
    page = sends(bea, ["A1", "Collecte", "Déchets", "Prestation de service", soon(3)], headings=HEADINGS[:5])
    confirms(bea, page)
    need = story.only_need()
    assert (need.amount_high, need.departement, need.quarter) == (90_000, "93", quarter_of(now().date()) + 3)


def test_each_bad_cell_is_named_by_line_and_column_and_nothing_is_stored(bea):
    page = sends(
        bea,
        line("A1"),
        line("A2", "", sector="magie"),
        line("A3", "Trop tard", quarter="T1 2001"),
        line("A1", "Encore"),
        line("A5", amount="beaucoup", together="peut-être", departement="Narnia"),
    )
    told = [each.get_text(" ", strip=True).replace("\u00a0", " ") for each in page.html.select(".notice li")]
    assert [sentence[:60] for sentence in told] == [
        "Ligne 3, colonne « Objet du marché » : cette case est vide.",
        "Ligne 3, colonne « Secteur » : « magie » n’est pas dans la l",
        "Ligne 4, colonne « Trimestre » : « T1 2001 » n’est pas dans ",
        "Ligne 5, colonne « Réf » : « A1 » est déjà à la ligne 2.",
        "Ligne 6, colonne « Département » : « Narnia » n’est pas un d",
        "Ligne 6, colonne « Co-traitance » : « peut-être » : écrivez ",
        "Ligne 6, colonne « Montant » : « beaucoup » n’est pas un mon",
    ]
    assert not [form for form in page.html.find("main").find_all("form") if form.get("method") == "post"]
    bea.posts(page.request.path, mapping_of(page) | {"seen": "x"}, status=422)
    assert stored() == []


def mapping_of(page) -> dict[str, str]:
    chosen = page.html.select(".sheet-mapping select")
    return {select["name"]: (select.find("option", selected=True) or {"value": ""})["value"] for select in chosen}


def test_columns_are_corrected_and_one_value_serves_all_lines(bea, story):
    page = sends(bea, ["Serveurs", soon(), "Ordinateurs"], headings=["X", "Quand", "Y"])
    assert "Il manque des colonnes" in page.text
    path = page.request.path
    page = bea.sees(f"{path}?title=0&quarter=1&sector=%3Dit&service=%3Dgoods&notes=2&city=99&clause=%3Drubbish")
    confirms(bea, page)
    need = story.only_need()
    assert (need.title, need.sector, need.service, need.notes, need.city) == (
        "Serveurs",
        "it",
        "goods",
        "Ordinateurs",
        "",
    )


def test_a_colleague_s_change_since_the_preview_is_told_before_anything_is_stored(bea, story):
    confirms(bea, sends(bea, line("A1")))
    page = sends(bea, line("A1", "Collecte sélective"))
    need = story.only_need()
    story.change(need, title="Autre", updated_at=now())
    answer = confirms(bea, page, status=409)
    assert "Vos besoins ont changé depuis l’aperçu" in answer.text
    assert stored() == [("A1", "Autre", "draft")]
    confirms(bea, answer)
    assert stored() == [("A1", "Collecte sélective", "draft")]


def test_an_archived_need_that_comes_again_comes_back(bea, story):
    confirms(bea, sends(bea, line("A1")))
    story.change(story.only_need(), state=NeedState.ARCHIVED)
    confirms(bea, sends(bea, line("A1", "Collecte de verre")), is_published=True)
    assert stored() == [("A1", "Collecte de verre", "published")]


@pytest.mark.parametrize(
    ("name", "content", "status", "sentence"),
    [
        ("besoins.csv", b"PK\x03\x04" + bytes(100), 422, "n’est pas celui que son nom annonce"),
        ("besoins.xlsx", b"a;b\n1;2\n", 422, "n’est pas celui que son nom annonce"),
        ("besoins.xls", b"\xd0\xcf\x11\xe0", 422, "Seuls les fichiers"),
        ("besoins.csv", b"", 422, "vide"),
        ("besoins.csv", b"Objet\n" * 6000, 422, "trop de lignes"),
        ("besoins.csv", b"x" * (5 * 1024 * 1024 + 1), 413, "trop lourd"),
        ("besoins.csv", b"x" * (7 * 1024 * 1024), 413, ""),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_at_its_field(bea, name, content, status, sentence):
    form = the_form(bea.sees(IMPORT))
    form["file"] = Upload(name, content, "text/csv")
    before = all_rows()
    page = bea.sends_again(form, status=status)
    assert sentence in page.text
    assert all_rows() == before
    assert "Choisissez un fichier" in bea.sends_again(the_form(bea.sees(IMPORT)), status=422).text


def test_the_file_we_offer_comes_back_whole(bea):
    book = load_workbook(io.BytesIO(bea.browser.get(f"{IMPORT}/needs.xlsx").body))
    sheet = book.worksheets[0]
    assert [len(rule.sqref.ranges) for rule in sheet.data_validations.dataValidation] == [1] * 5
    out = io.BytesIO()
    book.save(out)
    form = the_form(bea.sees(IMPORT))
    form["file"] = Upload("modele.xlsx", out.getvalue(), "application/octet-stream")
    page = bea.sends_again(form)
    assert [figure.text.strip() for figure in page.html.select(".stat__figure")] == ["1", "0", "0", "0"]


def test_what_is_taken_away_as_csv_can_be_sent_back(bea):
    confirms(bea, sends(bea, line("A1"), line("A2", "Broyage")), is_published=True)
    form = the_form(bea.sees(IMPORT))
    form["file"] = Upload("besoins.csv", bea.browser.get(f"{CITY}/needs.csv").body, "text/csv")
    assert "Tout est déjà à jour" in bea.sends_again(form).text


@pytest.mark.parametrize("turn", ["new", "known"])
def test_a_thousand_lines_take_less_than_five_seconds(bea, turn):
    lines = [line(f"R{number}", f"Besoin numéro {number}") for number in range(1000)]
    if turn == "known":
        confirms(bea, sends(bea, *lines))
        lines = [line(each[0], f"{each[1]} bis") for each in lines]
    started = time.process_time()
    page = confirms(bea, sends(bea, *lines), is_published=True)
    assert time.process_time() - started < 5
    assert ("1000 besoins ajoutés" if turn == "new" else "1000 mis à jour") in page.text
    assert len(stored()) == 1000


def test_another_body_s_sheet_does_not_exist(bea, story):
    bert = story.other.contacts[0].person
    roadmap = story.need("Tri", of="other").roadmap
    with unit_of_work():
        sheet_id = build_need_sheet(roadmap, ["Objet"], ["Tri"], by=bert, at=now()).id
    bea.sees(f"{IMPORT}/{sheet_id}", status=404)
    bea.sees(f"/roadmaps/plaine-commune/import/{sheet_id}", status=404)
    bea.posts(f"{IMPORT}/{sheet_id}", status=404)


def test_sheets_that_nobody_confirmed_are_forgotten(bea, story):
    page = sends(bea, line("A1"))
    forget_sheets.task(now() + timedelta(hours=23))
    bea.sees(page.request.path)
    forget_sheets.task(now() + timedelta(hours=25))
    bea.sees(page.request.path, status=404)
