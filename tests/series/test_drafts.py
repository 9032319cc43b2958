"""A draft with everything in it: whoever does not organise finds it at no address and in no list."""

import pytest
from flask import Flask

from openmap.core.db import unit_of_work
from tests.allocation.conftest import SLUG, Morning, solved, solved_app, solved_folder  # noqa: F401 - fixtures
from tests.allocation.test_authorization import ACCESS, AWAY, SIGN_IN, answer_to, places  # noqa: F401 - a fixture
from tests.people import Visitor

TITLE = "Matinale dont personne ne sait rien"


@pytest.fixture
def draft(solved_app: Flask, solved: Morning, places: dict[str, object]) -> dict[str, object]:  # noqa: F811 - fixtures
    """A morning with people, requests and a schedule, unseen again: what stands in its addresses."""
    for name in ("amina", "olga"):
        Visitor(solved_app, f"{name}@exemple.fr").signs_in()
    with unit_of_work():
        solved.event.is_draft, solved.event.title = True, TITLE
    return places


def test_no_address_of_a_draft_opens_to_others(solved_app, draft):  # noqa: F811 - a fixture
    routes = {route: pattern for route, (pattern, _) in ACCESS.items() if "{slug}" in pattern}
    for visitor in (Visitor(solved_app), Visitor(solved_app, "amina@exemple.fr").signs_in()):
        opened = {
            route
            for route, pattern in routes.items()
            if answer_to(visitor, route[0], pattern.format(**draft)) not in {AWAY, SIGN_IN}
        }
        assert opened == set()


def test_no_page_for_everybody_names_a_draft(solved_app, draft):  # noqa: F811 - a fixture
    visitor = Visitor(solved_app)
    for (method, endpoint), (pattern, _) in ACCESS.items():
        if method != "GET" or "{slug}" in pattern or endpoint.startswith("core.mail"):
            continue
        answer = visitor.browser.get(pattern.format(**draft), expect_errors=True)
        assert TITLE.encode() not in answer.body, endpoint
        assert f"/events/{SLUG}".encode() not in answer.body, endpoint


def test_organisers_open_every_page_of_it(solved_app, draft):  # noqa: F811 - a fixture
    olga = Visitor(solved_app, "olga@exemple.fr").signs_in()
    for page in (f"/events/{SLUG}", f"/manage/{SLUG}", f"/manage/{SLUG}/settings", f"/manage/{SLUG}/slots"):
        olga.sees(page)
    assert f"/manage/{SLUG}" in olga.sees("/manage").text
