"""A profile is filled part by part, says what to add next, and loses nobody's words."""

from typing import Any

import pytest
from sqlalchemy import func, select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.organisations.enums import OrganisationKind, Sector, Service
from openmap.profiles import queries
from openmap.profiles.completeness import completeness, parts_of
from openmap.profiles.enums import AreaKind, Label
from openmap.profiles.models import ProfileVersion
from openmap.profiles.operations import seed_profile
from openmap.profiles.sheets import FIELDS, Sheet, sheet_of
from tests.people import the_form


def saved(fair) -> Sheet:
    session.rollback()
    return sheet_of(queries.profile_of(fair.organisation))


def test_amina_fills_her_profile_in_small_steps_and_is_told_what_comes_next(fair, amina):
    page = amina.sees(fair.path())
    assert "Présentez votre offre en un paragraphe" in page.text
    amina.submits(fair.path("/summary"), summary="Nous réparons le mobilier.")
    amina.submits(fair.path("/activity"), services=["provision", "goods"], sectors=["waste", "recycling"])
    page = amina.sees(fair.path())
    assert "2 parties sur 9" in page.text
    assert "sans zone, vous n’apparaissez que dans le vôtre" in page.text
    amina.submits(fair.path("/area"), area="departements", nearby=["93", "94"], elsewhere="60, 2a")
    amina.submits(fair.path("/references"), references="Ville de Paris, 2025\n\nDépartement 93, 2024")
    amina.submits(fair.path("/team"), staff_count="40", insertion_count="31")
    amina.submits(fair.path("/recognition"), labels=["esus"], networks=["emmaus"], other_labels="Main Verte")
    page = amina.submits(fair.path("/identity"), legal_form="scic", website="www.exemple.fr/atelier")
    assert "7 parties sur 9" in page.text
    sheet = saved(fair)
    assert (sheet.services, sheet.sectors) == (
        (Service.GOODS, Service.PROVISION),
        (Sector.RECYCLING, Sector.WASTE),
    )
    assert (sheet.area, sheet.departements) == (AreaKind.DEPARTEMENTS, ("2A", "60", "93", "94"))
    assert sheet.reference_lines == ["Ville de Paris, 2025", "Département 93, 2024"]
    assert (sheet.staff_count, sheet.insertion_count, sheet.labels) == (40, 31, (Label.ESUS,))
    assert sheet.website == "https://www.exemple.fr/atelier"


def test_saving_and_going_on_leads_to_the_next_best_part(fair, amina):
    form = the_form(amina.sees(fair.path("/summary")))
    form["summary"] = "Nous réparons le mobilier."
    answer = form.submit("next")
    assert answer.location.endswith("/profile/activity")


def test_an_empty_profile_has_advice_for_every_kind_and_a_full_one_has_none(fair):
    for kind in set(OrganisationKind) - {OrganisationKind.VISITOR}:
        level = completeness(Sheet(), kind)
        assert (level.done, level.next_part) == (0, parts_of(kind)[0])
        assert level.advice
    full: dict[str, Any] = {field: "dit" for fields in FIELDS.values() for field in fields}
    assert completeness(Sheet(**full), OrganisationKind.STRUCTURE).is_complete


def test_two_colleagues_on_one_part_are_told_what_changed_and_lose_nothing(fair, amina):
    bilal = fair.visitor("Bilal")
    amina.submits(fair.path("/summary"), summary="Nous réparons.")
    hers, his = the_form(amina.sees(fair.path("/summary"))), the_form(bilal.sees(fair.path("/summary")))
    his["summary"] = "Nous réparons et nous vendons."
    bilal.sends_again(his)
    hers["summary"] = "Nous réparons le mobilier de bureau."
    conflict = amina.sends_again(hers, status=409)
    assert "Bilal a modifié cette partie pendant que vous écriviez" in conflict.text
    changed = conflict.html.find(class_="profile-changes").text
    assert "Nous réparons." in changed
    assert "Nous réparons et nous vendons." in changed
    assert the_form(conflict)["summary"].value == "Nous réparons le mobilier de bureau."
    assert saved(fair).summary == "Nous réparons et nous vendons."
    amina.sends_again(the_form(conflict))
    assert saved(fair).summary == "Nous réparons le mobilier de bureau."


