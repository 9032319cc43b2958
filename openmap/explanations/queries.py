"""What the published schedule leaves out of one participant's requests, and what stands in each slot."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from openmap.allocation.models import Run, UnmetRequest
from openmap.core.db import session
from openmap.events.models import TimeSlot
from openmap.meeting_requests.enums import MemberState
from openmap.meeting_requests.models import MeetingRequest, RequestMember
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.registrations.models import Desk, Registration, Unavailability


class Presence(enum.StrEnum):
    """What a participant does in a slot."""

    FREE = "free"
    AWAY = "away"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Engagement:
    """One participant in one slot: whom it meets, and whether one of them meets nobody else."""

    participant: Registration
    presence: Presence
    others: tuple[Registration, ...] = ()
    rank: int | None = None
    is_their_only: bool = False

    @property
    def is_free(self) -> bool:
        """Whether the meeting asked for could have been here, as far as this participant is concerned."""
        return self.presence is Presence.FREE


@dataclass(frozen=True, slots=True)
class Moment:
    """One slot, and what everyone whom the request concerns does in it."""

    slot: TimeSlot
    engagements: tuple[Engagement, ...]
    has_table: bool

    @property
    def is_open(self) -> bool:
        """Whether everyone is free here, so that only a table or a limit is missing."""
        return all(each.is_free for each in self.engagements)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One unmet request and its moments, in the order of the morning."""

    unmet: UnmetRequest
    moments: tuple[Moment, ...]


def unmet_requests_of(registration: Registration) -> Sequence[UnmetRequest]:
    """What the published schedule leaves out among the requests a participant sent or received, best ranked first."""
    rows = (
        select(UnmetRequest)
        .join(UnmetRequest.run)
        .join(Run.version)
        .join(UnmetRequest.request)
        .where(ScheduleVersion.is_current, MeetingRequest.event_id == registration.event_id, _concerns(registration))
        .options(
            contains_eager(UnmetRequest.run),
            contains_eager(UnmetRequest.request).joinedload(MeetingRequest.requester),
            contains_eager(UnmetRequest.request).joinedload(MeetingRequest.desk).joinedload(Desk.registration),
        )
        .order_by(MeetingRequest.rank, UnmetRequest.id)
    )
    return session.scalars(rows).unique().all()


def explanation_for(registration: Registration, request_id: int) -> Explanation | None:
    """Why one request of or to a participant got no meeting; None when it is not one of theirs, or has one."""
    unmet = next((each for each in unmet_requests_of(registration) if each.request_id == request_id), None)
    if unmet is None:
        return None
    parties = tuple(unmet.request.parties)
    meetings = _meetings_of(parties)
    away = _unavailable_slots(parties)
    only = _with_a_single_meeting(meetings)
    taken = _meetings_by_slot(registration)
    tables = len(registration.event.tables)
    return Explanation(
        unmet,
        tuple(
            Moment(
                slot,
                tuple(_engagement(party, slot, meetings, away, only) for party in parties),
                has_table=taken.get(slot.id, 0) < tables,
            )
            for slot in registration.event.slots
        ),
    )


def _concerns(registration: Registration) -> ColumnElement[bool]:
    if registration.desk:
        return MeetingRequest.desk_id == registration.desk.id
    comes = RequestMember.registration_id == registration.id, RequestMember.state == MemberState.ACCEPTED
    return or_(MeetingRequest.requester_id == registration.id, MeetingRequest.members.any(and_(*comes)))


def _engagement(
    party: Registration,
    slot: TimeSlot,
    meetings: Sequence[Meeting],
    away: set[tuple[int, int]],
    only: set[int],
) -> Engagement:
    for meeting in meetings:
        present = {one.registration_id for one in meeting.participants}
        if meeting.slot_id == slot.id and party.id in present:
            others = tuple(one.registration for one in meeting.participants if one.registration_id != party.id)
            is_only = any(other.id in only for other in others if other.desk is None)
            return Engagement(party, Presence.MEETING, others, meeting.request.rank, is_only)
    is_away = (party.id, slot.id) in away
    return Engagement(party, Presence.AWAY if is_away else Presence.FREE)


def _meetings_of(parties: Sequence[Registration]) -> Sequence[Meeting]:
    ids = [party.id for party in parties]
    rows = (
        select(Meeting)
        .join(Meeting.version)
        .where(
            ScheduleVersion.is_current,
            Meeting.outcome != MeetingOutcome.CANCELLED,
            Meeting.participants.any(MeetingParticipant.registration_id.in_(ids)),
        )
        .options(
            selectinload(Meeting.participants).joinedload(MeetingParticipant.registration),
            joinedload(Meeting.request),
        )
    )
    return session.scalars(rows).unique().all()


def _unavailable_slots(parties: Sequence[Registration]) -> set[tuple[int, int]]:
    ids = [party.id for party in parties]
    rows = select(Unavailability.registration_id, Unavailability.slot_id).where(Unavailability.registration_id.in_(ids))
    return {(registration_id, slot_id) for registration_id, slot_id in session.execute(rows)}


def _with_a_single_meeting(meetings: Sequence[Meeting]) -> set[int]:
    """Who, among everyone in these meetings, has no other meeting in the published schedule."""
    ids = {one.registration_id for meeting in meetings for one in meeting.participants}
    counts = (
        select(MeetingParticipant.registration_id)
        .join(MeetingParticipant.meeting)
        .join(Meeting.version)
        .where(
            ScheduleVersion.is_current,
            Meeting.outcome != MeetingOutcome.CANCELLED,
            MeetingParticipant.registration_id.in_(ids),
        )
        .group_by(MeetingParticipant.registration_id)
        .having(func.count() == 1)
    )
    return set(session.scalars(counts))


def _meetings_by_slot(registration: Registration) -> Mapping[int, int]:
    counts = (
        select(Meeting.slot_id, func.count())
        .join(Meeting.version)
        .where(
            ScheduleVersion.is_current,
            ScheduleVersion.event_id == registration.event_id,
            Meeting.outcome != MeetingOutcome.CANCELLED,
        )
        .group_by(Meeting.slot_id)
    )
    return dict(session.execute(counts).all())
