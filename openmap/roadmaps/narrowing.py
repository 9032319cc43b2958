"""Lists of needs narrowed by filters, and what each further choice would leave; a few queries for any number."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from sys import intern
from typing import Any, NamedTuple

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, case, or_, select

from openmap.core.db import session
from openmap.core.lines import in_one_text, lines_in
from openmap.core.text import plain
from openmap.organisations.enums import Sector, Service
from openmap.organisations.models import Organisation
from openmap.roadmaps.enums import AmountBand, SocialClause
from openmap.roadmaps.models import Need, Roadmap
from openmap.roadmaps.queries import NEEDS_A_PAGE, loaded

MOST_IDS = 5_000  # in one query
ANYWHERE = ""  # a need for several départements is found under each of them
FILTERS = ("sector", "service", "quarter", "departement", "clause", "cocontracting", "buyer", "amount")


class _Line(NamedTuple):
    """A need, as short as filters and order ask; `buyer` is its roadmap's key, `amount` the bands it touches."""

    id: int
    quarter: int
    position: int
    buyer: int
    sector: str
    service: str
    departement: str
    clause: str
    cocontracting: bool
    amount: frozenset[AmountBand]


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
    """Narrow `needs` (see queries) to what `filters` ask for, in two queries, three with words."""
    text = session.scalar(_as_text(_saying(needs, filters.words))) or ""
    buyers = _buyers()
    slugs = {key: slug for key, (slug, _name) in buyers.items()}
    chosen = filters.chosen
    if filters.buyer:
        chosen["buyer"] = next((key for key, slug in slugs.items() if slug == filters.buyer), 0)
    lines = [line for line in _lines(text) if line.buyer in buyers]  # where two queries may see two states
    found = _kept(lines, chosen)
    counts: dict[str, Mapping[Any, int]] = {}
    for name in FILTERS:  # under the other filters: another choice of this one would show them
        others = {other: wanted for other, wanted in chosen.items() if other != name}
        counts[name] = _counted(name, _kept(lines, others) if name in chosen else found)
    return NeedList(
        ids=[line.id for line in _ordered(found, buyers)],
        buyer_count=len({line.buyer for line in found}),
        buyers={buyers[key][0]: buyers[key][1] for key in counts["buyer"]},
        counts=counts | {"buyer": {slugs[key]: count for key, count in counts["buyer"].items()}},
    )


def _kept(lines: Sequence[_Line], chosen: Mapping[str, Any]) -> Sequence[_Line]:
    for name, wanted in chosen.items():
        value = attrgetter(name)
        if name == "amount":
            lines = [line for line in lines if wanted in line.amount]
        elif name == "departement":
            lines = [line for line in lines if line.departement in {wanted, ANYWHERE}]
        else:
            lines = [line for line in lines if value(line) == wanted]
    return lines


def _counted(name: str, lines: Sequence[_Line]) -> Mapping[Any, int]:
    """How many of `lines` each value of a filter would leave."""
    values = map(attrgetter(name), lines)
    if name == "amount":
        return Counter(chain.from_iterable(values))
    counts = Counter(values)
    if name == "departement":
        everywhere = counts.pop(ANYWHERE, 0)
        return {departement: count + everywhere for departement, count in counts.items()}
    return counts


def _buyers() -> Mapping[int, tuple[str, str]]:
    """The address and the name of each roadmap's buyer, by name as the database orders them."""
    rows = select(Roadmap.id, Roadmap.slug, Organisation.name).join(Roadmap.organisation)
    return {key: (slug, name) for key, slug, name in session.execute(rows.order_by(Organisation.name, Roadmap.id))}


def _ordered(lines: Sequence[_Line], buyers: Mapping[int, tuple[str, str]]) -> Sequence[_Line]:
    """By quarter, then buyer, then as the buyer put them, as they come."""
    ranks: dict[str, int] = {}
    places = {key: ranks.setdefault(name, place) for place, (key, (_slug, name)) in enumerate(buyers.items())}
    return sorted(lines, key=lambda line: (line.quarter, places[line.buyer]))


def _saying(needs: Select[Need], words: str) -> Select[Need]:
    wanted = plain(words).split()
    if not wanted:
        return needs
    names = session.execute(select(Organisation.id, Organisation.name).join(Roadmap)).all()
    for word in wanted:
        buyers = [organisation_id for organisation_id, name in names if word in plain(name)]
        needs = needs.where(or_(Need.words.contains(word, autoescape=True), Organisation.id.in_(buyers)))
    return needs


def _as_text(needs: Select[Need]) -> Select[str]:
    return in_one_text(
        needs,
        *(Need.id, Need.quarter, Need.position, Need.roadmap_id, Need.amount_low, Need.amount_high),
        *(Need.sector, Need.service, Need.departement, Need.clause),
        case((Need.is_open_to_cocontracting, "1"), else_=""),
    )


@lru_cache(maxsize=8)
def _lines(text: str) -> Sequence[_Line]:
    """What a text of `_as_text` says, by quarter and position.

    The same text, at the next page, gives the same lines again; the text itself is the key, so no change is missed.
    """
    lines = []
    for key, quarter, position, buyer, low, high, *words, cocontracting in lines_in(text):
        bands = _bands(int(low) if low else None, int(high) if high else None)
        sector, service, departement, clause = map(intern, words)
        numbers = int(key), int(quarter), int(position), int(buyer)
        lines.append(_Line(*numbers, sector, service, departement, clause, bool(cocontracting), bands))
    return sorted(lines, key=attrgetter("quarter", "position", "id"))


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
