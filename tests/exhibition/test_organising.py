"""An organiser draws the plan: the hall, stands in rows, one by one, from a table; two at once lose nothing."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from webtest import Upload

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import ProgrammeItem
from openmap.exhibition.models import Stand
from openmap.exhibition.queries import boxes_of, elsewhere, exhibition_of, name_of
from openmap.registrations.models import Unavailability
from openmap.registrations.operations import cancel_registration
from tests.counting import queries_of
from tests.exhibition.conftest import build_hall, build_partner
from tests.factories import build_desk, build_event, build_stand
from tests.meeting_requests.test_concurrency import at_once
from tests.people import Visitor, the_form


def labels(hall) -> list[str]:
    return [box.label for box in boxes_of(hall.stored)]


def main_text(answer) -> str:
    return " ".join(answer.html.find("main").get_text(" ", strip=True).split())


def pushed(visitor: Visitor, hall, stand: Stand, towards: str, *, status: int = 200):
    """Press one of a stand's arrows."""
    form = the_form(visitor.sees(hall.home), f"/stands/{stand.id}/move")
    return visitor._follow(form.submit("towards", value=towards, expect_errors=True), status)


def test_the_first_page_asks_for_the_hall_alone(app, olga):
    with unit_of_work():
        event = build_event(at=now())
    page = olga.sees(f"/manage/{event.slug}/exhibition")
    assert "Commencez par la salle" in page.text
    olga.submits(page, opens="08:30", closes="12:30", width="15", depth="10", room="Salle des fêtes")
    session.rollback()
    made = exhibition_of(event)
    assert made
    assert f"{made.opens_at.astimezone(event.zone):%H:%M}" == "08:30"
    assert (made.width, made.depth, made.is_public) == (15, 10, False)


def test_eight_stands_align_in_one_click_and_keep_their_holders(olga, hall):
    olga.submits(hall.home, "/align", count="8")
    assert labels(hall) == [str(number) for number in range(1, 9)]
    first = hall.stored.stands[0]
    olga.submits(f"{hall.home}/stands/{first.id}", registration=str(hall.grafie.id), x="10", y="9")
    olga.submits(hall.home, "/align", count="3", aisle="1")
    kept = hall.stored.stands
    assert [(stand.label, name_of(stand), stand.x, stand.y) for stand in kept] == [
        ("1", "GRAFIE", 0, 0),
        ("2", "", 3, 0),
        ("3", "", 6, 0),
    ]


def test_more_than_fit_are_refused_with_the_number_that_fits(olga, hall):
    answer = olga.submits(hall.home, "/align", status=422, count="100")
    assert "n’a de place que pour 18 stands" in main_text(answer)
    assert labels(hall) == []


def test_a_stand_moves_by_buttons_and_by_a_drop_but_never_onto_another(olga, hall):
    with unit_of_work():
        first = build_stand(hall.exhibition, "A1")
        build_stand(hall.exhibition, "A2", x=4)
    pushed(olga, hall, first, "right")
    session.rollback()
    assert (first.x, first.y) == (1, 0)
    answer = pushed(olga, hall, first, "right", status=422)
    assert "Les stands A2 et A1 se chevauchent" in main_text(answer)
    seen = the_form(answer, "/align")["seen"].value
    olga.posts(f"{hall.home}/stands/{first.id}/move", {"x": "15", "y": "9", "seen": seen})
    session.rollback()
    assert (first.x, first.y) == (15, 9)


