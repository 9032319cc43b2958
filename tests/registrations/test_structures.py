"""A structure registers itself, without an account."""

import pytest
from sqlalchemy import func, select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.events.models import Event
from openmap.organisations.enums import StructureKind
from openmap.organisations.models import Organisation
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration, RegistrationDraft
from tests.factories import build_desk, build_event, build_structure, valid_siret
from tests.people import Visitor, the_form

PAGE = "/events/matinale-dechets/registrations/structure"


def registrations() -> list[Registration]:
    session.rollback()
    return list(session.scalars(select(Registration).order_by(Registration.id)).unique())


def row_counts() -> list[int | None]:
    session.rollback()
    tables = (Registration, Organisation, OutboxMail, AuditEntry)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_amina_registers_and_is_told_so_by_mail(amina, structure_form):
    answer = amina.registers(PAGE, structure_form | {"unavailable": ["1"]})

    assert "Votre inscription est envoyée" in answer.text
    [registration] = registrations()
    organisation = registration.organisation
    assert (registration.ref, registration.state) == ("S001", RegistrationState.PENDING)
    assert (organisation.siret, organisation.structure_kind) == ("73282932000074", StructureKind.ESAT)
    assert registration.offer == "Tri et collecte de papier,\nen Seine-Saint-Denis."
    assert [row.slot.position for row in registration.unavailabilities] == [1]
    assert registration.contact.person.email == amina.email
    assert "Atelier Soleil" in amina.latest_mail().text
    entry = session.scalars(select(AuditEntry).filter_by(action="registration.sent")).one()
    assert (entry.actor_id, entry.subject_id) == (None, registration.id)


@pytest.mark.parametrize("siret", ["356 000 000 49837", "35600000000048", "732829320 00074"])
def test_sirets_are_taken_as_people_write_them_la_poste_included(amina, structure_form, siret):
    amina.registers(PAGE, structure_form | {"siret": siret})
    assert registrations()[0].organisation.siret == siret.replace(" ", "")


@pytest.mark.parametrize(
    "siret", ["73282932000075", "7328293200007", "732829320000740", "abc", "00000000000000", "356 000 000 49838"]
)
def test_a_wrong_siret_is_told_at_its_field_and_nothing_typed_is_lost(amina, structure_form, siret):
    answer = amina.fills(PAGE, structure_form | {"siret": siret}, status=422)
    assert "n’est pas un SIRET" in answer.html.find(id="siret-error").text
    kept = the_form(answer)
    assert [kept["siret"].value, kept["name"].value, kept["departement"].value] == [siret, "Atelier Soleil", "93"]
    assert registrations() == []


def test_two_clicks_register_once_and_lead_to_the_same_page(amina, structure_form):
    form = the_form(amina.fills(PAGE, structure_form), "/send")
    first = amina.sends_again(form)
    counts = row_counts()
    second = amina.sends_again(form)
    assert (first.request.path, row_counts()) == (second.request.path, counts)


def test_a_structure_already_there_is_told_so_and_nothing_changes(app, amina, structure_form):
    amina.registers(PAGE, structure_form)
    counts = row_counts()
    mallory = Visitor(app, "mallory@ailleurs.example.fr")
    typed = structure_form | {"name": "Un autre nom", "email": mallory.email, "contact_name": "Mallory"}
    answer = mallory.registers(PAGE, typed, status=409)
    assert "Un autre nom\u00a0» a déjà une inscription" in answer.text
    assert amina.email not in answer.text
    assert "Amina" not in answer.text
    assert row_counts() == counts


def test_a_known_structure_keeps_its_stored_name_and_its_other_contacts_stay_hidden(amina, event, structure_form):
    with unit_of_work():
        other = build_event(at=now(), slug="autre")
        known = build_structure(other, "Atelier Lune", at=now())
        siret, former = known.organisation.siret, known.contact.person.email
    answer = amina.registers(PAGE, structure_form | {"siret": siret})
    assert former not in answer.text
    latest = registrations()[-1]
    assert (latest.organisation.name, latest.contact.person.email) == ("Atelier Lune", amina.email)
    assert former not in amina.latest_mail().text


def test_a_number_of_a_public_buyer_is_refused(amina, event, structure_form):
    with unit_of_work():
        build_desk(event, at=now()).registration.organisation.siret = "73282932000074"
    answer = amina.registers(PAGE, structure_form, status=409)
    assert "participe à un autre titre" in answer.html.find(id="error-summary").text


def test_past_the_deadline_the_page_says_so_and_an_open_form_is_refused(amina, event, structure_form):
    check = amina.fills(PAGE, structure_form)
    with unit_of_work():
        event.registration_closes_at = now()
    answer = amina.submits(check, "/send", status=422)
    assert "Les inscriptions à cette matinale sont closes" in answer.text
    assert "Tri et collecte de papier" in answer.text, "what was typed is still there"
    assert "Les inscriptions sont closes" in Visitor(amina.browser.app).sees(PAGE).text
    assert registrations() == []