def test_colleagues_on_two_parts_do_not_disturb_each_other(fair, amina):
    hers = the_form(amina.sees(fair.path("/team")))
    fair.visitor("Bilal").submits(fair.path("/summary"), summary="Nous réparons.")
    hers["staff_count"] = "12"
    amina.sends_again(hers)
    assert (saved(fair).summary, saved(fair).staff_count) == ("Nous réparons.", 12)


def test_sending_the_same_part_twice_saves_once(fair, amina):
    form = the_form(amina.sees(fair.path("/summary")))
    form["summary"] = "Nous réparons."
    amina.sends_again(form)
    amina.sends_again(form)
    assert saved(fair).summary == "Nous réparons."
    assert session.scalar(select(func.count(ProfileVersion.id))) == 1


@pytest.mark.parametrize(
    ("part", "fields", "sentence"),
    [
        ("area", {"area": "departements", "elsewhere": "60, 99"}, "Je ne connais pas le département « 99 »"),
        ("area", {"area": "departements"}, "Cochez au moins un département"),
        ("team", {"staff_count": "4", "insertion_count": "5"}, "est compris dans l’effectif total"),
        ("team", {"staff_count": "", "insertion_count": "5"}, "est compris dans l’effectif total"),
        ("team", {"staff_count": "beaucoup"}, "Écrivez un nombre entier"),
        ("team", {"staff_count": "-3"}, "Écrivez un nombre entre 0 et 100"),
        ("identity", {"website": "javascript:alert(1)"}, "Cette adresse ne s’ouvre pas"),
        ("identity", {"website": "https://moi:secret@exemple.fr"}, "Cette adresse ne s’ouvre pas"),
        ("summary", {"summary": "é" * 901}, "900"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(fair, amina, part, fields, sentence):
    page = amina.submits(fair.path(f"/{part}"), status=422, **fields)
    assert sentence in page.html.find(class_="field__error").text
    form = the_form(page)
    for name, typed in fields.items():
        assert form[name].value == typed
    assert saved(fair) == Sheet()


def test_strangers_find_no_profile_and_organisers_do(fair):
    mallory, olga = fair.visitor("Mallory"), fair.visitor("Olga")
    for rest in ("", "/summary", "/logo", "/documents", "/logo/file"):
        mallory.sees(fair.path(rest), status=404)
    mallory.posts(fair.path("/summary"), {"summary": "Piraté"}, status=404)
    olga.submits(fair.path("/summary"), summary="Dicté au téléphone.")
    assert saved(fair).summary == "Dicté au téléphone."


@pytest.mark.parametrize("part", ["desks", "nothing", "Summary", "logo%00"])
def test_a_structure_has_no_part_of_another_kind(fair, amina, part):
    answer = amina.browser.get(fair.path(f"/{part}"), expect_errors=True)
    assert answer.status_int in {400, 404, 405}


def test_a_registration_begins_the_profile_and_changes_nothing_that_is_said(fair, amina):
    with unit_of_work():
        seed_profile(fair.organisation, sector=Sector.WASTE, offer="Tri et collecte.", by=None, at=now())
    assert (saved(fair).summary, saved(fair).sectors) == ("Tri et collecte.", (Sector.WASTE,))
    with unit_of_work():
        seed_profile(fair.organisation, sector=Sector.IT, offer="Autre chose.", by=None, at=now())
    assert (saved(fair).summary, saved(fair).sectors) == ("Tri et collecte.", (Sector.WASTE,))
    assert session.scalar(select(func.count(ProfileVersion.id))) == 1
