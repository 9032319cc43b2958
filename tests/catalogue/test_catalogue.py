"""Whoever takes part finds whom to meet, and reads in words why."""

from datetime import timedelta

import pytest

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.organisations.enums import Sector, Service
from openmap.profiles.operations import save_sheet
from openmap.profiles.sheets import Sheet
from openmap.registrations.enums import RegistrationState
from openmap.roadmaps.models import Need
from tests.catalogue.conftest import SOFTWARE, WASTE
from tests.counting import queries_of
from tests.people import Visitor

SUITABLE = "Le service convient aussi : prestation de service."


def titles(page) -> list[str]:
    """The names of a list, in its order."""
    return [" ".join(tag.text.split()) for tag in page.html.find_all(class_="catalogue-card__title")]


def reasons(page, ref: str) -> list[str]:
    """Why this one is there, as its card says."""
    lines = page.html.find(id=ref).find(class_="why-lines")
    return [" ".join(line.text.split()) for line in lines.find_all("li")] if lines else []


def test_amina_sees_first_the_buyer_whose_needs_are_hers_and_reads_why(fair):
    page = fair.visitor("Amina").sees(fair.path)
    assert titles(page) == [
        "Ville de Paris Propreté",
        "Région Île-de-France DSI",
        "Réseau 93",
        "Œuvre Logicielle",
        "Vélos & Déchets",
    ]
    assert reasons(page, fair.dora.ref) == [
        f"A publié 2 besoins dans vos secteurs, dont « Collecte des cartons ». {SUITABLE}",
        "Achète dans vos secteurs : Collecte et traitement des déchets.",
        "Se trouve dans votre zone : Paris (75).",
    ]
    assert reasons(page, fair.amina.ref) == []
    ask = page.html.find(id=fair.dora.ref).find("a", string=lambda text: text and "Demander" in text)
    assert ask or "Demander un rendez-vous" in page.html.find(id=fair.dora.ref).text


def test_dora_sees_first_the_structure_of_her_needs(fair):
    page = fair.visitor("Dora").sees(fair.path)
    assert titles(page)[0] == "Vélos & Déchets"
    assert reasons(page, fair.amina.ref)[0] == (
        f"Travaille dans le secteur de 2 de vos besoins, dont « Collecte des cartons ». {SUITABLE}"
    )
    assert "Demander un rendez-vous" not in page.html.find("main").text


def test_a_card_leads_to_asking_a_desk_or_to_inviting_a_structure(fair):
    for name, met, button in (("Amina", fair.dora, "Demander un rendez-vous"), ("Dora", fair.amina, "Inviter")):
        person = fair.visitor(name)
        links = person.sees(fair.path).html.find(id=met.ref).find_all("a")
        [address] = [link["href"] for link in links if button in link.text]
        assert met.organisation.name in person.sees(address).text.replace("&amp;", "&")


def test_structures_of_one_sector_with_other_services_could_answer_together(fair):
    with unit_of_work():
        fair.structure("Chloé", "Bois de Réemploi", Sheet(sectors=(Sector.WASTE,), services=(Service.GOODS,)))
    page = fair.visitor("Amina").sees(f"{fair.path}?q=reemploi")
    [reason] = reasons(page, page.html.find(class_="catalogue-card")["id"])
    assert reason.endswith("avec un autre service : fabrication et vente de biens. Vous pourriez répondre ensemble.")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=DECHETS", ["Ville de Paris Propreté", "Vélos & Déchets"]),
        ("q=dechet+velos", ["Vélos & Déchets"]),
        ("q=oeuvre", ["Œuvre Logicielle"]),
        ("q=%C5%92UVRE+libres", ["Œuvre Logicielle"]),
        ("q=cartons", ["Ville de Paris Propreté"]),
        ("q=propretE", ["Ville de Paris Propreté"]),
        ("q=100%25", []),
        ("q=_", None),
        ("who=buyer", ["Région Île-de-France DSI", "Ville de Paris Propreté"]),
        ("sector=it", ["Œuvre Logicielle", "Région Île-de-France DSI"]),
        ("service=goods", ["Œuvre Logicielle"]),
        ("departement=93", ["Œuvre Logicielle", "Réseau 93", "Vélos & Déchets"]),
        ("departement=2A", ["Œuvre Logicielle"]),
        ("family=structure-ESAT&sector=waste", ["Vélos & Déchets"]),
        ("sector=nonsense&who=x&need=abc&page=-4&order=9&departement=0", None),
    ],
)
def test_words_and_filters_leave_who_corresponds(fair, query, found):
    page = fair.visitor("Olga").sees(f"{fair.path}?{query}")
    everyone = sorted(titles(fair.visitor("Olga").sees(fair.path)))
    assert sorted(titles(page)) == sorted(everyone if found is None else found)
    if found == []:
        assert "Personne ne correspond" in page.text


def test_each_choice_says_how_many_it_would_leave(fair):
    page = fair.visitor("Olga").sees(f"{fair.path}?sector=it")
    sectors = [option.text for option in page.html.find(id="sector").find_all("option")]
    assert "Prestations informatiques (2)" in sectors
    assert "Collecte et traitement des déchets (2)" in sectors  # what it would be instead
    services = [option.text for option in page.html.find(id="service").find_all("option")]
    assert services == ["Tous", "Fabrication et vente de biens (1)"]
    places = [option["value"] for option in page.html.find(id="departement").find_all("option")]
    assert places[1:9] == ["75", "77", "78", "91", "92", "93", "94", "95"]


