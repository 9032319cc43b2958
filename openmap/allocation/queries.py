"""Proposals of a morning and what they say of its requests."""

from collections.abc import Collection, Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from openmap.allocation.models import Allocation, Pin, Run, UnmetRequest
from openmap.core.db import session
from openmap.core.jobs import Job, JobState
from openmap.events.models import Event
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.models import Meeting, ScheduleVersion
from openmap.organisations.models import Contact
from openmap.registrations.models import Desk, Registration, Unavailability


def runs_of(event: Event, limit: int = 20) -> Sequence[Run]:
    """The latest proposals of a morning, the newest first."""
    runs = select(Run).filter_by(event_id=event.id).options(joinedload(Run.version)).order_by(Run.number.desc())
    return session.scalars(runs.limit(limit)).all()


def find_run(event: Event, number: int) -> Run | None:
    """The proposal of this number."""
    run = select(Run).filter_by(event_id=event.id, number=number).options(joinedload(Run.version))
    return session.scalars(run).one_or_none()


def run_by_id(run_id: int) -> Run:
    """The proposal with this key; raises NoResultFound."""
    return session.scalars(select(Run).filter_by(id=run_id)).one()


def latest_run_number(event: Event) -> int:
    """The number of the newest proposal, 0 before the first."""
    return session.scalar(select(Run.number).filter_by(event_id=event.id).order_by(Run.number.desc()).limit(1)) or 0


def active_run(event: Event) -> Run | None:
    """The proposal being computed, or waiting for its turn."""
    active = (JobState.QUEUED, JobState.RUNNING)
    return session.scalars(
        select(Run).join(Run.job).where(Run.event_id == event.id, Job.state.in_(active))
    ).one_or_none()


def participants_of(event: Event) -> dict[int, Registration]:
    """Every participant of a morning in any state by key, with body, desk and contact, in the order of their refs.

    Held by the caller, it lets requests, meetings and desks find their participants without another query.
    """
    rows = session.scalars(
        select(Registration)
        .filter_by(event_id=event.id)
        .options(
            joinedload(Registration.desk).joinedload(Desk.table),
            joinedload(Registration.contact).joinedload(Contact.person),
        )
        .order_by(Registration.ref)
    )
    return {registration.id: registration for registration in rows.unique()}


def requests_of(event: Event) -> Sequence[MeetingRequest]:
    """Every request of a morning, in any state."""
    rows = select(MeetingRequest).filter_by(event_id=event.id).options(selectinload(MeetingRequest.desk))
    return session.scalars(rows.order_by(MeetingRequest.id)).all()


def refs_by_request(event: Event) -> dict[int, str]:
    """What the instance calls each request of a morning, by its key: "S001-B01"."""
    asking, asked = aliased(Registration), aliased(Registration)
    rows = session.execute(
        select(MeetingRequest.id, asking.ref, asked.ref)
        .join(asking, MeetingRequest.requester)
        .join(MeetingRequest.desk)
        .join(asked, Desk.registration)
        .where(MeetingRequest.event_id == event.id)
    )
    return {key: f"{who}-{whom}" for key, who, whom in rows}


def allocations_of(run: Run) -> Sequence[Allocation]:
    """The meetings a run proposes, each with its request."""
    with_request = joinedload(Allocation.request).selectinload(MeetingRequest.desk)
    rows = select(Allocation).filter_by(run_id=run.id).options(with_request)
    return session.scalars(rows.order_by(Allocation.id)).all()


def unmet_requests_of(run: Run) -> Sequence[UnmetRequest]:
    """What a run leaves out, each with its request."""
    with_request = joinedload(UnmetRequest.request).selectinload(MeetingRequest.desk)
    rows = select(UnmetRequest).filter_by(run_id=run.id).options(with_request)
    return session.scalars(rows.order_by(UnmetRequest.id)).all()


def published_unmet_requests(registration: Registration) -> Sequence[UnmetRequest]:
    """What the published schedule leaves out of one structure's requests, best ranked first.

    Several runs never share a version, so each request comes once; `wording.unmet_sentence` puts it in words.
    """
    return session.scalars(
        select(UnmetRequest)
        .join(UnmetRequest.run)
        .join(Run.version)
        .join(UnmetRequest.request)
        .where(ScheduleVersion.is_current, MeetingRequest.requester_id == registration.id)
        .options(contains_eager(UnmetRequest.run), joinedload(UnmetRequest.request).joinedload(MeetingRequest.desk))
        .order_by(MeetingRequest.rank, UnmetRequest.id)
    ).all()


def pins_of(event: Event) -> Sequence[Pin]:
    """The meetings the organiser fixed, each with its slot."""
    rows = select(Pin).filter_by(event_id=event.id).options(joinedload(Pin.slot), joinedload(Pin.request))
    return session.scalars(rows.order_by(Pin.id)).all()


def find_pin(event: Event, request: MeetingRequest) -> Pin | None:
    """The pin of one request."""
    return session.scalars(select(Pin).filter_by(event_id=event.id, request_id=request.id)).one_or_none()


def busy_among(registration_ids: Collection[int], *, slot_id: int) -> bool:
    """Whether one of these participants cannot do a slot."""
    busy = exists().where(Unavailability.registration_id.in_(registration_ids), Unavailability.slot_id == slot_id)
    return bool(session.scalar(select(busy)))


def find_allocation(run: Run, request_id: int) -> Allocation | None:
    """The meeting a run proposes for one request."""
    return session.scalars(select(Allocation).filter_by(run_id=run.id, request_id=request_id)).one_or_none()


def meetings_in(version: ScheduleVersion) -> Sequence[Meeting]:
    """Every meeting of a version, with who sits there."""
    rows = (
        select(Meeting)
        .filter_by(version_id=version.id)
        .options(joinedload(Meeting.request), joinedload(Meeting.participants))
        .order_by(Meeting.id)
    )
    return session.scalars(rows).unique().all()


def latest_version_number(event: Event) -> int:
    """The number of the newest published version, 0 before the first."""
    return session.scalar(select(func.max(ScheduleVersion.number)).filter_by(event_id=event.id)) or 0


def latest_meetings(event: Event) -> dict[int, Meeting]:
    """The latest published meeting of each request that ever had one, by the request's key."""
    rows = session.scalars(
        select(Meeting)
        .join(Meeting.version)
        .where(ScheduleVersion.event_id == event.id)
        .options(joinedload(Meeting.version))
        .order_by(ScheduleVersion.number)
    )
    return {meeting.request_id: meeting for meeting in rows}
