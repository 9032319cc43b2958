"""What anyone may read: the mornings, one morning, the rule."""

from datetime import timedelta

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.events.models import Event
from openmap.registrations.consent_texts import CONSENT_TEXTS
from openmap.registrations.enums import ConsentPurpose, RegistrationState
from openmap.registrations.operations import GivenConsent, give_consent, withdraw_consent
from tests.counting import queries_of
from tests.factories import build_desk, build_event, build_person, build_request, build_structure
from tests.people import Visitor

PAGE = "/events/matinale-dechets"


@pytest.fixture
def event(app: Flask) -> Event:
    with unit_of_work():
        return build_event(at=now(), slug="matinale-dechets")


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def cards(page, selector="li.desk-card"):
    return [" ".join(card.get_text(" ").split()) for card in page.html.select(f"main {selector}")]


def test_without_any_morning_the_list_says_what_will_come(visitor):
    assert "Aucune matinale pour le moment" in visitor.sees("/").text


def test_mornings_to_come_stand_first_the_nearest_on_top_then_past_ones(visitor, event):
    with unit_of_work():
        later = build_event(at=now() + timedelta(days=60), slug="plus-tard")
        past = build_event(at=now() - timedelta(days=90), slug="passee")
        build_desk(event, at=now())
        build_structure(event, at=now())
        build_structure(event, at=now(), state=RegistrationState.PENDING)
    page = visitor.sees("/")
    assert [link["href"] for link in page.html.select("main h3 a")] == [
        f"/events/{slug}" for slug in ("matinale-dechets", later.slug, past.slug)
    ]
    first = cards(page, "li.card")[0]
    assert "1 délégation d’acheteurs · 1 structure · 4 créneaux" in first
    assert "S’inscrire" in first
    assert "S’inscrire" not in cards(page, "li.card")[2]


def test_the_list_asks_as_many_queries_for_three_mornings_as_for_one(visitor, event):
    one = queries_of(visitor, "/")
    with unit_of_work():
        for _ in range(2):
            build_desk(build_event(at=now()), at=now())
    assert queries_of(visitor, "/") == one


def test_a_morning_tells_where_when_until_when_who_buys_and_the_rule(visitor, event):
    with unit_of_work():
        build_desk(event, "DSI", body="Ville de Paris", at=now())
        build_desk(event, "Achats", body="Refusée", at=now(), state=RegistrationState.REFUSED)
    page = visitor.sees(PAGE)
    text = " ".join(page.html.find("main").get_text(" ").split())
    for words in ("Matinale de l’économie circulaire", "Ressourcerie du Spectacle", "encore 9 jours", "Rendez-vous"):
        assert words in text
    assert "Un premier rendez-vous pour le plus de structures possible" in text
    [card] = cards(page)
    assert card.startswith("Ville de Paris DSI")
    assert len(page.html.find_all("h1")) == 1


def test_demand_is_told_in_words_from_requests_and_usable_slots(visitor, event):
    with unit_of_work():
        calm, asked, rushed = (build_desk(event, name, body=name, at=now(), unavailable=(1, 2, 3)) for name in "ABC")
        for rank, name in enumerate(("Un", "Deux"), start=1):
            structure = build_structure(event, name, at=now())
            build_request(structure, rushed, rank=1, at=now())
            if rank == 1:
                build_request(structure, asked, rank=2, at=now())
    assert [card.split("déchets ")[-1].rsplit(" ", 2)[0] for card in cards(visitor.sees(PAGE))] == [
        "Encore des places", "Encore des places", "Très demandé"
    ]  # fmt: skip
    assert calm.registration.ref < asked.registration.ref


def test_a_morning_asks_as_many_queries_for_three_desks_as_for_one(visitor, event):
    with unit_of_work():
        build_desk(event, at=now(), table_number=1)
    one = queries_of(visitor, PAGE)
    with unit_of_work():
        for number in (2, 3):
            build_desk(event, at=now(), body=f"Ville {number}", table_number=number, unavailable=(0,))
    assert queries_of(visitor, PAGE) == one


