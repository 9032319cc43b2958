"""Why a participant may interest the reader: facts that both sides wrote themselves, never a score."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from openmap.catalogue.queries import Entry, NeedLine
from openmap.organisations.enums import OrganisationKind

STRUCTURE, BUYER, PARTNER = OrganisationKind.STRUCTURE, OrganisationKind.BUYER, OrganisationKind.PARTNER


class Why(Enum):
    """What two participants have in common."""

    THEIR_NEEDS = auto()  # a buyer's needs are in the reader's sectors
    OUR_NEEDS = auto()  # a structure works in the sectors of the reader's needs
    THIS_NEED = auto()  # it works in the sector of the need the list is narrowed to
    SECTORS = auto()
    TOGETHER = auto()  # structures of one sector with other services: they could answer together
    AREA = auto()


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact: its kind, and what it is about."""

    why: Why
    needs: Sequence[NeedLine] = ()
    sectors: Sequence[str] = ()
    services: Sequence[str] = ()
    departements: Sequence[str] = ()
    shares_service: bool = False
    shares_area: bool = False


def reaches(entry: Entry, departement: str) -> bool:
    """Whether a participant works in a département; "" is everywhere."""
    return not departement or entry.reach is None or departement in entry.reach


@dataclass
class Reader:
    """Who reads the list: one of the participants, with the needs that count for it."""

    entry: Entry
    needs: Sequence[NeedLine] = ()
    _needs_by_organisation: Mapping[int, list[NeedLine]] = field(init=False, repr=False)
    _needs_by_sector: Mapping[str, list[NeedLine]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_organisation, by_sector = defaultdict(list), defaultdict(list)
        for need in self.needs:
            by_organisation[need.organisation_id].append(need)
            by_sector[need.sector].append(need)
        self._needs_by_organisation, self._needs_by_sector = by_organisation, by_sector

    def needs_shared_with(self, other: Entry) -> list[NeedLine]:
        """The needs of one side that the other could answer, those of its services first."""
        if self.entry.kind is STRUCTURE and other.kind is BUYER:
            found, answering = self._needs_by_organisation.get(other.organisation_id, []), self.entry
        elif self.entry.kind is BUYER and other.kind is STRUCTURE:
            found = [need for sector in other.sectors for need in self._needs_by_sector.get(sector, ())]
            answering = other
        else:
            return []
        return sorted(found, key=lambda need: (need.service not in answering.services, need.id))

    def order(self, other: Entry) -> tuple[bool, ...]:
        """Where `other` stands in the list: shared needs first, then whom one comes to meet, by sector and area;
        oneself last.
        """
        return (
            other.organisation_id == self.entry.organisation_id,
            not self._shares_needs(other),
            other.kind is self.entry.kind,
            self.entry.sectors.isdisjoint(other.sectors),
            not self._shares_area(other),
        )

    def is_concerned_by(self, other: Entry) -> bool:
        """Whether they share a need or a sector; the area alone brings too many."""
        return other.organisation_id != self.entry.organisation_id and (
            self._shares_needs(other) or bool(self.entry.sectors & other.sectors)
        )

    def reasons(self, other: Entry) -> list[Reason]:
        """Why `other` may interest the reader, the strongest first; nothing about oneself."""
        if other.organisation_id == self.entry.organisation_id:
            return []
        return [*self._about_needs(other), *self._about_sectors(other), *self._about_area(other)]

    def _shares_needs(self, other: Entry) -> bool:
        if self.entry.kind is STRUCTURE and other.kind is BUYER:
            return other.organisation_id in self._needs_by_organisation
        if self.entry.kind is BUYER and other.kind is STRUCTURE:
            return not other.sectors.isdisjoint(self._needs_by_sector)
        return False

    def _about_needs(self, other: Entry) -> Iterable[Reason]:
        needs = self.needs_shared_with(other)
        if needs:
            answering, why = (self.entry, Why.THEIR_NEEDS) if other.kind is BUYER else (other, Why.OUR_NEEDS)
            yield Reason(why, needs=needs, shares_service=needs[0].service in answering.services)

    def _about_sectors(self, other: Entry) -> Iterable[Reason]:
        shared = sorted(self.entry.sectors & other.sectors)
        if not shared:
            return
        others = sorted(other.services - self.entry.services)
        if self.entry.kind is STRUCTURE and other.kind is STRUCTURE and self.entry.services and others:
            yield Reason(Why.TOGETHER, sectors=shared, services=others)
        else:
            yield Reason(Why.SECTORS, sectors=shared)

    def _about_area(self, other: Entry) -> Iterable[Reason]:
        if self._shares_area(other):
            place = self.entry.departement if other.kind is not BUYER else other.departement
            yield Reason(Why.AREA, departements=(place,))

    def _shares_area(self, other: Entry) -> bool:
        """A buyer sits where the reader works, or the other works where the reader sits."""
        if self.entry.kind is STRUCTURE and other.kind is STRUCTURE:
            return False
        if other.kind is BUYER:
            return reaches(self.entry, other.departement)
        return reaches(other, self.entry.departement)


def reason_of_need(entry: Entry, need: NeedLine) -> Reason | None:
    """Why a structure is in a list narrowed to a need."""
    if entry.kind is not STRUCTURE or need.sector not in entry.sectors:
        return None
    return Reason(
        Why.THIS_NEED,
        needs=(need,),
        shares_service=need.service in entry.services,
        shares_area=bool(need.departement) and reaches(entry, need.departement),
    )


def answers(entry: Entry, need: NeedLine) -> bool:
    """Whether an entry belongs to the list of a need: its buyer, or a structure of its sector and service.

    A structure that said nothing of its services is kept: it may.
    """
    if entry.kind is BUYER:
        return entry.organisation_id == need.organisation_id
    return reason_of_need(entry, need) is not None and (not entry.services or need.service in entry.services)