def test_many_stands_are_searched_and_a_moved_one_stays_in_sight(olga, hall):
    with unit_of_work():
        for number in range(60):
            who = "GRAFIE" if number == 55 else f"N° {number}"
            build_stand(hall.exhibition, f"A{number}", x=number % 20, y=number // 20, width=1, depth=1, exhibitor=who)
    page = olga.sees(hall.home)
    assert len(page.html.find("table").find_all("tr")) == 1 + 50
    assert len(page.body) < 300_000
    found = olga.sees(f"{hall.home}?q=grafie")
    form = the_form(found, "/move")
    moved = olga._follow(form.submit("towards", value="down"), 200)
    assert [row.th.get_text(strip=True) for row in moved.html.find("tbody").find_all("tr")] == ["A55"]
    assert moved.html.find("button", attrs={"data-focus": True})["value"] == "down"
    assert "Aucun stand ne correspond" in olga.sees(f"{hall.home}?q=introuvable").text


def test_a_smaller_hall_is_refused_while_a_stand_needs_it(olga, hall):
    with unit_of_work():
        build_stand(hall.exhibition, "A1", x=16)
    page = olga.sees(hall.home)
    form = next(form for form in page.forms.values() if form.action.endswith("/exhibition") and "opens" in form.fields)
    form["width"] = "18"
    answer = olga.sends_again(form, status=422)
    assert "Le stand A1 sort de la salle" in main_text(answer)
    assert hall.stored.width == 20


def test_one_label_and_one_stand_each(olga, hall):
    with unit_of_work():
        build_stand(hall.exhibition, "A1", registration=hall.grafie)
    answer = olga.submits(f"{hall.home}/stands/new", status=422, label="A1", x="10")
    assert "Il y a déjà un stand A1" in main_text(answer)
    answer = olga.submits(f"{hall.home}/stands/new", status=422, label="A2", x="10", registration=str(hall.grafie.id))
    assert "GRAFIE tient déjà le stand A1" in main_text(answer)
    assert labels(hall) == ["A1"]


def test_two_organisers_at_once_get_409_and_keep_what_they_typed(olga, hall):
    with unit_of_work():
        build_stand(hall.exhibition, "A1")
    stale = the_form(olga.sees(f"{hall.home}/stands/new"))
    olga.submits(hall.home, "/align", count="2")
    stale["label"], stale["x"], stale["y"] = "Z9", "15", "9"
    answer = olga.sends_again(stale, status=409)
    assert "un autre organisateur l’a modifié" in main_text(answer)
    assert the_form(answer)["label"].value == "Z9"
    olga.sends_again(the_form(answer))
    assert labels(hall) == ["1", "A1", "Z9"]


def test_two_windows_add_at_once_and_one_is_refused(any_app):
    hall = build_hall()
    windows = [Visitor(any_app, "olga@exemple.fr").signs_in() for _window in range(2)]
    forms = [the_form(window.sees(f"{hall.home}/stands/new")) for window in windows]
    for label, form in zip(("A1", "A2"), forms, strict=True):
        form["label"] = label
    assert at_once(forms) == [302, 409]
    assert len(labels(hall)) == 1


def test_a_holder_who_cancels_leaves_a_free_stand_that_is_named(app, olga, hall):
    with unit_of_work():
        hall.exhibition.is_public = True
        build_stand(hall.exhibition, "A1", registration=hall.grafie, contact_email="gaelle@exemple.fr")
        build_stand(hall.exhibition, "A2", x=4, exhibitor="Mairie de Vitry")
    with unit_of_work():
        cancel_registration(hall.grafie, by=None, at=now())
    assert "GRAFIE ne vient plus" in main_text(olga.sees(hall.home))
    public = Visitor(app).sees(hall.page).text
    assert "GRAFIE" not in public
    assert "gaelle@exemple.fr" not in public


def test_who_is_on_stage_or_receives_is_named_and_no_conflict(olga, hall):
    with unit_of_work():
        slot = hall.event.slots[1]
        item = ProgrammeItem(
            event_id=hall.event.id,
            kind="pitches",
            title="Les pitchs",
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
        )
        session.add(item)
        session.flush()
        session.add(Unavailability(registration_id=hall.amina.id, slot_id=slot.id, item_id=item.id))
        build_stand(hall.exhibition, "A1", registration=hall.amina)
        desk = build_desk(hall.event, "Accueil", at=now(), table_number=3)
        build_stand(hall.exhibition, "A2", x=4, registration=desk.registration)
    assert [(each.who, each.table, each.item) for each in elsewhere(hall.stored)] == [
        ("Atelier Soleil", None, "Les pitchs"),
        ("Ville de Paris – Accueil", 3, ""),
    ]
    text = main_text(olga.sees(hall.home))
    assert "Atelier Soleil est aussi sur scène" in text
    assert "Ville de Paris – Accueil reçoit aussi à la table 3" in text


def table(rows: list[list[str]]) -> Upload:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return Upload("stands.csv", out.getvalue().encode("utf-8"))


HEADERS = ["Stand", "x", "y", "Largeur", "Profondeur", "Exposant", "Courriel"]


def test_a_table_adds_and_changes_stands_at_once(olga, hall):
    with unit_of_work():
        build_stand(hall.exhibition, "A1", exhibitor="Ancien")
    rows = [
        ["A1", "0", "0", "4", "2", "grafie", ""],
        ["A2", "4", "0", "", "", "Mairie de Vitry", "m@exemple.fr"],
    ]
    page = olga.submits(f"{hall.home}/import", file=table([HEADERS, *rows]))
    assert "1 stand ajouté, 1 mis à jour" in page.text
    first, second = hall.stored.stands
    assert (first.registration_id, first.exhibitor, first.width) == (hall.grafie.id, "", 4)
    assert (second.exhibitor, second.contact_email, second.width, second.depth) == (
        "Mairie de Vitry",
        "m@exemple.fr",
        3,
        2,
    )


def test_a_workbook_is_read_too_and_the_export_comes_back_as_it_left(olga, hall):
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (HEADERS, ["A1", 0, 0, 3, 2, "GRAFIE", ""], ["=1+1", 5, 0, 3, 2, "Autre", ""]):
        sheet.append(row)
    sheet["A3"].data_type = "s"
    content = io.BytesIO()
    book.save(content)
    olga.submits(f"{hall.home}/import", file=Upload("stands.xlsx", content.getvalue()))
    assert labels(hall) == ["=1+1", "A1"]
    exported = olga.sees(f"{hall.home}/stands.csv").body
    assert b"'=1+1" in exported
    with unit_of_work():
        exhibition = hall.exhibition
        exhibition.stands.remove(exhibition.stands[0])
    page = olga.submits(f"{hall.home}/import", file=Upload("stands.csv", olga.sees(f"{hall.home}/stands.csv").body))
    assert "1 mis à jour" in page.text


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["Stand", "x"], ["A1", "0"]], "Il manque la colonne « y »"),
        ([HEADERS, ["A1", "0", "0"], ["A1", "5", "0"]], "Ligne 3 : le stand A1 est déjà à la ligne 2"),
        ([HEADERS, ["A1", "zéro", "0"]], "Ligne 2 : « x » doit être un nombre entier de mètres"),
        ([HEADERS, ["A1", "-1", "0"]], "Ligne 2 : « x » doit être un nombre entier de mètres"),
        ([HEADERS, ["", "0", "0", "3"]], "Ligne 2 : le nom du stand manque"),
        ([HEADERS, ["A1", "0", "0"], ["A2", "1", "0"]], "Ligne 3 : Les stands A1 et A2 se chevauchent"),
        ([HEADERS, ["A1", "0", "0"], ["B1", "19", "0"]], "Ligne 3 : Le stand B1 sort de la salle"),
        ([HEADERS, ["A1", "0", "0", "", "", "X", "pas une adresse"]], "n’est pas une adresse de courriel"),
        (
            [HEADERS, ["A1", "0", "0", "", "", "GRAFIE"], ["A2", "5", "0", "", "", "GRAFIE"]],
            "GRAFIE tient déjà le stand A1",
        ),
    ],
)
def test_a_table_with_something_wrong_stores_nothing_and_names_the_line(olga, hall, rows, sentence):
    answer = olga.submits(f"{hall.home}/import", status=422, file=table(rows))
    assert sentence in main_text(answer).replace("\u00a0", " ")
    assert labels(hall) == []


