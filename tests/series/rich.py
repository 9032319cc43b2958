"""A morning with everything that can be set, and with people in all of it: what a copy takes over, and what not."""

from datetime import datetime, timedelta

from openmap.coaching.models import Coach, CoachingBooking, CoachingSession
from openmap.core.db import session
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.exhibition.models import Exhibition, Stand
from openmap.invitations.models import ReminderRule
from openmap.meeting_requests.rules import RequestBan, RequestQuota, RequestRules
from openmap.organisations.enums import OrganisationKind, Sector, StructureKind
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import Criterion, PitchApplication, PitchCall
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import Appearance
from openmap.questions.enums import QuestionKind, QuestionPurpose
from openmap.questions.operations import Wording, add_question
from openmap.registrations.models import Capacity, Registration, Unavailability
from openmap.selections.enums import BalanceKind
from openmap.selections.models import SelectionConstraint
from tests.factories import (
    build_answer,
    build_desk,
    build_draft,
    build_file,
    build_guest,
    build_request,
    build_structure,
)


def fill(event: Event, *, at: datetime) -> None:
    """Give a morning every setting, and people, requests, answers and a file pitch."""
    event.introduction = "Les déchets des uns sont la matière des autres."
    _settings(event)
    structure = build_structure(event, at=at)
    build_request(structure, build_desk(event, at=at, table_number=1), at=at)
    build_guest(event, at=at)
    build_draft(event, at=at, name="Rejoué")
    session.add(Unavailability(registration_id=structure.id, slot_id=event.slots[0].id))
    question = add_question(event, QuestionPurpose.REGISTRATION, _file_wanted(), by=None, at=at)
    build_answer(structure, question, build_file(at=at), at=at)
    _call(event, structure, at=at)
    _stage_and_hall(event, structure)
    session.flush()
    session.expire_all()


def _file_wanted() -> Wording:
    return Wording(QuestionKind.FILE, "Votre plaquette", participant_kinds=("structure",))


def _settings(event: Event) -> None:
    session.add_all(
        [
            Capacity(event_id=event.id, kind=OrganisationKind.STRUCTURE, places=30),
            ReminderRule(event_id=event.id, days_before=10),
            RequestRules(event_id=event.id, groups_allowed=True, group_size=2, invitation_limit=1),
            RequestBan(event_id=event.id, sector=Sector.IT, created_at=event.registration_closes_at),
            RequestQuota(event_id=event.id, structure_kind=StructureKind.ESAT, quota=8),
        ]
    )


def _call(event: Event, structure: Registration, *, at: datetime) -> None:
    call = PitchCall(
        event_id=event.id,
        opens_at=at,
        closes_at=at + timedelta(days=9),
        jury_closes_at=at + timedelta(days=14),
        places=6,
        confirm_before=at + timedelta(days=18),
        guidance="Cinq minutes, sans diapositives.",
        published_at=at,
        released_at=at,
        board_version=4,
        created_at=at,
    )
    session.add(call)
    session.flush()
    coaching = CoachingSession(
        call_id=call.id,
        starts_at=at + timedelta(days=20),
        ends_at=at + timedelta(days=20, hours=4),
        place="Maison des associations",
        link="https://visio.example/une-fois",
        places=3,
        sequence=2,
        created_at=at,
    )
    application = PitchApplication(
        call_id=call.id,
        registration_id=structure.id,
        title="Du mobilier remis à neuf",
        state=ApplicationState.SUBMITTED,
        created_at=at,
        edited_at=at,
        submitted_at=at,
    )
    session.add_all([coaching, application])
    session.add(Criterion(call_id=call.id, label="Impact", weight=2, position=1))
    session.add(Criterion(call_id=call.id, label="Ancien critère", position=2, retired_at=at))
    session.add(
        SelectionConstraint(
            call_id=call.id, kind=BalanceKind.STRUCTURE_KIND, values=["ESAT"], at_least=2, at_most=None, position=1
        )
    )
    session.flush()
    session.add(Coach(session_id=coaching.id, name="Paul Coach", email="paul@exemple.fr"))
    session.add(CoachingBooking(session_id=coaching.id, application_id=application.id, booked_at=at))
    add_question(event, QuestionPurpose.PITCH, Wording(QuestionKind.TEXT, "Qui parlera ?"), by=None, at=at)


def _stage_and_hall(event: Event, structure: Registration) -> None:
    start = event.slots[0].starts_at - timedelta(hours=1)
    item = ProgrammeItem(
        event_id=event.id,
        kind=ProgrammeKind.ROUND_TABLE,
        title="Osez les achats responsables",
        starts_at=start,
        ends_at=start + timedelta(minutes=45),
        room="Grande salle",
        capacity=120,
        sequence=3,
    )
    hall = Exhibition(
        event_id=event.id, opens_at=start, closes_at=start + timedelta(hours=4), room="Atrium", is_public=True
    )
    session.add_all([item, hall])
    session.flush()
    session.add(Appearance(item_id=item.id, registration_id=structure.id, role=AppearanceRole.PANELLIST, position=1))
    stand = Stand(exhibition_id=hall.id, label="A1", x=1, y=1, registration_id=structure.id)
    stand.contact_name, stand.contact_email = "Amina Diallo", "amina@exemple.fr"
    session.add_all([stand, Stand(exhibition_id=hall.id, label="A2", x=5, y=1, exhibitor="Réseau des ressourceries")])
