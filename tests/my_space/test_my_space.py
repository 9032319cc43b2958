"""What everyone finds on their own page: what to do now, the programme, the requests and their reasons."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.allocation.models import Run, UnmetRequest
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.jobs import Job, JobState
from openmap.events.models import Event
from openmap.meeting_requests.enums import RequestState
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from tests.counting import queries_of
from tests.factories import build_desk, build_event, build_person, build_request, build_structure
from tests.people import Visitor

EMAIL = "amina@exemple.fr"


@pytest.fixture
def event(app: Flask) -> Event:
    with unit_of_work():
        build_person("Amina Diallo", email=EMAIL, at=now())
        return build_event(at=now())


@pytest.fixture
def amina(app: Flask, event: Event) -> Visitor:
    return Visitor(app, EMAIL).signs_in()


@pytest.fixture
def structure(event: Event, amina: Visitor) -> Registration:
    with unit_of_work():
        return build_structure(event, at=now(), contact=person())


def person() -> Person:
    return session.scalars(select(Person).filter_by(email=EMAIL)).one()


def tasks(visitor: Visitor) -> list[str]:
    page = visitor.sees("/my-space")
    return [title.get_text(strip=True) for title in page.html.select(".todo__title")]


def publish(event: Event, request, *, met: bool, unlock: list[dict[str, str]]) -> None:
    """Publish a version in which this request is met, or is not because the desk is full."""
    version = ScheduleVersion(
        event_id=event.id, number=1, is_current=True, instance_sha256="0" * 64, published_at=now()
    )
    job = Job(kind="solve", subject_id=1, created_at=now(), state=JobState.DONE)
    session.add_all([version, job])
    session.flush()
    run = Run(
        event_id=event.id,
        number=1,
        job_id=job.id,
        instance="{}",
        instance_sha256="0" * 64,
        created_at=now(),
        version_id=version.id,
    )
    session.add(run)
    session.flush()
    if not met:
        session.add(
            UnmetRequest(
                run_id=run.id,
                request_id=request.id,
                reason="buyer_full",
                unlock=unlock,
                desk_meetings=4,
                desk_only_meetings=4,
            )
        )
        return
    slot = event.slots[1]
    meeting = Meeting(
        version_id=version.id,
        slot_id=slot.id,
        desk_id=request.desk_id,
        table_id=event.tables[2].id,
        request_id=request.id,
        uid="1@openmap",
    )
    session.add(meeting)
    session.flush()
    for registration_id in (request.requester_id, request.desk.registration_id):
        session.add(
            MeetingParticipant(
                meeting_id=meeting.id, version_id=version.id, slot_id=slot.id, registration_id=registration_id
            )
        )


def test_someone_without_a_registration_is_shown_the_mornings(amina):
    assert "Aucune inscription pour l’instant" in amina.sees("/my-space").text


def test_a_structure_that_asked_nothing_is_asked_to_choose(amina, structure):
    assert tasks(amina) == ["Choisissez les acheteurs que vous voulez rencontrer"]


def test_a_declined_request_comes_before_free_places(amina, structure, event):
    with unit_of_work():
        build_request(structure, build_desk(event, at=now()), at=now(), state=RequestState.DECLINED)
    assert tasks(amina) == ["Un acheteur a décliné\u00a0: demandez-en un autre"]
    page = amina.sees("/my-space")
    assert "L’acheteur décline" in page.text
    assert "Ce n’est pas notre service" in page.text


def test_a_desk_is_asked_for_its_answers(amina, event):
    with unit_of_work():
        desk = build_desk(event, at=now(), contact=person())
        for name in ("Une", "Deux"):
            build_request(build_structure(event, name, at=now()), desk, at=now())
        build_request(build_structure(event, "Trois", at=now()), desk, at=now(), state=RequestState.ACCEPTED)
    assert tasks(amina) == ["2 structures attendent votre réponse"]
    assert "1 réponse sur 3" in amina.sees("/my-space").text


def test_a_registration_that_waits_asks_nothing(amina, event):
    with unit_of_work():
        build_structure(event, at=now(), contact=person(), state=RegistrationState.PENDING)
    assert tasks(amina) == []
    page = amina.sees("/my-space").text
    assert "Inscription en attente de validation" in page
    assert "Rien à faire pour le moment" in page


def test_a_refused_registration_is_told_why(amina, event):
    with unit_of_work():
        build_structure(event, at=now(), contact=person(), state=RegistrationState.REFUSED)
    assert "Hors du thème de la matinale" in amina.sees("/my-space").text


def test_the_published_meeting_stands_in_the_programme_and_beside_its_request(amina, structure, event):
    with unit_of_work():
        request = build_request(structure, build_desk(event, at=now()), at=now())
        publish(event, request, met=True, unlock=[])
    page = amina.sees("/my-space").html
    assert "Ville de Paris\u00a0– DSI" in page.select_one(".agenda-item--next").get_text()
    assert "table 3" in page.select_one(".request").get_text()
    assert tasks(amina)[0] == "Votre programme est prêt\u00a0: mettez-le dans votre calendrier"


def test_an_unmet_request_says_why_and_what_would_have_unlocked_it(amina, structure, event):
    with unit_of_work():
        desk = build_desk(event, at=now())
        request = build_request(structure, desk, at=now())
        publish(event, request, met=False, unlock=[{"change": "slot", "participant": desk.registration.ref}])
    told = amina.sees("/my-space").html.select_one(".request").get_text(" ", strip=True).replace("\u00a0", " ")
    assert "Pas de rendez-vous avec Ville de Paris – DSI : ses 4 créneaux" in told
    assert "Avec un créneau de plus" in told


def test_reasons_stay_secret_until_the_publication(amina, structure, event):
    with unit_of_work():
        request = build_request(structure, build_desk(event, at=now()), at=now())
        publish(event, request, met=False, unlock=[])
        session.flush()
        session.query(ScheduleVersion).one().is_current = False
    page = amina.sees("/my-space").text
    assert "Pas de rendez-vous" not in page
    assert "En attente de réponse" in page


def test_at_most_three_things_to_do(amina, structure, event):
    with unit_of_work():
        for number in range(4):
            later = build_event(at=now() + timedelta(days=number))
            build_structure(later, f"Atelier {number}", at=now(), contact=person())
    assert len(tasks(amina)) == 3


def test_nobody_sees_the_space_of_another(app, structure):
    with unit_of_work():
        build_person("Zoé", email="zoe@exemple.fr", at=now())
    assert "Atelier Soleil" not in Visitor(app, "zoe@exemple.fr").signs_in().sees("/my-space").text


def test_the_page_costs_the_same_number_of_queries_for_one_request_and_for_three(amina, structure, event):
    with unit_of_work():
        build_request(structure, build_desk(event, at=now()), at=now())
    with_one = queries_of(amina, "/my-space")
    with unit_of_work():
        for rank in (2, 3):
            build_request(structure, build_desk(event, f"Service {rank}", at=now()), rank=rank, at=now())
    assert queries_of(amina, "/my-space") == with_one
