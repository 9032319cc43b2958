"""Storing a morning that was read from files."""

from datetime import datetime, timedelta

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import session
from openmap.core.errors import Conflict
from openmap.core.text import mark
from openmap.events.models import Event, MeetingSession, ProgrammeItem, Table, TimeSlot
from openmap.events.queries import find_event
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.mornings.event_file import EventFacts
from openmap.mornings.files import STRUCTURES, DeskLine, Morning, RequestLine, StructureLine
from openmap.mornings.juries import add_scores
from openmap.mornings.lines import BadMorning, Trouble
from openmap.mornings.partners import add_partners
from openmap.mornings.pitches import add_pitches
from openmap.mornings.stage import add_speakers
from openmap.organisations.contacts import vouch_for
from openmap.organisations.enums import OrganisationKind, Sector
from openmap.organisations.models import Organisation
from openmap.organisations.operations import (
    BuyerProfile,
    ContactDetails,
    SiretOfAnotherKind,
    StructureProfile,
    find_or_add_buyer,
    find_or_add_contact,
    find_or_add_structure,
)
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration, Unavailability
from openmap.series.operations.drafting import find_or_add_series


class MorningAlreadyThere(Conflict):
    """A morning of this address exists; an import never changes one."""

    message = mark("La matinale « %(slug)s » existe déjà : rien n’a été importé.")


def import_morning(morning: Morning, *, by: Person | None, at: datetime) -> Event:
    """Store a morning: everyone approved, desk n at table n, requests as ranked and answered; no mail leaves.

    Of a morning already past, each thing happened at its deadline. Raises MorningAlreadyThere, BadMorning.
    """
    if find_event(morning.event.slug) is not None:
        raise MorningAlreadyThere(slug=morning.event.slug)
    event = _add_event(morning.event, morning.request_quota)
    importing = _Importing(event, by=by, at=at)
    desks = {
        line.ref: importing.add_desk(line, table) for line, table in zip(morning.desks, event.tables, strict=False)
    }
    structures = {line.ref: importing.add_structure(line) for line in morning.structures}
    for line in morning.requests:
        importing.add_request(line, structures[line.structure], desks[line.buyer])
    participants = structures | {ref: desk.registration for ref, desk in desks.items()}
    add_speakers(event, morning.event.programme, participants, by=by, at=at)
    call = add_pitches(event, morning, structures, at=at)
    if call is not None:
        add_scores(call, morning.pitches, structures, at=at)
    add_partners(event, morning.partners, by=by, at=at)
    audit.record(by, "event.imported", event, at=at, event_id=event.id, requests=len(morning.requests))
    return event


def _add_event(facts: EventFacts, quota: int) -> Event:
    event = Event(
        series_id=find_or_add_series(facts.series).id,
        slug=facts.slug,
        title=facts.title,
        sector=facts.sector,
        held_on=facts.held_on,
        timezone=facts.timezone,
        venue=facts.venue,
        address=facts.address,
        introduction=facts.introduction,
        registration_closes_at=facts.deadlines["registration"],
        requests_close_at=facts.deadlines["requests"],
        answers_close_at=facts.deadlines["answers"],
        request_quota=quota,
        reported=dict(facts.reported),
    )
    session.add(event)
    session.flush()
    meeting_session = MeetingSession(event_id=event.id, position=0)
    session.add(meeting_session)
    session.flush()
    for position, (starts_at, ends_at) in enumerate(facts.slots):
        slot = TimeSlot(event_id=event.id, position=position, starts_at=starts_at, ends_at=ends_at)
        slot.meeting_session_id = meeting_session.id
        session.add(slot)
    for period in facts.programme:
        item = ProgrammeItem(event_id=event.id, kind=period.kind, title=period.title)
        item.starts_at, item.ends_at = period.starts_at, period.ends_at
        item.room, item.description, item.capacity = period.room, period.description, period.capacity
        session.add(item)
    session.add_all(Table(event_id=event.id, number=number) for number in range(1, facts.table_count + 1))
    session.flush()
    return event


class _Importing:
    """Adds the participants and requests of one morning."""

    def __init__(self, event: Event, *, by: Person | None, at: datetime) -> None:
        self._event, self._by, self._at = event, by, at
        self._slots = {slot.position: slot.id for slot in event.slots}

    def add_desk(self, line: DeskLine, table: Table) -> Desk:
        body = find_or_add_buyer(BuyerProfile(line.organisation, line.kind, line.departement), at=self._at)
        registration = self._register(body, line, self._event.sector)
        desk = Desk(event_id=self._event.id, organisation_id=body.id, registration_id=registration.id, name=line.desk)
        desk.table_id = table.id
        session.add(desk)
        session.flush()
        return desk

    def add_structure(self, line: StructureLine) -> Registration:
        profile = StructureProfile(line.siret, line.name, line.kind, line.departement)
        try:
            body = find_or_add_structure(profile, at=self._at)
        except SiretOfAnotherKind:
            why = f"{line.siret} is the number of a body that is no structure"
            raise BadMorning([Trouble(STRUCTURES, line.line, "siret", why)]) from None
        registration = self._register(body, line, line.sector)
        registration.offer = line.offer
        return registration

    def add_request(self, line: RequestLine, requester: Registration, desk: Desk) -> None:
        answered = line.answer is not RequestState.SENT
        request = MeetingRequest(
            event_id=self._event.id,
            requester_id=requester.id,
            desk_id=desk.id,
            rank=line.rank,
            motive=line.motive,
            state=line.answer,
            sent_at=self._by_deadline(self._event.requests_close_at),
            answered_at=self._by_deadline(self._event.answers_close_at) if answered else None,
        )
        session.add(request)

    def _register(self, body: Organisation, line: DeskLine | StructureLine, sector: Sector) -> Registration:
        contact = find_or_add_contact(body, ContactDetails(name="", email=line.email), at=self._at)
        entered_at = self._by_deadline(self._event.registration_closes_at)
        registration = Registration(
            event_id=self._event.id,
            organisation_id=body.id,
            contact_id=contact.id,
            kind=OrganisationKind.BUYER if isinstance(line, DeskLine) else OrganisationKind.STRUCTURE,
            ref=line.ref,
            state=RegistrationState.APPROVED,
            sector=sector,
            created_at=entered_at,
            decided_at=entered_at,
            decided_by_id=self._by.id if self._by else None,
        )
        slots = (self._slots[position] for position in sorted(line.unavailable))
        registration.unavailabilities = [Unavailability(slot_id=slot_id) for slot_id in slots]
        session.add(registration)
        session.flush()
        vouch_for(contact)
        return registration

    def _by_deadline(self, deadline: datetime) -> datetime:
        return min(self._at, deadline - timedelta(minutes=1))
