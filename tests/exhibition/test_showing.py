"""Everybody reads the plan and the list; a holder says what is at its stand, and nothing more is shown."""

import pytest

from openmap.core.db import unit_of_work
from tests.counting import queries_of
from tests.factories import build_stand
from tests.people import Visitor


@pytest.fixture
def shown(hall):
    """A public plan with GRAFIE's stand, one held by nobody registered, and a free one."""
    with unit_of_work():
        exhibition = hall.exhibition
        exhibition.is_public, exhibition.introduction = True, "Entre la scène et les tables."
        build_stand(exhibition, "A1", registration=hall.grafie)
        build_stand(exhibition, "A2", x=4, exhibitor="Mairie de Vitry", description="Les marchés à venir.")
        build_stand(exhibition, "A10", x=8)
    return hall


def test_a_plan_that_is_not_shown_is_there_for_organisers_alone(app, olga, hall):
    Visitor(app).sees(hall.page, status=404)
    assert "Vous seul voyez cette page" in olga.sees(hall.page).text
    assert "Voir l’exposition" not in Visitor(app).sees(f"/events/{hall.event.slug}").text


def test_a_visitor_reads_plan_hours_and_stands(app, shown):
    page = Visitor(app).sees(f"/events/{shown.event.slug}").click("Voir l’exposition")
    drawing = page.html.find("svg", attrs={"aria-labelledby": "plan-title plan-desc"})
    assert drawing.find("desc").get_text(strip=True).startswith("Une salle de 20 mètres sur 12.")
    linked = {link["aria-label"]: link["href"].partition("#")[2] for link in drawing.find_all("a")}
    assert list(linked) == ["Stand A1, GRAFIE", "Stand A2, Mairie de Vitry"]
    assert all(page.html.find(id=target) for target in linked.values())
    assert "de 9 h 00 à 13 h 00" in page.text.replace("\u00a0", " ")
    assert "Les marchés à venir." in page.text


def test_nothing_of_the_registration_is_published_unless_the_holder_writes_it(app, gaelle, shown):
    assert "gaelle@exemple.fr" not in Visitor(app).sees(shown.page).text
    path = f"{shown.page}/{shown.grafie.ref}"
    assert path in gaelle.sees("/my-space").text
    gaelle.submits(path, description="Nos 40 adhérents.", contact_name="Gaëlle", contact_phone="0123456789")
    public = Visitor(app).sees(shown.page).text
    assert "Nos 40 adhérents." in public
    assert "Gaëlle" in public
    assert "gaelle@exemple.fr" not in public


def test_only_the_holder_and_organisers_describe_a_stand(app, gaelle, olga, shown):
    amina = Visitor(app, "amina@exemple.fr").signs_in()
    path = f"{shown.page}/{shown.grafie.ref}"
    amina.sees(path, status=404)
    amina.sees(f"{shown.page}/{shown.amina.ref}", status=404)  # who holds no stand has no such page
    assert "Vous agissez pour GRAFIE" in olga.submits(path, description="Dit au téléphone.").text
    answer = gaelle.submits(path, status=422, contact_email="pas une adresse")
    assert "Écrivez une adresse comme nom@exemple.fr" in answer.text


def test_a_search_narrows_the_list_and_says_when_nothing_is_found(app, shown):
    with unit_of_work():
        for number in range(30):
            build_stand(
                shown.exhibition,
                f"B{number}",
                x=number % 20,
                y=3 + number // 20,
                width=1,
                depth=1,
                exhibitor=f"N° {number}",
            )
    visitor = Visitor(app)
    assert "Mairie de Vitry" in visitor.sees(f"{shown.page}?q=marches").text
    assert "Aucun exposant ne correspond" in visitor.sees(f"{shown.page}?q=introuvable").text
    assert "Page" in visitor.sees(shown.page).text
    assert "N° 29" in visitor.sees(f"{shown.page}?page=2").text
    visitor.sees(f"{shown.page}?page=-3&q=%22%3Cscript%3E")


def test_the_number_of_queries_does_not_grow(app, shown):
    visitor = Visitor(app)
    visitor.sees(shown.page)
    few = queries_of(visitor, shown.page)
    with unit_of_work():
        for number in range(10):
            build_stand(shown.exhibition, f"B{number}", x=number, y=5, width=1, exhibitor=f"N° {number}")
    assert queries_of(visitor, shown.page) == few
