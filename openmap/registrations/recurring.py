"""What the worker does for registrations: links for forgotten drafts, and the purge of what is kept no longer."""

from datetime import datetime, timedelta

from flask import current_app

from openmap.core.db import unit_of_work
from openmap.core.recurring import recurring
from openmap.questions.operations import purge_answers
from openmap.registrations.operations import mail_forgotten_drafts, purge_drafts


@recurring("registrations.drafts", every=timedelta(minutes=15))
def write_to_the_forgetful(at: datetime) -> None:
    """Mail their link to those who left a form half filled."""
    with unit_of_work():
        mail_forgotten_drafts(secret_key=str(current_app.config["SECRET_KEY"]), at=at)


@recurring("registrations.purge", every=timedelta(hours=12))
def purge(at: datetime) -> None:
    """Erase answers and drafts whose time is over."""
    with unit_of_work():
        purge_answers(at=at)
    with unit_of_work():
        purge_drafts(at=at)


RECURRING = (write_to_the_forgetful, purge)
