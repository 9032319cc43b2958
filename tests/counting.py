"""How many queries a page costs."""

from sqlalchemy import event

from openmap.core.db import db
from tests.people import Visitor


def queries_of(visitor: Visitor, path: str) -> int:
    """The number of statements that opening `path` sends to the database."""
    counted: list[str] = []

    def count(_connection, _cursor, statement, *_others):
        counted.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        visitor.sees(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(counted)
