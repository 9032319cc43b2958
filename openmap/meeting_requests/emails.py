"""Mails about one request: that it was received, and that it was declined."""

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.meeting_requests.models import MeetingRequest


def request_received(request: MeetingRequest) -> Mail:
    """Tell a structure that its request is in; asked again after a withdrawal, it is told again."""
    return _mail("request_received", request, key=f"request:{request.id}:{request.sent_at:%Y%m%dT%H%M%S.%f}")


def request_declined(request: MeetingRequest) -> Mail:
    """Tell a structure that a desk declined, so that it can still ask another; once a request."""
    return _mail("request_declined", request, key=f"request:{request.id}:declined")


def _mail(name: str, request: MeetingRequest, *, key: str) -> Mail:
    person = request.requester.contact.person
    return render_mail(
        name,
        key=key,
        recipient=person.email,
        locale=person.locale,
        request=request,
        requester=request.requester,
        desk=request.desk,
        event=request.event,
    )
