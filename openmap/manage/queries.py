"""What an organiser must see of mornings, across features."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select

from openmap.allocation.models import Run
from openmap.core.db import session
from openmap.events.models import Event
from openmap.events.queries import events_by_date
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from openmap.registrations.queries import approved_counts

CURVE_POINTS = 9


@dataclass(frozen=True, slots=True)
class Decisions:
    """What waits at one morning: registrations to decide, requests no desk answered, structures that asked nobody."""

    pending_count: int
    unanswered_count: int
    silent_count: int


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests that stand at one morning, those that a desk declined among them."""

    count: int = 0
    declined_count: int = 0

    @property
    def schedulable_count(self) -> int:
        """How many may become meetings."""
        return self.count - self.declined_count


@dataclass(frozen=True, slots=True)
class ManagedMorning:
    """One morning of the organiser's list."""

    event: Event
    decisions: Decisions
    desk_count: int
    structure_count: int
    requests: Requests
    version: ScheduleVersion | None


def managed_mornings() -> Sequence[ManagedMorning]:
    """Every morning with what waits there, the latest first; seven queries in all."""
    events = events_by_date()
    counts = approved_counts(events)
    decisions = decisions_at(events)
    requests = requests_at(events)
    versions = session.scalars(select(ScheduleVersion).where(ScheduleVersion.is_current))
    current = {version.event_id: version for version in versions}
    return [
        ManagedMorning(
            event=event,
            decisions=decisions[event.id],
            desk_count=counts.get((event.id, OrganisationKind.BUYER), 0),
            structure_count=counts.get((event.id, OrganisationKind.STRUCTURE), 0),
            requests=requests[event.id],
            version=current.get(event.id),
        )
        for event in events
    ]


def decisions_at(events: Iterable[Event]) -> Mapping[int, Decisions]:
    """What waits at each morning, by event id; three queries, however many mornings."""
    pending = _per_event(_registrations().where(Registration.state == RegistrationState.PENDING))
    unanswered = _per_event(_requests().where(MeetingRequest.state == RequestState.SENT))
    silent = _per_event(_registrations().where(_is_silent()))
    return {
        event.id: Decisions(
            pending_count=pending.get(event.id, 0),
            unanswered_count=unanswered.get(event.id, 0),
            silent_count=silent.get(event.id, 0),
        )
        for event in events
    }


def requests_at(events: Iterable[Event]) -> Mapping[int, Requests]:
    """The requests of each morning, by event id; one query, however many mornings."""
    declined = func.count().filter(MeetingRequest.state == RequestState.DECLINED)
    counted = _requests().add_columns(declined).where(MeetingRequest.state != RequestState.WITHDRAWN)
    found = {event_id: Requests(*counts) for event_id, *counts in session.execute(counted)}
    return {event.id: found.get(event.id, Requests()) for event in events}


def orphan_meeting_count(version: ScheduleVersion | None) -> int:
    """How many published meetings wait for a new schedule, because someone in them left or is no longer approved."""
    if version is None:
        return 0
    gone = exists().where(
        MeetingParticipant.meeting_id == Meeting.id,
        MeetingParticipant.registration_id == Registration.id,
        Registration.state != RegistrationState.APPROVED,
    )
    orphans = select(func.count()).select_from(Meeting).where(Meeting.version_id == version.id, gone)
    return session.scalar(orphans.where(Meeting.outcome == MeetingOutcome.PLANNED)) or 0


def last_run(event: Event) -> Run | None:
    """The latest proposal of a morning, whatever became of it."""
    return session.scalars(select(Run).filter_by(event_id=event.id).order_by(Run.number.desc()).limit(1)).first()


def registrations_over_time(event: Event) -> Sequence[tuple[date, int]]:
    """How many had registered by each of at most nine days, evenly spread, the last registration's being the last."""
    instants = session.scalars(select(Registration.created_at).filter_by(event_id=event.id))
    new = Counter(instant.astimezone(event.zone).date() for instant in instants)
    if not new:
        return []
    first, last = min(new), max(new)
    step = max(1, -(-((last - first).days) // (CURVE_POINTS - 1)))
    days = [last - timedelta(days=back) for back in range(0, (last - first).days + 1, step)]
    return [(day, sum(count for new_day, count in new.items() if new_day <= day)) for day in reversed(days)]


def _is_silent() -> ColumnElement[bool]:
    asked = exists().where(
        MeetingRequest.requester_id == Registration.id, MeetingRequest.state != RequestState.WITHDRAWN
    )
    is_approved_structure = (Registration.kind == OrganisationKind.STRUCTURE) & (
        Registration.state == RegistrationState.APPROVED
    )
    return is_approved_structure & ~asked


def _registrations() -> Select[int, int]:
    return select(Registration.event_id, func.count()).group_by(Registration.event_id)


def _requests() -> Select[int, int]:
    return select(MeetingRequest.event_id, func.count()).group_by(MeetingRequest.event_id)


def _per_event(counted: Select[int, int]) -> dict[int, int]:
    return dict(session.execute(counted).all())
