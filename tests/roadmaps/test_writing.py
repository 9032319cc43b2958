"""A buyer's people write its needs one by one; organisers do it for those who phone."""

from functools import partial

import pytest
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import Contact, GivenRole
from openmap.registrations.enums import RegistrationState
from openmap.roadmaps.enums import NeedState
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.quarters import quarter_of
from tests.factories import build_desk, build_event, build_person
from tests.people import Visitor, the_form
from tests.roadmaps.conftest import CITY, OTHER, SLUG
from tests.rows import all_rows

NEW = f"{CITY}/needs/new"


def needs(state: NeedState | None = None) -> list[Need]:
    session.rollback()
    rows = session.scalars(select(Need).order_by(Need.position, Need.id))
    return [need for need in rows if state in {None, need.state}]


def filled(page, **said):
    form = the_form(page)
    usual = {"title": "Nettoyage de vitres", "sector": "cleaning", "service": "provision"}
    form["quarter"] = str(quarter_of(now().date()) + 1)
    for name, value in (usual | said).items():
        form[name] = value
    return form


def test_a_buyer_begins_with_four_answers_and_everybody_reads_the_need(story):
    bea = story.person("bea")
    page = bea.submits("/roadmaps/mine", "/mine")
    assert "Commencez par un premier besoin" in page.text
    form = filled(bea.sees(NEW))
    answer = form.submit("publish")
    assert answer.status_int == 302
    [need] = needs()
    assert (need.state, need.reference, need.position) == (NeedState.PUBLISHED, "N001", 1)
    assert "Nettoyage de vitres" in Visitor(story.app).sees(CITY).text
    assert bea.sees("/roadmaps/mine").request.path == f"{CITY}/edit"


def test_a_draft_waits_until_it_is_published(story):
    story.need(of="other")
    need = story.need(is_published=False)
    bea = story.person("bea")
    assert "Collecte" not in Visitor(story.app).sees(CITY).text
    bea.submits(f"{CITY}/edit", f"/needs/{need.id}/publish")
    assert "Collecte" in Visitor(story.app).sees(CITY).text
    bea.submits(f"{CITY}/edit", f"/needs/{need.id}/archive")
    assert "Collecte" not in Visitor(story.app).sees(CITY).text
    assert "Collecte" in bea.sees(f"{CITY}/edit?state=archived").text


def test_every_answer_is_kept_as_it_was_typed(story):
    story.need()
    bea = story.person("bea")
    contact = story.city.contacts[0].id
    said = {
        "notes": "Deux fois\npar mois", "amount_low": "40 000 €", "amount_high": "1,5 M€", "departement": "93",
        "city": "Bobigny", "clause": "reserved", "lot_count": "3", "contact": str(contact), "reference": "VP-1",
    }  # fmt: skip
    form = filled(bea.sees(NEW), **said)
    form["is_open_to_cocontracting"] = True
    bea.sends_again(form)
    need = needs(NeedState.DRAFT)[0]
    assert (need.amount_low, need.amount_high, need.lot_count) == (40_000, 1_500_000, 3)
    assert (need.notes, need.city, need.reference) == ("Deux fois\npar mois", "Bobigny", "VP-1")
    assert (need.departement, need.clause, need.contact_id) == ("93", "reserved", contact)
    assert need.is_open_to_cocontracting
    shown = the_form(bea.sees(f"{CITY}/needs/{need.id}/edit"))
    assert {name: shown[name].value for name in ("amount_low", "lot_count", "clause", "city")} == {
        "amount_low": "40000",
        "lot_count": "3",
        "clause": "reserved",
        "city": "Bobigny",
    }


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"title": ""}, "title", "Dites en quelques mots"),
        ({"title": "x" * 201}, "title", "200"),
        ({"amount_high": "beaucoup"}, "amount_high", "n’est pas un montant"),
        ({"amount_low": "9", "amount_high": "8"}, "amount_high", "plus petit"),
        ({"lot_count": "0"}, "lot_count", "n’est pas un nombre de lots"),
        ({"lot_count": "201"}, "lot_count", "n’est pas un nombre de lots"),
        ({"reference": "N001"}, "reference", "déjà celle d’un autre besoin"),
    ],
)
def test_a_mistake_is_told_at_its_field_with_what_was_typed(story, said, field, sentence):
    story.need()
    bea = story.person("bea")
    form = filled(bea.sees(NEW), city="Pantin", **said)
    before = all_rows()
    page = bea.sends_again(form, status=422)
    assert sentence in page.html.find(id=f"{field}-error").text
    assert the_form(page)["city"].value == "Pantin"
    assert all_rows() == before


