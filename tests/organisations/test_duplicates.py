"""Organisations that are one: found by what they share, compared, merged; or said to be two."""

from urllib.parse import quote

import pytest
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.facilitation.queries import facilitators, structure_with_siret
from openmap.organisations.delegating import delegations_of
from openmap.organisations.duplicates import Sign, duplicate_groups
from openmap.organisations.enums import ContactRole, OrganisationKind, Sector, Service
from openmap.organisations.models import Contact, Organisation
from openmap.organisations.names import core_of
from openmap.organisations.queries import buyer_named, find_organisation, main_contact, organisation_with_siret
from openmap.profiles.models import Profile
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from openmap.registrations.queries.participants import body_named
from openmap.roadmaps.enums import SocialClause
from openmap.roadmaps.models import Need, Roadmap
from tests.counting import queries_of
from tests.factories import build_delegation, build_desk, build_event, build_person, build_structure
from tests.people import the_form
from tests.rows import all_rows

PAGE = "/manage/duplicates"


@pytest.fixture
def claire(world):
    return world.someone("claire")


def another(world, name: str, *, siret: str = "", mail: str = "", **options) -> Registration:
    """A structure registered at a morning of its own, unless the story says otherwise."""
    with unit_of_work():
        event = options.pop("event", None) or build_event(at=now())
        mail = mail or f"accueil@{core_of(name)[-1]}-{event.id}.fr"  # a domain of its own
        person = build_person(name, email=mail, at=now())
        registration = build_structure(event, name, contact=person, at=now(), **options)
        if siret:
            registration.organisation.siret = siret
    return registration


def names_of_groups() -> list[list[str]]:
    session.rollback()
    found = [[session.get_one(Organisation, one).name for one in group.ids] for group in duplicate_groups()]
    return sorted(found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Atelier Soleil", "ATELIER DU SOLEIL (SARL)"),
        ("Éclats d’Île", "SCOP Eclats d'ile"),
        ("Mairie de Vitry", "Ville de Vitry"),
    ],
)
def test_names_are_the_same_whatever_the_accents_articles_and_legal_forms(one, other):
    assert sorted(core_of(one)) == sorted(core_of(other))


def test_a_name_of_empty_words_is_still_a_name():
    assert core_of("L’Association") == ("l", "association")
    assert core_of("«»") == ()


@pytest.mark.parametrize(
    ("name", "siret", "mail", "signs"),
    [
        ("ATELIER DU SOLEIL SARL", "", "", {Sign.NAME}),
        ("Ateliers Soleil", "", "", {Sign.NAME}),
        ("Tout autre", "73282932000082", "", {Sign.SIREN}),
        ("Tout autre", "", "paul@soleil.fr", {Sign.DOMAIN}),
        ("Tout autre", "", "paul@orange.fr", None),
        ("Atelier Lune", "", "", None),
    ],
)
def test_what_two_organisations_share_is_found(world, name, siret, mail, signs):
    with unit_of_work():
        world.structure.organisation.siret = "73282932000074"
        world.structure.contact.person.email = "amina@orange.fr" if "orange" in mail else "amina@soleil.fr"
    new = another(world, name, siret=siret, mail=mail)
    session.rollback()
    groups = [group for group in duplicate_groups() if new.organisation_id in group.ids]
    assert [set(group.signs) for group in groups] == ([signs] if signs else [])


def test_a_number_in_a_name_makes_another_organisation(world):
    another(world, "Les Rouages 93")
    another(world, "Les Rouages 94")
    assert names_of_groups() == []


def test_a_domain_of_many_organisations_says_nothing(world):
    names = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot")
    for name in names[:5]:
        another(world, name, mail=f"{name}@reseau.fr".lower())
    assert names_of_groups() == [list(names[:5])]
    another(world, names[5], mail="foxtrot@reseau.fr")
    assert names_of_groups() == []


def test_a_buyer_and_a_structure_are_no_duplicates(world):
    another(world, "Ville de Paris")
    assert names_of_groups() == []


