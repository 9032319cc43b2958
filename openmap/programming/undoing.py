"""The last change that cost nothing can be taken back: what it takes is signed and kept in the browser."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from openmap.accounts.models import Person
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.programme import queries
from openmap.programme.details import LineDetails
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import Appearance
from openmap.programme.operations import (
    Part,
    ProgrammeChanged,
    add_appearance,
    add_item,
    edit_item,
    remove_appearance,
    remove_item,
)
from openmap.registrations.queries import find_registration

Kept = Mapping[str, Any]  # JSON values only


@dataclass(frozen=True, slots=True)
class Undo:
    """How to take back one change: `item` is the line's key, `seen` its sequence after the change."""

    act: str
    item: int
    seen: int
    details: Kept | None = None
    appearance: int = 0
    part: Kept | None = None


def of_added(item: ProgrammeItem) -> Undo:
    """Take a new line away again."""
    return Undo("remove", item.id, item.sequence)


def of_edited(item: ProgrammeItem, before: LineDetails) -> Undo:
    """Say again what the line said."""
    return Undo("edit", item.id, item.sequence, details=_kept(before))


def of_removed(before: LineDetails) -> Undo:
    """Bring a line back that had nobody on stage."""
    return Undo("add", 0, 0, details=_kept(before))


def of_joined(appearance: Appearance) -> Undo:
    """Take somebody off the stage again."""
    return Undo("leave", appearance.item_id, appearance.item.sequence, appearance=appearance.id)


def of_left(item: ProgrammeItem, part: Part) -> Undo:
    """Put somebody back, after the others."""
    kept = {"role": part.role.value, "ref": part.registration.ref if part.registration else ""}
    kept |= {"person_name": part.person_name, "function": part.function, "title": part.title}
    return Undo("join", item.id, item.sequence, part=kept | {"minutes": part.minutes})


def part_of(appearance: Appearance) -> Part:
    """What somebody does on stage, as a value."""
    names = ("role", "registration", "person_name", "function", "title", "minutes")
    return Part(**{name: getattr(appearance, name) for name in names})


def undo_change(event: Event, undo: Undo, *, by: Person | None, at: datetime) -> None:
    """Take it back. Raises ProgrammeChanged when the line has changed since, and what the operations raise."""
    if undo.act == "add":
        add_item(event, _details(undo.details or {}), by=by, at=at)
        return
    item = queries.find_item(event, undo.item)
    if item is None or item.sequence != undo.seen:
        raise ProgrammeChanged
    if undo.act == "remove":
        remove_item(item, by=by, at=at, seen=undo.seen)
    elif undo.act == "edit":
        edit_item(item, _details(undo.details or {}), by=by, at=at, seen=undo.seen)
    elif undo.act == "leave":
        appearance = queries.find_appearance(event, undo.appearance)
        if appearance is None:
            raise ProgrammeChanged
        remove_appearance(appearance, by=by, at=at)
    else:
        add_appearance(item, _part(event, undo.part or {}), by=by, at=at)


def _kept(details: LineDetails) -> Kept:
    times = {"starts_at": details.starts_at.isoformat(), "ends_at": details.ends_at.isoformat()}
    return asdict(details) | times | {"kind": details.kind.value}


def _details(kept: Kept) -> LineDetails:
    times = {name: datetime.fromisoformat(kept[name]) for name in ("starts_at", "ends_at")}
    return LineDetails(**{**kept, **times, "kind": ProgrammeKind.of(kept["kind"])})


def _part(event: Event, kept: Kept) -> Part:
    rest = {name: kept[name] for name in ("person_name", "function", "title", "minutes")}
    registration = find_registration(event, kept["ref"]) if kept["ref"] else None
    return Part(role=AppearanceRole.of(kept["role"]), registration=registration, **rest)
