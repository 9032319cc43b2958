"""Two or three structures ask one desk together: one leads, the others accept, then the request leaves.

Held in this order, so that nobody waits for whoever waits for them: one structure, then the request.
"""

from collections.abc import Sequence
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock
from openmap.meeting_requests import emails, queries
from openmap.meeting_requests.enums import GroupQuota, MemberState, RequestState
from openmap.meeting_requests.models import MeetingRequest, RequestMember
from openmap.meeting_requests.operations import check_quota, on_behalf
from openmap.meeting_requests.refusals import (
    AlreadyRequested,
    AlreadyTogether,
    GroupAnswered,
    NotApproved,
    RequestsClosed,
)
from openmap.meeting_requests.rules import rules_of
from openmap.registrations.models import Registration

_OPEN = {RequestState.PROPOSED, RequestState.SENT, RequestState.PREFERRED, RequestState.ACCEPTED}


def accept_membership(member: RequestMember, *, by: Person | None, at: datetime) -> None:
    """Come along; the last of those asked makes the request leave.

    Raises RequestsClosed, NotApproved, GroupAnswered, AlreadyRequested, AlreadyTogether, QuotaReached.
    """
    partner, request = _held(member, at)
    if member.state is MemberState.ACCEPTED:
        return
    if request.state is not RequestState.PROPOSED or member.state is MemberState.LATE:
        raise GroupAnswered
    if not partner.is_approved:
        raise NotApproved
    own = queries.find_request(partner, request.desk)
    if own is not None and own.state is not RequestState.WITHDRAWN:
        raise AlreadyRequested(desk=request.desk.title)
    if queries.comes_along(partner, request.desk):
        raise AlreadyTogether(structure=partner.title, desk=request.desk.title)
    rules = rules_of(request.event)
    if rules.settings.group_quota is GroupQuota.EVERYONE:
        check_quota(rules, partner)
    member.state, member.answered_at = MemberState.ACCEPTED, at
    audit.record(by, "request.joined", request, at=at, event_id=request.event_id, **on_behalf(partner, by))
    if all(each.state is MemberState.ACCEPTED for each in request.members):
        _send(request, at=at)


def leave_group(member: RequestMember, *, by: Person | None, at: datetime) -> None:
    """Refuse to come, or no longer come; the others are told and may go on without. Raises RequestsClosed."""
    partner, request = _held(member, at)
    if member.state is MemberState.REFUSED or request.state not in _OPEN:
        return
    member.state, member.answered_at = MemberState.REFUSED, at
    audit.record(by, "request.left", request, at=at, event_id=request.event_id, **on_behalf(partner, by))
    outbox.enqueue_all(emails.group_left(request, partner, at=at), at=at)


def go_on_without(request: MeetingRequest, *, by: Person | None, at: datetime) -> None:
    """Send a proposed request with those who have accepted so far. Raises RequestsClosed, GroupAnswered."""
    requester = request.requester
    if not request.event.requests_open(at):
        raise RequestsClosed
    lock(requester)
    lock(request)
    if request.state is not RequestState.PROPOSED:
        raise GroupAnswered
    audit.record(by, "request.sent", request, at=at, event_id=request.event_id, **on_behalf(requester, by))
    _send(request, at=at)


def send_what_is_late(requests: Sequence[MeetingRequest], *, at: datetime) -> None:
    """Once the requests are closed, proposed ones leave with those who have accepted: nobody loses their place."""
    for request in requests:
        lock(request)
        if request.state is RequestState.PROPOSED and not request.event.requests_open(at):
            audit.record(None, "request.sent", request, at=at, event_id=request.event_id)
            _send(request, at=at)


def _held(member: RequestMember, at: datetime) -> tuple[Registration, MeetingRequest]:
    if not member.request.event.requests_open(at):
        raise RequestsClosed
    partner = lock(member.registration)
    request = lock(member.request)
    lock(member)
    return partner, request


def _send(request: MeetingRequest, *, at: datetime) -> None:
    left_behind = [each for each in request.members if each.state is MemberState.INVITED]
    for member in left_behind:
        member.state = MemberState.LATE
    request.state, request.sent_at = RequestState.SENT, at
    outbox.enqueue_all(emails.group_sent(request, left_behind=left_behind), at=at)