def test_many_desks_are_searched_and_paged_with_the_words_in_the_address(visitor, event):
    with unit_of_work():
        for number in range(23):
            build_desk(event, f"Service {number:02d}", body=f"Ville {number}", at=now())
        build_desk(event, "Achats", body="Élancourt", at=now())
    first = visitor.sees(PAGE)
    second = visitor.sees(first.html.find("a", rel="next")["href"])
    assert (len(cards(first)), len(cards(second))) == (20, 4)
    [card] = cards(visitor.sees(f"{PAGE}?q=%C3%A9lancourt+paris"))
    assert card.startswith("Élancourt Achats")
    assert "Aucun acheteur ne correspond" in visitor.sees(f"{PAGE}?q=lune&page=7").text


def test_what_a_desk_says_of_itself_is_public_once_it_agreed_and_known_to_those_who_take_part(app, visitor, event):
    with unit_of_work():
        amina = build_person("Amina", email="amina@exemple.fr", at=now())
        build_structure(event, at=now(), contact=amina)
        quiet, open_one = (
            build_desk(event, name, body=name, at=now()).registration for name in ("Discrète", "Ouverte")
        )
        quiet.offer = open_one.offer = "Des vélos pour nos agents"
    with unit_of_work():
        text = CONSENT_TEXTS[ConsentPurpose.DIRECTORY]
        given = GivenConsent(ConsentPurpose.DIRECTORY, text.version, text.text)
        give_consent(open_one, given, by=None, at=now())
    assert ["vélos" in card for card in cards(visitor.sees(PAGE))] == [False, True]
    assert len(cards(visitor.sees(f"{PAGE}?q=v%C3%A9los"))) == 1
    inside = Visitor(app, "amina@exemple.fr").signs_in()
    assert ["vélos" in card for card in cards(inside.sees(PAGE))] == [True, True]
    with unit_of_work():
        withdraw_consent(open_one, ConsentPurpose.DIRECTORY, by=None, at=now())
    assert "vélos" not in visitor.sees(PAGE).text


def test_the_buttons_are_those_of_whoever_looks(app, event):
    with unit_of_work():
        people = {
            name: build_person(name, email=f"{name}@exemple.fr", at=now()) for name in ("amina", "bruno", "chloe")
        }
        structure = build_structure(event, at=now(), contact=people["amina"])
        desk = build_desk(event, at=now(), contact=people["bruno"])
        build_structure(event, "Atelier Lune", at=now(), contact=people["chloe"], state=RegistrationState.PENDING)
    links = {
        name: {
            link["href"] for link in Visitor(app, person.email).signs_in().sees(PAGE).html.select(".hero__actions a")
        }
        for name, person in people.items()
    }
    asks, answers = (
        f"/events/matinale-dechets/requests/{structure.ref}",
        f"{PAGE}/desks/{desk.registration.ref}/requests",
    )
    assert asks in links["amina"]
    assert answers in links["bruno"]
    assert not {asks, answers} & links["chloe"]
    assert all(f"{PAGE}/registrations" in found for found in links.values())


def test_after_the_deadlines_nobody_is_invited_to_register(visitor, event):
    with unit_of_work():
        event.registration_closes_at = event.requests_close_at = event.answers_close_at = now()
    page = visitor.sees(PAGE)
    assert f"{PAGE}/registrations" not in {link["href"] for link in page.html.select("main a")}
    assert "Les inscriptions sont closes" in visitor.sees(f"{PAGE}/registrations").text


def test_an_unknown_morning_does_not_exist(visitor):
    for path in (
        "/events/nulle-part",
        "/events/nulle-part/registrations",
        "/events/nulle-part/registrations/structure",
    ):
        visitor.sees(path, status=404)


def test_the_rule_is_published(visitor, event):
    text = visitor.sees("/rule").text
    for words in ("Le plus de structures servies", "Ce qui ne compte pas", "Un exemple", "prouvé"):
        assert words in text


def test_titles_written_by_people_stay_text(visitor, event):
    with unit_of_work():
        event.title = '<b>Matinale</b> "d’essai"'
    for path in ("/", PAGE):
        assert "<b>Matinale</b>" not in visitor.sees(path).text
