"""Thousands of short rows as one text: a driver hands it over in half the time, and it can be compared whole."""

from collections.abc import Iterator
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func

NEXT_LINE, NEXT_COLUMN = "\x1e", "\x1f"


def in_one_text(rows: Select[Any], *columns: Any) -> Select[str]:
    """The `columns` of `rows`, in no order, as one text for `lines_in`; NULL is ""; text that people typed: `typed`."""
    cells: list[ColumnElement[str]] = [func.coalesce(cast(column, String), "") for column in columns]
    line = reduce(lambda before, cell: before.concat(NEXT_COLUMN).concat(cell), cells)
    return rows.with_only_columns(func.aggregate_strings(line, NEXT_LINE), maintain_column_froms=True)


def typed(column: Any) -> ColumnElement[str]:
    """`column` without the signs that part lines and columns: forms refuse them, but rows may come from elsewhere."""
    return func.replace(func.replace(column, NEXT_LINE, " "), NEXT_COLUMN, " ")


def lines_in(text: str) -> Iterator[list[str]]:
    """The cells of each line."""
    return (line.split(NEXT_COLUMN) for line in text.split(NEXT_LINE) if line)
