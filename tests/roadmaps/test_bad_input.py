"""Whatever is typed or sent to the pages of needs gets a page of ours, and the database stays sound."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from webtest import Upload

from openmap.core.clock import now
from openmap.core.db import session
from openmap.roadmaps.models import Need
from openmap.roadmaps.quarters import quarter_of
from tests.hostile import WORDS
from tests.people import the_form
from tests.roadmaps.conftest import CITY, SLUG

HOSTILE = st.one_of(st.sampled_from(WORDS), st.text(max_size=40), st.just("é" * 3000))
NEED = ("title", "notes", "amount_low", "amount_high", "lot_count", "city", "reference", "seen")
CHOICES = ("sector", "service", "quarter", "departement", "clause", "contact")
FILTERS = ("q", "sector", "quarter", "departement", "buyer", "service", "clause", "amount", "cocontracting", "page")
COMMON = settings(
    max_examples=30, deadline=timedelta(seconds=20), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def bea(story):
    """Signed in, with a first need."""
    story.need()
    return story.person("bea")


def sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@COMMON
@given(typed=st.dictionaries(st.sampled_from(NEED + CHOICES), HOSTILE, max_size=6))
def test_the_form_of_a_need(bea, typed):
    need_id = session.scalar(select(Need.id).order_by(Need.id))
    for path in (f"{CITY}/needs/new", f"{CITY}/needs/{need_id}/edit"):
        fields = {"title": "Tri", "sector": "waste", "service": "goods", "clause": "none"}
        fields |= {"quarter": str(quarter_of(now().date()) + 1), "publish": "yes"}
        token = the_form(bea.sees(path))["csrf_token"].value
        sent = fields | {name: sendable(value) for name, value in typed.items()} | {"csrf_token": token}
        answer = bea.browser.post(path, sent, expect_errors=True)
        assert answer.status_int in {302, 409, 422}
    assert all(need.title and need.title == need.title.strip() for need in session.scalars(select(Need)))


@COMMON
@given(query=st.dictionaries(st.sampled_from(FILTERS), HOSTILE, max_size=4))
def test_filters_in_the_address(bea, query):
    kept = {name: sendable(value) for name, value in query.items()}
    for path in ("/roadmaps", f"/events/{SLUG}/roadmaps", f"/events/{SLUG}/roadmaps/needs.csv"):
        answer = bea.browser.get(path, kept, expect_errors=True)
        assert answer.status_int in {200, 400}  # NUL is no address
    assert bea.browser.get(f"{CITY}/edit", kept, expect_errors=True).status_int in {200, 400}


@COMMON
@given(
    rows=st.lists(st.lists(st.one_of(HOSTILE, st.just("T3 2027")), min_size=1, max_size=8), min_size=1, max_size=6),
    mapping=st.dictionaries(st.sampled_from(("title", "sector", "quarter", "service", "notes", "seen")), HOSTILE),
)
def test_spreadsheets_and_their_columns(bea, rows, mapping):
    form = the_form(bea.sees(f"{CITY}/import"))
    lines = [";".join(sendable(cell).replace(";", ",") for cell in row) for row in rows]
    form["file"] = Upload("b.csv", ("Objet;Secteur;Trimestre;Type\n" + "\n".join(lines)).encode(), "text/csv")
    answer = form.submit(expect_errors=True)
    assert answer.status_int in {302, 422}
    if answer.status_int == 302:
        chosen = {name: sendable(value) for name, value in mapping.items()}
        page = bea.browser.get(answer.location, chosen, expect_errors=True)
        assert page.status_int in {200, 400}
        sent = chosen | {"csrf_token": form["csrf_token"].value}
        assert bea.browser.post(answer.location, sent, expect_errors=True).status_int in {302, 409, 422}


@COMMON
@given(typed=HOSTILE, sectors=st.lists(HOSTILE, max_size=3))
def test_other_forms(bea, typed, sectors):
    token = the_form(bea.sees("/roadmaps/follow"))["csrf_token"].value
    posts = (
        ("/roadmaps/follow", [("sectors", sendable(sector)) for sector in sectors]),
        (f"{CITY}/edit", [("presentation", sendable(typed))]),
        ("/roadmaps/mine", [("organisation", sendable(typed))]),
    )
    for path, fields in posts:
        answer = bea.browser.post(path, [*fields, ("csrf_token", token)], expect_errors=True)
        assert answer.status_int in {302, 404, 422}
    address = f"/roadmaps/unfollow/{quote(sendable(typed)[:50], safe='')}"
    assert bea.browser.get(address, expect_errors=True).status_int in {400, 404, 308, 405, 200}
