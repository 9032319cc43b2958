"""Mails about requests: received, declined, asked together, invited; a desk's digest and a structure's reminder."""

from collections.abc import Sequence
from datetime import date, datetime

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.events.models import Event
from openmap.meeting_requests.enums import MemberState
from openmap.meeting_requests.models import MeetingInvitation, MeetingRequest, RequestMember
from openmap.registrations.models import Desk, Registration


def request_received(request: MeetingRequest) -> Mail:
    """Tell a structure that its request is in; asked again after a withdrawal, it is told again."""
    return _mail("request_received", request.requester, request, key=f"request:{request.id}:{_moment(request.sent_at)}")


def request_declined(request: MeetingRequest) -> list[Mail]:
    """Tell those who asked that the desk declined, so that they can still ask another; once a request."""
    key = f"request:{request.id}:declined"
    return [_mail("request_declined", asker, request, key=key) for asker in request.askers]


def group_proposed(member: RequestMember) -> Mail:
    """Ask a structure to come along; it must accept."""
    key = f"member:{member.request.id}:{member.registration.id}:{_moment(member.invited_at)}"
    return _mail("group_proposed", member.registration, member.request, key=key)


def group_left(request: MeetingRequest, partner: Registration, *, at: datetime) -> list[Mail]:
    """Tell those who remain that a structure does not come."""
    key = f"request:{request.id}:left:{partner.id}:{_moment(at)}"
    return [_mail("group_left", asker, request, key=key, partner=partner) for asker in request.askers]


def group_sent(request: MeetingRequest, *, left_behind: Sequence[RequestMember]) -> list[Mail]:
    """Tell everyone that the common request left, those too who did not answer in time."""
    key = f"request:{request.id}:sent:{_moment(request.sent_at)}"
    late = [member.registration for member in left_behind]
    told = [*request.askers, *late]
    return [_mail("group_sent", each, request, key=key, is_late=each in late, late=late) for each in told]


def group_withdrawn(request: MeetingRequest) -> list[Mail]:
    """Tell those who were to come that the structure that led has withdrawn; nobody, for a request of one."""
    if request.withdrawn_at is None:
        return []
    key = f"request:{request.id}:withdrawn:{_moment(request.withdrawn_at)}"
    expecting = {MemberState.INVITED, MemberState.ACCEPTED}
    told = [member.registration for member in request.members if member.state in expecting]
    return [_mail("group_withdrawn", each, request, key=key) for each in told]


def invitation_received(invitation: MeetingInvitation) -> Mail:
    """Tell a structure that a desk would like to meet it."""
    key = f"invitation:{invitation.id}:{_moment(invitation.sent_at)}"
    return _invitation_mail("invitation_received", invitation.registration, invitation, key=key)


def invitation_answered(invitation: MeetingInvitation) -> Mail:
    """Tell a desk what a structure answered."""
    key = f"invitation:{invitation.id}:answered:{_moment(invitation.sent_at)}"
    return _invitation_mail("invitation_answered", invitation.desk.registration, invitation, key=key)


def desk_digest(desk: Desk, requests: Sequence[MeetingRequest], *, day: date) -> Mail:
    """Tell whoever is asked what came since the last time; at most one a day."""
    registration = desk.registration
    person = registration.contact.person
    return render_mail(
        "desk_digest",
        key=f"desk:{desk.id}:{day:%Y-%m-%d}",
        recipient=person.email,
        locale=person.locale,
        desk=desk,
        requests=requests,
        event=registration.event,
    )


def requests_reminder(structure: Registration, *, event: Event, key: str) -> Mail:
    """Remind a structure that it has asked nobody yet."""
    person = structure.contact.person
    return render_mail(
        "requests_reminder",
        key=key,
        recipient=person.email,
        locale=person.locale,
        requester=structure,
        event=event,
    )


def _mail(name: str, reader: Registration, request: MeetingRequest, *, key: str, **facts: object) -> Mail:
    person = reader.contact.person
    return render_mail(
        name,
        key=key,
        recipient=person.email,
        locale=person.locale,
        calendar=None,
        request=request,
        requester=request.requester,
        reader=reader,
        desk=request.desk,
        event=request.event,
        **facts,
    )


def _invitation_mail(name: str, reader: Registration, invitation: MeetingInvitation, *, key: str) -> Mail:
    person = reader.contact.person
    return render_mail(
        name,
        key=key,
        recipient=person.email,
        locale=person.locale,
        invitation=invitation,
        structure=invitation.registration,
        desk=invitation.desk,
        event=reader.event,
    )


def _moment(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S.%f}"
