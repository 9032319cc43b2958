"""Narrowing the catalogue in memory, and counting what each filter would leave."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from openmap.catalogue.queries import Entry
from openmap.catalogue.reasons import Reader, reaches
from openmap.organisations.departements import DEPARTEMENTS, ILE_DE_FRANCE


class Order(StrEnum):
    """In which order a list comes."""

    CONCERNED = "pour-vous"
    NAME = "nom"
    RECENT = "recents"


@dataclass(frozen=True, slots=True)
class CatalogueFilters:
    """What the address asks for; "" and 0 are no filter. `need` is a key, `mine` keeps what concerns the reader."""

    q: str = ""
    who: str = ""
    sector: str = ""
    service: str = ""
    family: str = ""
    departement: str = ""
    need: int = 0
    mine: bool = False
    order: str = ""

    def kept(self, **changes: object) -> dict[str, object]:
        """The filters for another address of the list, with `changes`."""
        own = {each.name: getattr(self, each.name) for each in fields(self)} | changes
        return {name: "1" if value is True else value for name, value in own.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kept(order=""))


@dataclass(frozen=True, slots=True)
class Found:
    """What is left, in order, and for each filter how many each of its values would leave."""

    entries: Sequence[Entry]
    counts: Mapping[str, Counter[str]]


_EVERYWHERE: tuple[str, ...] = ("",)
_KEEPS: Mapping[str, Callable[[Entry, str], bool]] = {
    "who": lambda entry, wanted: entry.kind == wanted,
    "sector": lambda entry, wanted: wanted in entry.sectors,
    "service": lambda entry, wanted: wanted in entry.services,
    "family": lambda entry, wanted: entry.family == wanted,
    "departement": reaches,
}
_VALUES: Mapping[str, Callable[[Entry], Iterable[str]]] = {
    "who": lambda entry: (entry.kind,),
    "sector": lambda entry: entry.sectors,
    "service": lambda entry: entry.services,
    "family": lambda entry: (entry.family,),
    "departement": lambda entry: _EVERYWHERE if entry.reach is None else entry.reach,
}


def narrowed(entries: Iterable[Entry], filters: CatalogueFilters, reader: Reader | None = None) -> Found:
    """What `filters` leave of `entries` (already searched for words and need), counted in one pass."""
    chosen = [(name, str(getattr(filters, name))) for name in _KEEPS if getattr(filters, name)]
    counts: dict[str, Counter[str]] = {name: Counter() for name in _KEEPS}
    left = []
    for entry in entries:
        if filters.mine and reader and not reader.is_concerned_by(entry):
            continue
        missed = [name for name, wanted in chosen if not _KEEPS[name](entry, wanted)]
        if len(missed) > 1:
            continue
        for name in missed or _KEEPS:  # a choice of the one filter it misses would show it
            counted = counts[name]
            for value in _VALUES[name](entry):  # Counter.update is slower for a few values
                counted[value] += 1
        if not missed:
            left.append(entry)
    counts["departement"] = _with_everywhere(counts["departement"])
    return Found(_ordered(left, filters.order, reader), counts)


def _with_everywhere(counted: Counter[str]) -> Counter[str]:
    """Who works everywhere counts in each département of the region, and in each that somebody names."""
    everywhere = counted.pop("", 0)
    places = (counted.keys() | ILE_DE_FRANCE.keys()) & DEPARTEMENTS.keys()
    return Counter({place: counted[place] + everywhere for place in places if counted[place] + everywhere})


def _ordered(entries: list[Entry], order: str, reader: Reader | None) -> list[Entry]:
    """By title as they come, unless the reader or the address asks for something else."""
    if order == Order.RECENT:
        return sorted(entries, key=lambda entry: -entry.updated_at.timestamp() if entry.updated_at else 0.0)
    if reader and order != Order.NAME:
        return sorted(entries, key=reader.order)
    return entries
