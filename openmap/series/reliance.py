"""What others already rely on at a morning: what a change of its day, slots or tables would touch."""

from collections.abc import Collection, Iterable

from sqlalchemy import Column, Table, distinct, func, select

from openmap.core.db import session
from openmap.core.models import Base
from openmap.events.models import Event, TimeSlot
from openmap.events.models import Table as MeetingTable
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, ScheduleVersion
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration, Unavailability

LEFT = (RegistrationState.REFUSED, RegistrationState.CANCELLED)


def registered_count(event: Event) -> int:
    """How many registered and did not leave."""
    rows = select(func.count()).select_from(Registration).where(Registration.event_id == event.id)
    return session.scalar(rows.where(Registration.state.not_in(LEFT))) or 0


def published_meeting_count(event: Event, slots: Iterable[TimeSlot] | None = None) -> int:
    """How many meetings of the current schedule stand, in these slots or in any."""
    rows = (
        select(func.count())
        .select_from(Meeting)
        .join(Meeting.version)
        .where(
            ScheduleVersion.event_id == event.id,
            ScheduleVersion.is_current,
            Meeting.outcome != MeetingOutcome.CANCELLED,
        )
    )
    if slots is not None:
        rows = rows.where(Meeting.slot_id.in_([slot.id for slot in slots]))
    return session.scalar(rows) or 0


def unavailable_count(slots: Iterable[TimeSlot]) -> int:
    """How many participants said that they cannot do one of these slots."""
    ids = [slot.id for slot in slots]
    said = select(func.count(distinct(Unavailability.registration_id))).where(
        Unavailability.slot_id.in_(ids), Unavailability.item_id.is_(None)
    )
    return session.scalar(said) or 0


def is_slot_used(slots: Iterable[TimeSlot]) -> bool:
    """Whether a proposal, a pin or any version of the schedule names one of these slots."""
    return _is_named(TimeSlot.__tablename__, {slot.id for slot in slots}, ignoring={Unavailability.__tablename__})


def is_table_used(tables: Iterable[MeetingTable]) -> bool:
    """Whether a desk sits at one of these tables, or a meeting was ever given there."""
    return _is_named(MeetingTable.__tablename__, {table.id for table in tables}, ignoring=set())


def _is_named(target: str, ids: Collection[int], *, ignoring: Collection[str]) -> bool:
    """Whether any row of any other table points at one of these."""
    for table, column in _pointing_at(target):
        if table.name not in ignoring and session.scalar(select(column).where(column.in_(ids)).limit(1)) is not None:
            return True
    return False


def _pointing_at(target: str) -> list[tuple[Table, Column[int]]]:
    tables = Base.metadata.sorted_tables
    return [
        (table, key.parent) for table in tables for key in table.foreign_keys if key.target_fullname == f"{target}.id"
    ]