def test_said_once_that_they_are_two_they_come_no_more(world, claire):
    another(world, "Atelier du Soleil")
    claire.submits(PAGE, "/distinct")
    assert "Aucun doublon en vue" in claire.sees(PAGE).text
    third = another(world, "SARL Atelier Soleil")
    assert len(names_of_groups()) == 1
    assert third.organisation_id in duplicate_groups()[0].ids


def test_merged_everything_of_one_is_the_others_and_its_number_leads_there(world, claire):
    old = another(world, "Atelier du Soleil", mail="bilal@exemple.fr")
    with unit_of_work():
        old.contact.is_main = True
    siret, kept = old.organisation.siret, world.structure.organisation
    page = claire.sees(f"/manage/organisations/{kept.id}/merge/{old.organisation_id}")
    assert "Inscriptions" in page.html.find("section", attrs={"aria-labelledby": "moves"}).text
    page = claire.submits(page)
    assert "est maintenant réuni" in page.text
    world.again()
    assert {one.organisation_id for one in session.scalars(select(Registration)).unique()} >= {kept.id}
    assert old.organisation_id == kept.id
    assert [(one.person.name, one.is_main) for one in kept.contacts] == [("Amina", True), ("Atelier du Soleil", False)]
    assert kept.contacts[1].roles == frozenset(ContactRole)
    assert siret
    assert (organisation_with_siret(siret), duplicate_groups()) == (kept, [])
    entry = session.scalars(select(AuditEntry).filter_by(action="organisation.merged")).one()
    assert entry.details["moved"] == {"contact": [old.contact_id], "registration": [old.id]}
    assert "Atelier du Soleil" not in claire.sees("/manage/organisations").html.find("table").text


def test_the_one_that_disappears_has_no_page_any_more(world, claire):
    old = another(world, "Atelier du Soleil").organisation_id
    claire.submits(f"/manage/organisations/{world.structure.organisation_id}/merge/{old}")
    claire.sees(f"/organisations/{old}/contacts", status=404)
    claire.sees(f"/manage/organisations/{old}/merge/{world.structure.organisation_id}", status=404)
    world.again()
    assert find_organisation(old) is None


def test_two_registrations_at_one_morning_are_solved_first(world, claire):
    twin = another(world, "Atelier du Soleil", event=world.event)
    path = f"/manage/organisations/{world.structure.organisation_id}/merge/{twin.organisation_id}"
    page = claire.sees(path)
    assert "Les deux sont inscrits à « Matinale de l’économie circulaire »" in page.text.replace("\xa0", " ")
    before = all_rows()
    claire.sends_again(the_form(page), status=409)
    assert all_rows() == before
    with unit_of_work():
        twin.state, twin.refusal_reason, twin.decided_at = RegistrationState.REFUSED, "Deux fois la même", now()
    claire.submits(path)
    world.again()
    assert twin.organisation_id != world.structure.organisation_id  # a refused one stays where it was made


def test_when_only_the_others_registration_counts_the_other_is_kept(world, claire):
    twin = another(world, "Atelier du Soleil", event=world.event)
    with unit_of_work():
        own = world.structure
        own.state, own.refusal_reason, own.decided_at = RegistrationState.REFUSED, "Deux fois la même", now()
    page = claire.sees(f"/manage/organisations/{own.organisation_id}/merge/{twin.organisation_id}")
    assert "Gardez plutôt l’autre" in page.text
    claire.submits(f"/manage/organisations/{twin.organisation_id}/merge/{own.organisation_id}")


def test_what_changed_since_the_preview_is_shown_before_anything_is_merged(world, claire):
    old = another(world, "Atelier du Soleil")
    page = claire.sees(f"/manage/organisations/{world.structure.organisation_id}/merge/{old.organisation_id}")
    world.add_contact("bilal", ContactRole.PITCH, organisation=old.organisation)
    page = claire.sends_again(the_form(page), status=409)
    assert "quelque chose a changé" in page.text
    claire.submits(page)


