"""Olga takes calls: she finds who speaks, types one line, and can take it back."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.registrations.models import Registration
from openmap.telephone.line import NothingTyped, Said, SaidTwice, UnknownNumber, read_line
from tests.counting import queries_of
from tests.factories import build_desk, build_event, build_person, build_request, build_structure
from tests.people import Visitor


@pytest.fixture
def event(app: Flask) -> Event:
    with unit_of_work():
        build_person("Olga", email="olga@exemple.fr", is_organiser=True, at=now())
        return build_event(at=now())


@pytest.fixture
def olga(app: Flask, event: Event) -> Visitor:
    return Visitor(app, "olga@exemple.fr").signs_in()


@pytest.fixture
def atelier(event: Event) -> Registration:
    with unit_of_work():
        return build_structure(event, "Atelier Éloïse", at=now())


@pytest.fixture
def desks(event: Event) -> list[Registration]:
    with unit_of_work():
        return [build_desk(event, name, at=now()).registration for name in ("DSI", "Achats", "Déchets")]


def here(event: Event, rest: str = "") -> str:
    return f"/manage/{event.slug}/telephone{rest}"


def asked_by(structure: Registration) -> list[str]:
    session.rollback()
    rows = select(MeetingRequest).filter_by(requester_id=structure.id).where(MeetingRequest.rank.is_not(None))
    return [each.desk.registration.ref for each in session.scalars(rows.order_by(MeetingRequest.rank))]


def test_a_few_letters_without_accents_find_who_calls(olga: Visitor, event: Event, atelier: Registration) -> None:
    page = olga.sees(here(event, "?q=elois"))
    assert "Atelier Éloïse" in page.html.find(id="trouves").get_text()
    opened = olga.sees(here(event, "?q=elois&go=1"))
    assert opened.request.path == here(event, f"/{atelier.ref}")


def test_five_keystrokes_a_desk_and_the_order_is_the_rank(
    olga: Visitor, event: Event, atelier: Registration, desks: list[Registration]
) -> None:
    line = " ".join(each.ref.lower() for each in reversed(desks))
    page = olga.submits(here(event, f"/{atelier.ref}"), atelier.ref, line=line, caller="Mme Roy")
    assert asked_by(atelier) == [each.ref for each in reversed(desks)]
    assert "3 lignes enregistrées" in page.text
    entry = session.scalars(select(AuditEntry).filter_by(action="call.noted")).one()
    assert entry.details["caller"] == "Mme Roy"


def test_one_wrong_number_and_nothing_is_entered(
    olga: Visitor, event: Event, atelier: Registration, desks: list[Registration]
) -> None:
    line = f"{desks[0].ref} B999"
    answer = olga.submits(here(event, f"/{atelier.ref}"), atelier.ref, line=line, status=422)
    assert "« B999 » n’est le numéro de personne ici" in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert line in answer.text
    assert asked_by(atelier) == []


def test_the_line_is_taken_back(olga: Visitor, event: Event, atelier: Registration, desks: list[Registration]) -> None:
    page = olga.submits(here(event, f"/{atelier.ref}"), atelier.ref, line=desks[0].ref)
    olga.submits(page, "/undo")
    assert asked_by(atelier) == []


def test_the_quota_holds_on_the_telephone_too(app: Flask, olga: Visitor, event: Event, atelier: Registration) -> None:
    with unit_of_work():
        refs = [build_desk(event, f"Service {number}", at=now()).registration.ref for number in range(6)]
    answer = olga.submits(here(event, f"/{atelier.ref}"), atelier.ref, line=" ".join(refs), status=422)
    assert "5 demandes" in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert asked_by(atelier) == []


def test_a_desk_answers_in_one_line_and_a_refusal_needs_its_cause(
    olga: Visitor, event: Event, desks: list[Registration]
) -> None:
    desk = desks[0].desk
    assert desk
    with unit_of_work():
        structures = [build_structure(event, name, at=now()) for name in ("Bruno", "Chloé", "Dora")]
        requests = [build_request(each, desk, at=now()) for each in structures]
    line = f"{structures[0].ref}+ {structures[1].ref} {structures[2].ref}-"
    refused = olga.submits(here(event, f"/{desks[0].ref}"), desks[0].ref, line=line, status=422)
    assert refused.status_int == 422
    olga.submits(here(event, f"/{desks[0].ref}"), desks[0].ref, line=line, cause="no-need")
    session.rollback()
    states = [session.get_one(MeetingRequest, each.id).state for each in requests]
    assert states == [RequestState.PREFERRED, RequestState.ACCEPTED, RequestState.DECLINED]
    olga.submits(here(event, f"/{desks[0].ref}?done={requests[2].id}"), "/undo")
    session.rollback()
    assert session.get_one(MeetingRequest, requests[2].id).state is RequestState.SENT


def test_finding_costs_the_same_among_many(olga: Visitor, event: Event, atelier: Registration) -> None:
    one = queries_of(olga, here(event, "?q=atelier"))
    with unit_of_work():
        for number in range(3):
            build_structure(event, f"Atelier {number}", at=now())
    assert queries_of(olga, here(event, "?q=atelier")) == one


def test_how_a_line_is_read() -> None:
    assert read_line("b3, B012;S4+ s5-", ["B03", "B12", "S004", "S005"]) == [
        Said("B03", RequestState.ACCEPTED),
        Said("B12", RequestState.ACCEPTED),
        Said("S004", RequestState.PREFERRED),
        Said("S005", RequestState.DECLINED),
    ]


@given(st.text(max_size=60))
def test_any_line_is_read_or_refused_with_a_sentence(line: str) -> None:
    try:
        assert read_line(line, ["B01", "S001"])
    except (NothingTyped, UnknownNumber, SaidTwice) as broken:
        assert broken.message  # noqa: PT017 - any other exception fails
