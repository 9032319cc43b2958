"""When two registrations of one morning stand in the way of making two organisations one."""

from openmap.core.db import session
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.organisations.merging import Obstacle, judges
from openmap.organisations.references import Row
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration

OVER = {RegistrationState.REFUSED, RegistrationState.CANCELLED}
BOTH_TAKE_PART = mark("Les deux sont inscrits à « %(event)s ». Refusez ou annulez d’abord l’une des deux inscriptions.")
THE_OTHER_TAKES_PART = mark(
    "À « %(event)s », c’est l’inscription de l’autre organisme qui compte. Gardez plutôt l’autre."
)
SAME_DESK = mark(
    "À « %(event)s », les deux ont une délégation « %(desk)s ». Refusez ou annulez d’abord l’une des deux."
)


@judges("registration")
def two_registrations(coming: Row, present: Row) -> Obstacle | None:
    """A structure takes part once; a registration that came to nothing stays with the body it was made for."""
    if coming["state"] in OVER:
        return None
    facts = {"event": _event(coming).title}
    return Obstacle(THE_OTHER_TAKES_PART if present["state"] in OVER else BOTH_TAKE_PART, facts)


@judges("desk")
def two_desks(coming: Row, present: Row) -> Obstacle | None:
    """A body has one desk of a name at a morning."""
    registrations = [session.get_one(Registration, row["registration_id"]) for row in (coming, present)]
    if any(registration.state in OVER for registration in registrations):
        return None
    return Obstacle(SAME_DESK, {"event": _event(coming).title, "desk": coming["name"]})


def _event(row: Row) -> Event:
    return session.get_one(Event, row["event_id"])
