"""Until when a chosen structure says whether it comes, when it is reminded, and how long its silence is told."""

from datetime import datetime, timedelta

from openmap.events.models import Event
from openmap.pitches.models import PitchApplication, PitchCall

TIME_TO_ANSWER = timedelta(days=2)
REMINDED_BEFORE = timedelta(days=2)
TOLD_FOR = timedelta(days=7)  # a worker that was away longer tells nobody; the dashboard still does
WHOLE_HOURS_FROM = timedelta(hours=2)


def morning_starts(event: Event) -> datetime:
    """When the morning begins: nobody confirms later."""
    starts = [item.starts_at for item in event.programme]
    return min(starts) if starts else datetime.combine(event.held_on, datetime.min.time(), event.zone)


def deadline_for(call: PitchCall, *, at: datetime) -> datetime:
    """Until when a file chosen at `at`, after the release, answers.

    That is the deadline of all where it leaves two days; else two days from now, or half of what is left before the
    morning, so that the next of the reserve could still be asked.
    """
    left = max(morning_starts(call.event) - at, timedelta())
    given = min(TIME_TO_ANSWER, left / 2)
    own = at + given
    if given >= WHOLE_HOURS_FROM:
        own = own.replace(minute=0, second=0, microsecond=0)
    return max(call.confirm_before or own, own)


def reminded_at(application: PitchApplication) -> datetime | None:
    """When a structure that has not answered is reminded: two days before its deadline, or halfway to it."""
    until, asked_at = application.confirm_before, application.decided_at
    if until is None or asked_at is None:
        return None
    return until - min(REMINDED_BEFORE, max(until - asked_at, timedelta()) / 2)


def is_silent(application: PitchApplication, *, at: datetime) -> bool:
    """Whether a chosen structure let its deadline pass; `application` awaits an answer."""
    return application.confirm_before is not None and application.confirm_before <= at
