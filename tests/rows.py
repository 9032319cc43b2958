"""The whole database as one value: what a refused action must leave exactly as it was."""

from sqlalchemy import select

from openmap.core.db import session
from openmap.core.models import Base

Rows = dict[str, list[tuple[object, ...]]]


def all_rows() -> Rows:
    """Every row of every table, by the table's name."""
    session.rollback()
    tables = Base.metadata.sorted_tables
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
        for table in tables
    }
