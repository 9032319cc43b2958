"""What the worker does for a selection: it reminds the selected that have not confirmed."""

from datetime import datetime, timedelta

from openmap.core import outbox
from openmap.core.db import unit_of_work
from openmap.core.recurring import recurring
from openmap.selections import emails, queries

REMINDED_BEFORE = timedelta(days=2)


@recurring("selections.reminders", every=timedelta(hours=1))
def remind_to_confirm(at: datetime) -> None:
    """Write, two days before the deadline, to those who have not answered; once a deadline."""
    mails = [
        emails.reminder(application)
        for application in queries.asked_before(at + REMINDED_BEFORE)
        if application.call.confirm_before and application.call.confirm_before > at
    ]
    if mails:
        with unit_of_work():
            still = {each.id for each in queries.asked_before(at + REMINDED_BEFORE)}
            keys = {f"pitch:{application_id}:" for application_id in still}
            outbox.enqueue_all([mail for mail in mails if any(mail.key.startswith(key) for key in keys)], at=at)


RECURRING = (remind_to_confirm,)
