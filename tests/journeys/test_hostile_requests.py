"""Thousands of bent requests over every route and role: never a server error, never someone else's data.

HOSTILE_REQUESTS=10000 HOSTILE_SEED=7 pytest tests/journeys/test_hostile_requests.py
"""

import os
import random
import time
from collections import Counter
from urllib.parse import urlsplit

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select, text

from openmap.accounts.models import Person
from openmap.accounts.operations import open_session
from openmap.accounts.queries import person_with_email
from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meeting_requests.models import MeetingRequest
from tests.allocation.conftest import Morning, solved, solved_app, solved_folder  # noqa: F401 - fixtures
from tests.allocation.test_authorization import ACCESS, ROLES, places  # noqa: F401 - a fixture
from tests.hostile import Hostile, answer_to
from tests.people import _as_served

COUNT = int(os.environ.get("HOSTILE_REQUESTS", "2000"))
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
SECRET = "z6kd-only-between-amina-and-dsi"  # Amina's motive, which the two of them and the organiser may read
READERS = {SECRET: {"amina", "dsi", "olga"}, "emma@exemple.fr": {"emma", "olga"}}


@pytest.fixture
def guarded(solved_app: Flask, solved: Morning, places: dict[str, object]) -> Flask:  # noqa: F811 - fixtures
    """The service of a real organiser, without the mail page of demonstrations; a secret stands in Amina's request."""
    solved_app.config["IS_DEMO"] = False
    with unit_of_work():
        solved.request("amina", "dsi").motive = SECRET
    return solved_app


def cookie_of(app: Flask, role: str) -> str:
    """The cookie of a signed-in browser, whose CSRF token is `token_of`."""
    kept: dict[str, object] = {"csrf_token": "raw"}
    person = person_with_email(f"{role}@exemple.fr")
    if person:
        with unit_of_work():
            kept |= {"_user_id": open_session(person, secret_key=app.config["SECRET_KEY"], at=now()), "_fresh": True}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined] # Flask's own cookies
    return f"openmap_session={signer.dumps(kept)}"


def token_of(app: Flask) -> str:
    """A token that fits every cookie of `cookie_of`."""
    return str(URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps("raw"))


def test_no_request_breaks_the_service_or_reads_what_is_not_its_senders(guarded, places):  # noqa: F811 - a fixture
    routes = [(method, endpoint, pattern) for (method, endpoint), (pattern, _) in ACCESS.items()]
    hostile = Hostile(random.Random(SEED), routes, places, token_of(guarded))
    cookies = {role: cookie_of(guarded, role) for role in ROLES}
    serve, seen, began = _as_served(guarded), Counter[tuple[str, int]](), time.monotonic()
    for number in range(COUNT):
        role = ROLES[number % len(ROLES)]
        endpoint, environ = hostile.environ(cookies[role])
        asked = {name: value for name, value in environ.items() if not name.startswith("wsgi.")}
        status, headers, body = answer_to(serve, environ)
        assert status < 500, f"{role}: {asked}\n{environ['wsgi.input'].getvalue()[:2000]!r}"
        assert {"X-Request-ID", "X-Content-Type-Options", "Content-Security-Policy"} <= set(headers), asked
        assert urlsplit(headers.get("Location", "")).hostname in {None, "localhost"}, asked
        page = body.decode("utf-8", "replace")  # files are bytes
        for mark, readers in READERS.items():
            assert role in readers or mark not in page.replace(environ["QUERY_STRING"], ""), f"{role}: {asked}"
        seen[endpoint, status] += 1
        if endpoint == "accounts.sign_out" and role != "visitor":
            cookies[role] = cookie_of(guarded, role)
    print(f"\n{COUNT} requests in {time.monotonic() - began:.0f} s:", Counter(status for _, status in seen.elements()))  # noqa: T201 - figures of a long run
    assert {endpoint for endpoint, _ in seen} == {endpoint for _, endpoint in ACCESS}
    assert_rows_are_sound()


def assert_rows_are_sound() -> None:
    """Whatever was sent, the rows fit together and requests were touched only by those whose they are."""
    session.rollback()
    assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    for entry in session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "meeting_request")):
        request, actor = session.get_one(MeetingRequest, entry.subject_id), session.get_one(Person, entry.actor_id)
        own = {request.requester.contact.person_id, request.desk.registration.contact.person_id}
        assert actor.id in own or actor.is_organiser
