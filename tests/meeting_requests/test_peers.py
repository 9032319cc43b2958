"""A structure asks another one, where the morning allows it, and the other one answers like a desk."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.queries import own_place, requests_of
from openmap.meeting_requests.rules import plain_rules
from openmap.registrations.models import Desk, Registration
from openmap.registrations.queries import approved_desks
from tests.counting import queries_of
from tests.factories import build_person, build_structure
from tests.people import Visitor


@pytest.fixture
def peer(app, morning) -> Registration:
    """Chloé’s structure, which may be asked."""
    with unit_of_work():
        rules = plain_rules(morning.event)
        rules.peers_allowed = True
        session.add(rules)
        chloe = build_person("Chloé Roy", email="chloe@exemple.fr", at=now())
        return build_structure(morning.event, "Fourmis Vertes", at=now(), contact=chloe)


@pytest.fixture
def chloe(app, peer) -> Visitor:
    return Visitor(app, "chloe@exemple.fr").signs_in()


def asks(visitor, morning, own, other, *, status=200):
    path = f"/events/{morning.event.slug}/requests/{own.ref}/ask/{other.ref}"
    return visitor.posts(path, {"motive": "Répondre ensemble au lot 2"}, status=status)


def test_one_asks_and_the_other_answers(amina, chloe, morning, peer):
    page = amina.sees(f"{morning.choose_path}/structures")
    assert "Fourmis Vertes" in page.text
    asks(amina, morning, morning.structure, peer)
    request = morning.request(0)
    assert (request.desk.title, request.desk.registration_id) == ("Fourmis Vertes", peer.id)
    own = f"/events/{morning.event.slug}/requests/{peer.ref}"
    assert "Une structure vous demande un rendez-vous" in chloe.sees(own).text
    received = f"/events/{morning.event.slug}/desks/{peer.ref}/requests"
    assert "Répondre ensemble au lot 2" in chloe.sees(received).text
    chloe.posts(f"{received}/{request.id}", {"answer": "preferred"})
    assert morning.request(0).state is RequestState.PREFERRED


def test_a_structure_asked_does_not_become_a_buyer(amina, morning, peer):
    asks(amina, morning, morning.structure, peer)
    session.rollback()
    assert (peer.desk, peer.title) == (None, "Fourmis Vertes")
    assert peer.id not in {desk.registration_id for desk in approved_desks(morning.event)}
    assert "7 acheteurs" in amina.sees(morning.choose_path).text


def test_who_was_asked_answers_instead_of_asking_back(amina, chloe, morning, peer):
    asks(amina, morning, morning.structure, peer)
    page = asks(chloe, morning, peer, morning.structure, status=409)
    assert "Atelier Soleil vous a déjà demandé un rendez-vous" in page.text
    assert requests_of(peer) == []


def test_where_it_is_not_allowed_the_page_does_not_exist(amina, morning):
    with unit_of_work():
        other = build_structure(morning.event, "Fourmis Vertes", at=now())
    amina.sees(f"{morning.choose_path}/structures", status=404)
    asks(amina, morning, morning.structure, other, status=404)
    amina.posts(morning.choose_path, {"desk": other.ref, "motive": "x"}, status=404)


def test_a_structure_does_not_ask_itself_nor_one_of_another_morning(amina, morning, peer):
    asks(amina, morning, morning.structure, morning.structure, status=404)
    for odd in ("S999", "%00", "x" * 300, "../S001"):
        amina.browser.get(f"{morning.choose_path}/ask/{odd}", expect_errors=True, status="4*")


def test_nothing_is_made_for_a_structure_that_is_asked_too_late(amina, morning, peer):
    with unit_of_work():
        morning.event.registration_closes_at = now() - timedelta(days=1)
        morning.event.requests_close_at = now() - timedelta(seconds=1)
    asks(amina, morning, morning.structure, peer, status=422)
    assert own_place(peer) is None


def test_two_who_ask_at_once_meet_at_one_place(amina, morning, peer):
    asks(amina, morning, morning.structure, peer)
    with unit_of_work():
        build_structure(morning.event, "Éclairs", at=now(), contact=morning.structure.contact.person)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Desk).filter_by(registration_id=peer.id)) == 1


def test_the_list_of_structures_costs_the_same_for_one_and_for_three(amina, morning, peer):
    path = f"{morning.choose_path}/structures"
    with_one = queries_of(amina, path)
    with unit_of_work():
        for name in ("Deux", "Trois"):
            build_structure(morning.event, name, at=now())
    assert queries_of(amina, path) == with_one
