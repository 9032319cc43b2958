"""Suppositions as they are typed (`slots=+1`), and the outlooks they lead to as a table or as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from scheduler.errors import InvalidInput, shown
from scheduler.instance import Participant, Request
from scheduler.supposing.changes import (
    Absent,
    Capacity,
    LongerMeetings,
    MaxMeetings,
    Newcomer,
    OwnSlot,
    Present,
    Slots,
    Supposition,
    Tables,
    WithoutRequest,
)

if TYPE_CHECKING:
    from scheduler.solution import Level
    from scheduler.what_if import Outlook

SYNTAX = """Changes: slots=+1, tables=-2, absent=B05 (or absent=B05@0,1 for some slots), present=B05@0,
own-slot=B05 (it stays a slot longer), capacity=B05:+1, desk=NEW:S001,S002 (a desk more whom these ask),
longer=2 (meetings of two slots), max-meetings=S001:4 (or max-meetings=4 for the whole coverage group,
max-meetings=none for no limit), without=REQUEST."""
MOST_DIGITS = 9
COLUMNS = ("meetings", "with one", "without any", "coverage", "satisfaction")


def read(texts: Iterable[str]) -> list[Supposition]:
    """Return the suppositions; raises InvalidInput naming the one that can't be understood."""
    return [_supposition(text) for text in texts]


def _supposition(text: str) -> Supposition:
    name, sign, value = text.partition("=")
    reader = _READERS.get(name)
    if reader is None or not sign or not value:
        raise InvalidInput("--change", f"expected one of {', '.join(_READERS)} and = and a value, got {shown(text)}")
    return reader(value)


def _whole(text: str) -> int:
    digits = text.removeprefix("+").removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS and text.count("+-") == 0):
        raise InvalidInput("--change", f"expected a whole number, got {shown(text)}")
    return int(text)


def _who_and_when(text: str) -> tuple[str, frozenset[int] | None]:
    name, sign, slots = text.rpartition("@")
    return (name, frozenset(map(_whole, slots.split(",")))) if sign else (text, None)


def _who_and(text: str) -> tuple[str, str]:
    name, sign, value = text.rpartition(":")
    if not sign:
        raise InvalidInput("--change", f"expected PARTICIPANT:VALUE, got {shown(text)}")
    return name, value


def _capacity(text: str) -> Supposition:
    name, by = _who_and(text)
    return Capacity(name, _whole(by))


def _max_meetings(text: str) -> Supposition:
    name, most = _who_and(text) if ":" in text else (None, text)
    return MaxMeetings(name, None if most == "none" else _whole(most))


def _desk(text: str) -> Supposition:
    name, asking = _who_and(text)
    requests = tuple(Request(f"{each}-{name}", (each, name)) for each in asking.split(","))
    return Newcomer(Participant(name, "buyer"), requests)


_READERS: Mapping[str, Callable[[str], Supposition]] = {
    "slots": lambda text: Slots(_whole(text)),
    "tables": lambda text: Tables(_whole(text)),
    "absent": lambda text: Absent(*_who_and_when(text)),
    "present": lambda text: Present(*_who_and_when(text)),
    "own-slot": OwnSlot,
    "capacity": _capacity,
    "desk": _desk,
    "longer": lambda text: LongerMeetings(_whole(text)),
    "max-meetings": _max_meetings,
    "without": WithoutRequest,
}


def table(found: Mapping[str, Outlook], *, heading: str) -> Iterator[str]:
    """Yield the lines of a table with an outlook a line."""
    rows: list[tuple[str, ...]] = [(heading, *COLUMNS, "")]
    rows += [(name, *_cells(outlook)) for name, outlook in found.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _cells(outlook: Outlook) -> tuple[str, ...]:
    if not outlook.possible:
        return ("", "", "", "", "", "impossible: what is required contradicts the other rules")
    return (
        str(outlook.meetings),
        str(outlook.served),
        str(outlook.without_any),
        _figure(outlook.coverage),
        _figure(outlook.satisfaction),
        "proven" if outlook.proven else "not proven",
    )


def _figure(level: Level) -> str:
    value, bound = (
        "/".join(map(str, each)) or "0" if isinstance(each, tuple) else str(each) for each in (level.value, level.bound)
    )
    return value if level.proven else f"{value} (at most {bound})"


def document(outlook: Outlook) -> dict[str, Any]:
    """Return an outlook as JSON."""
    return {
        "possible": outlook.possible,
        "meetings": outlook.meetings,
        "served": outlook.served,
        "without_any": outlook.without_any,
        "objectives": [
            {"name": level.name, "value": level.value, "bound": level.bound, "proven": level.proven}
            for level in (outlook.coverage, outlook.satisfaction)
        ],
        "proven": outlook.proven,
    }
