"""Fixtures for all tests: the real servers, each started once and only when a test asks for it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from flask import Flask
from flask_migrate import upgrade

from openmap.app import create_app
from openmap.config import Config, read_config
from openmap.core.db import db
from tests.quality import translations
from tests.servers import CHROMIUM_FLAGS, PostgresServer, SmtpServer, chromium_path

pytest_plugins = ["pytester", "tests.skips"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test session; ask it for a `new_database`."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """An SMTP server that keeps what it gets."""
    with SmtpServer() as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's `browser` and `page` use the system's Chromium."""
    path = chromium_path()
    return browser_type_launch_args | {"args": list(CHROMIUM_FLAGS)} | ({"executable_path": path} if path else {})


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A visitor in France; for one without JavaScript: `browser.new_context(java_script_enabled=False)`."""
    return browser_context_args | {"locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with today's schema, made by the real migrations once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(settings_for(folder))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return folder / "openmap.sqlite"


@pytest.fixture
def config(migrated_database: Path, tmp_path: Path) -> Config:
    """Settings of one test: its own folder and database, mails kept in the site."""
    shutil.copy(migrated_database, tmp_path / "openmap.sqlite")
    return settings_for(tmp_path)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The application of one test, with its context open so that a story can look at the rows."""
    app = create_app(config)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def postgres_app(postgres: PostgresServer, tmp_path: Path) -> Iterator[Flask]:
    """The application of one test on a PostgreSQL database of its own."""
    app = create_app(settings_for(tmp_path, OPENMAP_DATABASE_URL=postgres.new_database("story")))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["app", pytest.param("postgres_app", marks=pytest.mark.database)])
def any_app(request: pytest.FixtureRequest) -> Flask:
    """The application on the embedded database, then on PostgreSQL."""
    app: Flask = request.getfixturevalue(request.param)
    return app


@pytest.fixture(scope="session", autouse=True)
def _compiled_catalogues() -> None:
    """What `make` does before it runs anything, so that no older catalogue is looked at."""
    for language, path in (("en", translations.CATALOGUE), ("fr", translations.FRENCH)):
        source = translations.ROOT / path
        fresh = source.with_suffix(f".{os.getpid()}.new")  # two test processes may do so at once
        with fresh.open("wb") as file:
            write_mo(file, translations.read(source, language))
        fresh.replace(source.with_suffix(".mo"))


def settings_for(folder: Path, **settings: str) -> Config:
    """Settings read from an environment as in real life."""
    environ = {
        "OPENMAP_DATA_DIR": str(folder),
        "OPENMAP_MAIL_DELIVERY": "site",
        "OPENMAP_PUBLIC_URL": "http://localhost",
    }
    return read_config(environ | settings)