def test_someone_who_can_do_no_slot_is_asked_to_keep_one(amina, structure_form):
    answer = amina.registers(PAGE, structure_form | {"unavailable": ["0", "1", "2", "3"]}, status=422)
    assert "au moins un créneau" in answer.html.find(id="error-summary").text
    assert registrations() == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "A" * 10_000, "200"),
        ("offer", "A" * 2_001, "2000"),
        ("email", "amina", "Vérifiez l’adresse"),
        ("phone", "appelez-moi", "01 23 45 67 89"),
        ("contact_name", "\x00\x07 ", "Écrivez votre nom"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(amina, structure_form, field, value, sentence):
    answer = amina.fills(PAGE, structure_form | {field: value}, status=422)
    assert sentence in answer.html.find(id=f"{field}-error").text
    assert registrations() == []


def test_control_characters_vanish_and_markup_stays_text(amina, organiser, structure_form):
    hostile = {"name": "Ate\x00lier\u2028<script>alert(1)</script>\x1b", "form_key": "k\x00"}
    amina.registers(PAGE, structure_form | hostile)
    assert registrations()[0].organisation.name == "Atelier <script>alert(1)</script>"
    page = organiser("Claire").sees("/events/matinale-dechets/registrations/review")
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    assert "<script>" not in amina.latest_mail().html


@pytest.mark.parametrize("choice", [{"departement": "99"}, {"kind": "BANQUE"}])
def test_a_choice_that_was_not_offered_is_refused(amina, structure_form, choice):
    amina.posts(PAGE, structure_form | choice, status=422)
    assert session.scalars(select(RegistrationDraft)).all() == []


@pytest.mark.parametrize("choice", [{"sector": "weapons"}, {"unavailable": "77"}])
def test_a_choice_that_was_not_offered_in_a_later_step_is_refused(amina, structure_form, choice):
    check = amina.fills(PAGE, structure_form)
    step = check.request.path.replace("/check", "/offer")
    amina.posts(step, {"sector": "waste", "offer": "Tri"} | choice, status=422)
    amina.submits(amina.sees(check.request.path), "/send", status=422)
    assert registrations() == []


def test_corsica_and_overseas_are_departements_too(amina, structure_form):
    for number, code in enumerate(("2A", "2B", "974", "988")):
        amina.registers(PAGE, structure_form | {"departement": code, "siret": valid_siret(number)})
    assert [one.organisation.departement for one in registrations()] == ["2A", "2B", "974", "988"]
    assert [one.ref for one in registrations()] == ["S001", "S002", "S003", "S004"]


def test_a_stranger_cannot_rename_someone_already_known(app, event: Event, structure_form):
    visitor = Visitor(app, "chef@structure.example.fr")
    visitor.registers(PAGE, structure_form | {"email": "Chef@structure.example.fr"})
    other = {"email": visitor.email, "contact_name": "Mallory", "siret": "35600000049837"}
    visitor.registers(PAGE, structure_form | other)
    first, second = registrations()
    assert first.contact.person is second.contact.person
    assert second.contact.person.name == "Amina Diallo"


def test_in_english_the_page_keeps_its_choice_of_language(amina):
    page = amina.sees("/events/matinale-dechets")
    forms = [form for form in page.forms.values() if "/language/en" in form.action]
    forms[0].submit()
    assert amina.sees("/events/matinale-dechets").html.html["lang"] == "en"


def test_the_summary_tells_each_error_in_the_order_of_the_page(amina):
    answer = amina.submits(PAGE, status=422, siret="1", departement="93")
    told = [link["href"] for link in answer.html.select("#error-summary a")]
    assert told == ["#siret", "#name", "#kind"]
    assert "Écrivez le nom de la structure." in answer.html.select("#error-summary a")[1].text


def test_a_mail_invites_to_answer_only_where_somebody_reads_answers(app, event, amina, structure_form):
    path = f"/events/{event.slug}/registrations/structure"
    amina.registers(path, structure_form)
    said = amina.latest_mail().text + amina.latest_mail().html
    assert "dites-le à l’organisateur" in said
    assert "répondez à ce message" not in said
    app.config["MAIL_REPLY_TO"] = "matinales@exemple.fr"
    bruno = Visitor(app, "bruno@lune.example.fr")
    other = {"siret": "356 000 000 00048", "name": "Atelier Lune", "email": bruno.email}
    bruno.registers(path, structure_form | other)
    said = bruno.latest_mail().text + bruno.latest_mail().html
    assert said.count("répondez à ce message") == 3
    assert "matinales@exemple.fr" in bruno.sees("/accessibility").text
