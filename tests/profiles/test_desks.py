"""A buyer says which service sits where, with whom, and what it buys."""

import pytest
from sqlalchemy import select

from openmap.core.db import session
from openmap.organisations.enums import Sector
from openmap.profiles import queries
from openmap.profiles.models import ProfileDesk
from openmap.profiles.sheets import sheet_of
from tests.profiles.conftest import form_with


@pytest.fixture
def dora(fair):
    return fair.visitor("Dora")


@pytest.fixture
def city(fair):
    return fair.desk.registration.organisation


def desks(city):
    session.rollback()
    return sheet_of(queries.profile_of(city)).desks


def test_dora_says_who_sits_at_the_desk_changes_it_and_takes_it_off(fair, dora, city):
    page = dora.submits(fair.path("/desks/add", city), name="DSI", about="Postes de travail", sectors=["it"])
    assert "La délégation est enregistrée" in page.text
    [desk] = desks(city)
    assert (desk.name, desk.sectors, desk.contact_ids) == ("DSI", (Sector.IT,), ())
    edit = page.html.find("a", href=lambda href: href and "/profile/desks/" in href and "add" not in href)["href"]
    form = form_with(dora.sees(edit), "about")
    form["people"], form["about"] = [str(fair.desk.registration.contact_id)], "Postes et logiciels"
    page = dora.sends_again(form)
    [desk] = desks(city)
    assert (desk.about, desk.contact_ids) == ("Postes et logiciels", (fair.desk.registration.contact_id,))
    assert "Dora" in page.text
    dora.submits(edit, "/remove")
    assert desks(city) == ()


def test_two_desks_of_one_body_have_two_names(fair, dora, city):
    dora.submits(fair.path("/desks/add", city), name="Achats généraux")
    page = dora.submits(fair.path("/desks/add", city), name="achats GENERAUX", status=422)
    assert "porte déjà ce nom" in page.html.find(id="name-error").text
    assert len(desks(city)) == 1


def test_nobody_of_another_organisation_is_seated(fair, dora, city):
    foreign = fair.structure.contact_id
    page = dora.posts(fair.path("/desks/add", city), {"name": "DSI", "people": str(foreign)}, status=422)
    assert page.html.find(class_="field__error")
    assert desks(city) == ()


def test_a_desk_of_another_body_does_not_exist(fair, dora, city):
    dora.submits(fair.path("/desks/add", city), name="DSI")
    session.rollback()
    mallory, key = fair.visitor("Mallory"), session.scalars(select(ProfileDesk.id)).one()
    for rest in (f"/desks/{key}", f"/desks/{key}/remove"):
        mallory.posts(fair.path(rest, city), {"name": "x"}, status=404)
        mallory.posts(fair.path(rest, fair.stranger.organisation), {"name": "x"}, status=404)
    assert len(desks(city)) == 1
