"""Whom an organiser may put on stage."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from openmap.core.db import session
from openmap.events.models import Event, ProgrammeItem
from openmap.organisations.models import Organisation
from openmap.programme.models import Appearance
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration

MOST_FOUND = 10


def candidates(event: Event, item: ProgrammeItem, words: str) -> Sequence[Registration]:
    """Participants who were let in and are not in this line yet, by name or number, the first ten; [] for no words."""
    if not words:
        return []
    there = select(Appearance.registration_id).where(
        Appearance.item_id == item.id, Appearance.registration_id.is_not(None)
    )
    rows = (
        select(Registration)
        .join(Registration.organisation)
        .outerjoin(Desk, Desk.registration_id == Registration.id)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.APPROVED,
            Registration.id.not_in(there),
        )
        .order_by(Registration.ref)
        .limit(MOST_FOUND)
    )
    for word in words.split():
        said_in = (Organisation.name, Desk.name, Registration.ref)
        rows = rows.where(or_(*(column.icontains(word, autoescape=True) for column in said_in)))
    return session.scalars(rows).unique().all()