@pytest.mark.parametrize("quarter", [quarter_of(now().date()) - 1, quarter_of(now().date()) + 7, 0, 99999])
def test_a_quarter_out_of_the_18_months_is_refused(story, quarter):
    story.need()
    bea = story.person("bea")
    form = filled(bea.sees(NEW))
    form["quarter"].force_value(str(quarter))
    page = bea.sends_again(form, status=422)
    assert "18 mois" in page.html.find(id="quarter-error").text


def test_a_contact_of_another_body_is_refused(story):
    story.need()
    bea = story.person("bea")
    form = filled(bea.sees(NEW))
    form["contact"].force_value(str(story.other.contacts[0].id))
    bea.sends_again(form, status=422)
    assert len(needs()) == 1


def test_a_double_click_writes_one_need(story):
    story.need()
    bea = story.person("bea")
    form = filled(bea.sees(NEW))
    bea.sends_again(form)
    bea.sends_again(form)
    assert len(needs()) == 2
    copy = the_form(bea.sees(f"{CITY}/edit"), f"/{needs()[0].id}/duplicate")
    assert bea.sends_again(copy).request.path == bea.sends_again(copy).request.path
    assert [need.title for need in needs()] == ["Collecte de papiers de bureau"] * 2 + ["Nettoyage de vitres"]


def test_two_colleagues_at_one_need_the_second_reads_what_the_first_wrote(story):
    need = story.need()
    path = f"{CITY}/needs/{need.id}/edit"
    bea, olga = story.person("bea"), story.person("olga")
    form = the_form(bea.sees(path))
    olga.submits(path, title="Collecte de cartons")
    form["title"] = "Collecte de verre"
    page = bea.sends_again(form, status=409)
    assert "Ce qui est enregistré maintenant" in page.text
    assert "Collecte de cartons" in page.text
    assert the_form(page)["title"].value == "Collecte de verre"
    bea.sends_again(the_form(page))
    assert [need.title for need in needs()] == ["Collecte de verre"]


def test_needs_are_put_in_order_by_buttons(story):
    first, second, third = (story.need(title) for title in ("Un", "Deux", "Trois"))
    bea = story.person("bea")
    bea.submits(f"{CITY}/edit", f"/{third.id}/up")
    bea.submits(f"{CITY}/edit", f"/{first.id}/down")
    assert [need.title for need in needs()] == ["Trois", "Un", "Deux"]
    bea.posts(f"{CITY}/needs/{second.id}/down")
    assert [need.title for need in needs()] == ["Trois", "Un", "Deux"]


def test_a_need_of_a_quarter_that_is_over_is_kept_but_not_published_again(story):
    need = story.need(is_published=False)
    story.change(need, quarter=quarter_of(now().date()) - 1)
    bea = story.person("bea")
    page = bea.posts(f"{CITY}/needs/{need.id}/publish", status=422)
    assert "18 mois" in page.text
    form = the_form(bea.sees(f"{CITY}/needs/{need.id}/edit"))
    form["title"] = "Autre objet"
    bea.sends_again(form)
    assert needs()[0].title == "Autre objet"


