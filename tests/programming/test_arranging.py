"""The organiser arranges the programme: at once where it costs nothing, after reading the cost where it does."""

from datetime import date

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.enums import RequestState
from openmap.programme.queries import appearances_in
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Unavailability
from tests.allocation.conftest import SLUG
from tests.counting import queries_of
from tests.factories import build_event, build_structure
from tests.people import Visitor, the_form
from tests.programming.conftest import HERE, Staged, lines_titled

NOON = {"kind": "break", "title": "Buffet", "starts": "12:30", "ends": "13:30", "room": "Hall", "capacity": "40"}


def joins(visitor: Visitor, staged: Staged, name: str, *, status: int = 200, **fields: str):
    ref = staged.morning.participant(name).ref
    return visitor.submits(f"{staged.path}/people/new?who={ref}", "", status=status, **fields)


def test_a_line_is_added_at_once_and_taken_back_with_one_button(olga, staged):
    page = olga.submits(f"{HERE}/new", "", **NOON)
    assert "La ligne est ajoutée" in page.text
    (added,) = lines_titled("Buffet")
    assert (added.room, added.capacity) == ("Hall", 40)
    assert "Buffet" in olga.sees(f"/events/{SLUG}/programme").text
    olga.submits(page, "/undo")
    assert lines_titled("Buffet") == []


def test_a_form_sent_twice_adds_one_line(olga):
    form = the_form(olga.sees(f"{HERE}/new"))
    for name, value in NOON.items():
        form[name] = value
    olga.sends_again(form)
    olga.sends_again(form)
    assert len(lines_titled("Buffet")) == 1


def test_a_search_finds_who_was_let_in_and_is_not_there_yet(olga, staged):
    with unit_of_work():
        build_structure(staged.morning.event, "Amina attend", state=RegistrationState.PENDING, at=now())
    found = olga.sees(f"{staged.path}/people?q=amina").html.find(id="trouves").get_text(" ")
    assert "Amina" in found
    assert "attend" not in found


def test_somebody_who_is_not_registered_needs_a_name(olga, staged):
    assert "Écrivez le nom de la personne" in olga.submits(f"{staged.path}/people/new", "", status=422).text
    page = olga.submits(f"{staged.path}/people/new", "", person_name="Nadia Benali", function="journaliste")
    assert "Nadia Benali" in page.text
    assert len(appearances_in(staged.item)) == 1


def test_who_has_meetings_goes_on_stage_only_after_the_cost_was_read(olga, staged):
    cost = joins(olga, staged, "dsi")
    assert "Ce changement touche des rendez-vous" in cost.text
    assert "Un rendez-vous de moins" in cost.text
    assert "Ville de Paris" in cost.text
    assert "Prouvé" in cost.text
    assert staged.stage_slots("dsi") == []
    assert "au programme" in olga.submits(cost, "/people/new").text
    assert staged.stage_slots("dsi") == [0]


def test_a_cost_that_changed_meanwhile_is_shown_again(olga, staged):
    cost = joins(olga, staged, "dsi")
    with unit_of_work():
        for name in ("bruno", "chloe"):
            request = staged.morning.request(name, "dsi")
            request.state, request.rank = RequestState.WITHDRAWN, None
    again = olga.submits(cost, "/people/new", status=409)
    assert "La situation a changé" in again.text
    assert staged.stage_slots("dsi") == []
    olga.submits(again, "/people/new")
    assert staged.stage_slots("dsi") == [0]


def test_a_published_meeting_that_it_hits_is_named_and_a_new_run_asked_for(published, solved_app):
    olga = Visitor(solved_app, "olga@exemple.fr").signs_in()
    cost = joins(olga, published, "dsi")
    assert "Un rendez-vous publié tombe à ce moment" in cost.text
    assert "version 1" in cost.text
    olga.submits(cost, "/people/new")
    page = olga.sees(HERE)
    assert "a un rendez-vous publié à" in page.text
    assert f"/events/{SLUG}/allocation" in page.text


def test_off_the_stage_the_slots_come_back_and_that_is_told_first(olga, staged):
    olga.submits(joins(olga, staged, "dsi"), "/people/new")
    page = olga.sees(f"{staged.path}/people")
    freed = olga.submits(page, "/remove")
    assert "Retrouvent ces créneaux" in freed.text
    assert "Un rendez-vous de plus" in freed.text
    olga.submits(freed, "/remove")
    assert staged.stage_slots("dsi") == []


