"""How much a page asks of the database: the same for one row as for three."""

from sqlalchemy import event

from openmap.core.db import db
from tests.people import Visitor


def queries_of(visitor: Visitor, path: str) -> int:
    """Count the statements that opening `path` sends."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        visitor.sees(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)
