"""Lists of needs narrowed by filters, and what each further choice would leave; a few queries for any number."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Row, Select, or_, select

from openmap.core.db import session
from openmap.core.text import plain
from openmap.organisations.enums import Sector, Service
from openmap.organisations.models import Organisation
from openmap.roadmaps.enums import AmountBand, SocialClause
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.queries import NEEDS_A_PAGE, loaded

MOST_IDS = 5_000  # in one query
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
    counts: dict[str, Counter[Any]] = {name: Counter() for name in _VALUES}
    ids, buyers, found_buyers = [], {}, set()
    for row in rows:
        values = {name: values(row) for name, values in _VALUES.items()}
        missed = [
            name for name, wanted in chosen.items() if wanted not in values[name] and ANYWHERE not in values[name]
        ]
        if len(missed) > 1:
            continue
        buyers[row.slug] = row.name
        for name in missed or _VALUES:  # a choice of the one filter that it misses would show this need
            counts[name].update(values[name])
        if not missed:
            ids.append(row.id)
            found_buyers.add(row.slug)
    for departement in counts["departement"]:
        if departement != ANYWHERE:
            counts["departement"][departement] += counts["departement"][ANYWHERE]
    return NeedList(ids, counts, buyers, len(found_buyers))


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
    columns: list[Any] = [
        Need.id, Need.sector, Need.service, Need.quarter, Need.departement, Need.clause, Need.amount_low,
        Need.amount_high, Need.is_open_to_cocontracting, Roadmap.slug, Organisation.name,
    ]  # fmt: skip
    return needs.with_only_columns(*columns).order_by(Need.quarter, Organisation.name, Need.position, Need.id)


def _bands(row: Row[Any]) -> list[AmountBand]:
    """The bands an amount touches: none when nothing is said of it."""
    if row.amount_low is None and row.amount_high is None:
        return []
    low, high = row.amount_low or 0, AmountBand.VERY_LARGE.limits[1] if row.amount_high is None else row.amount_high
    return [band for band in AmountBand if low <= band.limits[1] and band.limits[0] <= high]


_VALUES: Mapping[str, Any] = {
    "sector": lambda row: (row.sector,),
    "service": lambda row: (row.service,),
    "quarter": lambda row: (row.quarter,),
    "departement": lambda row: (row.departement,),
    "clause": lambda row: (row.clause,),
    "amount": _bands,
    "buyer": lambda row: (row.slug,),
    "cocontracting": lambda row: (row.is_open_to_cocontracting,),
}


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
