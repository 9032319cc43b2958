"""Requests of several structures, and between structures, all the way: solved, published, told, in every agenda."""

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from openmap.allocation import problem, queries, wording
from openmap.allocation.operations import PinImpossible, pin_meeting, publish_run
from openmap.allocation.proposal import read_proposal
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.enums import DeclineCause, MemberState, RequestState
from openmap.meeting_requests.models import RequestMember
from openmap.meeting_requests.operations import answer_request, meeting_place_of
from openmap.meetings.models import Meeting, MeetingParticipant
from openmap.meetings.queries import current_version, meetings_of
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration, Unavailability
from tests.allocation.conftest import Morning, build_morning
from tests.factories import build_request
from tests.people import Visitor


@pytest.fixture
def together(app: Flask) -> Morning:
    """Amina and Bruno ask the DSI together; Chloé asks Amina herself, and no longer the DSI."""
    morning = build_morning()
    with unit_of_work():
        amina, bruno, chloe = (morning.participant(name) for name in ("amina", "bruno", "chloe"))
        common = morning.request("amina", "dsi")
        session.add(RequestMember(request=common, registration=bruno, state=MemberState.ACCEPTED, **_times()))
        for name in ("bruno", "chloe"):
            session.delete(morning.request(name, "dsi"))
        session.delete(morning.request("amina", "achats"))
        build_request(chloe, meeting_place_of(amina, at=now()), rank=1, motive="Répondre ensemble", at=now())
    return morning


def _times() -> dict[str, object]:
    return {"invited_at": now(), "answered_at": now()}


def published(morning: Morning) -> list[Meeting]:
    run = morning.solve()
    with unit_of_work():
        publish_run(run, by=None, at=now())
    version = current_version(morning.event)
    assert version
    return list(queries.meetings_in(version))


def names(meeting: Meeting) -> set[str]:
    return {seat.registration.title for seat in meeting.participants}


def test_the_question_names_everyone_at_the_table(together: Morning) -> None:
    refs = {name: together.participant(name).ref for name in ("amina", "bruno", "chloe", "dsi")}
    asked = {request.between for request in problem.build_instance(together.event).requests}
    assert asked == {(refs["amina"], refs["bruno"], refs["dsi"]), (refs["chloe"], refs["amina"])}


def test_both_take_place_and_nobody_sits_twice_in_a_slot(together: Morning) -> None:
    common, peers = sorted(published(together), key=lambda meeting: -len(meeting.participants))
    assert names(common) == {"Amina", "Bruno", "Ville de Paris – DSI"}
    assert names(peers) == {"Amina", "Chloe"}
    assert common.slot_id != peers.slot_id


def test_everyone_finds_it_in_their_agenda_and_mail(app: Flask, together: Morning) -> None:
    published(together)
    seen = {
        "bruno": ("Amina", "DSI"),
        "dsi": ("Amina", "Bruno"),
        "chloe": ("Amina",),
        "amina": ("Bruno", "Chloe", "DSI"),
    }
    for name, others in seen.items():
        visitor = Visitor(app, f"{name}@exemple.fr").signs_in()
        path = f"/events/{together.event.slug}/agendas/{together.participant(name).ref}"
        page = visitor.sees(path).html.find("main").get_text()
        calendar = visitor.sees(f"{path}.ics").text.replace("\r\n ", "")
        mail = next(mail for mail in together.mails() if mail.recipient == visitor.email)
        for other in others:
            assert other in page
            assert other in calendar
            assert other in mail.text


def test_the_database_refuses_a_partner_twice_in_a_slot(together: Morning) -> None:
    published(together)
    bruno = together.participant("bruno")
    [meeting] = meetings_of(bruno)
    other = session.scalars(select(Meeting).where(Meeting.id != meeting.id)).one()
    with pytest.raises(IntegrityError), unit_of_work():
        session.add(
            MeetingParticipant(
                meeting_id=other.id, version_id=other.version_id, slot_id=meeting.slot_id, registration_id=bruno.id
            )
        )


