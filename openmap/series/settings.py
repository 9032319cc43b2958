"""The settings of a morning that its next edition may take over, read as rows; none of them names anybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from openmap.coaching.models import CoachingSession
from openmap.core.db import session
from openmap.core.models import Base
from openmap.events.models import Event
from openmap.exhibition.models import Exhibition
from openmap.invitations.models import ReminderRule
from openmap.meeting_requests.rules import RequestBan, RequestQuota, RequestRules
from openmap.pitches.models import Criterion, PitchCall
from openmap.registrations.models import Capacity
from openmap.selections.models import SelectionConstraint

# One table after the other; each belongs to the morning by `event_id` and to nothing else.
RULES: tuple[type[Base], ...] = (RequestRules, RequestBan, RequestQuota)
PLACES: tuple[type[Base], ...] = (Capacity, ReminderRule)


@dataclass(frozen=True, slots=True)
class Call:
    """A call for pitches with what it is judged and balanced by."""

    row: PitchCall
    criteria: Sequence[Criterion]
    constraints: Sequence[SelectionConstraint]


def rows_at(event: Event, table: type[Base]) -> Sequence[Base]:
    """A morning's rows of one table that has an `event_id`, in the order they were made."""
    return session.scalars(select(table).filter_by(event_id=event.id).order_by(table.id)).all()


def call_of(event: Event) -> Call | None:
    """The morning's call for pitches, without criteria that are judged no more."""
    row = session.scalars(select(PitchCall).filter_by(event_id=event.id)).one_or_none()
    if row is None:
        return None
    judged = select(Criterion).where(Criterion.call_id == row.id, Criterion.retired_at.is_(None))
    balance = select(SelectionConstraint).filter_by(call_id=row.id)
    return Call(
        row,
        session.scalars(judged.order_by(Criterion.position, Criterion.id)).all(),
        session.scalars(balance.order_by(SelectionConstraint.position, SelectionConstraint.id)).all(),
    )


def coaching_of(event: Event) -> Sequence[CoachingSession]:
    """The morning's coaching sessions that were not called off, in time order."""
    rows = select(CoachingSession).join(CoachingSession.call).where(PitchCall.event_id == event.id)
    standing = rows.where(CoachingSession.cancelled_at.is_(None))
    return session.scalars(standing.order_by(CoachingSession.starts_at, CoachingSession.id)).all()


def exhibition_of(event: Event) -> Exhibition | None:
    """The morning's hall with its stands."""
    return session.scalars(select(Exhibition).filter_by(event_id=event.id)).one_or_none()
