"""What organisers do with the hall and its stands, and what holders write on theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.exhibition import queries
from openmap.exhibition.layout import Box, check_plan, in_rows
from openmap.exhibition.models import Exhibition, Stand
from openmap.registrations.models import Registration
from openmap.registrations.operations.wording import on_behalf


class ExhibitionChanged(Conflict):
    """Another organiser changed the hall or a stand since the page was opened."""

    message = mark(
        "Le plan a changé entre-temps : un autre organisateur l’a modifié. Votre changement n’est pas enregistré ; "
        "relisez le plan, puis recommencez."
    )


class LabelTaken(RuleBroken):
    """Two stands would have one name."""

    message = mark("Il y a déjà un stand %(label)s : chaque stand a son propre nom.")
    field = "label"


class ExhibitorPlaced(RuleBroken):
    """A participant has one stand."""

    message = mark("%(who)s tient déjà le stand %(label)s. Libérez-le d’abord.")
    field = "registration"


class StandGone(Conflict):
    """The organiser took the stand away, or gave it to somebody else."""

    message = mark("Ce stand n’est plus le vôtre : l’organisateur a changé le plan. Écrivez-lui si c’est une erreur.")


class HeldStandsStay(RuleBroken):
    """Fewer stands than somebody holds."""

    message = mark("%(held)s stands ont déjà un exposant : demandez-en au moins autant.")
    field = "count"


@dataclass(frozen=True, slots=True)
class HallDetails:
    """What an organiser says of the hall; aware instants, metres."""

    opens_at: datetime
    closes_at: datetime
    width: int
    depth: int
    room: str = ""
    introduction: str = ""
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class StandDetails:
    """One stand as it is wanted: metres, `registration` or `exhibitor` or nobody; contacts are shown to everybody."""

    label: str
    x: int
    y: int
    width: int = 3
    depth: int = 2
    registration: Registration | None = None
    exhibitor: str = ""
    description: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""

    @property
    def box(self) -> Box:
        """Where it stands."""
        return Box(self.label, self.x, self.y, self.width, self.depth)


def set_hall(event: Event, details: HallDetails, *, seen: str, by: Person | None, at: datetime) -> Exhibition:
    """Open the exhibition of a morning, or change its hall. Raises ExhibitionChanged, OutsideTheHall."""
    lock(event)  # two organisers open it at once: one of them does
    exhibition = queries.exhibition_of(event)
    if exhibition is None:
        exhibition = Exhibition(event_id=event.id)
        session.add(exhibition)
    else:
        _hold(exhibition, seen)
        check_plan(queries.boxes_of(exhibition), width=details.width, depth=details.depth)
    for field in fields(details):
        setattr(exhibition, field.name, getattr(details, field.name))
    _record(exhibition, "exhibition.edited", by=by, at=at)
    return exhibition


def add_stand(exhibition: Exhibition, details: StandDetails, *, seen: str, by: Person | None, at: datetime) -> Stand:
    """Put one more stand. Raises ExhibitionChanged, LabelTaken, ExhibitorPlaced, OutsideTheHall, StandsOverlap."""
    _hold(exhibition, seen)
    _check_stand(exhibition, details)
    stand = Stand()
    _write(stand, details)
    exhibition.stands.append(stand)
    _record(exhibition, "stand.added", by=by, at=at, label=details.label)
    return stand


def edit_stand(
    exhibition: Exhibition, stand: Stand, details: StandDetails, *, seen: str, by: Person | None, at: datetime
) -> None:
    """Change a stand. Raises what `add_stand` does."""
    _hold(exhibition, seen)
    _check_stand(exhibition, details, instead_of=stand)
    _write(stand, details)
    _record(exhibition, "stand.edited", by=by, at=at, label=details.label)


def move_stand(
    exhibition: Exhibition, stand: Stand, place: tuple[int, int], *, seen: str, by: Person | None, at: datetime
) -> None:
    """Put a stand elsewhere. Raises ExhibitionChanged, OutsideTheHall, StandsOverlap."""
    _hold(exhibition, seen)
    moved = Box(stand.label, *place, stand.width, stand.depth)
    others = [box for box in queries.boxes_of(exhibition) if box.label != stand.label]
    check_plan([*others, moved], width=exhibition.width, depth=exhibition.depth)
    stand.x, stand.y = place
    _record(exhibition, "stand.edited", by=by, at=at, label=stand.label)


def remove_stand(exhibition: Exhibition, stand: Stand, *, seen: str, by: Person | None, at: datetime) -> None:
    """Take a stand away. Raises ExhibitionChanged."""
    _hold(exhibition, seen)
    label = stand.label
    exhibition.stands.remove(stand)
    _record(exhibition, "stand.removed", by=by, at=at, label=label)


def align_stands(
    exhibition: Exhibition,
    *,
    count: int,
    size: tuple[int, int],
    aisle: int,
    seen: str,
    by: Person | None,
    at: datetime,
) -> None:
    """Lay `count` stands of `size` (metres wide and deep) in rows: those that are there first, then new ones.

    Stands keep their names and holders; when there are too many, the last free ones go.
    Raises ExhibitionChanged, HeldStandsStay, TooManyForTheHall.
    """
    _hold(exhibition, seen)
    staying = _staying(exhibition, count)
    labels = [stand.label for stand in staying] + _new_labels(exhibition, count - len(staying))
    hall = {"width": exhibition.width, "depth": exhibition.depth}
    boxes = in_rows(labels, **hall, stand_width=size[0], stand_depth=size[1], aisle=aisle)
    for stand in [stand for stand in exhibition.stands if stand not in staying]:
        exhibition.stands.remove(stand)
    staying += [Stand(label=label) for label in labels[len(staying) :]]
    for stand, box in zip(staying, boxes, strict=True):
        stand.x, stand.y, stand.width, stand.depth = box.x, box.y, box.width, box.depth
        if stand not in exhibition.stands:
            exhibition.stands.append(stand)
    _record(exhibition, "stands.aligned", by=by, at=at, stands=count)


def import_stands(
    exhibition: Exhibition, wanted: Sequence[StandDetails], *, seen: str, by: Person | None, at: datetime
) -> tuple[int, int]:
    """Store every line of a table, or none: a known label is that stand. Returns how many are new and how many changed.

    Raises ExhibitionChanged, OutsideTheHall, StandsOverlap, ExhibitorPlaced.
    """
    _hold(exhibition, seen)
    known = {stand.label: stand for stand in exhibition.stands}
    coming = {details.label for details in wanted}
    _check_holders([stand for stand in exhibition.stands if stand.label not in coming], wanted)
    staying = [box for box in queries.boxes_of(exhibition) if box.label not in coming]
    check_plan([*staying, *(each.box for each in wanted)], width=exhibition.width, depth=exhibition.depth)
    for each in known.values():
        if each.label in coming:
            each.registration_id = None  # holders may change places among themselves
    session.flush()
    for details in wanted:
        stand = known.get(details.label)
        if stand is None:
            stand = Stand()
            exhibition.stands.append(stand)
        _write(stand, details)
    _record(exhibition, "stands.imported", by=by, at=at, stands=len(wanted))
    return len(coming - known.keys()), len(coming & known.keys())


def describe_stand(
    holder: Registration,
    *,
    description: str,
    contact: tuple[str, str, str],
    by: Person | None,
    at: datetime,
) -> None:
    """Let a holder say what is shown, and whom to ask (name, address, telephone): all of it is published.

    Raises StandGone.
    """
    stand = queries.stand_of(holder)
    if stand is None:
        raise StandGone
    stand.description = description
    stand.contact_name, stand.contact_email, stand.contact_phone = contact
    audit.record(by, "stand.described", holder, at=at, event_id=holder.event_id, **on_behalf(holder, by))


def _hold(exhibition: Exhibition, seen: str) -> None:
    lock(exhibition)
    session.refresh(exhibition, ["stands"])
    if queries.fingerprint(exhibition) != seen:
        raise ExhibitionChanged


def _check_stand(exhibition: Exhibition, details: StandDetails, *, instead_of: Stand | None = None) -> None:
    others = [stand for stand in exhibition.stands if stand is not instead_of]
    if any(stand.label == details.label for stand in others):
        raise LabelTaken(label=details.label)
    _check_holders(others, [details])
    boxes = [box for box in queries.boxes_of(exhibition) if instead_of is None or box.label != instead_of.label]
    check_plan([*boxes, details.box], width=exhibition.width, depth=exhibition.depth)


def _check_holders(others: Iterable[Stand], wanted: Iterable[StandDetails]) -> None:
    taken = {stand.registration_id: stand.label for stand in others if stand.registration_id}
    for details in wanted:
        registration = details.registration
        if registration is None:
            continue
        if registration.id in taken:
            raise ExhibitorPlaced(who=registration.title, label=taken[registration.id])
        taken[registration.id] = details.label


def _write(stand: Stand, details: StandDetails) -> None:
    for field in fields(details):
        setattr(stand, field.name, getattr(details, field.name))


def _staying(exhibition: Exhibition, count: int) -> list[Stand]:
    stands = queries.in_order(exhibition.stands)
    held = [stand for stand in stands if stand.registration_id or stand.exhibitor]
    if len(held) > count:
        raise HeldStandsStay(held=len(held))
    free = [stand for stand in stands if stand not in held][: count - len(held)]
    return [stand for stand in stands if stand in held or stand in free]


def _new_labels(exhibition: Exhibition, count: int) -> list[str]:
    """The first numbers that no stand has."""
    taken = {stand.label for stand in exhibition.stands}
    numbers = (str(number) for number in range(1, len(taken) + count + 1))
    return [label for label in numbers if label not in taken][:count]


def _record(exhibition: Exhibition, action: str, *, by: Person | None, at: datetime, **details: object) -> None:
    audit.record(by, action, exhibition, at=at, event_id=exhibition.event_id, **details)
