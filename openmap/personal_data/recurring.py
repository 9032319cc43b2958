"""Erasures that wait for a morning are carried out the day after it."""

from datetime import datetime, timedelta

from openmap.core.db import unit_of_work
from openmap.core.recurring import recurring
from openmap.personal_data.operations import LastOrganiser, erase
from openmap.personal_data.queries import due_erasures


@recurring("personal_data.erasures", every=timedelta(hours=1))
def carry_out_erasures(at: datetime) -> None:
    """Forget those whose day has come; the last organiser waits until there is another one."""
    for due in due_erasures(at):
        try:
            with unit_of_work():
                erase(due, at=at)
        except LastOrganiser:
            continue


RECURRING = (carry_out_erasures,)
