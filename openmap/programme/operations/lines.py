"""The lines of a morning's programme; the unavailability of those on stage follows in the same unit of work."""

from dataclasses import asdict
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.text import mark
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.programme import queries
from openmap.programme.details import LineDetails
from openmap.programme.operations.appearing import NobodyOnStageThen, check_seen, remove_appearance
from openmap.programme.operations.unavailability import keep_in_step

LINE_LIMIT = 100  # as many as event.json may hold


class EndsBeforeItStarts(RuleBroken):
    """A line lasts a minute at least."""

    message = mark("La fin vient avant le début : corrigez l’une des deux heures.")
    field = "ends"


class OnAnotherDay(RuleBroken):
    """A programme is that of one day."""

    message = mark("Cette heure n’est pas dans la journée de la matinale.")
    field = "starts"


class ProgrammeIsFull(RuleBroken):
    """Nobody reads a longer programme."""

    message = mark("Le programme a déjà %(limit)s lignes, le maximum. Retirez-en une avant d’en ajouter.")


def add_item(event: Event, details: LineDetails, *, by: Person | None, at: datetime) -> ProgrammeItem:
    """Add a line to the programme. Raises ProgrammeIsFull, EndsBeforeItStarts, OnAnotherDay."""
    lock(event)
    if len(queries.items_of(event)) >= LINE_LIMIT:
        raise ProgrammeIsFull(limit=LINE_LIMIT)
    _check(event, details)
    item = ProgrammeItem(event_id=event.id, **asdict(details))
    session.add(item)
    audit.record(by, "programme.line_added", item, at=at, event_id=event.id, title=details.title)
    session.expire(event, ["programme"])
    return item


def edit_item(
    item: ProgrammeItem, details: LineDetails, *, by: Person | None, at: datetime, seen: int | None = None
) -> None:
    """Change a line; who is on its stage is unavailable when it takes place now.

    `seen` is the sequence the change was decided on. Raises ProgrammeChanged, EndsBeforeItStarts, OnAnotherDay,
    NobodyOnStageThen.
    """
    event = session.get_one(Event, item.event_id)
    lock(item)
    check_seen(item, seen)
    _check(event, details)
    if details.kind is ProgrammeKind.MEETINGS and queries.appearances_in(item):
        raise NobodyOnStageThen
    for name, value in asdict(details).items():
        setattr(item, name, value)
    item.sequence += 1
    keep_in_step(event, [item])
    audit.record(by, "programme.line_edited", item, at=at, event_id=event.id, title=details.title)
    session.expire(event, ["programme"])


def remove_item(item: ProgrammeItem, *, by: Person | None, at: datetime, seen: int | None = None) -> None:
    """Take a line out of the programme with everybody on its stage. Raises ProgrammeChanged."""
    event = session.get_one(Event, item.event_id)
    lock(item)
    check_seen(item, seen)
    audit.record(by, "programme.line_removed", item, at=at, event_id=event.id, title=item.title)
    for appearance in queries.appearances_in(item):
        remove_appearance(appearance, by=by, at=at)
    clock = queries.clock_of(event)
    if clock is not None and clock.item_id == item.id:
        session.delete(clock)
        session.flush()
    session.delete(item)
    session.flush()
    session.expire(event, ["programme"])


def _check(event: Event, details: LineDetails) -> None:
    if details.ends_at <= details.starts_at:
        raise EndsBeforeItStarts
    days = {instant.astimezone(event.zone).date() for instant in (details.starts_at, details.ends_at)}
    if days != {event.held_on}:
        raise OnAnotherDay