def test_a_line_that_moves_onto_meetings_costs_too(olga, staged):
    olga.submits(f"{staged.path}", "", starts="06:00", ends="06:30")
    assert "au programme" in joins(olga, staged, "dsi").text
    item = staged.item
    zone, slot = staged.morning.event.zone, staged.morning.event.slots[1]
    hours = [instant.astimezone(zone).strftime("%H:%M") for instant in (slot.starts_at, slot.ends_at)]
    olga.submits(staged.path, "", starts=hours[1], ends=hours[0], status=422)  # nothing to count in that
    cost = olga.submits(staged.path, "", starts=hours[0], ends=hours[1])
    assert "Ne peuvent plus avoir de rendez-vous" in cost.text
    assert staged.item.starts_at == item.starts_at
    olga.submits(cost, f"/{item.id}")
    assert staged.stage_slots("dsi") == [1]


def test_two_organisers_change_one_line_and_the_second_sees_it(olga, app: Flask, staged):
    late = the_form(olga.sees(staged.path))
    other = Visitor(app, "olga@exemple.fr").signs_in()
    other.submits(staged.path, "", title="Atelier du matin")
    late["title"] = "Atelier du soir"
    page = olga.sends_again(late, status=409)
    assert "a changé entre-temps" in page.text
    assert page.html.find(class_="notice").strong.get_text() == "Atelier du matin"
    assert the_form(page)["title"].value == "Atelier du soir"
    assert staged.item.title == "Atelier du matin"
    removal = the_form(olga.sees(HERE), f"/{staged.item_id}/remove")
    other.submits(staged.path, "", title="Atelier de dix heures")
    olga.sends_again(removal, status=409)
    assert staged.item.title == "Atelier de dix heures"


def test_an_undo_after_another_change_changes_nothing(olga, app: Flask, staged):
    page = olga.submits(staged.path, "", title="Atelier du matin")
    Visitor(app, "olga@exemple.fr").signs_in().submits(staged.path, "", title="Atelier du soir")
    olga.submits(page, "/undo", status=409)
    assert staged.item.title == "Atelier du soir"


@pytest.mark.parametrize(
    ("undone", "title"), [("edit", "Atelier"), ("remove", "Atelier")], ids=["a change", "a removal"]
)
def test_what_cost_nothing_is_taken_back(olga, staged, undone, title):
    if undone == "edit":
        page = olga.submits(staged.path, "", title="Autre titre", room="Ailleurs")
    else:
        page = olga.submits(HERE, f"/{staged.item_id}/remove")
    assert lines_titled(title) == []
    olga.submits(page, "/undo")
    (back,) = lines_titled(title)
    assert back.room == "Salle 2"


def test_a_person_taken_off_comes_back_with_undo(olga, staged):
    olga.submits(f"{staged.path}/people/new", "", person_name="Nadia Benali", title="Acheter")
    page = olga.submits(f"{staged.path}/people", "/remove")
    assert appearances_in(staged.item) == []
    olga.submits(page, "/undo")
    assert [(one.person_name, one.title) for one in appearances_in(staged.item)] == [("Nadia Benali", "Acheter")]


def test_the_order_changes_by_buttons_and_as_a_whole(olga, staged):
    for name in ("Ana", "Bea", "Cleo"):
        olga.submits(f"{staged.path}/people/new", "", person_name=name)
    people = {one.person_name: one.id for one in appearances_in(staged.item)}
    olga.posts(f"{HERE}/appearances/{people['Cleo']}/move", {"direction": "up"})
    session.rollback()
    assert [one.person_name for one in appearances_in(staged.item)] == ["Ana", "Cleo", "Bea"]
    olga.browser.post(f"{staged.path}/order", _order(olga, [people["Bea"], people["Ana"], people["Cleo"]]))
    session.rollback()
    assert [one.person_name for one in appearances_in(staged.item)] == ["Bea", "Ana", "Cleo"]
    lacking = olga.browser.post(f"{staged.path}/order", _order(olga, [people["Bea"]]), expect_errors=True)
    assert lacking.status_int == 409


