"""Whoever is on stage cannot meet anybody then: the rows that say so follow the programme."""

from collections.abc import Sequence

from sqlalchemy import select

from openmap.core.db import session
from openmap.events.models import Event, ProgrammeItem
from openmap.programme import queries
from openmap.registrations.models import Unavailability


def refresh(event: Event) -> None:
    """Make the rows of a morning that come from its programme what its lines, slots and appearances say.

    For whoever changes slots, or brings in a whole programme; what participants said themselves stays.
    """
    keep_in_step(event, queries.items_of(event))


def keep_in_step(event: Event, items: Sequence[ProgrammeItem]) -> None:
    """The same for some lines of a morning only."""
    session.flush()
    wanted = queries.stage_slots(event, items)
    ids = [item.id for item in items]
    kept = session.scalars(select(Unavailability).where(Unavailability.item_id.in_(ids))).all()
    for row in kept:
        key = (row.registration_id, row.slot_id, row.item_id)
        if key in wanted:
            wanted.remove(key)
        else:
            session.delete(row)
    for registration_id, slot_id, item_id in sorted(wanted):
        session.add(Unavailability(registration_id=registration_id, slot_id=slot_id, item_id=item_id))
    session.flush()
