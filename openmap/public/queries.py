"""What the public pages tell of mornings, across features."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from openmap.core.db import session
from openmap.events.models import Event, TimeSlot
from openmap.events.queries import events_by_date
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.queries import approved_counts


@dataclass(frozen=True, slots=True)
class MorningCard:
    """One morning of the list, with its figures."""

    event: Event
    desk_count: int
    structure_count: int
    slot_count: int


def morning_cards(at: datetime) -> tuple[Sequence[MorningCard], Sequence[MorningCard]]:
    """Mornings to come, the nearest first, then past ones, the latest first; three queries in all."""
    events = events_by_date()
    counts = approved_counts(events)
    slots = dict(session.execute(select(TimeSlot.event_id, func.count()).group_by(TimeSlot.event_id)).all())
    cards = [
        MorningCard(
            event=event,
            desk_count=counts.get((event.id, OrganisationKind.BUYER), 0),
            structure_count=counts.get((event.id, OrganisationKind.STRUCTURE), 0),
            slot_count=slots.get(event.id, 0),
        )
        for event in events
    ]
    past = [card for card in cards if card.event.held_on < at.astimezone(card.event.zone).date()]
    return [card for card in reversed(cards) if card not in past], past
