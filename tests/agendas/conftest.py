"""A published morning: Amina's structure meets Bruno's desk, and a second one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.registrations.models import Desk, Registration
from tests.factories import build_desk, build_event, build_person, build_request, build_structure
from tests.people import Visitor


@dataclass
class Published:
    """What the stories of this folder are about."""

    event: Event
    structure: Registration
    desks: list[Desk]
    requests: list[MeetingRequest]

    def path(self, registration: Registration) -> str:
        """Someone's agenda page."""
        return f"/events/{self.event.slug}/agendas/{registration.ref}"

    def publish(self, places: dict[int, tuple[int, int]], *, at: datetime) -> ScheduleVersion:
        """Publish the next version; `places`: for each request, by its place, the slot's position and the sequence."""
        for version in session.query(ScheduleVersion).filter_by(event_id=self.event.id):
            version.is_current = False
        session.flush()
        number = session.query(ScheduleVersion).filter_by(event_id=self.event.id).count() + 1
        version = ScheduleVersion(
            event_id=self.event.id, number=number, is_current=True, instance_sha256="0" * 64, published_at=at
        )
        session.add(version)
        session.flush()
        for place, (position, sequence) in places.items():
            self._meet(version, self.requests[place], position, sequence)
        return version

    def _meet(self, version: ScheduleVersion, request: MeetingRequest, position: int, sequence: int) -> None:
        slot = self.event.slots[position]
        meeting = Meeting(
            version_id=version.id,
            slot_id=slot.id,
            desk_id=request.desk_id,
            table_id=request.desk.table_id,
            request_id=request.id,
            uid=f"{request.ref}@openmap",
            sequence=sequence,
        )
        session.add(meeting)
        session.flush()
        for registration_id in (request.requester_id, request.desk.registration_id):
            session.add(
                MeetingParticipant(
                    meeting_id=meeting.id, version_id=version.id, slot_id=slot.id, registration_id=registration_id
                )
            )


@pytest.fixture
def published(app: Flask) -> Published:
    at = now()
    with unit_of_work():
        amina = build_person("Amina Diallo", email="amina@exemple.fr", at=at)
        bruno = build_person("Bruno Martin", email="bruno@exemple.fr", at=at)
        event = build_event(at=at)
        start = event.slots[0].starts_at
        session.add(
            ProgrammeItem(
                event_id=event.id,
                kind=ProgrammeKind.WELCOME,
                title="Accueil café; bienvenue, à tous",
                starts_at=start - timedelta(minutes=30),
                ends_at=start,
            )
        )
        structure = build_structure(event, at=at, contact=amina)
        desks = [
            build_desk(event, "DSI", at=at, contact=bruno, table_number=3),
            build_desk(event, "Propreté", body="Ville de Montreuil", at=at, table_number=4),
        ]
        requests = [
            build_request(structure, desk, rank=rank, state=RequestState.ACCEPTED, at=at)
            for rank, desk in enumerate(desks, start=1)
        ]
        story = Published(event, structure, desks, requests)
        story.publish({0: (1, 0), 1: (3, 0)}, at=at)
    return story


@pytest.fixture
def amina(app: Flask, published: Published) -> Visitor:
    return Visitor(app, "amina@exemple.fr").signs_in()


@pytest.fixture
def bruno(app: Flask, published: Published) -> Visitor:
    return Visitor(app, "bruno@exemple.fr").signs_in()
