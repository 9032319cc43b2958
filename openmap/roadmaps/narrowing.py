"""Lists of needs narrowed by filters, and what each further choice would leave; a few queries for any number."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import itemgetter
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Row, Select, String, or_, select, type_coerce

from openmap.core.db import session
from openmap.core.text import plain
from openmap.organisations.enums import Sector, Service
from openmap.organisations.models import Organisation
from openmap.roadmaps.enums import AmountBand, SocialClause
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.queries import NEEDS_A_PAGE, loaded

MOST_IDS = 5_000  # in one query
PLACES = {  # of each filter among the columns of `_light`; an amount has two
    "sector": 1, "service": 2, "quarter": 3, "departement": 4, "clause": 5, "cocontracting": 6, "buyer": 7, "amount": 9,
}  # fmt: skip
NAME, LOW, HIGH = 8, 9, 10
ANYWHERE = ""  # a need for several départements is found under each of them


@dataclass(frozen=True, slots=True)
class NeedFilters:
    """What a list of needs is narrowed to; None and "" mean everything, `buyer` is a roadmap's slug."""

    words: str = ""
    sector: Sector | None = None
    service: Service | None = None
    quarter: int | None = None
    departement: str = ""
    clause: SocialClause | None = None
    amount: AmountBand | None = None
    buyer: str = ""
    cocontracting: bool | None = None

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that narrow, but for the words, by name."""
        named = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "words"}
        return {name: value for name, value in named.items() if value not in {None, ""}}


@dataclass(frozen=True, slots=True)
class NeedList:
    """The ids of the needs found, in order; how many each value of each filter would leave, by filter's name."""

    ids: Sequence[int]
    counts: Mapping[str, Mapping[Any, int]]
    buyers: Mapping[str, str]  # names by slug, of what is found and of what another buyer's choice would show
    buyer_count: int


def find_needs(needs: Select[Need], filters: NeedFilters) -> NeedList:
    """Narrow `needs` (see queries) to what `filters` ask for, in two queries."""
    rows = session.execute(_light(_saying(needs, filters.words))).all()
    chosen = filters.chosen
    found: list[Row[Any]] = []
    nearly: dict[str, list[Row[Any]]] = {name: [] for name in chosen}  # found but for this one filter
    for row in rows:
        missed = [name for name, wanted in chosen.items() if not _fits(row, name, wanted)]
        if not missed:
            found.append(row)
        elif len(missed) == 1:
            nearly[missed[0]].append(row)
    return NeedList(
        ids=[row[0] for row in found],
        counts={name: _counted(name, [*found, *nearly.get(name, ())]) for name in PLACES},
        buyers={row[PLACES["buyer"]]: row[NAME] for row in [*found, *nearly.get("buyer", ())]},
        buyer_count=len({row[PLACES["buyer"]] for row in found}),
    )


def _fits(row: Row[Any], name: str, wanted: object) -> bool:
    if name == "amount":
        return wanted in _bands(row[LOW], row[HIGH])
    value = row[PLACES[name]]
    return value == wanted or (value == ANYWHERE and name == "departement")


def _counted(name: str, rows: Sequence[Row[Any]]) -> Mapping[Any, int]:
    """How many of `rows` each value of a filter would leave."""
    if name == "amount":
        amounts = Counter(map(itemgetter(LOW, HIGH), rows))
        return Counter(band for pair in amounts.elements() for band in _bands(*pair))
    counts = Counter(map(itemgetter(PLACES[name]), rows))
    if name == "departement":
        everywhere = counts.pop(ANYWHERE, 0)
        return {departement: count + everywhere for departement, count in counts.items()}
    return counts


def _saying(needs: Select[Need], words: str) -> Select[Need]:
    wanted = plain(words).split()
    if not wanted:
        return needs
    names = session.execute(select(Organisation.id, Organisation.name).join(Roadmap)).all()
    for word in wanted:
        buyers = [organisation_id for organisation_id, name in names if word in plain(name)]
        needs = needs.where(or_(Need.words.contains(word, autoescape=True), Organisation.id.in_(buyers)))
    return needs


def _light(needs: Select[Need]) -> Select[Any]:
    """The columns at `PLACES`, not whole rows, and words of lists as they are stored: a list may have thousands."""
    sector, service, clause = (type_coerce(column, String) for column in (Need.sector, Need.service, Need.clause))
    columns: list[Any] = [
        Need.id, sector, service, Need.quarter, Need.departement, clause, Need.is_open_to_cocontracting,
        Roadmap.slug, Organisation.name, Need.amount_low, Need.amount_high,
    ]  # fmt: skip
    return needs.with_only_columns(*columns).order_by(Need.quarter, Organisation.name, Need.position, Need.id)


@lru_cache(maxsize=4096)
def _bands(low: int | None, high: int | None) -> frozenset[AmountBand]:
    """The bands an amount touches: none when nothing is said of it."""
    if low is None and high is None:
        return frozenset()
    lowest, highest = low or 0, AmountBand.VERY_LARGE.limits[1] if high is None else high
    return frozenset(band for band in AmountBand if lowest <= band.limits[1] and band.limits[0] <= highest)


class NeedPage(Pagination):
    """One page of the needs found; only these are read whole."""

    def _query_items(self) -> list[Need]:
        ids = self._query_args["ids"][self._query_offset : self._query_offset + self.per_page]
        return needs_with(ids)

    def _query_count(self) -> int:
        return len(self._query_args["ids"])


def need_page(found: NeedList, number: int) -> NeedPage:
    """The page `number`, counted from 1; one beyond the end is empty."""
    return NeedPage(page=max(1, number), per_page=NEEDS_A_PAGE, error_out=False, ids=found.ids)


def needs_with(ids: Sequence[int]) -> list[Need]:
    """Needs with their roadmap and buyer, in the order of `ids`, which is that of lists."""
    found: list[Need] = []
    for start in range(0, len(ids), MOST_IDS):
        some = Need.id.in_(ids[start : start + MOST_IDS])
        rows = select(Need).join(Need.roadmap).join(Roadmap.organisation).where(some)
        found += session.scalars(loaded(rows)).unique()
    return found