def test_someone_known_to_both_is_one_contact(world, claire):
    old = another(world, "Atelier du Soleil", mail="bilal@exemple.fr")
    with unit_of_work():
        amina_there = Contact(organisation_id=old.organisation_id, person_id=world.structure.contact.person_id)
        session.add(amina_there)
        session.flush()
        old.contact_id, amina_there.is_main = amina_there.id, True
    claire.submits(f"/manage/organisations/{world.structure.organisation_id}/merge/{old.organisation_id}")
    world.again()
    kept = world.structure.organisation
    assert (old.contact_id, old.organisation_id) == (world.structure.contact_id, kept.id)
    assert [one.person.name for one in kept.contacts] == ["Amina", "Atelier du Soleil"]
    main = main_contact(kept)
    assert main
    assert main.person.name == "Amina"


def test_of_two_profiles_the_kept_ones_stands_and_every_need_of_two_roadmaps_is_there(world, claire):
    with unit_of_work():
        twin = build_desk(world.event, "Achats", body="Mairie de Paris", at=now()).registration
        bodies = (world.town.organisation, twin.organisation)
        for number, body in enumerate(bodies):
            session.add(Profile(organisation_id=body.id, updated_at=now(), summary=body.name))
            roadmap = Roadmap(organisation_id=body.id, slug=f"feuille-{number}", created_at=now())
            session.add(roadmap)
            session.flush()
            session.add(build_need(roadmap, "B1", title=f"Besoin de {body.name}"))
    page = claire.sees(f"/manage/organisations/{bodies[0].id}/merge/{bodies[1].id}")
    assert "Les deux en ont une" in page.text
    claire.submits(page)
    world.again()
    [roadmap] = session.scalars(select(Roadmap).filter_by(organisation_id=bodies[0].id))
    needs = session.scalars(select(Need).filter_by(roadmap_id=roadmap.id).order_by(Need.id)).all()
    assert [need.title for need in needs] == ["Besoin de Ville de Paris", "Besoin de Mairie de Paris"]
    assert [need.reference for need in needs] == ["B1", f"B1-{needs[1].reference.partition('-')[2]}"]
    [profile] = session.scalars(select(Profile).filter_by(organisation_id=bodies[0].id))
    assert profile.summary == "Ville de Paris"


def test_a_facilitator_of_both_acts_for_the_one_that_stays_and_others_find_it_by_either_number(world, claire):
    old = another(world, "Atelier du Soleil")
    with unit_of_work():
        asked, given = build_delegation(world.structure, at=now()), build_delegation(old, at=now())
        given.facilitator_id, given.accepted_at = asked.facilitator_id, now()
    siret, kept = old.organisation.siret, world.structure.organisation
    claire.submits(f"/manage/organisations/{kept.id}/merge/{old.organisation_id}")
    world.again()
    assert siret
    assert structure_with_siret(siret) == kept
    assert [(each.structure_id, each.is_active) for each in delegations_of(asked.facilitator)] == [(kept.id, True)]


def test_two_facilitators_made_one_leave_one_to_choose(world, claire):
    with unit_of_work():
        first, second = build_delegation(world.structure, at=now()), build_delegation(world.structure, at=now())
    claire.submits(f"/manage/organisations/{first.facilitator_id}/merge/{second.facilitator_id}")
    world.again()
    assert list(facilitators()) == [first.facilitator]
    assert list(delegations_of(world.structure.organisation)) == [first]
    assert body_named(OrganisationKind.PARTNER, second.facilitator.name) == first.facilitator


def test_long_references_of_two_roadmaps_stay_within_their_column_and_the_old_address_leads_on(world, claire):
    longest = "B" * 40
    with unit_of_work():
        twin = build_desk(world.event, "Achats", body="Mairie de Paris", at=now()).registration
        for number, body in enumerate((world.town.organisation, twin.organisation)):
            roadmap = Roadmap(organisation_id=body.id, slug=f"feuille-{number}", created_at=now())
            session.add(roadmap)
            session.flush()
            session.add(build_need(roadmap, longest, title=body.name))
    claire.submits(f"/manage/organisations/{world.town.organisation_id}/merge/{twin.organisation_id}")
    world.again()
    references = session.scalars(select(Need.reference).order_by(Need.id)).all()
    assert references[0] == longest
    assert references[1] != longest
    assert len(references[1]) == len(longest)
    assert "Ville de Paris" in claire.sees("/roadmaps/feuille-1").html.find("h1").text


