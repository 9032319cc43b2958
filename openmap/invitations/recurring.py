"""What the worker does for invitations: the automatic reminder, refused mailboxes, forgotten lists."""

from datetime import datetime, timedelta

from flask import current_app

from openmap.core.db import unit_of_work
from openmap.core.recurring import recurring
from openmap.events.models import Event
from openmap.invitations import operations, queries

BATCH = 50  # mails rendered and stored at a time


@recurring("invitations.follow", every=timedelta(minutes=10))
def follow_invitations(at: datetime) -> None:
    """Note what became of invitations, and forget the lists that nobody confirmed."""
    with unit_of_work():
        operations.note_what_became(at=at)
        operations.purge_sheets(at=at)


@recurring("invitations.reminders", every=timedelta(minutes=15))
def remind_before_the_deadline(at: datetime) -> None:
    """Remind, once, those who have not answered by the day that the organiser chose; never a mail a second time."""
    for event in queries.events_closing_soon(at=at):
        _remind(event, at)


def _remind(event: Event, at: datetime) -> None:
    secret_key = str(current_app.config["SECRET_KEY"])
    due = [each for each in queries.reminders(event, at=at).targets if each.reminded_by_itself_at is None]
    for first in range(0, len(due), BATCH):
        prepared = operations.prepare_reminders(due[first : first + BATCH], secret_key=secret_key, at=at)
        with unit_of_work():
            operations.remind_guests(event, prepared, by=None, at=at)


RECURRING = (follow_invitations, remind_before_the_deadline)
