"""Requests as pages and rules need them: one structure's list, one desk's, and the demand for every desk."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.events.models import Event
from openmap.meeting_requests.demand import DeskDemand, demand_of_desks
from openmap.meeting_requests.enums import SCHEDULABLE, RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.registrations.models import Desk, Registration, Unavailability


@dataclass(frozen=True, slots=True)
class DeskOffer:
    """A desk as one structure sees it: its demand, the slots both can do, and the request if there is one."""

    demand: DeskDemand
    common_places: int
    request: MeetingRequest | None

    @property
    def desk(self) -> Desk:
        """The desk itself."""
        return self.demand.desk

    @property
    def others(self) -> int:
        """How many other structures ask for it."""
        counted = self.request is not None and self.request.state in SCHEDULABLE
        return self.demand.request_count - counted


def requests_of(requester: Registration) -> Sequence[MeetingRequest]:
    """What a structure asks for, the most wanted first; withdrawn requests are left out."""
    asked = (
        select(MeetingRequest)
        .where(MeetingRequest.requester_id == requester.id, MeetingRequest.rank.is_not(None))
        .options(joinedload(MeetingRequest.desk).joinedload(Desk.registration).joinedload(Registration.desk))
        .order_by(MeetingRequest.rank)
    )
    return session.scalars(asked).unique().all()


def find_request(requester: Registration, desk: Desk) -> MeetingRequest | None:
    """The one row of this structure for this desk, withdrawn or not."""
    return session.scalars(select(MeetingRequest).filter_by(requester_id=requester.id, desk_id=desk.id)).one_or_none()


def request_of(requester: Registration, request_id: int) -> MeetingRequest | None:
    """One request of this structure, unless it withdrew it."""
    return session.scalars(
        select(MeetingRequest).where(
            MeetingRequest.id == request_id,
            MeetingRequest.requester_id == requester.id,
            MeetingRequest.rank.is_not(None),
        )
    ).one_or_none()


def requests_for(desk: Desk) -> Sequence[MeetingRequest]:
    """Who asks for a desk, the first to ask first; withdrawn requests are left out."""
    received = (
        select(MeetingRequest)
        .where(MeetingRequest.desk_id == desk.id, MeetingRequest.state != RequestState.WITHDRAWN)
        .options(joinedload(MeetingRequest.requester))
        .order_by(MeetingRequest.sent_at, MeetingRequest.id)
    )
    return session.scalars(received).unique().all()


def request_for(desk: Desk, request_id: int) -> MeetingRequest | None:
    """One request to this desk, withdrawn or not."""
    return session.scalars(select(MeetingRequest).filter_by(id=request_id, desk_id=desk.id)).one_or_none()


def answer_counts(desk: Desk) -> tuple[int, int]:
    """How many requests to a desk are answered, and how many there are."""
    counted = (
        select(MeetingRequest.state, func.count())
        .where(MeetingRequest.desk_id == desk.id, MeetingRequest.state != RequestState.WITHDRAWN)
        .group_by(MeetingRequest.state)
    )
    counts = dict(session.execute(counted).all())
    return sum(counts.values()) - counts.get(RequestState.SENT, 0), sum(counts.values())


def desk_offers(requester: Registration) -> list[DeskOffer]:
    """Every desk a structure may ask for; the number of queries does not depend on how many there are."""
    event = requester.event
    slots = {slot.id for slot in event.slots}
    taken = _unavailable_slots(event)
    own = slots - taken.get(requester.id, set())
    asked = {request.desk_id: request for request in requests_of(requester)}
    return [
        DeskOffer(
            demand=demand,
            common_places=len(own - taken.get(demand.desk.registration_id, set())),
            request=asked.get(demand.desk.id),
        )
        for demand in demand_of_desks(event)
    ]


def _unavailable_slots(event: Event) -> dict[int, set[int]]:
    """The slots each participant cannot do, by registration."""
    rows = session.execute(
        select(Unavailability.registration_id, Unavailability.slot_id)
        .join(Unavailability.registration)
        .where(Registration.event_id == event.id)
    )
    taken: dict[int, set[int]] = {}
    for registration_id, slot_id in rows:
        taken.setdefault(registration_id, set()).add(slot_id)
    return taken
