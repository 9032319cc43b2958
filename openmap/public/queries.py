"""What the public pages tell of mornings, across features."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select

from openmap.catalogue.queries import in_directory
from openmap.core.db import session
from openmap.events.models import Event, TimeSlot
from openmap.events.queries import published_events
from openmap.meeting_requests.demand import DeskDemand
from openmap.organisations.departements import departement_label
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.queries import approved_counts

DESKS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class MorningCard:
    """One morning of the list, with its figures."""

    event: Event
    desk_count: int
    structure_count: int
    slot_count: int


def morning_cards(at: datetime) -> tuple[Sequence[MorningCard], Sequence[MorningCard]]:
    """Mornings to come, the nearest first, then past ones, the latest first; three queries in all."""
    events = published_events()
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
    past = [card for card in cards if card.event.is_past(at)]
    return [card for card in reversed(cards) if card not in past], past


class DeskPage(Pagination):
    """One page of desks; their demand is computed for all of them at once anyway."""

    def _query_items(self) -> list[DeskDemand]:
        first = (self.page - 1) * DESKS_A_PAGE
        return list(self._query_args["desks"][first : first + DESKS_A_PAGE])

    def _query_count(self) -> int:
        return len(self._query_args["desks"])


def told_desks(event: Event, demands: Sequence[DeskDemand], *, reads_all: bool) -> frozenset[int]:
    """The registrations of desks whose own words may be shown: all of them to those who take part, else as agreed."""
    everyone = frozenset(demand.desk.registration_id for demand in demands)
    return everyone if reads_all else everyone & in_directory(event)


def desk_page(demands: Sequence[DeskDemand], words: str, *, told: Collection[int], page: int) -> DeskPage:
    """One page of the desks whose body, name, département, or offer if it is `told`, say every one of `words`."""
    wanted = words.casefold().split()
    said = {demand.desk.id: _said_of(demand, told) for demand in demands} if wanted else {}
    found = [demand for demand in demands if all(word in said[demand.desk.id] for word in wanted)]
    return DeskPage(page=max(1, page), per_page=DESKS_A_PAGE, error_out=False, desks=found)


def _said_of(demand: DeskDemand, told: Collection[int]) -> str:
    registration = demand.desk.registration
    offer = registration.offer if registration.id in told else ""
    place = departement_label(registration.organisation.departement)
    return f"{demand.desk.title} {place} {offer}".casefold()
