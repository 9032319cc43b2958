"""The database itself refuses to book anyone, any desk or any table twice, on both engines."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from openmap.allocation import queries
from openmap.allocation.operations import cancel_run, pin_meeting, publish_run
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from tests.allocation.conftest import Morning, build_morning


@pytest.fixture
def booked(any_app: Flask) -> Morning:
    """Amina meets the DSI in the first slot at the first table, on SQLite, then on PostgreSQL."""
    morning = build_morning()
    with unit_of_work():
        version = ScheduleVersion(
            event_id=morning.event.id, number=1, is_current=True, instance_sha256="0" * 64, published_at=now()
        )
        session.add(version)
        session.flush()
        book(morning, "amina", "dsi", version_id=version.id)
    return morning


def book(morning: Morning, structure: str, desk: str, *, version_id: int, slot: int = 0, table: int = 0) -> None:
    request, event = morning.request(structure, desk), morning.event
    meeting = Meeting(
        version_id=version_id,
        slot_id=event.slots[slot].id,
        desk_id=request.desk_id,
        table_id=event.tables[table].id,
        request_id=request.id,
        uid=f"{structure}-{desk}",
    )
    session.add(meeting)
    session.flush()
    for side in (request.requester_id, request.desk.registration_id):
        session.add(
            MeetingParticipant(
                meeting_id=meeting.id, version_id=version_id, slot_id=meeting.slot_id, registration_id=side
            )
        )
    session.flush()


@pytest.mark.parametrize(
    ("structure", "desk", "slot", "table"),
    [
        pytest.param("bruno", "dsi", 0, 1, id="a desk twice in a slot"),
        pytest.param("amina", "achats", 0, 1, id="a structure twice in a slot"),
        pytest.param("bruno", "achats", 0, 0, id="a table twice in a slot"),
        pytest.param("amina", "dsi", 1, 0, id="a request met twice"),
    ],
)
def test_the_database_refuses(booked: Morning, structure: str, desk: str, slot: int, table: int) -> None:
    version_id = session.query(ScheduleVersion.id).scalar()
    with pytest.raises(IntegrityError), unit_of_work():
        book(booked, structure, desk, version_id=version_id, slot=slot, table=table)
    assert session.query(Meeting).count() == 1


def test_the_database_takes_the_same_people_in_another_slot(booked: Morning) -> None:
    version_id = session.query(ScheduleVersion.id).scalar()
    with unit_of_work():
        book(booked, "amina", "achats", version_id=version_id, slot=1, table=0)
        book(booked, "bruno", "dsi", version_id=version_id, slot=1, table=1)
    assert session.query(Meeting).count() == 3


def test_the_database_refuses_a_second_current_version(booked: Morning) -> None:
    second = {"number": 2, "is_current": True, "instance_sha256": "0" * 64, "published_at": now()}
    with pytest.raises(IntegrityError), unit_of_work():
        session.add(ScheduleVersion(event_id=booked.event.id, **second))
    assert session.query(ScheduleVersion).count() == 1


def test_a_participant_never_sits_in_a_slot_that_is_not_their_meeting_s(booked: Morning) -> None:
    meeting = session.query(Meeting).one()
    stray = {"meeting_id": meeting.id, "version_id": meeting.version_id, "slot_id": booked.event.slots[1].id}
    registration_id = booked.participant("chloe").id
    with pytest.raises(IntegrityError), unit_of_work():
        session.add(MeetingParticipant(registration_id=registration_id, **stray))


@pytest.mark.database
def test_a_proposal_is_solved_pinned_and_published_on_postgresql(postgres_app: Flask) -> None:
    morning = build_morning()
    run = morning.solve()
    proposed = queries.allocations_of(run)[0]
    with unit_of_work():
        pin_meeting(proposed, by=None, at=now())
    again = morning.solve()
    with unit_of_work():
        cancel_run(again, by=None, at=now())  # it is over: nothing happens
    with unit_of_work():
        publish_run(again, by=None, at=now())
    assert (session.query(Meeting).count(), session.query(MeetingParticipant).count()) == (3, 6)
    assert len(morning.mails()) == 5
