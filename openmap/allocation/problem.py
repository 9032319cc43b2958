"""The only door to the scheduler: rows become an instance, a solution is checked before it becomes rows."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from openmap.allocation.models import Pin
from openmap.core.db import session
from openmap.events.models import Event, TimeSlot
from openmap.meeting_requests.enums import SCHEDULABLE, MemberState, RequestState
from openmap.meeting_requests.models import MeetingRequest, RequestMember
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, ScheduleVersion
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration, Unavailability
from scheduler import (
    Instance,
    InvalidInput,
    Participant,
    Request,
    Solution,
    Status,
    dump_instance,
    instance_sha256,
    read_instance,
    read_solution,
)
from scheduler import Pin as Fixed
from scheduler.checks import violations

HEAVIEST_RANK = 5  # docs/decisions/009
PREFERRED_FACTOR = 2
COVERED_GROUP = "structure"


class SolutionRefused(Exception):
    """What the solver gave back is not a right answer to this instance; the message says what is wrong."""


def build_instance(event: Event) -> Instance:
    """Return today's question of a morning; the same rows give the same instance.

    Approved participants, their unavailability, requests neither declined nor withdrawn, pins, and the published
    meetings as what was before. Raises InvalidInput when the rows make no question (no slot, for instance).
    """
    participants = _participants(event)
    requests = _requests(event, {participant.id for participant in participants})
    known = {request.id for request in requests}
    return Instance(
        name=event.slug,
        slots=len(event.slots),
        sessions=_sessions(event.slots),
        tables=len(event.tables),
        participants=participants,
        requests=requests,
        pins=tuple(pin for pin in _pins(event) if pin.request in known),
        previous=tuple(place for place in _published(event) if place.request in known),
        coverage_group=COVERED_GROUP,
    )


def frozen(instance: Instance) -> tuple[str, str]:
    """Return the text of an instance and its fingerprint, as a run keeps them."""
    return dump_instance(instance), instance_sha256(instance)


def request_weight(rank: int | None, state: RequestState) -> int:
    """5 for a first choice, down to 1 from the fifth on; twice that when the desk prefers the request."""
    weight = max(1, HEAVIEST_RANK + 1 - (rank or HEAVIEST_RANK))
    return weight * PREFERRED_FACTOR if state is RequestState.PREFERRED else weight


def checked_solution(instance_text: str, solution_text: str) -> Solution:
    """Return the solution after the independent check of every rule and figure; raises SolutionRefused."""
    try:
        solution = read_solution(solution_text)
    except InvalidInput as wrong:
        raise SolutionRefused(str(wrong)) from None
    found = violations(json.loads(instance_text), json.loads(solution_text))
    if found:
        raise SolutionRefused("; ".join(map(str, found[:3])))
    if solution.status is Status.UNKNOWN:
        raise SolutionRefused("it holds no schedule")
    return solution


@dataclass(frozen=True, slots=True)
class Difference:
    """How many things of the question changed since a run froze it."""

    added: int
    removed: int
    changed: int
    others: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.others)


def difference(instance_text: str, event: Event, *, slot_of: dict[str, int]) -> Difference:
    """Say what changed between a frozen instance and the rows of today, apart from what was published meanwhile.

    A pin added where the proposal has the meeting anyway (`slot_of`) changes nothing; neither does a participant
    whom no request concerns.
    """
    old, new = read_instance(instance_text), build_instance(event)
    before = {request.id: request for request in old.requests}
    now = {request.id: request for request in new.requests}
    kept = before.keys() & now.keys()
    frame = (old.slots, old.sessions, old.tables) != (new.slots, new.sessions, new.tables)
    people = _concerned(old, kept) ^ _concerned(new, kept)
    pins = {pin for pin in set(old.pins) ^ set(new.pins) if pin in old.pins or slot_of.get(pin.request) != pin.slot}
    return Difference(
        added=len(now.keys() - kept),
        removed=len(before.keys() - kept),
        changed=sum(before[key] != now[key] for key in kept),
        others=frame + len({person.id for person in people}) + len(pins),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """Where and when a frozen instance has places: who is unavailable in which slots, and tables a slot."""

    slots: int
    tables: int
    unavailable: Mapping[str, frozenset[int]]

    def place_count(self, desks: Collection[str]) -> int:
        """How many meetings these desks could hold at most."""
        free = (sum(slot not in self.unavailable.get(desk, ()) for desk in desks) for slot in range(self.slots))
        return sum(min(self.tables, count) for count in free)


def frame_of(instance_text: str) -> Frame:
    """Return the places of a frozen instance."""
    document = json.loads(instance_text)
    people = document["participants"]
    return Frame(
        slots=document["slots"],
        tables=document["tables"],
        unavailable={each["id"]: frozenset(each.get("unavailable", ())) for each in people},
    )


def conflict_of(solution_text: str | None) -> tuple[str, ...]:
    """Return the scheduler's sentences about hard rules that contradict each other, if the solution has any."""
    return read_solution(solution_text).conflict if solution_text else ()


