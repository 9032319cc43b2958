"""What a list of the catalogue shows: entries narrowed, counted, paged, each with its card and its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_sqlalchemy.pagination import Pagination

from openmap.catalogue import queries
from openmap.catalogue.narrowing import CatalogueFilters, Found, narrowed
from openmap.catalogue.queries import Entry, NeedLine
from openmap.catalogue.reasons import Reader, Reason, answers, reason_of_need
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind
from openmap.profiles.sheets import EMPTY, Sheet
from openmap.registrations.models import Registration
from openmap.registrations.queries import sheets_of

CARDS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Card:
    """One participant of a list; `reasons` the strongest first."""

    registration: Registration
    entry: Entry
    sheet: Sheet
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A list as its page needs it."""

    found: Found
    reader: Reader | None
    need: NeedLine | None
    all_count: int


def catalogue(
    event: Event, filters: CatalogueFilters, *, own: Registration | None, at: datetime, public: bool = False
) -> Catalogue:
    """The participants of a morning that `filters` leave, as `own` sees them; `public` keeps those who agreed to it."""
    everyone = queries.entries(event, at=at)
    if public:
        agreed = queries.in_directory(event)
        everyone = [
            entry for entry in everyone if entry.registration_id in agreed and entry.kind is not OrganisationKind.BUYER
        ]
    reader = reader_of(event, everyone, own)
    need = queries.need_at(event, filters.need) if filters.need else None
    looked_at = [entry for entry in everyone if need is None or answers(entry, need)]
    found = narrowed(queries.matching(event, looked_at, filters.q), filters, reader)
    return Catalogue(found, reader, need, len(everyone))


def reader_of(event: Event, everyone: Sequence[Entry], own: Registration | None) -> Reader | None:
    """The reader among the entries, with the needs that count for it: a structure's sectors', a buyer's own."""
    entry = next((entry for entry in everyone if own and entry.registration_id == own.id), None)
    if entry is None:
        return None
    if entry.kind is OrganisationKind.STRUCTURE:
        return Reader(entry, queries.need_lines(event, sectors=entry.sectors))
    if entry.kind is OrganisationKind.BUYER:
        return Reader(entry, queries.need_lines(event, organisation_id=entry.organisation_id))
    return Reader(entry)


def cards(event: Event, shown: Sequence[Entry], seen_by: Catalogue, *, at: datetime) -> list[Card]:
    """The cards of one page, in a constant number of queries."""
    registrations = queries.registrations_with([entry.registration_id for entry in shown])
    sheets = sheets_of(event, [entry.organisation_id for entry in shown], at=at)
    by_id = {entry.registration_id: entry for entry in shown}
    return [
        Card(
            registration,
            by_id[registration.id],
            sheets.get(registration.organisation_id, EMPTY),
            reasons(by_id[registration.id], seen_by.reader, seen_by.need),
        )
        for registration in registrations
    ]


def reasons(entry: Entry, reader: Reader | None, need: NeedLine | None = None) -> list[Reason]:
    """Why an entry is shown to the reader, the need that the list is narrowed to first."""
    first = reason_of_need(entry, need) if need else None
    return [*([first] if first else []), *(reader.reasons(entry) if reader else [])]


class EntryPage(Pagination):
    """One page of the entries found; only these are read whole."""

    def _query_items(self) -> list[Any]:
        return list(self._query_args["entries"][self._query_offset : self._query_offset + self.per_page])

    def _query_count(self) -> int:
        return len(self._query_args["entries"])


def entry_page(found: Found, number: int) -> EntryPage:
    """The page `number`, counted from 1; one beyond the end is empty."""
    return EntryPage(page=max(1, number), per_page=CARDS_A_PAGE, error_out=False, entries=found.entries)
