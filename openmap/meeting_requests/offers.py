"""Whom a structure may ask, with the demand, the slots both can do, and the request if there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from openmap.core.db import session
from openmap.events.models import Event, TimeSlot
from openmap.meeting_requests.demand import DeskDemand, demand_of_desks
from openmap.meeting_requests.enums import SCHEDULABLE
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.queries import requests_of
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration, Unavailability


@dataclass(frozen=True, slots=True)
class DeskOffer:
    """A desk as one structure sees it: its demand, the slots both can do, and the request if there is one."""

    demand: DeskDemand
    common_places: int
    request: MeetingRequest | None

    @property
    def desk(self) -> Desk:
        """The desk itself."""
        return self.demand.desk

    @property
    def others(self) -> int:
        """How many other structures ask for it."""
        counted = self.request is not None and self.request.state in SCHEDULABLE
        return self.demand.request_count - counted


def desk_offers(requester: Registration) -> list[DeskOffer]:
    """Every desk a structure may ask for; the number of queries does not depend on how many there are."""
    return _offers(requester, demand_of_desks(requester.event))


def peer_offers(requester: Registration) -> list[DeskOffer]:
    """Every other structure, where structures may ask each other; a place of its own is made when one is asked."""
    return _offers(requester, _demand_of_structures(requester))


def offer_of(requester: Registration, asked: Registration) -> DeskOffer | None:
    """One of them."""
    offers = desk_offers(requester) if asked.desk else peer_offers(requester)
    return next((offer for offer in offers if offer.desk.registration_id == asked.id), None)


def common_slots(event: Event, parties: Sequence[Registration]) -> list[TimeSlot]:
    """The slots that all of them can do, in order."""
    taken = _unavailable_slots(event)
    missed = set[int]().union(*(taken.get(party.id, set()) for party in parties))
    return [slot for slot in event.slots if slot.id not in missed]


def structures_of(event: Event) -> Sequence[Registration]:
    """The approved structures of a morning, by name."""
    rows = select(Registration).filter_by(
        event_id=event.id, kind=OrganisationKind.STRUCTURE, state=RegistrationState.APPROVED
    )
    return sorted(session.scalars(rows).unique(), key=lambda each: each.title.casefold())


def structure_named(event: Event, name: str) -> Registration | None:
    """The approved structure of this name, whatever its case."""
    return next((each for each in structures_of(event) if each.title.casefold() == name.casefold()), None)


def _offers(requester: Registration, demands: Sequence[DeskDemand]) -> list[DeskOffer]:
    event = requester.event
    slots = {slot.id for slot in event.slots}
    taken = _unavailable_slots(event)
    own = slots - taken.get(requester.id, set())
    asked = {request.desk.registration_id: request for request in requests_of(requester)}
    return [
        DeskOffer(
            demand=demand,
            common_places=len(own - taken.get(demand.desk.registration_id, set())),
            request=asked.get(demand.desk.registration_id),
        )
        for demand in demands
    ]


def _demand_of_structures(requester: Registration) -> list[DeskDemand]:
    event = requester.event
    asked = (
        select(Desk.registration_id, func.count())
        .join(MeetingRequest, MeetingRequest.desk_id == Desk.id)
        .join(MeetingRequest.requester)
        .where(
            MeetingRequest.event_id == event.id,
            MeetingRequest.state.in_(SCHEDULABLE),
            Registration.state == RegistrationState.APPROVED,
        )
        .group_by(Desk.registration_id)
    )
    counts = dict(session.execute(asked).all())
    places = len(event.slots)
    taken = _unavailable_slots(event)
    return [
        DeskDemand(
            desk=_place_to_be(each),
            request_count=counts.get(each.id, 0),
            place_count=places - len(taken.get(each.id, ())),
        )
        for each in structures_of(event)
        if each.id != requester.id
    ]


def _place_to_be(registration: Registration) -> Desk:
    """A structure's own place as a value, never stored: `meeting_place_of` makes the real one."""
    place = Desk(event_id=registration.event_id, registration_id=registration.id, name="")
    set_committed_value(place, "registration", registration)
    return place


def _unavailable_slots(event: Event) -> Mapping[int, set[int]]:
    """The slots each participant cannot do, by registration."""
    rows = session.execute(
        select(Unavailability.registration_id, Unavailability.slot_id)
        .join(Unavailability.registration)
        .where(Registration.event_id == event.id)
    )
    taken: dict[int, set[int]] = {}
    for registration_id, slot_id in rows:
        taken.setdefault(registration_id, set()).add(slot_id)
    return taken