def _concerned(instance: Instance, requests: set[str]) -> set[Participant]:
    names = {name for request in instance.requests if request.id in requests for name in request.between}
    return {participant for participant in instance.participants if participant.id in names}


def _participants(event: Event) -> tuple[Participant, ...]:
    rows = session.execute(
        select(Registration.id, Registration.ref, Registration.kind)
        .outerjoin(Desk)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.APPROVED,
            or_(Registration.kind == OrganisationKind.STRUCTURE, Desk.id.is_not(None)),
        )
        .order_by(Registration.ref)
    ).all()
    busy: dict[int, set[int]] = {}
    for registration_id, position in session.execute(
        select(Unavailability.registration_id, TimeSlot.position)
        .join(Unavailability.slot)
        .where(TimeSlot.event_id == event.id)
    ):
        busy.setdefault(registration_id, set()).add(position)
    return tuple(
        Participant(id=ref, group=kind.value, unavailable=frozenset(busy.get(key, ()))) for key, ref, kind in rows
    )


def _named(*columns: Any) -> Select[Any]:
    """Select the refs of who asks and who is asked, then `columns`, request by request in the order of the refs."""
    asking, asked = aliased(Registration), aliased(Registration)
    return (
        select(asking.ref, asked.ref, *columns)
        .select_from(MeetingRequest)
        .join(asking, MeetingRequest.requester)
        .join(MeetingRequest.desk)
        .join(asked, Desk.registration)
        .order_by(asking.ref, asked.ref)
    )


def _requests(event: Event, participants: set[str]) -> tuple[Request, ...]:
    rows = session.execute(
        _named(MeetingRequest.id, MeetingRequest.rank, MeetingRequest.state).where(
            MeetingRequest.event_id == event.id, MeetingRequest.state.in_(SCHEDULABLE)
        )
    )
    partners = _partners(event)
    return tuple(
        Request(
            id=f"{who}-{whom}",
            between=(who, *(each for each in partners.get(key, ()) if each in participants), whom),
            weight=request_weight(rank, state),
        )
        for who, whom, key, rank, state in rows
        if who in participants and whom in participants
    )


def _partners(event: Event) -> dict[int, list[str]]:
    """The refs of those who come along, by the key of their request."""
    coming = (
        select(RequestMember.request_id, Registration.ref)
        .join(RequestMember.registration)
        .where(Registration.event_id == event.id, RequestMember.state == MemberState.ACCEPTED)
        .order_by(RequestMember.id)
    )
    found: dict[int, list[str]] = {}
    for request_id, ref in session.execute(coming):
        found.setdefault(request_id, []).append(ref)
    return found


def _sessions(slots: Sequence[TimeSlot]) -> tuple[tuple[int, int], ...]:
    runs = (list(group) for _, group in groupby(slots, key=lambda slot: slot.meeting_session_id))
    return tuple((run[0].position, run[-1].position + 1) for run in runs)


def _pins(event: Event) -> list[Fixed]:
    rows = session.execute(
        _named(TimeSlot.position)
        .join(Pin, Pin.request_id == MeetingRequest.id)
        .join(Pin.slot)
        .where(Pin.event_id == event.id)
    )
    return [Fixed(f"{who}-{whom}", position) for who, whom, position in rows]


def _published(event: Event) -> list[Fixed]:
    rows = session.execute(
        _named(TimeSlot.position)
        .join(Meeting, Meeting.request_id == MeetingRequest.id)
        .join(Meeting.version)
        .join(Meeting.slot)
        .where(
            ScheduleVersion.event_id == event.id,
            ScheduleVersion.is_current,
            Meeting.outcome != MeetingOutcome.CANCELLED,
        )
    )
    return [Fixed(f"{who}-{whom}", position) for who, whom, position in rows]
