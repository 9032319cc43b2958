"""Pages of a list that is already in memory."""

from collections.abc import Sequence
from typing import Any

from flask_sqlalchemy.pagination import Pagination


class ListPage(Pagination):
    """One page of a list in memory, as `pagination` of macros/ui.html shows it."""

    def _query_items(self) -> list[Any]:
        return list(self._query_args["rows"][self._query_offset : self._query_offset + self.per_page])

    def _query_count(self) -> int:
        return len(self._query_args["rows"])


def list_page(rows: Sequence[Any], *, page: int, size: int) -> ListPage:
    """The page `page`, counted from 1, of `rows`; one beyond the end is empty."""
    return ListPage(page=max(1, page), per_page=size, max_per_page=size, error_out=False, rows=rows)
