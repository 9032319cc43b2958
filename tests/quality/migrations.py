"""Do the migrations lead to the tables of the models? `python -m tests.quality.migrations`.

Alembic's own comparison sees neither check constraints nor conditions of partial indexes, which are what keeps wrong
states out here. So two databases are compared as each describes itself: one migrated, one made from the models.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, MetaData, create_engine, inspect
from sqlalchemy.engine.interfaces import ReflectedColumn

from openmap.app import create_app
from openmap.config import read_config
from openmap.core.db import db

ALEMBIC_TABLE = "alembic_version"


def described(engine: Engine) -> set[str]:
    """Every table, column, key, constraint and index of a database, a line each."""
    inspector = inspect(engine)
    lines = set()
    for table in set(inspector.get_table_names()) - {ALEMBIC_TABLE}:
        lines.add(table)
        lines |= {f"{table}.{column['name']} {column_type(column)}" for column in inspector.get_columns(table)}
        key = inspector.get_pk_constraint(table)
        lines.add(f"{table} primary key {key['name']} {key['constrained_columns']}")
        for unique in inspector.get_unique_constraints(table):
            lines.add(f"{table} unique {unique['name']} {unique['column_names']}")
        for check in inspector.get_check_constraints(table):
            lines.add(f"{table} check {check['name']} {' '.join(check['sqltext'].split())}")
        for foreign in inspector.get_foreign_keys(table):
            target = f"{foreign['referred_table']} {foreign['referred_columns']} {sorted(foreign['options'].items())}"
            lines.add(f"{table} foreign key {foreign['name']} {foreign['constrained_columns']} to {target}")
        for index in inspector.get_indexes(table):
            where = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
            lines.add(f"{table} index {index['name']} {index['column_names']} unique={bool(index['unique'])} {where}")
    return lines


def column_type(column: ReflectedColumn) -> str:
    """A column's type, default and whether it may be empty."""
    return f"{column['type']} nullable={column['nullable']} default={column['default']}"


def differences(app: Flask, *, models: MetaData, empty_address: str) -> Iterator[str]:
    """Migrate `app`'s empty database up, compare it with `models` created at `empty_address`, then migrate down."""
    reference = create_engine(empty_address)
    models.create_all(reference)
    expected = described(reference)
    reference.dispose()
    with app.app_context():
        upgrade()
        migrated = described(db.engine)
        downgrade(revision="base")
        left = described(db.engine)
        db.engine.dispose()
    yield from sorted(f"in the models only: {line}" for line in expected - migrated)
    yield from sorted(f"in the migrations only: {line}" for line in migrated - expected)
    yield from sorted(f"left after the downgrade: {line}" for line in left)
    if not expected:
        yield "the models describe no table at all"


def main() -> int:
    """Check on two SQLite files; 1 when something differs."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_config({"OPENMAP_DATA_DIR": folder}))
        reference = f"sqlite:///{Path(folder, 'models.sqlite')}"
        found = list(differences(app, models=db.metadata, empty_address=reference))
    sys.stdout.writelines(f"{difference}\n" for difference in found)
    sys.stdout.write(f"migrations: {len(found)} differences from the models\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
