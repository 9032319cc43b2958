"""Behind a web server, the client's address is the one that this server saw, never one that a stranger wrote."""

import json
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from webtest import TestApp

from openmap.app import create_app
from openmap.config import Config
from tests.applications import settings_for
from tests.processes import Site, served

LIMIT = 120  # invitations opened from one address within an hour
SEEN, FORGED = "192.0.2.7", "203.0.113.9"


def log_line(site: Site, path: str, **headers: str) -> dict[str, str]:
    """What the site logs of a request to `path`."""
    with urlopen(Request(f"http://127.0.0.1:{site.port}{path}", headers=headers), timeout=30) as answer:
        number = answer.headers["X-Request-ID"]
    lines = [json.loads(line) for line in site.log.read_text().splitlines() if line.startswith("{")]
    return next(line for line in lines if line.get("request_id") == number)


@pytest.mark.parametrize(("hops", "client"), [("0", "127.0.0.1"), ("1", SEEN)])
def test_only_servers_that_the_settings_count_are_believed(app: Flask, data_dir: Path, hops: str, client: str) -> None:
    with served(data_dir, OPENMAP_FORWARDED_HOPS=hops) as site:
        headers = {
            "X-Forwarded-For": f"{FORGED}, {SEEN}",
            "X-Forwarded-Host": "evil.example",
            "Forwarded": "for=1.1.1.1",
        }
        assert log_line(site, "/privacy", **headers)["client"] == client
        assert log_line(site, "/privacy")["client"] == "127.0.0.1"


@pytest.mark.parametrize(("hops", "brunos"), [("0", 429), ("1", 410)])
def test_a_limit_by_address_counts_each_client_behind_the_web_server(config: Config, hops: str, brunos: int) -> None:
    behind = create_app(settings_for(config.data_dir, OPENMAP_FORWARDED_HOPS=hops))
    browser = TestApp(behind)
    token = browser.get("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]

    def starts(client: str, status: int = 410) -> None:
        path, headers = "/invitations/guessed/start", {"X-Forwarded-For": client}
        browser.post(path, {"csrf_token": token}, headers=headers, status=status)

    for number in range(LIMIT):
        starts(f"203.0.113.{number}, {SEEN}")  # a new forged address each time
    starts(f"{FORGED}, {SEEN}", 429)
    starts(f"{SEEN}, 192.0.2.8", brunos)