def test_a_partner_who_is_away_makes_the_slot_impossible_to_pin(together: Morning) -> None:
    run = together.solve()
    common = together.request("amina", "dsi")
    proposed = queries.find_allocation(run, common.id)
    assert proposed
    with unit_of_work():
        bruno = together.participant("bruno")
        session.add(Unavailability(registration_id=bruno.id, slot_id=proposed.slot_id))
    with pytest.raises(PinImpossible), unit_of_work():
        pin_meeting(proposed, by=None, at=now())


def test_whoever_comes_along_is_served_and_shown_apart_from_the_desks(together: Morning) -> None:
    proposal = read_proposal(together.solve())
    served = {proposal.people[key].title for key in proposal.served}
    assert served == {"Amina", "Bruno", "Chloe"}
    assert [each.request.requester.title for each in proposal.among_structures] == ["Chloe"]
    assert [each.title for each in proposal.desks] == ["Ville de Paris – DSI", "Ville de Paris – Achats"]


def test_a_proposed_request_is_no_question_yet_and_a_partner_turned_away_comes_no_more(together: Morning) -> None:
    with unit_of_work():
        bruno = together.participant("bruno")
        bruno.state, bruno.refusal_reason, bruno.decided_at = RegistrationState.REFUSED, "Hors du thème", now()
    amina, dsi = together.participant("amina"), together.participant("dsi")
    assert (amina.ref, dsi.ref) in {request.between for request in problem.build_instance(together.event).requests}
    assert [party.id for party in together.request("amina", "dsi").parties] == [amina.id, dsi.id]


def test_each_party_reads_why_in_its_own_words(app: Flask, together: Morning) -> None:
    """Bruno is never there: Amina reads his name, he reads « vous », the peers their own reason."""
    with unit_of_work():
        bruno = together.participant("bruno")
        for slot in together.event.slots:
            session.add(Unavailability(registration_id=bruno.id, slot_id=slot.id))
    run = together.solve()
    [unmet] = [each for each in queries.unmet_requests_of(run) if each.reason != "declined"]
    assert _told(unmet, together.participant("amina")) == (
        "Pas de rendez-vous avec Ville de Paris – DSI : aucun créneau ne convient à tous (vous, Bruno, cet acheteur)."
    )
    assert "(Amina, vous, cet acheteur)" in _told(unmet, together.participant("bruno"))
    readers = [together.participant(name) for name in ("amina", "bruno", "chloe")]
    told = wording.sentences_for([unmet], readers)
    assert [bool(told[reader.id]) for reader in readers] == [True, True, False]


def _told(unmet, reader: Registration) -> str:
    with force_locale("fr"):
        return wording.unmet_sentence(unmet, reader=reader).replace("\u00a0", " ")


def test_a_declined_common_request_is_told_to_both(together: Morning) -> None:
    with unit_of_work():
        request = together.request("amina", "dsi")
        answer_request(request, answer=RequestState.DECLINED, cause=DeclineCause.NO_NEED, by=None, at=now())
    mails = together.mails("request_declined")
    assert [mail.recipient for mail in mails] == ["amina@exemple.fr", "bruno@exemple.fr"]
    assert "Pas de besoin dans ce domaine cette année" in mails[1].text


def test_whoever_comes_along_may_read_why_slot_by_slot(app: Flask, together: Morning) -> None:
    with unit_of_work():
        bruno = together.participant("bruno")
        for slot in together.event.slots:
            session.add(Unavailability(registration_id=bruno.id, slot_id=slot.id))
    published(together)
    request = together.request("amina", "dsi")
    path = f"/events/{together.event.slug}/explanations/{together.participant('bruno').ref}/{request.id}"
    page = Visitor(app, "bruno@exemple.fr").signs_in().sees(path).html.find("main").get_text(" ", strip=True)
    assert "vous n’êtes pas disponible" in page
    assert "aucun créneau ne convient à tous" in page
