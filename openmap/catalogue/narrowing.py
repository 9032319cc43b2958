"""Narrowing the catalogue in memory, and counting what each filter would leave."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from itertools import chain
from operator import attrgetter

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
    "sector": attrgetter("sectors"),
    "service": attrgetter("services"),
    "family": lambda entry: (entry.family,),
    "departement": lambda entry: _EVERYWHERE if entry.reach is None else entry.reach,
}


def narrowed(entries: Iterable[Entry], filters: CatalogueFilters, reader: Reader | None = None) -> Found:
    """What `filters` leave of `entries` (already searched for words and need), and what another choice would leave."""
    looked_at = list(entries)
    if filters.mine and reader:
        looked_at = [entry for entry in looked_at if reader.is_concerned_by(entry)]
    chosen = {name: str(getattr(filters, name)) for name in _KEEPS if getattr(filters, name)}
    left = _kept(looked_at, chosen)
    counts = {}
    for name, values in _VALUES.items():  # under the other filters: another choice of this one would show them
        others = {other: wanted for other, wanted in chosen.items() if other != name}
        shown = _kept(looked_at, others) if name in chosen else left
        counts[name] = Counter(chain.from_iterable(map(values, shown)))
    counts["departement"] = _with_everywhere(counts["departement"])
    return Found(_ordered(left, filters.order, reader), counts)


def _kept(entries: Sequence[Entry], chosen: Mapping[str, str]) -> Sequence[Entry]:
    for name, wanted in chosen.items():
        keeps = _KEEPS[name]
        entries = [entry for entry in entries if keeps(entry, wanted)]
    return entries


def _with_everywhere(counted: Counter[str]) -> Counter[str]:
    """Who works everywhere counts in each département of the region, and in each that somebody names."""
    everywhere = counted.pop("", 0)
    places = (counted.keys() | ILE_DE_FRANCE.keys()) & DEPARTEMENTS.keys()
    return Counter({place: counted[place] + everywhere for place in places if counted[place] + everywhere})


def _ordered(entries: Sequence[Entry], order: str, reader: Reader | None) -> Sequence[Entry]:
    """By title as they come, unless the reader or the address asks for something else."""
    if order == Order.RECENT:
        dated = [entry for entry in entries if entry.updated_at is not None]
        dated.sort(key=attrgetter("updated_at"), reverse=True)
        return [*dated, *(entry for entry in entries if entry.updated_at is None)]
    if reader and order != Order.NAME:
        return sorted(entries, key=reader.order)
    return entries
