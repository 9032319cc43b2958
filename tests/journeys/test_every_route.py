"""What holds for every route, whoever asks: tokens, headers, methods; and for sessions and secret addresses."""

import pytest
from flask import Flask

from openmap.app import create_app
from openmap.core.web import HEADERS
from tests.allocation.conftest import Morning, solved, solved_app, solved_folder  # noqa: F401 - fixtures
from tests.allocation.test_authorization import ACCESS, places  # noqa: F401 - a fixture
from tests.applications import settings_for
from tests.people import LINK, Visitor
from tests.rows import all_rows

SECRET_ADDRESSES = (
    "/accounts/link/",
    "/invitations/absent",
    "/jury/absent",
    "/organisations/join/",
    "/registrations/resume/",
    "/my-space/data/address/",
    "/next-editions/",
)
ONE_CLICK = "series.end"  # mail programs post there by themselves, and the address is the secret (RFC 8058)
Places = dict[str, object]
POSTS = {endpoint: pattern for (method, endpoint), (pattern, _) in ACCESS.items() if method == "POST"}
GETS = {endpoint: pattern for (method, endpoint), (pattern, _) in ACCESS.items() if method == "GET"}


@pytest.fixture
def olga(solved_app: Flask, solved: Morning, places: Places) -> Visitor:  # noqa: F811 - fixtures
    """An organiser, who may do everything."""
    return Visitor(solved_app, "olga@exemple.fr").signs_in()


@pytest.mark.parametrize("token", [None, "", "forged", "another's"])
def test_no_post_without_a_token_of_this_browser_changes_anything(olga, places, token):  # noqa: F811 - a fixture
    if token == "another's":
        stranger = Visitor(olga.browser.app).sees("/accessibility")
        token = stranger.html.find("meta", attrs={"name": "csrf-token"})["content"]
    before = all_rows()
    for endpoint, pattern in POSTS.items():
        if endpoint == ONE_CLICK:
            continue
        fields = {} if token is None else {"csrf_token": token}
        answer = olga.browser.post(pattern.format(**places), fields, expect_errors=True)
        assert answer.status_int == 400, endpoint
        assert "n’a pas été comprise" in answer.text, endpoint
    assert all_rows() == before


def test_every_answer_has_the_headers_of_its_kind(olga, places):  # noqa: F811 - a fixture
    addresses = [pattern.format(**places) for pattern in GETS.values()]
    addresses += ["/nowhere", "/static/css/base.css", "/static/absent.css", "/manage?q=%00", "/events/absent"]
    kinds = set()
    for address in addresses:
        answer = olga.browser.get(address, expect_errors=True)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS | (
            {"Referrer-Policy": "strict-origin"} if any(secret in address for secret in SECRET_ADDRESSES) else {}
        ), address
        assert "X-Request-ID" in answer.headers, address
        assert "Server" not in answer.headers, address
        kinds.add(answer.content_type)
    assert {"text/html", "text/calendar", "application/json", "text/css", "text/plain"} <= kinds


def test_a_page_that_names_its_reader_is_kept_by_no_cache(olga, places):  # noqa: F811 - a fixture
    for address in (pattern.format(**places) for pattern in GETS.values()):
        answer = olga.browser.get(address, expect_errors=True)
        if b"Olga" in answer.body:
            assert answer.headers["Cache-Control"] in {"no-store", "private, no-cache"}, address


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_looking_without_reading_answers_every_page_and_changes_nothing(olga, places, method):  # noqa: F811 - a fixture
    before = all_rows()
    for endpoint, pattern in GETS.items():
        address = pattern.format(**places)
        answer = olga.browser.request(address, method=method, expect_errors=True)
        assert answer.body == b"", endpoint
        if method == "HEAD":
            assert answer.status_int == olga.browser.get(address, expect_errors=True).status_int, endpoint
        else:
            assert "GET" in answer.headers["Allow"], endpoint
    assert all_rows() == before


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "[::", ""])
def test_a_host_that_is_not_ours_gets_nothing(solved_app, places, host):  # noqa: F811 - fixtures
    forged = {"HTTP_HOST": host, "SERVER_NAME": "evil.example"}
    for endpoint, pattern in GETS.items():
        answer = solved_app.test_client().get(pattern.format(**places), environ_overrides=forged)
        assert answer.status_code == 400, endpoint
        assert "evil" not in answer.text + answer.headers.get("Location", ""), endpoint


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"])
def test_no_form_leads_to_another_site(olga, places, target):  # noqa: F811 - a fixture
    for endpoint, pattern in POSTS.items():
        if endpoint == "accounts.sign_out":
            continue
        token = olga.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]
        fields = {"csrf_token": token, "next": target, "seen": "approved", "reason": "x", "code": "000000"}
        answer = olga.browser.post(pattern.format(**places), fields, expect_errors=True)
        assert "evil" not in answer.headers.get("Location", ""), endpoint


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(app, config):
    visitor = Visitor(app)
    page = visitor.sees("/accounts/sign-in")
    chosen = next(form for form in page.forms.values() if "/language/en" in form.action).submit()
    for cookie in page.headers.getall("Set-Cookie") + chosen.headers.getall("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie


def test_on_https_cookies_travel_encrypted_only(tmp_path):
    secure = create_app(settings_for(tmp_path, OPENMAP_PUBLIC_URL="https://localhost"))
    answer = secure.test_client().get("/accounts/sign-in", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_signing_in_leaves_nothing_of_the_session_before(solved_app, solved):  # noqa: F811 - fixtures
    amina = Visitor(solved_app, "amina@exemple.fr")
    amina.submits("/accounts/sign-in", email=amina.email)
    planted = dict(amina.browser.cookies)  # a cookie that a stranger put there
    link = LINK.search(amina.latest_mail().text)
    assert link
    amina.submits(link.group())
    assert amina.browser.cookies["openmap_session"] != planted["openmap_session"]
    stranger = Visitor(solved_app)
    stranger.browser.set_cookie("openmap_session", planted["openmap_session"].strip('"'))
    assert "sign-in" in stranger.sees("/my-space").request.path


def test_a_revoked_calendar_is_dead_at_once_and_signing_out_ends_every_page(solved_app, solved):  # noqa: F811 - fixtures
    amina, calendar = Visitor(solved_app, "amina@exemple.fr").signs_in(), Visitor(solved_app)
    agenda = f"/events/{solved.event.slug}/agendas/{solved.participant('amina').ref}"
    page = amina.posts(f"{agenda}/feed")
    feed = next(word for word in page.text.replace('"', " ").split() if "/a/" in word and word.endswith(".ics"))
    first = calendar.sees(feed)
    amina.posts(f"{agenda}/feed/revoke")
    etag = {"If-None-Match": first.headers["ETag"]}
    assert calendar.browser.get(feed, headers=etag, expect_errors=True).status_int == 404
    amina.posts("/accounts/sign-out")
    assert "sign-in" in amina.sees(agenda).request.path
