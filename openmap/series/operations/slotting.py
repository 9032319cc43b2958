"""A morning's meeting sessions, slots and tables: what people already hold in them never goes silently."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.text import mark
from openmap.events.models import Event, MeetingSession, Table, TimeSlot
from openmap.programme.operations.unavailability import refresh
from openmap.registrations.models import Unavailability
from openmap.series import reliance
from openmap.series.operations.settings import ScheduleIsPublished, SettingsChanged, state_of

SLOT_LIMIT = 100  # a day of five-minute meetings
TABLE_LIMIT = 500


class NoSession(RuleBroken):
    """Without any slot nobody meets."""

    message = mark("Gardez au moins une séance d’un créneau.")
    field = "sessions"


class SessionsOverlap(RuleBroken):
    """A slot belongs to one session."""

    message = mark("Les séances se suivent : chacune commence après la fin de la précédente.")
    field = "sessions"


class TooManySlots(RuleBroken):
    """More than a day holds."""

    message = mark("%(limit)s créneaux au plus, le même jour.")
    field = "sessions"


class EndsAfterMidnight(RuleBroken):
    """A morning is one day."""

    message = mark("La dernière séance finirait après minuit.")
    field = "sessions"


class SlotIsUsed(RuleBroken):
    """A schedule or a proposal of one names the slot."""

    message = mark(
        "Ces créneaux figurent dans un planning ou une proposition de planning : ils ne peuvent plus disparaître. "
        "Vous pouvez en ajouter."
    )
    field = "sessions"


class TableIsUsed(RuleBroken):
    """Somebody sits there."""

    message = mark("Une délégation ou un rendez-vous occupe une table que vous retirez. Gardez-en davantage.")
    field = "table_count"


class UnavailabilityNotAgreed(RuleBroken):
    """Participants said when they cannot come; the slots they named would change."""

    message = mark(
        "Participants qui ont dit ne pas pouvoir venir à des créneaux que vous changez : %(count)s. Un créneau qui "
        "change d’heure garde leurs indisponibilités, un créneau qui disparaît les perd : "
        "cochez la case pour le confirmer."
    )
    field = "is_agreed"


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """Consecutive slots: when the first begins, in the morning's time zone, how many, and how long each lasts."""

    starts_at: time
    count: int
    minutes: int


def sessions_of(event: Event) -> list[SessionPlan]:
    """The sessions as they are now."""
    plans = []
    for each in event.meeting_sessions:
        if each.slots:
            first = each.slots[0]
            minutes = int((first.ends_at - first.starts_at).total_seconds()) // 60
            plans.append(SessionPlan(first.starts_at.astimezone(event.zone).time(), len(each.slots), minutes))
    return plans


def change_slots(
    event: Event,
    sessions: Sequence[SessionPlan],
    *,
    table_count: int,
    seen: str,
    is_agreed: bool,
    by: Person | None,
    at: datetime,
) -> None:
    """Give a morning these sessions and tables; the n-th slot stays the n-th, with all that belongs to it.

    Raises SettingsChanged, NoSession, SessionsOverlap, TooManySlots, EndsAfterMidnight, ScheduleIsPublished,
    SlotIsUsed, UnavailabilityNotAgreed, TableIsUsed.
    """
    lock(event)
    if state_of(event) != seen:
        raise SettingsChanged
    wanted = _instants(event, sessions)
    kept, gone = event.slots[: len(wanted)], event.slots[len(wanted) :]
    times = [span for _, span in wanted]
    moved = [slot for slot, span in zip(kept, times, strict=False) if (slot.starts_at, slot.ends_at) != span]
    _check_nothing_is_lost(event, moved, gone, is_agreed=is_agreed)
    _set_tables(event, table_count)
    _store(event, wanted, kept, gone)
    refresh(event)
    audit.record(by, "event.slots_changed", event, at=at, event_id=event.id, moved=len(moved), gone=len(gone))


def _instants(event: Event, sessions: Sequence[SessionPlan]) -> list[tuple[int, tuple[datetime, datetime]]]:
    """The number of the session, the beginning and the end of each slot, in UTC."""
    if not any(plan.count for plan in sessions):
        raise NoSession
    if sum(plan.count for plan in sessions) > SLOT_LIMIT:
        raise TooManySlots(limit=SLOT_LIMIT)
    wanted: list[tuple[int, tuple[datetime, datetime]]] = []
    for number, plan in enumerate(sessions):
        start = datetime.combine(event.held_on, plan.starts_at, event.zone).astimezone(UTC)
        if wanted and start < wanted[-1][1][1]:
            raise SessionsOverlap
        length = timedelta(minutes=plan.minutes)
        wanted += [(number, (start + place * length, start + (place + 1) * length)) for place in range(plan.count)]
    if wanted[-1][1][1].astimezone(event.zone).date() != event.held_on:
        raise EndsAfterMidnight
    return wanted


def _check_nothing_is_lost(
    event: Event, moved: Sequence[TimeSlot], gone: Sequence[TimeSlot], *, is_agreed: bool
) -> None:
    meetings = reliance.published_meeting_count(event, [*moved, *gone])
    if meetings:
        raise ScheduleIsPublished(count=meetings)
    if reliance.is_slot_used(gone):
        raise SlotIsUsed
    said = reliance.unavailable_count([*moved, *gone])
    if said and not is_agreed:
        raise UnavailabilityNotAgreed(count=said)


def _set_tables(event: Event, count: int) -> None:
    gone = [table for table in event.tables if table.number > count]
    if reliance.is_table_used(gone):
        raise TableIsUsed
    for table in gone:
        session.delete(table)
    numbers = {table.number for table in event.tables}
    session.add_all(Table(event_id=event.id, number=number) for number in range(1, count + 1) if number not in numbers)
    session.flush()


def _store(
    event: Event,
    wanted: Sequence[tuple[int, tuple[datetime, datetime]]],
    kept: Sequence[TimeSlot],
    gone: Sequence[TimeSlot],
) -> None:
    ids = [slot.id for slot in gone]
    session.execute(delete(Unavailability).where(Unavailability.slot_id.in_(ids)))
    session.execute(delete(TimeSlot).where(TimeSlot.id.in_(ids)))
    holders = _sessions(event, 1 + max(number for number, _ in wanted))
    for position, (number, (starts_at, ends_at)) in enumerate(wanted):
        if position < len(kept):
            slot = kept[position]
        else:
            slot = TimeSlot(event_id=event.id, position=position)
            session.add(slot)
        slot.starts_at, slot.ends_at, slot.meeting_session_id = starts_at, ends_at, holders[number].id
    session.flush()
    used = {holders[number].id for number, _ in wanted}
    empty = delete(MeetingSession).where(MeetingSession.event_id == event.id, MeetingSession.id.not_in(used))
    session.execute(empty)
    session.expire_all()


def _sessions(event: Event, count: int) -> list[MeetingSession]:
    """The first `count` sessions of a morning, made where there are fewer."""
    known = list(event.meeting_sessions)
    for position in range(len(known), count):
        known.append(MeetingSession(event_id=event.id, position=position))
        session.add(known[-1])
    session.flush()
    return known
