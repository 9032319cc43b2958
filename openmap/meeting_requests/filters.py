"""Searching and paging short lists in memory, whatever the case and the accents."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_sqlalchemy.pagination import Pagination

from openmap.meeting_requests.enums import ANSWERS, RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.offers import DeskOffer
from openmap.registrations.models import Registration

ROWS_A_PAGE = 20


class ListPage(Pagination):
    """One page of a list that is already in memory."""

    def _query_items(self) -> list[Any]:
        return list(self._query_args["rows"][self._query_offset : self._query_offset + self.per_page])

    def _query_count(self) -> int:
        return len(self._query_args["rows"])


def page_of(rows: Sequence[Any], number: int) -> ListPage:
    """The page `number`, counted from 1, of `rows`; one beyond the end is empty."""
    return ListPage(page=max(1, number), per_page=ROWS_A_PAGE, error_out=False, rows=rows)


def folded(text: str) -> str:
    """`text` without accents and case: « Éclairage » is found by "eclairage"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """Which desks a structure looks at."""

    q: str = ""
    sector: str = ""
    departement: str = ""

    def keeps(self, offer: DeskOffer) -> bool:
        """Whether this desk is shown."""
        registration = offer.desk.registration
        return (
            self.sector in {"", str(registration.sector)}
            and self.departement in {"", registration.organisation.departement}
            and _holds(registration, self.q)
        )

    def as_args(self) -> dict[str, Any]:
        """What the address keeps."""
        chosen = {"q": self.q, "sector": self.sector, "departement": self.departement}
        return {name: value for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class AnswerFilter:
    """Which requests a desk looks at; `show` is a state, or "" for all."""

    STATES: ClassVar[frozenset[str]] = frozenset(str(state) for state in (RequestState.SENT, *ANSWERS))

    q: str = ""
    show: str = ""

    def keeps(self, request: MeetingRequest) -> bool:
        """Whether this request is shown."""
        return self.show in {"", str(request.state)} and _holds(request.requester, self.q, request.motive)

    def as_args(self) -> dict[str, Any]:
        """What the address keeps."""
        return {name: value for name, value in {"q": self.q, "show": self.show}.items() if value}


def _holds(registration: Registration, words: str, more: str = "") -> bool:
    text = folded(f"{registration.title} {registration.offer} {registration.sector.label} {more}")
    return all(word in text for word in folded(words).split())