def test_a_file_that_is_no_table_is_refused_in_words(olga, hall):
    answer = olga.submits(f"{hall.home}/import", status=422, file=Upload("stands.xlsx", b"PK\x03\x04 nothing"))
    assert "tableau" in main_text(answer)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.dictionaries(
        st.sampled_from(["label", "x", "y", "width", "depth", "registration", "exhibitor", "contact_email", "seen"]),
        st.text(max_size=30),
    )
)
def test_whatever_is_typed_of_a_stand_gets_an_answer(olga, hall, typed):
    token = olga.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]
    sent = {"label": "A1", "x": "0", "y": "0", "width": "3", "depth": "2"} | typed
    sent = {name: value.replace("\0", "") for name, value in sent.items()} | {"csrf_token": token}
    answer = olga.browser.post(f"{hall.home}/stands/new", sent, expect_errors=True)
    assert answer.status_int in {302, 409, 422}


@pytest.mark.parametrize(
    "fields", [{}, {"x": "1"}, {"x": "-1", "y": "0"}, {"x": "9" * 30, "y": "0"}, {"towards": "nowhere"}]
)
def test_a_move_that_no_page_offers_moves_nothing(olga, hall, fields):
    with unit_of_work():
        stand = build_stand(hall.exhibition, "A1")
    olga.posts(f"{hall.home}/stands/{stand.id}/move", fields, status=422)
    assert (hall.stored.stands[0].x, hall.stored.stands[0].y) == (0, 0)


def test_stands_of_another_morning_do_not_exist_here(olga, hall):
    with unit_of_work():
        stand = build_stand(hall.exhibition, "A1")
        other = build_event(at=now())
    olga.sees(f"/manage/{other.slug}/exhibition/stands/{stand.id}", status=404)
    olga.posts(f"/manage/{other.slug}/exhibition/stands/{stand.id}/remove", status=404)
    assert session.get(Stand, stand.id)


def test_the_number_of_queries_does_not_grow(olga, hall):
    with unit_of_work():
        build_stand(hall.exhibition, "A1", registration=hall.grafie)
    olga.sees(hall.home)
    few = queries_of(olga, hall.home)
    with unit_of_work():
        for number in range(6):
            partner = build_partner(hall.event, f"Partenaire {number}", f"p{number}@exemple.fr", by=hall.olga)
            build_stand(hall.exhibition, f"B{number}", x=3 * number, y=4, registration=partner)
    assert queries_of(olga, hall.home) == few


def test_removing_at_once_answers_both(any_app):
    hall = build_hall()
    with unit_of_work():
        stand = build_stand(hall.exhibition, "A1")
    windows = [Visitor(any_app, "olga@exemple.fr").signs_in() for _window in range(2)]
    forms = [the_form(window.sees(hall.home), f"/{stand.id}/remove") for window in windows]
    with ThreadPoolExecutor(2) as threads:
        statuses = sorted(threads.map(lambda form: form.submit(expect_errors=True).status_int, forms))
    assert statuses[0] == 302
    assert statuses[1] in {404, 409}
    assert labels(hall) == []
