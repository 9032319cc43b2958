"""The application on each database engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from openmap.app import create_app
from openmap.core.db import db
from tests.conftest import settings_for
from tests.servers import PostgresServer


@pytest.fixture
def postgres_app(postgres: PostgresServer, tmp_path: Path) -> Iterator[Flask]:
    """An application on a PostgreSQL of its own."""
    app = create_app(settings_for(tmp_path, OPENMAP_DATABASE_URL=postgres.new_database("worker")))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["app", pytest.param("postgres_app", marks=pytest.mark.database)])
def any_app(request: pytest.FixtureRequest) -> Flask:
    """The application on SQLite, then on PostgreSQL."""
    app: Flask = request.getfixturevalue(request.param)
    return app
