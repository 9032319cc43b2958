"""A workshop has so many places: participants reserve, wait, give back; the first to ask comes first."""

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.core.db import session
from openmap.meetings.models import Meeting, MeetingParticipant
from openmap.programme.places import places_of, reservations_in
from tests.allocation.conftest import SLUG
from tests.counting import queries_of
from tests.people import Visitor
from tests.programming.conftest import HERE, Staged


@pytest.fixture
def workshop(olga: Visitor, staged: Staged) -> Staged:
    """With one place, to be reserved."""
    olga.submits(staged.path, "", capacity="1", is_reserved=True)
    return staged


def person(app: Flask, name: str) -> Visitor:
    return Visitor(app, f"{name}@exemple.fr").signs_in()


def places(staged: Staged, name: str) -> str:
    return f"/events/{SLUG}/places/{staged.morning.participant(name).ref}"


def line(staged: Staged, name: str, act: str = "") -> str:
    return f"{places(staged, name)}/{staged.item_id}{act}"


def holders(staged: Staged) -> list[tuple[str, bool]]:
    """Who has a place, then who waits."""
    return [(each.registration.ref, each.given_at is not None) for each in reservations_in(staged.item)]


def refs(staged: Staged, *names: str) -> list[str]:
    return [staged.morning.participant(name).ref for name in names]


def test_the_last_place_is_taken_the_next_waits_and_comes_in_when_it_is_given_back(app, workshop):
    amina, bruno = person(app, "amina"), person(app, "bruno")
    public = amina.sees(f"/events/{SLUG}/programme")
    assert "Encore 1 place sur 1." in public.text
    amina.submits(public.click("Réserver ou rendre ma place"), f"/{workshop.item_id}")
    assert "Votre place est réservée" in amina.latest_mail().subject
    page = bruno.submits(places(workshop, "bruno"), f"/{workshop.item_id}")
    assert "vous êtes sur la liste d’attente" in page.text
    first, second = refs(workshop, "amina", "bruno")
    assert holders(workshop) == [(first, True), (second, False)]
    amina.submits(places(workshop, "amina"), "/return")
    assert holders(workshop) == [(second, True)]
    assert "Une place s’est libérée pour vous" in bruno.latest_mail().subject
    assert "Place réservée" in bruno.sees(f"/events/{SLUG}/agendas/{second}").text


def test_nobody_passes_who_waits_and_more_places_go_to_them(app, olga, workshop):
    for name in ("amina", "bruno"):
        person(app, name).submits(places(workshop, name), f"/{workshop.item_id}")
    page = person(app, "chloe").sees(places(workshop, "chloe"))
    assert "Attendre une place" in page.text
    olga.submits(workshop.path, "", capacity="2")
    assert holders(workshop) == [(ref, True) for ref in refs(workshop, "amina", "bruno")]


def test_whoever_leaves_the_morning_leaves_the_place(app, workshop):
    for name in ("amina", "bruno"):
        person(app, name).submits(places(workshop, name), f"/{workshop.item_id}")
    amina = person(app, "amina")
    amina.submits(f"/events/{SLUG}/leaving/{refs(workshop, 'amina')[0]}/cancel", "")
    assert holders(workshop) == [(refs(workshop, "bruno")[0], True)]


def test_the_organiser_reserves_for_somebody_and_sees_who_comes(olga, workshop):
    ref = refs(workshop, "chloe")[0]
    found = olga.sees(f"{workshop.path}/places?q={ref}").click("Ouvrir ses places")
    assert "Vous agissez pour" in olga.submits(found, f"/{workshop.item_id}").text
    table = olga.sees(f"{workshop.path}/places").html.find("table").get_text(" ")
    assert ref in table
    assert "réservée" in table


def test_holders_hear_of_another_hour_and_of_the_end(app, olga, workshop):
    amina = person(app, "amina")
    amina.submits(places(workshop, "amina"), f"/{workshop.item_id}")
    assert "gardez la réservation" in olga.submits(workshop.path, "", status=422, is_reserved=False).text
    olga.submits(workshop.path, "", room="Salle 5")
    mail = amina.latest_mail()
    assert "Changement d’heure ou de salle" in mail.subject
    assert "Salle 5" in mail.text
    olga.submits(HERE, f"/{workshop.item_id}/remove")
    assert "N’a plus lieu" in amina.latest_mail().subject
    assert not places_of(workshop.morning.event)


def test_what_cannot_be_reserved_is_said(app, olga, staged):
    assert "il faut un nombre de places" in olga.submits(staged.path, "", status=422, is_reserved=True).text
    amina = person(app, "amina")
    assert "Rien à réserver" in amina.sees(places(staged, "amina")).text
    refused = amina.posts(line(staged, "amina"), status=409)
    assert "ne se réserve pas" in refused.text


def test_a_published_meeting_at_that_hour_is_said_before_one_reserves(published, solved_app):
    olga = Visitor(solved_app, "olga@exemple.fr").signs_in()
    olga.submits(published.path, "", capacity="9", is_reserved=True)
    people = session.scalars(select(MeetingParticipant).join(MeetingParticipant.meeting).join(Meeting.slot))
    ref = next(one.registration.ref for one in people if one.meeting.slot.position == 0)
    assert "vous ne pourrez pas être aux deux" in olga.sees(f"/events/{SLUG}/places/{ref}").text


def test_more_lines_and_more_people_cost_no_more_queries(app, olga, workshop):
    pages = (places(workshop, "amina"), f"{workshop.path}/places", f"/events/{SLUG}/programme", HERE)
    person(app, "amina").submits(places(workshop, "amina"), f"/{workshop.item_id}")
    for page in pages:
        olga.sees(page)
    few = [queries_of(olga, page) for page in pages]
    for name in ("bruno", "chloe"):
        person(app, name).submits(places(workshop, name), f"/{workshop.item_id}")
    for number in range(3):
        fields = {"kind": "workshop", "title": f"Atelier {number}", "starts": "12:30", "ends": "13:30", "capacity": "4"}
        olga.submits(f"{HERE}/new", "", is_reserved=True, **fields)
    for page in pages:
        olga.sees(page)
    assert [queries_of(olga, page) for page in pages] == few
