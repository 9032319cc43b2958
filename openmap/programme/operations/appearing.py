"""Who appears in which line of the programme, in which order; their unavailability follows in the same unit of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.programme import queries
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import Appearance, StageClock
from openmap.programme.operations.unavailability import keep_in_step
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration

STAGE_LIMIT = 40  # people in one line: more is an audience
_FAR = 1_000_000  # positions are unique and above 0 at every moment: an order is written far away first


class AlreadyOnStage(Conflict):
    """A participant appears once in a line."""

    message = mark("« %(title)s » est déjà dans cette ligne du programme.")
    field = "who"


class NobodyOnStageThen(RuleBroken):
    """During the meetings nobody is on stage: it would keep them from every meeting."""

    message = mark("Personne n’est sur scène pendant les rendez-vous : choisissez une autre ligne du programme.")


class StageIsFull(RuleBroken):
    """No line of a programme has so many speakers."""

    message = mark("Il y a déjà %(limit)s personnes dans cette ligne, le maximum.")


class NotTakingPart(RuleBroken):
    """Only those who were let in are chosen from the list."""

    message = mark("« %(title)s » n’est pas parmi les participants validés de cette matinale.")
    field = "who"


class ProgrammeChanged(Conflict):
    """Somebody else changed this line meanwhile."""

    message = mark(
        "Cette ligne du programme a changé entre-temps. Voici ce qu’elle est maintenant ; reprenez votre changement."
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody does on stage; `registration` or `person_name`, or both."""

    role: AppearanceRole
    registration: Registration | None = None
    person_name: str = ""
    function: str = ""
    title: str = ""
    minutes: int | None = None


def add_appearance(item: ProgrammeItem, part: Part, *, by: Person | None, at: datetime) -> Appearance:
    """Put somebody on the stage of a line, after the others; a participant cannot meet anybody then.

    Raises NobodyOnStageThen, StageIsFull, NotTakingPart, AlreadyOnStage.
    """
    lock(item)
    on_stage = queries.appearances_in(item)
    _check(item, part.registration, on_stage)
    appearance = Appearance(
        item=item,
        registration=part.registration,
        role=part.role,
        person_name=part.person_name,
        function=part.function,
        title=part.title,
        minutes=part.minutes,
        position=len(on_stage) + 1,
    )
    session.add(appearance)
    _changed(item)
    audit.record(by, "programme.appearance_added", appearance, at=at, event_id=item.event_id, title=item.title)
    return appearance


def edit_appearance(
    appearance: Appearance, part: Part, *, by: Person | None, at: datetime, seen: int | None = None
) -> None:
    """Say anew what somebody does on stage; who it is stays. Raises ProgrammeChanged."""
    item = lock(appearance.item)
    check_seen(item, seen)
    appearance.role, appearance.title, appearance.minutes = part.role, part.title, part.minutes
    appearance.function = part.function
    if part.person_name or appearance.registration_id is not None:
        appearance.person_name = part.person_name
    _changed(item)
    audit.record(by, "programme.appearance_edited", appearance, at=at, event_id=item.event_id, title=item.title)


def move_appearance(appearance: Appearance, *, places: int, by: Person | None, at: datetime) -> None:
    """Let somebody come earlier (-1) or later (1) in the line; at an end it stays."""
    item = lock(appearance.item)
    order = list(queries.appearances_in(item))
    if appearance not in order:
        return
    place = order.index(appearance)
    order.insert(min(max(0, place + places), len(order) - 1), order.pop(place))
    _write_order(item, order)
    audit.record(by, "programme.appearance_moved", appearance, at=at, event_id=item.event_id, title=item.title)


def order_appearances(item: ProgrammeItem, ids: Sequence[int], *, by: Person | None, at: datetime) -> None:
    """Give a line's appearances this whole order. Raises ProgrammeChanged when they are no longer these."""
    lock(item)
    on_stage = {each.id: each for each in queries.appearances_in(item)}
    if sorted(ids) != sorted(on_stage):
        raise ProgrammeChanged
    _write_order(item, [on_stage[each] for each in ids])
    audit.record(by, "programme.appearance_moved", item, at=at, event_id=item.event_id, title=item.title)


def remove_appearance(appearance: Appearance, *, by: Person | None, at: datetime) -> None:
    """Take somebody off the stage: they can meet again then, unless something else keeps them."""
    item = lock(appearance.item)
    remaining = [each for each in queries.appearances_in(item) if each.id != appearance.id]
    audit.record(by, "programme.appearance_removed", appearance, at=at, event_id=item.event_id, title=item.title)
    clock = session.query(StageClock).filter_by(appearance_id=appearance.id).one_or_none()
    if clock is not None:
        session.delete(clock)
        session.flush()
    session.delete(appearance)
    session.flush()
    _write_order(item, remaining)


def put_on_stage(
    event: Event,
    registration: Registration,
    *,
    role: AppearanceRole,
    minutes: int | None,
    title: str,
    by: Person | None,
    at: datetime,
) -> Appearance | None:
    """Give a participant a place at the end of the line of pitches; None where the morning has no such line.

    Who is there already stays at its place, with this length and title. Raises StageIsFull, NotTakingPart.
    """
    item = queries.pitch_line(event)
    if item is None:
        return None
    part = Part(role=role, registration=registration, title=title, minutes=minutes)
    known = next((each for each in queries.appearances_in(item) if each.registration_id == registration.id), None)
    if known is None:
        return add_appearance(item, part, by=by, at=at)
    edit_appearance(known, part, by=by, at=at)
    return known


def take_off_stage(registration: Registration, *, role: AppearanceRole, by: Person | None, at: datetime) -> None:
    """Take a participant out of every line in which it appears in this role, if there is any."""
    for appearance in queries.stage_roles(registration, role):
        remove_appearance(appearance, by=by, at=at)


def check_seen(item: ProgrammeItem, seen: int | None) -> None:
    """Refuse what was decided on an older state of a line; None asks nothing. Raises ProgrammeChanged."""
    if seen is not None and seen != item.sequence:
        raise ProgrammeChanged


def _check(item: ProgrammeItem, registration: Registration | None, on_stage: Sequence[Appearance]) -> None:
    if item.kind is ProgrammeKind.MEETINGS:
        raise NobodyOnStageThen
    if len(on_stage) >= STAGE_LIMIT:
        raise StageIsFull(limit=STAGE_LIMIT)
    if registration is None:
        return
    if registration.event_id != item.event_id or registration.state is not RegistrationState.APPROVED:
        raise NotTakingPart(title=registration.title)
    if any(each.registration_id == registration.id for each in on_stage):
        raise AlreadyOnStage(title=registration.title)


def _write_order(item: ProgrammeItem, order: Sequence[Appearance]) -> None:
    for place, each in enumerate(order, start=1):
        each.position = _FAR + place
    session.flush()
    for place, each in enumerate(order, start=1):
        each.position = place
    _changed(item)


def _changed(item: ProgrammeItem) -> None:
    """Calendars take the line for newer, and unavailability follows."""
    item.sequence += 1
    event = session.get_one(Event, item.event_id)
    keep_in_step(event, [item])
