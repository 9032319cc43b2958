"""Alembic's door to the application's database."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from openmap.core.models import UtcDateTime

database = current_app.extensions["migrate"].db


def plain_types(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our column types as the database knows them: a migration must not change when our code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run_migrations() -> None:
    """Run them on the application's own engine, in one transaction.

    SQLite changes a table by making it anew: meanwhile its keys point nowhere, so they are checked at the end.
    """
    with database.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # no-op inside a transaction
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=plain_types,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"rows that point nowhere after the migration: {broken[:5]}")
        connection.commit()
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run_migrations()
