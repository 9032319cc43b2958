"""Whom an organiser may put on stage or give a place, and what keeps a participant from being there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from openmap.core.db import session
from openmap.events.models import Event, ProgrammeItem
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.queries import meetings_of
from openmap.organisations.models import Organisation
from openmap.programme.models import Appearance
from openmap.programme.queries import appearances_of, overlap
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
    return session.scalars(_named(event, words).where(Registration.id.not_in(there))).unique().all()


def participants_like(event: Event, words: str) -> Sequence[Registration]:
    """Participants who were let in, by name or number, the first ten; [] for no words."""
    return session.scalars(_named(event, words)).unique().all() if words else []


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch of time in which a participant is elsewhere; `item_id` of the line where it is on stage."""

    starts_at: datetime
    ends_at: datetime
    item_id: int | None = None

    def keeps_from(self, item: ProgrammeItem) -> bool:
        """Whether it overlaps a line; one's own time on stage in that very line doesn't."""
        return self.item_id != item.id and overlap(self.starts_at, self.ends_at, item.starts_at, item.ends_at)


def busy_times(registration: Registration) -> list[Busy]:
    """A participant's published meetings and times on stage, as the day runs."""
    standing = (each for each in meetings_of(registration) if each.outcome is not MeetingOutcome.CANCELLED)
    meetings = [Busy(each.slot.starts_at, each.slot.ends_at) for each in standing]
    stage = [Busy(one.starts_at, one.ends_at, line.id) for line, one in appearances_of(registration)]
    return sorted([*meetings, *stage], key=lambda each: each.starts_at)


def _named(event: Event, words: str) -> Select[Registration]:
    rows = (
        select(Registration)
        .join(Registration.organisation)
        .outerjoin(Desk, Desk.registration_id == Registration.id)
        .where(Registration.event_id == event.id, Registration.state == RegistrationState.APPROVED)
        .order_by(Registration.ref)
        .limit(MOST_FOUND)
    )
    for word in words.split():
        said_in = (Organisation.name, Desk.name, Registration.ref)
        rows = rows.where(or_(*(column.icontains(word, autoescape=True) for column in said_in)))
    return rows
