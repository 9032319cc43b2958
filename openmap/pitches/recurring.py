"""What leaves by itself: reminders to those whose file is still a draft."""

from datetime import datetime, timedelta

from openmap.core import outbox
from openmap.core.db import unit_of_work
from openmap.core.outbox import Mail
from openmap.core.recurring import recurring
from openmap.pitches import emails, queries

DAYS_BEFORE = (1, 3)  # the nearest first: who begins on the last day is not told that three are left


@recurring("pitches.reminders", every=timedelta(hours=1))
def remind_drafts(at: datetime) -> None:
    """Write to the structures whose draft can still be sent, three days and one day before its deadline."""
    mails = due_reminders(at)
    if mails:
        with unit_of_work():
            outbox.enqueue_all(mails, at=at)


def due_reminders(at: datetime) -> list[Mail]:
    """The reminders of this moment, those that left already included: their keys keep them from leaving twice."""
    mails = []
    for application in queries.open_drafts(closing_before=at + timedelta(days=max(DAYS_BEFORE)), at=at):
        left = application.deadline() - at
        days = next((days for days in DAYS_BEFORE if timedelta() < left <= timedelta(days=days)), None)
        if days is not None:
            mails.append(emails.application_reminder(application, days=days, at=at))
    return mails


RECURRING = (remind_drafts,)
