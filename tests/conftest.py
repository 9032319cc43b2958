"""Fixtures for all tests: the real servers, each started once and only when a test asks for it."""

from collections.abc import Iterator
from typing import Any

import pytest

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
