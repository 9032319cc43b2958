"""What reviewers get: the invitation, the files given to them, and reminders."""

from datetime import datetime

from openmap.core.mail import render_mail
from openmap.core.outbox import Mail
from openmap.juries.models import Reviewer
from openmap.pitches.models import PitchCall


def jury_invited(
    call: PitchCall, *, email: str, name: str, token: str, message: str, is_reminder: bool, at: datetime
) -> Mail:
    """The morning, what is asked, until when, and the link; `message` is the organiser's own word."""
    return render_mail(
        "jury_invited",
        key=_key(call, at),
        recipient=email,
        call=call,
        event=call.event,
        guest_name=name,
        token=token,
        message=message,
        is_reminder=is_reminder,
    )


def jury_files(reviewer: Reviewer, *, file_count: int, at: datetime) -> Mail:
    """New files wait for this reviewer."""
    return _to_reviewer("jury_files", reviewer, file_count, at)


def jury_reminded(reviewer: Reviewer, *, file_count: int, at: datetime) -> Mail:
    """So many reviews are still to come."""
    return _to_reviewer("jury_reminded", reviewer, file_count, at)


def jury_reopened(reviewer: Reviewer, *, at: datetime) -> Mail:
    """Scores may be given again, until when."""
    return _to_reviewer("jury_reopened", reviewer, 0, at)


def _to_reviewer(name: str, reviewer: Reviewer, file_count: int, at: datetime) -> Mail:
    return render_mail(
        name,
        key=_key(reviewer.call, at),
        recipient=reviewer.email,
        locale=reviewer.person.locale if reviewer.person else "fr",
        reviewer=reviewer,
        call=reviewer.call,
        event=reviewer.call.event,
        file_count=file_count,
    )


def _key(call: PitchCall, at: datetime) -> str:
    return f"jury:{call.id}:{at.timestamp():.6f}"