def test_a_roadmap_is_hidden_at_one_morning_and_stays_on_its_own_page(story):
    story.need()
    bea = story.person("bea")
    bea.submits(f"{CITY}/edit", "/hide")
    assert "Collecte" not in Visitor(story.app).sees(f"/events/{SLUG}/roadmaps").text
    assert "Collecte" in Visitor(story.app).sees(CITY).text
    bea.submits(f"{CITY}/edit", "/show")
    assert "Collecte" in Visitor(story.app).sees(f"/events/{SLUG}/roadmaps").text
    with unit_of_work():
        build_event(slug="ailleurs", at=now())
    bea.posts(f"{CITY}/mornings/ailleurs/hide", status=404)


def test_the_presentation_is_read_on_the_public_page(story):
    story.need()
    bea = story.person("bea")
    bea.submits(f"{CITY}/edit", "/edit", presentation="Nous achetons local.")
    assert "Nous achetons local." in Visitor(story.app).sees(CITY).text
    page = bea.sees(f"{CITY}/edit")
    assert "Trop" not in bea.submits(page, "/edit", status=422, presentation="x" * 2001).text


def test_another_body_s_needs_do_not_exist(story):
    need, bert_s = story.need(), story.need(of="other")
    bert = story.person("bert")
    for path in (
        f"{CITY}/edit",
        NEW,
        f"{CITY}/needs/{need.id}/edit",
        f"{CITY}/import",
        f"{OTHER}/needs/{need.id}/edit",
    ):
        bert.sees(path, status=404)
    bea_at_bert_s = f"{CITY}/needs/{bert_s.id}"
    bea, before = story.person("bea"), all_rows()
    for send in (
        partial(bert.posts, f"{CITY}/needs/{need.id}/archive"),
        partial(bert.posts, f"{CITY}/edit", {"presentation": "Piraté"}),
        partial(bea.posts, f"{bea_at_bert_s}/archive"),
        partial(bea.posts, f"{bea_at_bert_s}/edit", {"title": "Piraté"}),
        partial(bea.posts, "/roadmaps/mine", {"organisation": str(story.other_id)}),
        partial(bea.posts, "/roadmaps/mine", {"organisation": "9" * 400}),
    ):
        send(status=404)
    assert all_rows()["need"] == before["need"]
    assert all_rows()["roadmap"] == before["roadmap"]


def test_who_may_write_follows_the_desk_and_the_roles(story):
    story.need()
    at = now()
    with unit_of_work():
        waiting, colleague, gone = (
            build_person(name, email=f"{name}@exemple.fr", at=at) for name in ("waiting", "colleague", "gone")
        )
        build_desk(story.event, "En attente", body="X", contact=waiting, state=RegistrationState.PENDING, at=at)
        links = [Contact(organisation_id=story.city_id, person_id=person.id) for person in (colleague, gone)]
        session.add_all(links)
        session.flush()
        links[1].left_at = at
        session.add(GivenRole(contact_id=links[0].id, role=ContactRole.PROFILE))
    story.person("colleague").sees(f"{CITY}/edit")
    story.person("gone").sees(f"{CITY}/edit", status=404)
    assert "Vous n’êtes contact d’aucun acheteur" in story.person("waiting").sees("/roadmaps/mine").text


def test_an_organiser_writes_for_a_buyer_on_record(story):
    olga = story.person("olga")
    page = olga.sees("/roadmaps/mine?q=paris")
    assert "Plaine Commune" not in page.html.find("main").text
    page = olga.submits(page, "/mine")
    assert "Vous agissez pour Ville de Paris" in page.text
    olga.sends_again(filled(olga.sees(NEW)))
    session.rollback()
    entry = session.scalars(select(AuditEntry).filter_by(action="need.added")).one()
    assert entry.actor_id is not None
    assert entry.details["reference"] == "N001"


def test_bodies_of_one_name_have_addresses_of_their_own(story):
    story.need()
    with unit_of_work():
        desk = build_desk(story.event, "Autre", body="Ville de Paris", at=now())
    olga = story.person("olga")
    olga.posts("/roadmaps/mine", {"organisation": str(desk.organisation_id)})
    session.rollback()
    assert set(session.scalars(select(Roadmap.slug))) == {"ville-de-paris", "ville-de-paris-2"}
