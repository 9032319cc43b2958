"""What every answer shares: headers, language, error pages, redirects that stay at home."""

import pytest
from flask_babel import ngettext
from hypothesis import given
from hypothesis import strategies as st

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.web import safe_path
from tests.factories import build_person
from tests.people import Visitor, the_form


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\\\\evil",
        "",
        None,
        "/\t/evil",
        "/\t/[",
        "/" + "a" * 500,
    ],
)
def test_a_redirect_stays_at_home(target):
    assert safe_path(target, "/home") == "/home"


@given(st.text())
def test_no_text_leads_to_another_host(target):
    path = safe_path(target, "/home")
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))


def test_every_answer_forbids_foreign_and_inline_code(app):
    page = Visitor(app).sees("/privacy")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert not page.html.find_all(style=True)
    assert not [tag for tag in page.html.find_all("script") if not tag.get("src")]


def test_the_language_is_french_until_another_is_chosen_and_then_remembered(app):
    emma = Visitor(app)
    emma.browser.extra_environ["HTTP_ACCEPT_LANGUAGE"] = "en-GB"
    assert emma.sees("/privacy").html.find("html")["lang"] == "fr"
    page = emma.sees("/privacy")
    form = next(form for form in page.forms.values() if "/language/en" in form.action)
    assert form.submit().location.endswith("/privacy")
    assert emma.sees("/privacy").html.find("html")["lang"] == "en"


def test_emmas_mails_follow_the_language_she_chose(app):
    with unit_of_work():
        build_person("Emma", email="emma@exemple.fr", at=now())
    emma = Visitor(app, "emma@exemple.fr").signs_in()
    emma.posts("/language/en", {"next": "/privacy"})
    emma.submits("/accounts/sign-in", email="emma@exemple.fr")
    assert emma.latest_mail().locale == "en"


def test_french_says_zero_in_the_singular(app):
    with app.test_request_context():
        assert ngettext("%(num)d acheteur", "%(num)d acheteurs", 0) == "0 acheteur"


def test_a_page_that_does_not_exist_says_what_to_do(app):
    page = Visitor(app).sees("/nowhere", status=404)
    assert "Cette page n’existe pas" in page.text


def test_a_form_without_its_token_changes_nothing(app):
    visitor = Visitor(app)
    answer = visitor.browser.post("/accounts/sign-in", {"email": "a@exemple.fr"}, expect_errors=True)
    assert answer.status_int == 400


def test_a_form_of_three_megabytes_is_refused(app):
    visitor = Visitor(app)
    form = the_form(visitor.sees("/accounts/sign-in"))
    form["email"] = "a" * 3_000_000
    assert form.submit(expect_errors=True).status_int == 413


def test_mails_of_a_real_service_have_no_page(app):
    app.config["IS_DEMO"] = False
    Visitor(app).sees("/mails", status=404)


@pytest.mark.parametrize("path", ["/mails/99999999999999999999", "/events/absent"])
def test_an_address_that_no_row_can_have_does_not_exist(app, path):
    Visitor(app).sees(path, status=404)


@pytest.mark.parametrize(("path", "query"), [("/mails", "to=\xe9"), ("/mails", "to=%00"), ("/events/a\0b", "")])
def test_an_address_that_is_no_text_is_refused(app, path, query):
    answer = app.test_client().get("/", environ_overrides={"PATH_INFO": path, "QUERY_STRING": query})
    assert answer.status_code == 400


def test_ready_means_that_a_worker_is_there(app, config):
    Visitor(app).sees("/readyz", status=503)
    (config.data_dir / "worker_beat").touch()
    Visitor(app).sees("/readyz")
