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
from openmap.config import Config
from tests.applications import DATABASE, SharedApp, open_rows, settings_for
from tests.quality import translations
from tests.servers import CHROMIUM_FLAGS, PostgresServer, SmtpServer, chromium_path

pytest_plugins = ["pytester", "tests.skips"]

EMPTY, STORY = "migrated", "story"  # databases of the PostgreSQL server


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
    with open_rows(create_app(settings_for(folder))):
        upgrade()
    return folder / DATABASE


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> SharedApp:
    """The application of all stories on SQLite; ask for `app`, which gives it fresh data."""
    return SharedApp(tmp_path_factory.mktemp("story"))


@pytest.fixture(scope="session")
def shared_postgres_app(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> SharedApp:
    """The application of all stories on PostgreSQL, and an empty database that is copied for each."""
    with open_rows(
        create_app(settings_for(tmp_path_factory.mktemp("template"), OPENMAP_DATABASE_URL=postgres.new_database(EMPTY)))
    ):
        upgrade()
    address = postgres.new_database(STORY)
    return SharedApp(tmp_path_factory.mktemp("story-on-postgres"), OPENMAP_DATABASE_URL=address)


@pytest.fixture
def config(shared_app: SharedApp, migrated_database: Path) -> Config:
    """Settings of one test: a folder with an empty database, mails kept in the site."""
    shared_app.forget()
    shutil.copy(migrated_database, shared_app.config.data_dir / DATABASE)
    return shared_app.config


@pytest.fixture
def app(shared_app: SharedApp, config: Config) -> Iterator[Flask]:
    """The application of one test, with its context open so that a story can look at the rows."""
    with shared_app.story() as app:
        yield app


@pytest.fixture
def own_app(config: Config) -> Iterator[Flask]:
    """An application of one test alone, for a story that adds pages to it."""
    app = create_app(config)
    with open_rows(app):
        yield app


@pytest.fixture
def postgres_app(shared_postgres_app: SharedApp, postgres: PostgresServer) -> Iterator[Flask]:
    """The application of one test on a PostgreSQL database of its own."""
    shared_postgres_app.forget()
    postgres.new_database(STORY, template=EMPTY)
    with shared_postgres_app.story() as app:
        yield app


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
