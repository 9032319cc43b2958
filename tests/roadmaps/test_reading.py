"""Everybody reads what buyers plan to buy: by quarter, by filter, one by one, or as a file."""

import csv
import io
import json
from pathlib import Path

import pytest

from openmap.core.db import session, unit_of_work
from openmap.organisations.enums import Sector, Service
from openmap.roadmaps.enums import NeedState, SocialClause
from openmap.roadmaps.models import HiddenRoadmap
from openmap.roadmaps.quarters import quarter_of
from openmap.roadmaps.queries import needs_for, needs_of
from tests.counting import queries_of
from tests.people import Visitor
from tests.roadmaps.conftest import CITY, SLUG

LIST = f"/events/{SLUG}/roadmaps"
SCHEMA = Path(__file__).resolve().parents[2] / "static" / "schemas" / "needs-1.json"


def titles(page) -> list[str]:
    return [link.get_text(strip=True) for link in page.html.select(".need-card__title a")]


def test_a_morning_shows_the_needs_of_its_buyers_by_quarter(story):
    first = quarter_of(story.event.held_on)
    story.need("Plus tard", quarter=first + 2)
    story.need("Bientôt", of="other", quarter=first)
    story.need("Brouillon", is_published=False)
    page = Visitor(story.app).sees(LIST)
    assert titles(page) == ["Bientôt", "Plus tard"]
    assert len(page.html.select(".need-timeline__name")) == 2
    counted = [each.get_text(" ", strip=True) for each in page.html.select(".quarters__count")]
    assert counted == ["1 1 besoin", "1 1 besoin"]


def test_a_morning_shows_neither_hidden_roadmaps_nor_what_is_out_of_its_18_months(story):
    first = quarter_of(story.event.held_on)
    hidden = story.need("Cachée")
    quarters = {"Passé": first - 1, "Au début": first, "À la fin": first + 6, "Au-delà": first + 7}
    for title, quarter in quarters.items():
        story.change(story.need(title, of="other"), quarter=quarter)
    with unit_of_work():
        session.add(HiddenRoadmap(roadmap_id=hidden.roadmap_id, event_id=story.event.id))
    assert titles(Visitor(story.app).sees(LIST)) == ["Au début", "À la fin"]
    assert titles(Visitor(story.app).sees(CITY)) == ["Cachée"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Serveurs", "Été au vert"]),
        ("q=ete", ["Été au vert"]),
        ("q=plaine+serveur", ["Serveurs"]),
        ("q=informatiques", ["Serveurs"]),
        ("q=100%25", []),
        ("sector=it", ["Serveurs"]),
        ("sector=waste", []),
        ("sector=rubbish", ["Serveurs", "Été au vert"]),
        ("service=goods", ["Serveurs"]),
        ("departement=93", ["Serveurs", "Été au vert"]),
        ("departement=75", ["Été au vert"]),
        ("clause=reserved", ["Été au vert"]),
        ("amount=small", ["Serveurs"]),
        ("amount=large", ["Serveurs"]),
        ("amount=very-large", []),
        ("buyer=ville-de-paris", ["Été au vert"]),
        ("cocontracting=yes", ["Été au vert"]),
        ("cocontracting=no", ["Serveurs"]),
        ("sector=it&cocontracting=yes", []),
        ("page=99", []),
    ],
)
def test_the_list_is_narrowed_by_what_is_in_the_address(story, query, found):
    story.need(
        "Serveurs", of="other", sector=Sector.IT, service=Service.GOODS, departement="93", amount_low=30_000,
        amount_high=100_000,
    )  # fmt: skip
    story.need("Été au vert", sector=Sector.GREEN_SPACES, clause=SocialClause.RESERVED, is_open_to_cocontracting=True)
    assert titles(Visitor(story.app).sees(f"{LIST}?{query}")) == found


def test_each_choice_says_how_many_needs_it_leaves(story):
    story.need("A", sector=Sector.IT, departement="93")
    story.need("B", sector=Sector.WASTE, departement="93")
    story.need("C", sector=Sector.WASTE)
    page = Visitor(story.app).sees(f"{LIST}?departement=93&sector=waste")
    options = {
        name: [option.text for option in page.html.select(f"#{name} option")] for name in ("sector", "departement")
    }
    assert options == {
        "sector": ["Tous", "Prestations informatiques (1)", "Collecte et traitement des déchets (2)"],
        "departement": ["Tous", "Seine-Saint-Denis (93) (2)"],
    }
    assert titles(page) == ["B", "C"]


def test_a_draft_is_its_buyers_alone(story):
    need = story.need(is_published=False)
    path = f"{CITY}/needs/{need.id}"
    Visitor(story.app).sees(path, status=404)
    story.person("bert").sees(path, status=404)
    assert "Brouillon" in story.person("bea").sees(path).text


