"""Consents are asked one by one, unticked; kept in their words; seen and taken back."""

import pytest
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.registrations.models import Consent
from tests.factories import build_person, build_structure
from tests.people import Visitor

PAGE = "/events/matinale-dechets/registrations/structure"
OWN = "/events/matinale-dechets/registrations/S001"


def consents() -> list[tuple[str, bool]]:
    session.rollback()
    rows = session.scalars(select(Consent).order_by(Consent.id))
    return [(consent.purpose.value, consent.withdrawn_at is None) for consent in rows]


def test_no_box_is_ticked_and_only_what_was_ticked_is_kept_with_its_words(amina, structure_form):
    consent_step = amina.fills(PAGE, structure_form | {"consent_terms": ""}, status=422)
    boxes = consent_step.html.select("main input[type=checkbox]")
    assert len(boxes) == 3
    assert not [box for box in boxes if box.has_attr("checked")]
    assert "Sans votre accord" in consent_step.html.find(id="consent_terms-error").text
    amina.submits(amina.submits(consent_step, consent_terms=True, consent_photo=True), "/send")
    assert consents() == [("terms", True), ("photo", True)]
    kept = session.scalars(select(Consent)).first()
    assert kept is not None
    assert (kept.text_version, kept.text.startswith("J’accepte que l’organisateur")) == ("2026-11", True)


def test_a_consent_is_taken_back_and_given_again_each_with_its_row(amina, structure_form):
    amina.registers(PAGE, structure_form | {"consent_directory": "y"})
    amina.signs_in()
    amina.submits(OWN, "/consents/directory")
    assert consents() == [("terms", True), ("directory", False)]
    amina.submits(OWN, "/consents/directory")
    amina.posts(f"{OWN}/consents/directory", {"answer": "give"})
    assert consents() == [("terms", True), ("directory", False), ("directory", True)]


def test_the_consent_that_is_needed_goes_with_the_registration_only(amina, structure_form):
    amina.registers(PAGE, structure_form)
    page = amina.signs_in().posts(f"{OWN}/consents/terms", {"answer": "withdraw"}, status=422)
    assert "annulez votre inscription" in page.text
    assert consents() == [("terms", True)]
    amina.posts(f"{OWN}/consents/everything", {"answer": "give"}, status=404)


@pytest.mark.parametrize("path", [OWN, "/events/matinale-dechets/leaving/S001/cancel"])
def test_someone_elses_registration_does_not_exist(app, amina, event, structure_form, path):
    amina.registers(PAGE, structure_form)
    with unit_of_work():
        mallory = build_person("Mallory", email="mallory@exemple.fr", at=now())
        build_structure(event, "Ailleurs", contact=mallory, at=now())
    stranger = Visitor(app, "mallory@exemple.fr").signs_in()
    stranger.sees(path, status=404)
    stranger.posts(f"{OWN}/consents/photo", {"answer": "give"}, status=404)
    assert consents() == [("terms", True)]
