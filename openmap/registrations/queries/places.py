"""The places and tables of a morning, and who is in line for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from openmap.core.db import session
from openmap.events.models import Event, Table
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import (
    Capacity,
    Desk,
    Registration,
)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one kind at a morning: how many there are (None: as many as come), taken, and waited for."""

    limit: int | None
    taken: int
    waiting: int

    @property
    def free(self) -> int | None:
        """How many nobody holds; None when there is no end of them."""
        return None if self.limit is None else max(0, self.limit - self.taken)

    @property
    def has_place(self) -> bool:
        """Whether one more can be let in at all."""
        return self.free is None or self.free > 0

    @property
    def has_room(self) -> bool:
        """Whether a newcomer can be let in without going past those in line."""
        return self.free is None or self.free > self.waiting


def lowest_free_table(event: Event) -> Table | None:
    """The first table without a desk."""
    taken = select(Desk.table_id).where(Desk.event_id == event.id, Desk.table_id.is_not(None))
    free = select(Table).where(Table.event_id == event.id, Table.id.not_in(taken)).order_by(Table.number)
    return session.scalars(free.limit(1)).one_or_none()


def places_at(event: Event) -> Mapping[OrganisationKind, Places]:
    """The places of each kind at a morning; two queries."""
    limits = {capacity.kind: capacity.places for capacity in capacities(event)}
    counted = (
        select(Registration.kind, Registration.state, func.count())
        .filter_by(event_id=event.id)
        .group_by(Registration.kind, Registration.state)
    )
    counts = {(kind, state): number for kind, state, number in session.execute(counted)}
    return {
        kind: Places(
            limit=limits.get(kind),
            taken=counts.get((kind, RegistrationState.APPROVED), 0),
            waiting=counts.get((kind, RegistrationState.WAITING), 0),
        )
        for kind in OrganisationKind
    }


def places_of(event: Event, kind: OrganisationKind) -> Places:
    """The places of one kind; true until the end of the unit of work when the morning is locked."""
    return places_at(event)[kind]


def capacities(event: Event) -> Sequence[Capacity]:
    """The limits that the organiser set."""
    return session.scalars(select(Capacity).filter_by(event_id=event.id)).all()


def waiting_list(event: Event, kind: OrganisationKind | None = None) -> Sequence[Registration]:
    """Who is in line, the first first; of every kind, kind by kind, or of one."""
    line = (
        select(Registration)
        .filter_by(event_id=event.id, state=RegistrationState.WAITING)
        .order_by(Registration.kind, Registration.waiting_since, Registration.id)
    )
    return session.scalars(line if kind is None else line.where(Registration.kind == kind)).unique().all()


def waiting_position(registration: Registration) -> int | None:
    """The place in line, counted from 1; None for whoever is not waiting."""
    line = [one.id for one in waiting_list(registration.event, registration.kind)]
    return line.index(registration.id) + 1 if registration.id in line else None
