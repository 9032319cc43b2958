"""Log lines are JSON, carry the request's number and no secret."""

import io
import json
import logging
import re

import pytest

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.logs import JsonLines, redacted, requests
from tests.factories import build_person
from tests.people import LINK, Visitor


@pytest.fixture
def lines():
    """A function that gives the log lines written so far."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    requests.setLevel(logging.NOTSET)
    root.removeHandler(handler)


def test_a_request_is_one_line_with_the_number_of_its_answer(app, lines):
    page = Visitor(app).sees("/privacy?mine=secret")
    [line] = lines()
    assert line["request_id"] == page.headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", line["request_id"])
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/privacy", 200, "INFO")
    assert line["ms"] >= 0
    assert "secret" not in str(line)


def test_no_two_requests_share_a_number_and_nobody_chooses_theirs(app):
    visitor = Visitor(app)
    visitor.browser.extra_environ["HTTP_X_REQUEST_ID"] = "mine"
    numbers = {visitor.sees("/livez").headers["X-Request-ID"] for _ in range(20)}
    assert len(numbers) == 20
    assert "mine" not in numbers


def test_a_sign_in_link_is_never_logged_not_even_when_its_page_fails(app, lines, monkeypatch):
    with unit_of_work():
        build_person("Amina", email="amina@exemple.fr", at=now())
    amina = Visitor(app, "amina@exemple.fr")
    amina.submits("/accounts/sign-in", email=amina.email)
    link = LINK.search(amina.latest_mail().text)
    assert link
    token = link.group().rsplit("/", 1)[1]
    amina.sees(link.group())

    def fails(**values):
        raise RuntimeError(f"no page for {link.group()}")

    monkeypatch.setitem(app.view_functions, "accounts.open_link", fails)
    amina.sees(link.group(), status=500)
    written = lines()
    assert [line["path"] for line in written if line.get("path", "").startswith("/accounts/link")] == [
        "/accounts/link/***",
        "/accounts/link/***",
    ]
    assert any("no page for /accounts/link/***" in line.get("error", "") for line in written)
    assert token not in json.dumps(written)


def test_the_page_of_a_fault_names_the_request_so_that_its_line_is_found(own_app, lines):
    own_app.add_url_rule("/fault", "fault", lambda: str(1 // 0))
    page = Visitor(own_app).sees("/fault", status=500)
    number = page.headers["X-Request-ID"]
    assert page.html.find("code").get_text() == number
    [failure] = [line for line in lines() if line["level"] == "ERROR"]
    assert failure["request_id"] == number
    assert "ZeroDivisionError" in failure["error"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/accounts/link/ab-C_9", "/accounts/link/***"),
        ("/events/x/registrations/resume/ab-C_9", "/events/x/registrations/resume/***"),
        ("/organisations/join/ab-C_9 /invitations/ab/decline", "/organisations/join/*** /invitations/***/decline"),
        ("GET http://x/a/0123abcd.ics HTTP", "GET http://x/a/***.ics HTTP"),
        ("/accounts/link/ab?next=/a/cd", "/accounts/link/***?next=/a/***"),
        ("/events/matinale/agendas/S001", "/events/matinale/agendas/S001"),
    ],
)
def test_secrets_leave_an_address_and_nothing_else_does(text, shown):
    assert redacted(text) == shown


def test_what_a_visitor_types_cannot_forge_a_line(app, lines):
    app.test_client().get("/privacy\n{}", environ_overrides={"PATH_INFO": '/x\r\n{"level": "ERROR"}'})
    [line] = lines()
    assert line["status"] == 404
    assert line["level"] == "INFO"
