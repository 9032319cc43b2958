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
from openmap.programme.emails import PlaceNews
from openmap.programme.operations.appearing import NobodyOnStageThen, check_seen, remove_appearance
from openmap.programme.operations.reserving import PlacesTaken, drop_reservations, give_free_places, tell_holders
from openmap.programme.operations.unavailability import keep_in_step
from openmap.programme.places import reservations_in

LINE_LIMIT = 100  # as many as event.json may hold


class EndsBeforeItStarts(RuleBroken):
    """A line lasts a minute at least."""

    message = mark("La fin vient avant le début : corrigez l’une des deux heures.")
    field = "ends"


class OnAnotherDay(RuleBroken):
    """A programme is that of one day."""

    message = mark("Cette heure n’est pas dans la journée de la matinale.")
    field = "starts"


class PlacesNotCounted(RuleBroken):
    """Whoever reserves a place must know whether there is one."""

    message = mark("Pour réserver, il faut un nombre de places : écrivez-le.")
    field = "capacity"


class NothingReservedThen(RuleBroken):
    """Meetings are asked for, not reserved."""

    message = mark("Les rendez-vous ne se réservent pas ici : ils se demandent, puis le planning les donne.")
    field = "is_reserved"


class ProgrammeIsFull(RuleBroken):
    """Nobody reads a longer programme."""

    message = mark("Le programme a déjà %(limit)s lignes, le maximum. Retirez-en une avant d’en ajouter.")


def add_item(event: Event, details: LineDetails, *, by: Person | None, at: datetime) -> ProgrammeItem:
    """Add a line to the programme.

    Raises ProgrammeIsFull, EndsBeforeItStarts, OnAnotherDay, PlacesNotCounted, NothingReservedThen.
    """
    lock(event)
    if len(queries.items_of(event)) >= LINE_LIMIT:
        raise ProgrammeIsFull(limit=LINE_LIMIT)
    check_details(event, details)
    item = ProgrammeItem(event_id=event.id, **asdict(details))
    session.add(item)
    audit.record(by, "programme.line_added", item, at=at, event_id=event.id, title=details.title)
    session.expire(event, ["programme"])
    return item


def edit_item(
    item: ProgrammeItem, details: LineDetails, *, by: Person | None, at: datetime, seen: int | None = None
) -> None:
    """Change a line; who is on its stage is unavailable when it takes place now.

    `seen` is the sequence the change was decided on. Whoever has a place hears of another time or room, and more
    places go to those who wait. Raises ProgrammeChanged, NobodyOnStageThen, PlacesTaken, and what `add_item` does.
    """
    event = session.get_one(Event, item.event_id)
    lock(item)
    check_seen(item, seen)
    check_details(event, details)
    if details.kind is ProgrammeKind.MEETINGS and queries.appearances_in(item):
        raise NobodyOnStageThen
    if not details.is_reserved and reservations_in(item):
        raise PlacesTaken
    is_moved = (item.starts_at, item.ends_at, item.room) != (details.starts_at, details.ends_at, details.room)
    for name, value in asdict(details).items():
        setattr(item, name, value)
    item.sequence += 1
    keep_in_step(event, [item])
    if is_moved and at < item.ends_at:
        tell_holders(item, PlaceNews.MOVED, at=at)
    give_free_places(item, by=by, at=at)
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
    drop_reservations(item, at=at)
    clock = queries.clock_of(event)
    if clock is not None and clock.item_id == item.id:
        session.delete(clock)
        session.flush()
    session.delete(item)
    session.flush()
    session.expire(event, ["programme"])


def check_details(event: Event, details: LineDetails) -> None:
    """Refuse what makes no line. Raises EndsBeforeItStarts, PlacesNotCounted, NothingReservedThen, OnAnotherDay."""
    if details.ends_at <= details.starts_at:
        raise EndsBeforeItStarts
    if details.is_reserved and details.capacity is None:
        raise PlacesNotCounted
    if details.is_reserved and details.kind is ProgrammeKind.MEETINGS:
        raise NothingReservedThen
    days = {instant.astimezone(event.zone).date() for instant in (details.starts_at, details.ends_at)}
    if days != {event.held_on}:
        raise OnAnotherDay
