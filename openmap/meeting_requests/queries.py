"""Requests and invitations as pages and rules need them: one structure's, one desk's."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.events.models import Event
from openmap.meeting_requests.enums import RECEIVED, GroupQuota, InvitationState, MemberState, RequestState
from openmap.meeting_requests.models import DemandEstimate, MeetingInvitation, MeetingRequest, RequestMember
from openmap.meeting_requests.rules import Rules
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration


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
    """Who asks for a desk, the first to ask first; those not sent, withdrawn, or of who takes no part are left out."""
    received = (
        select(MeetingRequest)
        .join(MeetingRequest.requester)
        .where(*_received(desk))
        .options(joinedload(MeetingRequest.requester))
        .order_by(MeetingRequest.sent_at, MeetingRequest.id)
    )
    return session.scalars(received).unique().all()


def request_for(desk: Desk, request_id: int) -> MeetingRequest | None:
    """One request to this desk, withdrawn or not, unless it was never sent."""
    received = select(MeetingRequest).filter_by(id=request_id, desk_id=desk.id)
    return session.scalars(received.where(MeetingRequest.state != RequestState.PROPOSED)).one_or_none()


def answer_counts(desk: Desk) -> tuple[int, int]:
    """How many requests to a desk are answered, and how many there are."""
    counted = (
        select(MeetingRequest.state, func.count())
        .join(MeetingRequest.requester)
        .where(*_received(desk))
        .group_by(MeetingRequest.state)
    )
    counts = dict(session.execute(counted).all())
    return sum(counts.values()) - counts.get(RequestState.SENT, 0), sum(counts.values())


def _received(desk: Desk) -> tuple[ColumnElement[bool], ...]:
    """What a desk has to answer: requests of participants who were let in and still are."""
    return (
        MeetingRequest.desk_id == desk.id,
        MeetingRequest.state.in_(RECEIVED),
        Registration.state == RegistrationState.APPROVED,
    )


def own_place(registration: Registration) -> Desk | None:
    """Where a structure is asked by others, if someone ever did."""
    return session.scalars(select(Desk).filter_by(registration_id=registration.id)).one_or_none()


def is_asked_by(registration: Registration, other: Registration) -> bool:
    """Whether `other` asks `registration` for a meeting."""
    asked = (
        select(MeetingRequest.id)
        .join(MeetingRequest.desk)
        .where(
            Desk.registration_id == registration.id,
            MeetingRequest.requester_id == other.id,
            MeetingRequest.rank.is_not(None),
        )
    )
    return session.scalar(asked.limit(1)) is not None


def comes_along(registration: Registration, desk: Desk) -> bool:
    """Whether a structure comes to a desk with another one that asks."""
    joined = _memberships(registration, MemberState.ACCEPTED).where(MeetingRequest.desk_id == desk.id)
    return session.scalars(joined.limit(1)).first() is not None


def places_taken(requester: Registration, rules: Rules) -> int:
    """How many places of its quota a structure has used."""
    own = select(func.count()).where(
        MeetingRequest.requester_id == requester.id,
        MeetingRequest.rank.is_not(None),
        MeetingRequest.is_outside_quota.is_(False),
    )
    taken = session.scalar(own) or 0
    if rules.settings.group_quota is GroupQuota.EVERYONE:
        taken += len(session.scalars(_memberships(requester, MemberState.ACCEPTED)).all())
    return taken


def memberships_of(registration: Registration) -> Sequence[RequestMember]:
    """The requests that others lead and this structure was asked to join, the first first."""
    whole = joinedload(RequestMember.request)
    rows = _memberships(registration).options(
        whole.joinedload(MeetingRequest.desk).joinedload(Desk.registration),
        whole.joinedload(MeetingRequest.requester),
    )
    return session.scalars(rows.order_by(RequestMember.id)).unique().all()


def membership_of(registration: Registration, member_id: int) -> RequestMember | None:
    """One of them."""
    return session.scalars(_memberships(registration).where(RequestMember.id == member_id)).unique().one_or_none()


def _memberships(registration: Registration, state: MemberState | None = None) -> Select[RequestMember]:
    rows = (
        select(RequestMember)
        .join(RequestMember.request)
        .where(RequestMember.registration_id == registration.id, MeetingRequest.rank.is_not(None))
    )
    return rows.where(RequestMember.state == state) if state else rows


def received_count(registration: Registration) -> int:
    """How many requests of others a structure has received."""
    place = own_place(registration)
    return answer_counts(place)[1] if place else 0


def estimates_for(requests: Sequence[MeetingRequest]) -> dict[int, DemandEstimate]:
    """What today's demand leaves to hope for each request, by its key; one that was not computed yet is absent."""
    keys = [request.id for request in requests]
    rows = session.scalars(select(DemandEstimate).where(DemandEstimate.request_id.in_(keys)))
    return {row.request_id: row for row in rows}


def late_groups(at: datetime) -> Sequence[MeetingRequest]:
    """Requests still proposed although the requests of their morning are closed."""
    late = select(MeetingRequest).join(MeetingRequest.event)
    rows = late.where(MeetingRequest.state == RequestState.PROPOSED, Event.requests_close_at <= at)
    return session.scalars(rows.order_by(MeetingRequest.id)).unique().all()


def find_invitation(desk: Desk, structure: Registration) -> MeetingInvitation | None:
    """The one invitation of this desk to this structure, in any state."""
    return session.scalars(
        select(MeetingInvitation).filter_by(desk_id=desk.id, registration_id=structure.id)
    ).one_or_none()


def standing_invitation_count(desk: Desk) -> int:
    """How many invitations of a desk wait, or have an answer."""
    standing = MeetingInvitation.state != InvitationState.WITHDRAWN
    return session.scalar(select(func.count()).where(MeetingInvitation.desk_id == desk.id, standing)) or 0


def invitations_by(desk: Desk) -> Sequence[MeetingInvitation]:
    """Whom a desk invites, the first first."""
    rows = select(MeetingInvitation).filter_by(desk_id=desk.id).options(joinedload(MeetingInvitation.registration))
    standing = rows.where(MeetingInvitation.state != InvitationState.WITHDRAWN)
    return session.scalars(standing.order_by(MeetingInvitation.id)).unique().all()


def invitation_by(desk: Desk, invitation_id: int) -> MeetingInvitation | None:
    """One invitation of this desk."""
    return session.scalars(select(MeetingInvitation).filter_by(id=invitation_id, desk_id=desk.id)).one_or_none()


def invitations_to(structure: Registration) -> Sequence[MeetingInvitation]:
    """The invitations that wait for a structure's answer."""
    rows = (
        select(MeetingInvitation)
        .filter_by(registration_id=structure.id, state=InvitationState.SENT)
        .options(joinedload(MeetingInvitation.desk).joinedload(Desk.registration))
    )
    return session.scalars(rows.order_by(MeetingInvitation.id)).unique().all()


def invitation_to(structure: Registration, invitation_id: int) -> MeetingInvitation | None:
    """One invitation to this structure that was not taken back."""
    own = select(MeetingInvitation).filter_by(id=invitation_id, registration_id=structure.id)
    return session.scalars(own.where(MeetingInvitation.state != InvitationState.WITHDRAWN)).one_or_none()
