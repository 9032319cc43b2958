"""Many at once: what one may have, only one gets, on both engines."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from tests.factories import build_event, build_person, build_structure, valid_siret
from tests.people import Visitor, the_form

PAGE = "/events/matinale-dechets/registrations/structure"
REVIEW = "/events/matinale-dechets/registrations/review"
CROWD = 6


@pytest.fixture
def one_morning(any_app: Flask) -> Flask:
    """An application with one open morning."""
    with unit_of_work():
        build_event(at=now(), slug="matinale-dechets")
    return any_app


def filled(visitor: Visitor, siret: str, page: str = PAGE):
    """A form complete to its last step; what is left is to send it."""
    typed = {"siret": siret, "name": "Atelier Soleil", "kind": "ESAT", "departement": "93", "sector": "waste"}
    typed |= {"offer": "Tri", "contact_name": "Amina", "email": visitor.email, "consent_terms": "y"}
    return the_form(visitor.fills(page, typed), "/send")


def at_once(forms) -> list[int]:
    """Send every form at the same time; give back the sorted answers."""
    with ThreadPoolExecutor(len(forms)) as pool:
        answers = list(pool.map(lambda form: form.submit(expect_errors=True).status_int, forms))
    session.rollback()
    return sorted(answers)


def test_one_structure_sent_by_many_people_is_registered_once(one_morning):
    forms = [filled(Visitor(one_morning, f"p{number}@exemple.fr"), valid_siret(1)) for number in range(CROWD)]
    assert at_once(forms) == [302] + [409] * (CROWD - 1)
    assert session.scalars(select(Registration.ref)).all() == ["S001"]
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_many_structures_at_once_get_each_their_ref(one_morning):
    forms = [filled(Visitor(one_morning, f"p{number}@exemple.fr"), valid_siret(number)) for number in range(CROWD)]
    assert at_once(forms) == [302] * CROWD
    assert sorted(session.scalars(select(Registration.ref))) == [f"S{number:03d}" for number in range(1, CROWD + 1)]


def test_a_form_clicked_many_times_at_once_gets_one_answer(one_morning):
    form = filled(Visitor(one_morning, "amina@exemple.fr"), valid_siret(1))
    assert at_once([form] * CROWD) == [302] * CROWD
    assert session.scalars(select(Registration.ref)).all() == ["S001"]


def test_of_many_organisers_deciding_at_once_one_decides(one_morning):
    with unit_of_work():
        event = build_event(at=now(), slug="autre")
        ref = build_structure(event, at=now(), state=RegistrationState.PENDING).ref
        for number in range(CROWD):
            build_person(email=f"o{number}@exemple.fr", is_organiser=True, at=now())
    organisers = [Visitor(one_morning, f"o{number}@exemple.fr").signs_in() for number in range(CROWD)]
    pages = [organiser.sees(REVIEW.replace("matinale-dechets", "autre")) for organiser in organisers]
    assert at_once([the_form(page, f"{ref}/approve") for page in pages]) == [302] + [409] * (CROWD - 1)
    assert session.scalars(select(Registration.state)).all() == [RegistrationState.APPROVED]


def test_one_person_registering_at_many_mornings_at_once_is_one_person(one_morning):
    forms = []
    for number in range(CROWD):
        with unit_of_work():
            build_event(at=now(), slug=f"matinale-{number}-bis")
        page = PAGE.replace("matinale-dechets", f"matinale-{number}-bis")
        forms.append(filled(Visitor(one_morning, "amina@exemple.fr"), valid_siret(1), page))
    assert at_once(forms) == [302] * CROWD
    assert session.scalars(select(Person.email)).all() == ["amina@exemple.fr"]
