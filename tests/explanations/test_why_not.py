"""« Pourquoi pas ? »: each side reads the reason and the slots; nobody reads whom the other side meets."""

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from tests.allocation.conftest import SLUG, Morning
from tests.counting import queries_of
from tests.factories import build_request, build_structure
from tests.people import Visitor

DESK = "dsi"


@pytest.fixture
def published(solved: Morning, olga: Visitor) -> Morning:
    """The DSI has two slots for Amina, Bruno and Chloé; Amina, who has Achats too, is the one left out."""
    olga.submits(solved.path("/1/publish"), "/publish")
    return solved


def path(morning: Morning, who: str, rest: str = "") -> str:
    return f"/events/{SLUG}/explanations/{morning.participant(who).ref}{rest}"


def text(page) -> str:
    return " ".join(page.html.find("main").get_text(" ", strip=True).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture
def amina(solved_app: Flask, published: Morning) -> Visitor:
    return Visitor(solved_app, "amina@exemple.fr").signs_in()


@pytest.fixture
def dsi(solved_app: Flask, published: Morning) -> Visitor:
    return Visitor(solved_app, "dsi@exemple.fr").signs_in()


def test_amina_reads_why_and_each_slot_without_a_name_of_the_others(published: Morning, amina: Visitor) -> None:
    listed = text(amina.sees(path(published, "amina")))
    assert "ses 2 créneaux vont à des structures dont c’est l’unique rendez-vous" in listed
    request = published.request("amina", DESK)
    page = amina.sees(path(published, "amina", f"/{request.id}"))
    lanes = [text_of.get_text(" ", strip=True) for text_of in page.html.select(".lane__what")]
    assert lanes.count("avec une structure dont c’est l’unique rendez-vous") == 2
    assert "Bruno" not in text(page)
    assert "Chloe" not in text(page)


def test_the_desk_reads_the_same_from_its_side(published: Morning, dsi: Visitor) -> None:
    request = published.request("amina", DESK)
    assert "Pas de rendez-vous avec Amina" in text(dsi.sees(path(published, DESK)))
    page = dsi.sees(path(published, DESK, f"/{request.id}"))
    assert "avec Bruno" in text(page)
    assert "avec un autre acheteur" in text(page)
    assert "Achats" not in text(page)


def test_an_organiser_reads_every_name(published: Morning, olga: Visitor) -> None:
    request = published.request("amina", DESK)
    told = text(olga.sees(path(published, "amina", f"/{request.id}")))
    assert "avec Bruno" in told
    assert "Achats" in told


def test_a_declined_request_tells_its_reason_to_both(published: Morning, solved_app: Flask) -> None:
    bruno = Visitor(solved_app, "bruno@exemple.fr").signs_in()
    assert "l’acheteur a décliné la demande" in text(bruno.sees(path(published, "bruno")))
    achats = Visitor(solved_app, "achats@exemple.fr").signs_in()
    assert "vous avez décliné sa demande" in text(achats.sees(path(published, "achats")))


def test_a_request_with_a_meeting_or_of_someone_else_has_no_such_page(published: Morning, amina: Visitor) -> None:
    met = published.request("amina", "achats")
    amina.sees(path(published, "amina", f"/{met.id}"), status=404)
    other = published.request("bruno", "achats")
    amina.sees(path(published, "amina", f"/{other.id}"), status=404)
    amina.sees(path(published, DESK), status=404)


def test_before_a_publication_the_list_says_so(solved: Morning, solved_app: Flask) -> None:
    amina = Visitor(solved_app, "amina@exemple.fr").signs_in()
    assert "le programme n’est pas encore publié" in text(amina.sees(path(solved, "amina")))


def test_the_list_costs_the_same_whatever_its_length(published: Morning, dsi: Visitor, olga: Visitor) -> None:
    one = queries_of(dsi, path(published, DESK))
    with unit_of_work():
        for name in ("Djamel", "Elsa"):
            desk = published.participant(DESK).desk
            assert desk
            build_request(build_structure(published.event, name, at=now()), desk, at=now())
    number = published.solve().number
    olga.submits(published.path(f"/{number}/publish"), "/publish")
    assert len(dsi.sees(path(published, DESK)).html.select(".request")) == 3
    assert queries_of(dsi, path(published, DESK)) == one
