"""Leaving a morning with everything that goes with it.

Requests are not touched: they count only while both sides are approved, so that whoever is let in again finds them.
A published schedule is not touched either: an organiser, told at once, computes and publishes the next version.
"""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import outbox
from openmap.leaving import emails, queries
from openmap.pitches.operations import leave_with_registration
from openmap.programme.operations import return_places
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from openmap.registrations.operations import cancel_registration, reopen_registration


def leave_morning(registration: Registration, *, by: Person | None, at: datetime) -> None:
    """Cancel a registration with its file for a pitch and its places in the programme; twice is once.

    Organisers are told of its published meetings. Raises AlreadyDecided.
    """
    meetings = queries.consequences_of(registration).meetings
    was_cancelled = registration.state is RegistrationState.CANCELLED
    cancel_registration(registration, by=by, at=at)
    leave_with_registration(registration, by=by, at=at)
    return_places(registration, by=by, at=at)
    if meetings and not was_cancelled:
        told = [emails.meetings_are_off(registration, meetings, one, at=at) for one in queries.organisers()]
        outbox.enqueue_all(told, at=at)


def take_approval_back(registration: Registration, *, reason: str, by: Person, at: datetime) -> None:
    """Let a participant wait for a decision again; the other organisers hear of its published meetings.

    Raises AlreadyDecided.
    """
    meetings = queries.consequences_of(registration).meetings
    reopen_registration(registration, reason=reason, by=by, at=at)
    return_places(registration, by=by, at=at)
    if meetings:
        others = [one for one in queries.organisers() if one.id != by.id]
        told = [emails.meetings_are_off(registration, meetings, one, at=at, reopened_by=by) for one in others]
        outbox.enqueue_all(told, at=at)
