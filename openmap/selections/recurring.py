"""What the worker does for a selection: it reminds who has not answered, and tells organisers of their silence."""

from datetime import datetime, timedelta

from openmap.core import outbox
from openmap.core.db import unit_of_work
from openmap.core.outbox import Mail
from openmap.core.recurring import recurring
from openmap.pitches.models import PitchApplication
from openmap.selections import emails, queries
from openmap.selections.deadlines import TOLD_FOR, is_silent, morning_starts, reminded_at

QUARTER = timedelta(minutes=15)


@recurring("selections.reminders", every=QUARTER)
def remind_to_confirm(at: datetime) -> None:
    """Write to those who have not answered, once a deadline; when it passed, to the organisers."""
    awaited = {each.id: _mails(each, at) for each in queries.awaiting_answers()}
    if not any(awaited.values()):
        return
    with unit_of_work():
        still = [each.id for each in queries.awaiting_answers()]  # an answer may have come meanwhile
        outbox.enqueue_all([mail for key in still for mail in awaited.get(key, [])], at=at)


def _mails(application: PitchApplication, at: datetime) -> list[Mail]:
    until, from_then = application.confirm_before, reminded_at(application)
    if until is None or from_then is None or at < from_then or at >= morning_starts(application.call.event):
        return []
    if not is_silent(application, at=at):
        return [emails.reminder(application)]
    return [emails.silent(application, one) for one in queries.organisers()] if at < until + TOLD_FOR else []


RECURRING = (remind_to_confirm,)
