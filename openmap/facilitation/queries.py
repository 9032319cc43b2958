"""The structures a facilitator looks after, with what each still lacks at the mornings to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.events.models import Event
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.organisations.delegating import Delegation, delegations_of
from openmap.organisations.enums import OrganisationKind, PartnerKind
from openmap.organisations.models import Organisation
from openmap.organisations.queries import not_merged, organisation_with_siret
from openmap.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Participation:
    """One structure at one morning: its registration and how many requests it has."""

    registration: Registration
    request_count: int


@dataclass(frozen=True, slots=True)
class LookedAfter:
    """One structure and its mornings to come."""

    delegation: Delegation
    participations: tuple[Participation, ...]


def looked_after(facilitator: Organisation, *, at: datetime) -> list[LookedAfter]:
    """Every structure of a facilitator, those that wait for an answer included; a constant number of queries."""
    delegations = [each for each in delegations_of(facilitator) if each.facilitator_id == facilitator.id]
    active = {each.structure_id for each in delegations if each.is_active}
    registrations = _coming_registrations(active, at=at)
    counts = _request_counts([each.id for each in registrations])
    return [
        LookedAfter(
            delegation,
            tuple(
                Participation(each, counts.get(each.id, 0))
                for each in registrations
                if each.organisation_id == delegation.structure_id
            ),
        )
        for delegation in delegations
    ]


def coming_events(*, at: datetime) -> Sequence[Event]:
    """The mornings for which a structure may still register."""
    rows = select(Event).where(Event.registration_closes_at > at, Event.is_draft.is_(False)).order_by(Event.held_on)
    return session.scalars(rows).all()


def facilitators() -> Sequence[Organisation]:
    """Everyone to whom a structure may entrust itself, by name."""
    rows = select(Organisation).where(Organisation.partner_kind == PartnerKind.FACILITATOR, not_merged())
    return session.scalars(rows.order_by(Organisation.name)).all()


def structure_with_siret(siret: str) -> Organisation | None:
    """The structure of this number; one that was merged leads to the other."""
    found = organisation_with_siret(siret)
    return found if found is not None and found.kind is OrganisationKind.STRUCTURE else None


def _coming_registrations(organisations: set[int], *, at: datetime) -> Sequence[Registration]:
    rows = (
        select(Registration)
        .join(Registration.event)
        .where(Registration.organisation_id.in_(organisations), Event.held_on >= at.date() - timedelta(days=1))
        .options(joinedload(Registration.event))
        .order_by(Event.held_on, Registration.ref)
    )
    return session.scalars(rows).unique().all()


def _request_counts(registration_ids: Sequence[int]) -> dict[int, int]:
    rows = (
        select(MeetingRequest.requester_id, func.count())
        .where(MeetingRequest.requester_id.in_(registration_ids), MeetingRequest.state != RequestState.WITHDRAWN)
        .group_by(MeetingRequest.requester_id)
    )
    return dict(session.execute(rows).all())