def test_a_need_leads_to_the_structures_that_may_answer_it(fair):
    page = fair.visitor("Dora").sees(f"{fair.path}?need={fair.collection.id}&who=structure")
    assert titles(page) == ["Vélos & Déchets"]
    assert reasons(page, fair.amina.ref)[0] == (
        "En commun avec ce besoin : le secteur (Collecte et traitement des déchets), le service (prestation de "
        "service), le lieu (Paris (75))."
    )
    page = fair.visitor("Dora").sees(f"{fair.path}?need={fair.compost.id}&who=structure")
    assert titles(page) == []


def test_only_what_concerns_me_leaves_the_rest_out(fair):
    page = fair.visitor("Amina").sees(f"{fair.path}?mine=1")
    assert titles(page) == ["Ville de Paris Propreté"]


def test_the_page_of_a_buyer_says_who_sits_there_and_which_needs_are_mine(fair):
    page = fair.visitor("Amina").sees(f"{fair.path}/{fair.dora.ref}")
    main = page.html.find("main").text
    assert "Achats du service" in main
    assert "Dora" in main
    marked = [
        item.find("a").text
        for item in page.html.find(class_="catalogue-needs").find_all("li")
        if "dans vos secteurs" in item.text
    ]
    assert marked == ["Collecte des cartons", "Composteurs à livrer"]
    unmarked = fair.visitor("Bruno").sees(f"{fair.path}/{fair.dora.ref}")
    assert "dans vos secteurs" not in unmarked.html.find(class_="catalogue-needs").text


def test_who_is_not_let_in_finds_no_catalogue(fair):
    with unit_of_work():
        fair.structure("Paul", "En attente", WASTE, state=RegistrationState.PENDING)
        waiting = fair.structure("Rémi", "Autre attente", WASTE, state=RegistrationState.PENDING).ref
    for name in ("Mallory", "Paul"):
        person = fair.visitor(name)
        for path in (fair.path, f"{fair.path}/{fair.dora.ref}", f"{fair.path}/{fair.dora.ref}/logo"):
            person.sees(path, status=404)
    amina = fair.visitor("Amina")
    assert "Autre attente" not in amina.sees(fair.path).text
    amina.sees(f"{fair.path}/{waiting}", status=404)
    amina.sees(f"{fair.path}/S999", status=404)
    assert "sign-in" in Visitor(fair.app).sees(fair.path).request.path


def test_someone_who_acts_for_two_chooses_for_whom_to_look(fair):
    with unit_of_work():
        contact = fair.bruno.contact
        contact.person_id = fair.amina.contact.person_id
    amina = fair.visitor("Amina")
    page = amina.sees(f"{fair.path}?for={fair.bruno.ref}")
    assert reasons(page, fair.yann.ref)[0] == "Achète dans vos secteurs : Prestations informatiques."
    assert f"for={fair.bruno.ref}" in page.html.find(id=fair.yann.ref).find("a")["href"]
    page = amina.sees(f"{fair.path}?for=absent")
    assert reasons(page, fair.dora.ref)


def test_the_public_part_shows_only_those_who_agreed_and_no_buyer(fair):
    everybody = Visitor(fair.app)
    assert "Aucune structure n’est encore présentée" in everybody.sees("/events/matinale/structures").text
    with unit_of_work():
        fair.agrees_to_the_directory(fair.amina)
        fair.agrees_to_the_directory(fair.dora)
    page = everybody.sees("/events/matinale/structures")
    assert titles(page) == ["Vélos & Déchets"]
    page = everybody.sees(f"/events/matinale/structures/{fair.amina.ref}")
    assert "Collecte à vélo" in page.text
    for ref in (fair.bruno.ref, fair.dora.ref, "S999"):
        everybody.sees(f"/events/matinale/structures/{ref}", status=404)
        everybody.sees(f"/events/matinale/structures/{ref}/logo", status=404)
    with unit_of_work():
        consent = fair.amina.consents[0]
        consent.withdrawn_at = now()
    everybody.sees(f"/events/matinale/structures/{fair.amina.ref}", status=404)


def test_a_past_morning_shows_what_was_said_that_day(fair):
    with unit_of_work():
        fair.event.held_on = (now() - timedelta(days=10)).date()
        save_sheet(fair.amina.organisation, WASTE, by=None, at=now() - timedelta(days=12))
        save_sheet(fair.amina.organisation, SOFTWARE, by=None, at=now())
    bruno = fair.visitor("Bruno")
    page = bruno.sees(f"{fair.path}/{fair.amina.ref}")
    assert "Collecte à vélo" in page.text
    assert "La fiche du jour de la matinale" in page.text
    assert "Développement de logiciels" not in page.html.find("main").text
    assert titles(bruno.sees(f"{fair.path}?q=velo+dechets")) == ["Vélos & Déchets"]
    assert "Vélos & Déchets" not in titles(bruno.sees(f"{fair.path}?sector=it"))
    # Bruno's profile is younger than the morning: that day there was his registration only
    own = bruno.sees(f"{fair.path}/{fair.bruno.ref}").html.find("main").text
    assert "Collecte et tri sur site" in own
    assert "Développement de logiciels" not in own


def test_the_list_costs_the_same_number_of_queries_whatever_its_length(fair):
    amina = fair.visitor("Amina")
    path = f"{fair.path}?q=e&departement=93"
    few = queries_of(amina, path)
    with unit_of_work():
        for number in range(30):
            fair.structure(f"Voisin{number}", f"Atelier {number}", WASTE)
            fair.buyer(f"Acheteur{number}", f"Ville {number}", "Achats", Sector.WASTE)
            fair.need(fair.dora, f"Collecte {number}", Sector.WASTE, Service.PROVISION, "")
    assert session.query(Need).count() == 32
    assert len(titles(amina.sees(path))) == 20
    assert queries_of(amina, path) == few
    page = queries_of(amina, f"{fair.path}/{fair.dora.ref}")
    assert page == queries_of(amina, f"{fair.path}/{fair.yann.ref}")
