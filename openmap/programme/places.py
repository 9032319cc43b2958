"""The places of a line that participants reserve beforehand: how many are left, who has one, who waits for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.events.models import Event, ProgrammeItem
from openmap.organisations.models import Contact
from openmap.programme.models import LineReservation
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Places:
    """How the places of one line stand; only those who take part in the morning count."""

    item: ProgrammeItem
    given: int
    waiting: int

    @property
    def left(self) -> int:
        """How many may still be reserved at once; none while somebody waits, who comes first."""
        return 0 if self.waiting else max(0, (self.item.capacity or 0) - self.given)


def places_of(event: Event) -> Mapping[int, Places]:
    """The lines of a morning whose places are reserved, by their key, as the day runs; one query."""
    waits = LineReservation.given_at.is_(None)
    counts = (
        select(
            LineReservation.item_id,
            func.count().filter(~waits).label("given"),
            func.count().filter(waits).label("waiting"),
        )
        .join(LineReservation.registration)
        .where(Registration.state == RegistrationState.APPROVED)
        .group_by(LineReservation.item_id)
        .subquery()
    )
    rows = (
        select(ProgrammeItem, counts.c.given, counts.c.waiting)
        .outerjoin(counts, counts.c.item_id == ProgrammeItem.id)
        .where(ProgrammeItem.event_id == event.id, ProgrammeItem.is_reserved)
        .order_by(ProgrammeItem.starts_at, ProgrammeItem.id)
    )
    return {item.id: Places(item, given or 0, waiting or 0) for item, given, waiting in session.execute(rows)}


def reservations_in(item: ProgrammeItem) -> Sequence[LineReservation]:
    """Who has a place in a line, then who waits for one, each in the order they asked."""
    rows = (
        select(LineReservation)
        .join(LineReservation.registration)
        .where(LineReservation.item_id == item.id, Registration.state == RegistrationState.APPROVED)
        .options(
            joinedload(LineReservation.registration).joinedload(Registration.contact).joinedload(Contact.person),
        )
        .order_by(LineReservation.given_at.is_(None), LineReservation.asked_at, LineReservation.id)
    )
    return session.scalars(rows).unique().all()


def reservations_of(registration: Registration) -> Mapping[int, LineReservation]:
    """What a participant reserved or waits for, by the key of the line."""
    rows = select(LineReservation).filter_by(registration_id=registration.id).options(joinedload(LineReservation.item))
    return {each.item_id: each for each in session.scalars(rows)}
