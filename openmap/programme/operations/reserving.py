"""Reserving a place in a line of the programme, waiting for one, giving it back; a freed place goes to the first."""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.events.models import ProgrammeItem
from openmap.programme.emails import PlaceNews, place_news
from openmap.programme.models import LineReservation
from openmap.programme.places import reservations_in, reservations_of
from openmap.registrations.models import Registration
from openmap.registrations.operations.wording import on_behalf


class NothingToReserve(Conflict):
    """The organiser no longer takes reservations for this line, or it has begun."""

    message = mark("« %(title)s » ne se réserve pas, ou a déjà commencé. Voici le programme d’aujourd’hui.")


class ComesToTheMorning(RuleBroken):
    """Places are for those who were let in."""

    message = mark("Les places se réservent une fois l’inscription à la matinale validée.")


class PlacesTaken(RuleBroken):
    """Somebody counts on a place."""

    message = mark(
        "Des participants ont réservé leur place ou attendent : gardez la réservation, ou retirez la ligne, "
        "ils en seront prévenus."
    )
    field = "is_reserved"


def reserve_place(
    registration: Registration, item: ProgrammeItem, *, by: Person | None, at: datetime
) -> LineReservation:
    """Give a participant a place while one is free and nobody waits, else let it wait; twice is once.

    Raises NothingToReserve, ComesToTheMorning.
    """
    lock(item)  # two at once for the last place: the second waits
    _check_open(item, at)
    if not registration.is_approved:
        raise ComesToTheMorning
    if (known := reservations_of(registration).get(item.id)) is not None:
        return known
    others = reservations_in(item)
    is_free = len(others) < (item.capacity or 0)  # whoever waits counts too: nobody passes them
    reservation = LineReservation(item=item, registration=registration, asked_at=at, given_at=at if is_free else None)
    session.add(reservation)
    session.flush()
    _record(reservation, "place.asked", by=by, at=at)
    if is_free:
        outbox.enqueue(place_news(reservation, PlaceNews.GIVEN, at=at), at=at)
    return reservation


def return_place(registration: Registration, item: ProgrammeItem, *, by: Person | None, at: datetime) -> None:
    """Give a place back, or stop waiting; without any, nothing happens. Raises NothingToReserve once it has begun."""
    lock(item)
    _check_open(item, at)
    known = reservations_of(registration).get(item.id)
    if known is not None:
        _give_back(known, by=by, at=at)


def return_places(registration: Registration, *, by: Person | None, at: datetime) -> None:
    """Give every place back of a participant that leaves the morning."""
    for reservation in list(reservations_of(registration).values()):
        lock(reservation.item)
        _give_back(reservation, by=by, at=at)


def give_free_places(item: ProgrammeItem, *, by: Person | None, at: datetime) -> None:
    """Let those who wait in, the first to ask first, as far as there is room and the line has not begun."""
    if not item.is_reserved or at >= item.starts_at:
        return
    everyone = reservations_in(item)
    free = (item.capacity or 0) - sum(each.given_at is not None for each in everyone)
    waiting = [each for each in everyone if each.given_at is None]
    for reservation in waiting[: max(0, free)]:
        reservation.given_at = at
        _record(reservation, "place.given", by=by, at=at)
        outbox.enqueue(place_news(reservation, PlaceNews.FREED, at=at), at=at)
    session.flush()


def tell_holders(item: ProgrammeItem, news: PlaceNews, *, at: datetime) -> None:
    """Write to everyone who has a place in a line or waits for one."""
    outbox.enqueue_all([place_news(each, news, at=at) for each in reservations_in(item)], at=at)


def drop_reservations(item: ProgrammeItem, *, at: datetime) -> None:
    """Before a line goes: tell everyone, and forget their places."""
    if at < item.starts_at:
        tell_holders(item, PlaceNews.OFF, at=at)
    for each in session.query(LineReservation).filter_by(item_id=item.id):
        session.delete(each)
    session.flush()


def _give_back(reservation: LineReservation, *, by: Person | None, at: datetime) -> None:
    item = reservation.item
    _record(reservation, "place.returned", by=by, at=at)
    session.delete(reservation)
    session.flush()
    give_free_places(item, by=None, at=at)


def _check_open(item: ProgrammeItem, at: datetime) -> None:
    if not item.is_reserved or at >= item.starts_at:
        raise NothingToReserve(title=item.title)


def _record(reservation: LineReservation, action: str, *, by: Person | None, at: datetime) -> None:
    registration, item = reservation.registration, reservation.item
    extra = on_behalf(registration, by)
    audit.record(by, action, registration, at=at, event_id=item.event_id, title=item.title, **extra)
