"""How much a desk is asked for, against the places it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from openmap.core.db import session
from openmap.core.models import LabelledEnum
from openmap.core.text import mark
from openmap.events.models import Event, TimeSlot
from openmap.meeting_requests.enums import SCHEDULABLE
from openmap.meeting_requests.models import MeetingRequest
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration, Unavailability
from openmap.registrations.queries import approved_desks

MUCH = 2  # requests a place from which a desk is "très demandé"


class DemandLevel(LabelledEnum):
    """Demand in words that help someone choose."""

    LOW = "low", mark("Encore des places")
    HIGH = "high", mark("Demandé")
    VERY_HIGH = "very-high", mark("Très demandé")


@dataclass(frozen=True, slots=True)
class DeskDemand:
    """One desk, its requests that may still become meetings, and its usable slots."""

    desk: Desk
    request_count: int
    place_count: int

    @property
    def level(self) -> DemandLevel:
        """From how many requests there are for each place."""
        if self.request_count >= MUCH * self.place_count and self.request_count:
            return DemandLevel.VERY_HIGH
        return DemandLevel.HIGH if self.request_count > self.place_count else DemandLevel.LOW


def demand_of_desks(event: Event) -> Sequence[DeskDemand]:
    """Every approved desk of a morning with its demand, in the order of their refs; four queries in all."""
    asked = (
        select(MeetingRequest.desk_id, func.count())
        .join(MeetingRequest.requester)  # who is not let in, or no more, comes to no meeting
        .where(
            MeetingRequest.event_id == event.id,
            MeetingRequest.state.in_(SCHEDULABLE),
            Registration.state == RegistrationState.APPROVED,
        )
        .group_by(MeetingRequest.desk_id)
    )
    away = (
        # A slot that was said and in which one is on stage too is one slot.
        select(Unavailability.registration_id, func.count(Unavailability.slot_id.distinct()))
        .join(Unavailability.slot)
        .where(TimeSlot.event_id == event.id)
        .group_by(Unavailability.registration_id)
    )
    request_counts = dict(session.execute(asked).all())
    away_counts = dict(session.execute(away).all())
    slot_count = session.scalar(select(func.count()).select_from(TimeSlot).filter_by(event_id=event.id)) or 0
    return [
        DeskDemand(
            desk=desk,
            request_count=request_counts.get(desk.id, 0),
            place_count=slot_count - away_counts.get(desk.registration_id, 0),
        )
        for desk in approved_desks(event)
    ]