def build_need(roadmap: Roadmap, reference: str, *, title: str) -> Need:
    return Need(
        roadmap_id=roadmap.id,
        reference=reference,
        position=1,
        title=title,
        sector=Sector.WASTE,
        service=Service.PROVISION,
        quarter=80,
        clause=SocialClause.NONE,
        created_at=now(),
        updated_at=now(),
    )


def test_two_desks_of_one_name_at_a_morning_are_solved_first_and_names_lead_on(world, claire):
    with unit_of_work():
        twin = build_desk(world.event, "DSI", body="Mairie de Paris", at=now()).registration
    path = f"/manage/organisations/{world.town.organisation_id}/merge/{twin.organisation_id}"
    assert "les deux ont une délégation « DSI »" in claire.sees(path).text.replace("\xa0", " ")
    with unit_of_work():
        assert twin.desk
        twin.desk.name = "Achats"
    claire.submits(path)
    world.again()
    assert twin.desk.organisation_id == world.town.organisation_id
    assert buyer_named("mairie de paris") == world.town.organisation


def test_a_third_merged_later_leads_to_the_last(world, claire):
    first, second = another(world, "Premier nom"), another(world, "Deuxième nom")
    siret = first.organisation.siret
    claire.submits(f"/manage/organisations/{second.organisation_id}/merge/{first.organisation_id}")
    claire.submits(f"/manage/organisations/{world.structure.organisation_id}/merge/{second.organisation_id}")
    world.again()
    assert siret
    assert organisation_with_siret(siret) == world.structure.organisation


def test_bodies_of_different_kinds_have_no_comparison(world, claire):
    kinds = f"/manage/organisations/{world.structure.organisation_id}/merge/{world.town.organisation_id}"
    claire.sees(kinds, status=404)
    own = world.structure.organisation_id
    claire.sees(f"/manage/organisations/{own}/merge/{own}", status=404)
    claire.posts(f"{PAGE}/distinct", {"id": "99999999999999"}, status=404)
    claire.posts(f"{PAGE}/distinct", {"id": str(own)}, status=404)


def test_pages_ask_as_many_queries_for_many_groups_as_for_one(world, claire):
    another(world, "Atelier du Soleil")
    one = queries_of(claire, PAGE), queries_of(claire, "/manage/organisations")
    for name in ("Les Rouages", "Le Fil", "Papier Vert"):
        another(world, name)
        another(world, f"SARL {name}")
    assert (queries_of(claire, PAGE), queries_of(claire, "/manage/organisations")) == one


def test_the_directory_is_searched_without_accents_and_in_pages(world, claire):
    another(world, "Éclats d’Île", mail="zoe@eclats.fr")
    for words in ("eclats", "ILE", "zoe@eclats", "éclats zoe"):
        table = claire.sees(f"/manage/organisations?q={quote(words)}").html.find("table")
        assert [row.find("th").find(string=True) for row in table.select("tbody tr")] == ["Éclats d’Île"]
    assert "Aucun organisme ne correspond" in claire.sees("/manage/organisations?q=introuvable").text
    without = claire.sees("/manage/organisations?show=no-main").html.find("table").text
    assert "Éclats" in without
    assert "Atelier Soleil" not in without
    assert "Ville de Paris" not in claire.sees("/manage/organisations?kind=structure").html.find("table").text
    with unit_of_work():
        for number in range(25):
            build_structure(world.event, f"Entreprise {number:02d}", at=now())
    first = claire.sees("/manage/organisations?kind=structure&q=entreprise")
    assert len(first.html.select("tbody tr")) == 20
    assert len(claire.sees(first.html.find("a", rel="next")["href"]).html.select("tbody tr")) == 5