def test_a_need_is_found_under_its_own_buyer_only(story):
    need = story.need()
    story.need(of="other")
    visitor = Visitor(story.app)
    visitor.sees(f"/roadmaps/plaine-commune/needs/{need.id}", status=404)
    visitor.sees(f"{CITY}/needs/999999", status=404)
    visitor.sees("/roadmaps/absent", status=404)
    visitor.sees("/events/absent/roadmaps", status=404)


def test_a_structure_goes_from_a_need_to_its_request(story):
    need = story.need()
    page = story.person("sami").sees(f"{CITY}/needs/{need.id}")
    link = page.html.find("a", href=lambda href: href and f"need={need.id}" in href)
    assert f"/events/{SLUG}/requests/" in link["href"]
    assert "Demander un rendez-vous à Achats" in link.text
    asking = story.person("sami").sees(link["href"])
    assert asking.html.find("option", selected=True)["value"] == str(need.id)
    stranger = Visitor(story.app).sees(f"{CITY}/needs/{need.id}")
    assert f"/events/{SLUG}/registrations" in stranger.text
    assert f"need={need.id}" not in stranger.text


def test_the_contact_is_named_to_people_signed_in_only(story):
    need = story.need(contact_id=story.city.contacts[0].id)
    path = f"{CITY}/needs/{need.id}"
    assert "Bea" not in Visitor(story.app).sees(path).text
    page = story.person("sami").sees(path)
    assert "Bea" in page.text
    assert "bea@exemple.fr" not in page.text


def test_ten_and_a_thousand_needs_take_the_same_queries(story):
    story.need()
    visitor = Visitor(story.app)
    paths = (LIST, CITY, "/roadmaps", f"{LIST}?q=besoin&sector=waste&page=2", f"{LIST}/needs.csv")
    story.add_needs(9)
    few = [queries_of(visitor, path) for path in paths]
    story.add_needs(990)
    assert [queries_of(visitor, path) for path in paths] == few
    assert max(few) <= 10


def test_the_csv_holds_what_is_filtered_and_no_formula(story):
    story.need("=1+1", departement="93", lot_count=3, amount_high=50_000, notes="deux\nlignes")
    story.need("Ailleurs", departement="77")
    answer = Visitor(story.app).browser.get(f"{LIST}/needs.csv?departement=93")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=besoins-{SLUG}.csv"
    assert answer.body.startswith(b"\xef\xbb\xbf")
    headings, row = csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""), delimiter=";")
    said = dict(zip(headings, row, strict=True))
    assert (said["Acheteur"], said["Objet"], said["Nombre de lots"]) == ("Ville de Paris", "'=1+1", "3")
    assert (said["Montant maximum (€ HT)"], said["Précisions"]) == ("50000", "deux\nlignes")


def test_the_json_is_as_its_schema_says(story):
    need = story.need("Été", departement="93", clause=SocialClause.INSERTION)
    document = Visitor(story.app).browser.get(f"{CITY}/needs.json").json
    schema = json.loads(SCHEMA.read_text())
    facts = schema["properties"]["needs"]["items"]
    [found] = document["needs"]
    assert document["$schema"] == "http://localhost/static/schemas/needs-1.json"
    assert set(found) == set(facts["required"]) == set(facts["properties"])
    assert (found["id"], found["title"], found["clause"], found["city"]) == (need.id, "Été", "insertion", None)
    assert facts["properties"]["clause"]["enum"] == [str(clause) for clause in SocialClause]
    assert facts["properties"]["service"]["enum"] == [str(service) for service in Service]


def test_other_features_ask_for_the_needs_that_match(story):
    near = story.need("Près", sector=Sector.WASTE, service=Service.GOODS, departement="93")
    far = story.need("Loin", sector=Sector.WASTE, departement="13", quarter=quarter_of(story.event.held_on))
    story.need("Autre", sector=Sector.IT, of="other")
    story.need("Archivé", is_published=False)
    found = needs_for({Service.GOODS}, {Sector.WASTE}, {"93"}, story.event)
    assert [(each.need.id, each.shares_service, each.shares_area) for each in found] == [
        (near.id, True, True),
        (far.id, False, False),
    ]
    assert [need.id for need in needs_of(story.city, story.event)] == [far.id, near.id]
    assert needs_for((), (), (), story.event) == []


def test_an_archived_need_leaves_every_page(story):
    need = story.need()
    story.change(need, state=NeedState.ARCHIVED)
    assert titles(Visitor(story.app).sees(CITY)) == []
    Visitor(story.app).sees(f"{CITY}/needs/{need.id}", status=404)