def _order(visitor: Visitor, ids: list[int]) -> list[tuple[str, str]]:
    token = visitor.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]
    return [("csrf_token", token), *(("order", str(each)) for each in ids)]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"starts": "13:00", "ends": "12:00"}, "La fin vient avant le début"),
        ({"starts": "midi"}, "Début"),
        ({"title": "\x07 \x00"}, "Écrivez un titre"),
        ({"title": "t" * 201}, "200"),
        ({"room": "s" * 1_000_000}, "120"),
        ({"capacity": "-3"}, "Écrivez un nombre entre 1 et"),
        ({"capacity": "9" * 40}, "Écrivez un nombre entre 1 et"),
    ],
)
def test_what_makes_no_line_is_refused_at_its_field(olga, fields, why):
    form = the_form(olga.sees(f"{HERE}/new"))
    for name, value in (NOON | fields).items():
        form[name] = value
    assert why in olga.sends_again(form, status=422).text
    assert lines_titled("Buffet") == []


def test_an_hour_that_the_clocks_skip_is_no_time(olga, staged):
    with unit_of_work():
        staged.morning.event.held_on = date(2027, 3, 28)
    page = olga.submits(f"{HERE}/new", "", status=422, **(NOON | {"starts": "02:30", "ends": "04:00"}))
    assert "on change d’heure" in page.text


def test_what_belongs_to_another_morning_does_not_exist(olga, staged):
    with unit_of_work():
        build_event(at=now(), slug="ailleurs")
        foreign = build_structure(build_event(at=now()), "Étrangère", at=now())
    olga.sees(f"/manage/ailleurs/programme/{staged.item_id}", status=404)
    olga.posts(f"/manage/ailleurs/programme/{staged.item_id}/remove", status=404)
    form = the_form(olga.sees(f"{staged.path}/people/new"))
    form["who"] = f"{foreign.ref}9"
    olga.sends_again(form, status=422)
    assert appearances_in(staged.item) == []


def test_a_long_programme_asks_the_database_no_more_than_a_short_one(olga, staged):
    olga.submits(f"{staged.path}/people/new", "", person_name="Ana")
    pages = (HERE, f"/events/{SLUG}/programme", f"/events/{SLUG}/screen", f"/manage/{SLUG}/stage")
    short = {page: queries_of(olga, page) for page in pages}
    for name in ("amina", "bruno", "chloe"):
        answer = joins(olga, staged, name)
        if "Ce changement touche" in answer.text:
            olga.submits(answer, "/people/new")
    for number in range(5):
        olga.submits(f"{HERE}/new", "", **(NOON | {"title": f"Buffet {number}"}))
    olga.sees(HERE)  # the page after a change also offers to take it back
    assert {page: queries_of(olga, page) for page in pages} == short


def test_conflicts_are_told_in_words(olga, staged):
    event = staged.morning.event
    hours = [
        instant.astimezone(event.zone).strftime("%H:%M") for instant in (staged.item.starts_at, staged.item.ends_at)
    ]
    beside = {
        "kind": "pitches",
        "title": "Pitchs",
        "starts": hours[0],
        "ends": hours[1],
        "room": "salle 2",
        "capacity": "2",
    }
    olga.submits(f"{HERE}/new", "", **beside)
    (pitches,) = lines_titled("Pitchs")
    for item_id in (staged.item_id, pitches.id):
        olga.submits(f"{HERE}/{item_id}/people/new", "", person_name="Nadia Benali", minutes="20")
    said = olga.sees(HERE).html.find("ul", class_="conflict-list").get_text(" ")
    assert "sert deux fois au même moment" in said
    assert "Nadia Benali est à deux endroits" in said
    assert "dure 15 minutes, mais les interventions en prennent 20" in said
    assert "a 2 places, pour 5 participants validés" in said


def test_a_speaker_who_said_to_be_away_then_is_told(olga, staged):
    with unit_of_work():
        chloe, slot = staged.morning.participant("chloe"), staged.morning.event.slots[0]
        session.add(Unavailability(registration_id=chloe.id, slot_id=slot.id))
    answer = joins(olga, staged, "chloe")
    assert "Ce changement touche" not in answer.text, "a slot lost twice is lost once"
    assert "s’est dit indisponible à" in olga.sees(HERE).html.find("ul", class_="conflict-list").get_text(" ")
