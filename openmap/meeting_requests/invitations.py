"""A desk invites a structure; the structure accepts, and the desk's wish counts as a preferred request."""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.meeting_requests import emails, queries
from openmap.meeting_requests.enums import InvitationState, RequestState
from openmap.meeting_requests.models import MeetingInvitation, MeetingRequest
from openmap.meeting_requests.operations import check_quota, on_behalf
from openmap.meeting_requests.refusals import (
    AlreadyAsking,
    InvitationAnswered,
    InvitationLimitReached,
    InvitationsClosed,
    MotiveMissing,
    NotApproved,
)
from openmap.meeting_requests.rules import rules_of
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.models import Desk, Registration


def invite_structure(
    desk: Desk, *, structure: Registration, message: str, by: Person | None, at: datetime
) -> MeetingInvitation:
    """Propose a meeting to a structure that did not ask for one.

    Raises InvitationsClosed, NotApproved, MotiveMissing, AlreadyAsking, InvitationLimitReached.
    """
    event = desk.registration.event
    if not event.requests_open(at):
        raise InvitationsClosed
    lock(desk.registration)  # from here on nobody else adds to its invitations
    if not structure.is_approved or structure.kind is not OrganisationKind.STRUCTURE or structure.id in _own(desk):
        raise NotApproved
    if not message:
        raise MotiveMissing
    asked = queries.find_request(structure, desk)
    if (asked is not None and asked.state is not RequestState.WITHDRAWN) or queries.comes_along(structure, desk):
        raise AlreadyAsking(structure=structure.title)
    invitation = queries.find_invitation(desk, structure) or MeetingInvitation(
        desk_id=desk.id, registration_id=structure.id
    )
    if invitation.id is not None and invitation.state is not InvitationState.WITHDRAWN:
        raise AlreadyAsking(structure=structure.title)
    limit = rules_of(event).settings.invitation_limit
    if queries.standing_invitation_count(desk) >= limit:
        raise InvitationLimitReached(limit=limit)
    invitation.message, invitation.state, invitation.sent_at = message, InvitationState.SENT, at
    session.add(invitation)
    session.flush()
    audit.record(by, "desk_invitation.sent", invitation, at=at, event_id=event.id, **on_behalf(desk.registration, by))
    outbox.enqueue(emails.invitation_received(invitation), at=at)
    return invitation


def withdraw_invitation(invitation: MeetingInvitation, *, by: Person | None, at: datetime) -> None:
    """Take an invitation back while it has no answer. Raises InvitationAnswered."""
    lock(invitation)
    if invitation.state is not InvitationState.SENT:
        raise InvitationAnswered
    invitation.state = InvitationState.WITHDRAWN
    desk = invitation.desk.registration
    audit.record(by, "desk_invitation.withdrawn", invitation, at=at, event_id=desk.event_id, **on_behalf(desk, by))


def accept_invitation(invitation: MeetingInvitation, *, by: Person | None, at: datetime) -> MeetingRequest:
    """Say yes: a request that the desk prefers, at the end of the list, outside its quota unless the rules count it.

    Raises InvitationsClosed, InvitationAnswered, QuotaReached.
    """
    structure, desk = _open(invitation, at), invitation.desk
    rules = rules_of(structure.event)
    if rules.settings.invitations_count:
        check_quota(rules, structure)
    request = queries.find_request(structure, desk) or MeetingRequest(
        event_id=structure.event_id, requester_id=structure.id, desk_id=desk.id, state=RequestState.WITHDRAWN
    )
    if request.state is RequestState.WITHDRAWN:  # else it asked for the desk itself meanwhile
        request.rank = len(queries.requests_of(structure)) + 1
        request.sent_at, request.withdrawn_at = at, None
        request.motive = request.motive or invitation.message
        request.is_outside_quota = not rules.settings.invitations_count
    request.state, request.answered_at, request.answered_by_id = RequestState.PREFERRED, invitation.sent_at, None
    request.decline_cause, request.decline_reason = None, ""
    session.add(request)
    _answer(invitation, InvitationState.ACCEPTED, by=by, at=at)
    return request


def decline_invitation(invitation: MeetingInvitation, *, by: Person | None, at: datetime) -> None:
    """Say no, thank you. Raises InvitationsClosed, InvitationAnswered."""
    _open(invitation, at)
    _answer(invitation, InvitationState.DECLINED, by=by, at=at)


def _open(invitation: MeetingInvitation, at: datetime) -> Registration:
    """Hold the structure's list and the invitation, if it may still be answered."""
    structure = invitation.registration
    if not structure.event.requests_open(at):
        raise InvitationsClosed
    lock(structure)
    lock(invitation)
    if invitation.state is not InvitationState.SENT:
        raise InvitationAnswered
    return structure


def _answer(invitation: MeetingInvitation, state: InvitationState, *, by: Person | None, at: datetime) -> None:
    structure = invitation.registration
    invitation.state, invitation.answered_at = state, at
    action = f"desk_invitation.{state}"
    audit.record(by, action, invitation, at=at, event_id=structure.event_id, **on_behalf(structure, by))
    outbox.enqueue(emails.invitation_answered(invitation), at=at)


def _own(desk: Desk) -> set[int]:
    return {desk.registration_id}
