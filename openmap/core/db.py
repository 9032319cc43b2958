"""The database: one session a request, and the unit of work in which everything is written."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Connection, Engine, Select, event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from openmap.core.errors import RowGone
from openmap.core.models import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
session = db.session

LAST_PAGE = 1_000_000  # a larger number would be no offset that a database knows
_WRITES = "openmap_writes"
Row = TypeVar("Row", bound=Base)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Everything inside is stored together, or nothing is.

    The read transaction is ended first, so every rule is checked again under the write lock
    (`BEGIN IMMEDIATE` on SQLite); see docs/decisions/003.
    """
    if session.info.get(_WRITES):
        raise RuntimeError("a unit of work is already open: operations never open one")
    session.rollback()
    session.info[_WRITES] = True
    try:
        session.connection(execution_options={_WRITES: True})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_WRITES, None)


@event.listens_for(Session, "before_flush")
def _refuse_writes_outside(open_session: Session, _context: object, _instances: object) -> None:
    if not open_session.info.get(_WRITES):
        raise RuntimeError("rows change inside unit_of_work() only: outside it nothing holds the write lock")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver must not begin by itself: `_begin` decides how
    # The cache in KiB: the lists of a large morning are read anew by each search, and pass the 2 MiB of the default.
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def page_of(rows: Select[Any], *, page: int, size: int) -> Pagination:
    """The page `page`, counted from 1, of `rows`; one beyond the end is empty, whatever number was asked for."""
    return db.paginate(rows, page=min(max(1, page), LAST_PAGE), per_page=size, max_per_page=size, error_out=False)


def lock(row: Row) -> Row:
    """Hold `row` until the end of the unit of work, so that a quota counted under it stays true. Raises RowGone."""
    try:
        session.refresh(row, with_for_update={"of": type(row)})  # PostgreSQL locks no outer-joined table
    except InvalidRequestError as error:
        if row not in session:  # never stored: a fault of ours
            raise
        raise RowGone from error
    return row
