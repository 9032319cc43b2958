"""The organiser's decisions, the places of a morning and its waiting list, and leaving it.

A place that gets free is given on the organiser's word, never by itself: each participant was looked at by someone,
an approval taken back by mistake must not be lost to the next in line, and near the day an empty place may be wanted.
The order is not the organiser's to choose: the first in line is the first served.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict
from openmap.core.outbox import Mail
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.organisations.contacts import vouch_for
from openmap.organisations.enums import OrganisationKind
from openmap.profiles.operations import seed_profile
from openmap.registrations import emails, queries
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Capacity, Desk, Registration
from openmap.registrations.operations.wording import on_behalf

State = RegistrationState
MailOf = Callable[[Registration], Mail]
ENDED = {State.REFUSED, State.CANCELLED}


class NoTableLeft(Conflict):
    """Every table of the morning has its desk."""

    message = mark(
        "Les %(table_count)s tables de la matinale sont prises. Ajoutez une table à la matinale, ou refusez cette "
        "inscription."
    )


class NoPlaceLeft(Conflict):
    """Everybody who can be let in is in."""

    message = mark("Aucune place n’est libre pour « %(title)s ». Ajoutez des places, ou attendez une annulation.")


class NotFirstInLine(Conflict):
    """The waiting list is kept in its order."""

    message = mark(
        "« %(title)s » n’est pas la première de la liste d’attente. Donnez d’abord une place à « %(first)s », ou "
        "refusez son inscription."
    )


class AlreadyDecided(Conflict):
    """Someone decided since the page was shown."""

    message = mark(
        "La décision sur « %(title)s » a changé depuis l’affichage de la page. Rien n’a été modifié ; relisez la liste."
    )


class ApprovedMeanwhile(AlreadyDecided):
    """Another organiser let this participant in."""

    message = mark("Un autre organisateur vient de valider « %(title)s ». Rien n’a été modifié ; relisez la liste.")


class RefusedMeanwhile(AlreadyDecided):
    """Another organiser refused this participant."""

    message = mark("Un autre organisateur vient de refuser « %(title)s ». Rien n’a été modifié ; relisez la liste.")


class CancelledMeanwhile(AlreadyDecided):
    """The participant has just left."""

    message = mark("« %(title)s » vient d’annuler son inscription. Rien n’a été modifié ; relisez la liste.")


MEANWHILE = {
    State.APPROVED: ApprovedMeanwhile,
    State.REFUSED: RefusedMeanwhile,
    State.CANCELLED: CancelledMeanwhile,
}


def approve_registration(registration: Registration, *, seen: State, by: Person, at: datetime) -> State:
    """Let a participant in, or put it in line when no place is left; a desk gets the lowest free table.

    `seen` is the state on which the organiser decided. Approving twice is approving once; the state it led to is
    returned. Raises AlreadyDecided, NotFirstInLine, NoPlaceLeft, NoTableLeft.
    """
    lock(registration.event)  # places and tables are counted under it
    if _is_same_decision(registration, State.APPROVED, by):
        return registration.state
    _check_still(registration, seen, {State.PENDING, State.WAITING} | ENDED)
    places = queries.places_of(registration.event, registration.kind)
    if registration.state is State.WAITING:
        _check_turn(registration, has_place=places.has_place)
    elif not places.has_room:
        _put_in_line(registration, by=by, at=at)
        return registration.state
    was_waiting = registration.state is State.WAITING
    _let_in(registration, by=by, at=at)
    _tell(emails.registration_promoted if was_waiting else emails.registration_approved, registration, at)
    return registration.state


def give_places(event: Event, kind: OrganisationKind, *, by: Person, at: datetime) -> list[Registration]:
    """Give the free places of one kind to the first in line; returns those who got one. Raises NoTableLeft."""
    lock(event)
    places = queries.places_of(event, kind)
    line = queries.waiting_list(event, kind)
    promoted = list(line if places.free is None else line[: places.free])
    for registration in promoted:
        _let_in(registration, by=by, at=at)
        _tell(emails.registration_promoted, registration, at)
    return promoted


def refuse_registration(registration: Registration, *, reason: str, seen: State, by: Person, at: datetime) -> None:
    """Keep a participant out who is pending or in line, with the reason that its mail will tell; twice is once.

    Raises AlreadyDecided.
    """
    lock(registration.event)
    if _is_same_decision(registration, State.REFUSED, by):
        return
    _check_still(registration, seen, {State.PENDING, State.WAITING})
    _decide(registration, State.REFUSED, reason=reason, by=by, at=at)
    _tell(emails.registration_refused, registration, at)


def reopen_registration(registration: Registration, *, reason: str, by: Person, at: datetime) -> None:
    """Take an approval back: the participant waits for a decision again, its place and table are free.

    Requests stay where they are and count again once it is approved again. Raises AlreadyDecided.
    """
    lock(registration.event)
    lock(registration)
    _check_still(registration, State.APPROVED, {State.APPROVED})
    registration.state, registration.decided_at, registration.decided_by_id = State.PENDING, None, None
    _free_table(registration)
    audit.record(by, "registration.reopened", registration, at=at, event_id=registration.event_id, reason=reason[:300])
    outbox.enqueue(emails.registration_reopened(registration, reason=reason, at=at), at=at)


def cancel_registration(registration: Registration, *, by: Person | None, at: datetime) -> None:
    """Leave the morning: place and table are free, requests count no more; twice is once. Raises AlreadyDecided."""
    lock(registration.event)
    lock(registration)
    if registration.state is State.CANCELLED:
        return
    _check_still(registration, registration.state, {State.PENDING, State.WAITING, State.APPROVED})
    registration.state, registration.waiting_since, registration.cancelled_at = State.CANCELLED, None, at
    _free_table(registration)
    extra = on_behalf(registration, by)
    event_id, ref = registration.event_id, registration.ref
    audit.record(by, "registration.cancelled", registration, at=at, event_id=event_id, ref=ref, **extra)
    _tell(emails.registration_cancelled, registration, at)


def set_capacities(event: Event, places: Mapping[OrganisationKind, int | None], *, by: Person, at: datetime) -> None:
    """Say how many of each kind a morning takes, None being as many as come; nobody who is in is put out."""
    lock(event)
    known = {capacity.kind: capacity for capacity in queries.capacities(event)}
    for kind, count in places.items():
        capacity = known.get(kind)
        if count is None and capacity is not None:
            session.delete(capacity)
        elif count is not None:
            capacity = capacity or Capacity(event_id=event.id, kind=kind)
            capacity.places = count
            session.add(capacity)
    said = {str(kind): count for kind, count in places.items()}
    audit.record(by, "capacity.set", event, at=at, event_id=event.id, places=said)


def _is_same_decision(registration: Registration, state: State, by: Person) -> bool:
    lock(registration)
    return registration.state is state and registration.decided_by_id == by.id


def _check_still(registration: Registration, seen: State, possible: set[State]) -> None:
    if registration.state is not seen or registration.state not in possible:
        raise MEANWHILE.get(registration.state, AlreadyDecided)(title=registration.title)


def _check_turn(registration: Registration, *, has_place: bool) -> None:
    first = queries.waiting_list(registration.event, registration.kind)[0]
    if first.id != registration.id:
        raise NotFirstInLine(title=registration.title, first=first.title)
    if not has_place:
        raise NoPlaceLeft(title=registration.title)


def _put_in_line(registration: Registration, *, by: Person, at: datetime) -> None:
    _decide(registration, State.WAITING, by=by, at=at)
    registration.waiting_since = at
    _tell(emails.registration_waiting, registration, at)


def _let_in(registration: Registration, *, by: Person, at: datetime) -> None:
    if registration.desk is not None and registration.desk.table_id is None:
        _give_table(registration.event, registration.desk)
    _decide(registration, State.APPROVED, by=by, at=at)
    vouch_for(registration.contact)
    if registration.kind is OrganisationKind.STRUCTURE:
        seed_profile(registration.organisation, sector=registration.sector, offer=registration.offer, by=by, at=at)


def _decide(registration: Registration, state: State, *, reason: str = "", by: Person, at: datetime) -> None:
    registration.state = state
    registration.refusal_reason = reason
    registration.waiting_since = at if state is State.WAITING else None
    registration.cancelled_at = None
    registration.decided_at = at
    registration.decided_by_id = by.id
    audit.record(by, f"registration.{state}", registration, at=at, event_id=registration.event_id, ref=registration.ref)


def _tell(mail_of: MailOf, registration: Registration, at: datetime) -> None:
    session.flush()
    outbox.enqueue(mail_of(registration), at=at)


def _give_table(event: Event, desk: Desk) -> None:
    table = queries.lowest_free_table(event)
    if table is None:
        raise NoTableLeft(table_count=len(event.tables))
    desk.table_id = table.id
    session.flush()


def _free_table(registration: Registration) -> None:
    if registration.desk is not None:
        registration.desk.table_id = None
