"""Whatever is typed or sent to the pages of pitches gets a page of ours, and what the jury reads names nobody."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.organisations.models import Organisation
from openmap.pitches.masking import masked
from openmap.pitches.reading import blocks
from tests.factories import build_application
from tests.hostile import WORDS
from tests.people import the_form
from tests.pitches.conftest import MANAGE, PAGE

HOSTILE = st.one_of(st.sampled_from(WORDS), st.text(max_size=40), st.just("é" * 6000))
COMMON = settings(
    max_examples=25, deadline=timedelta(seconds=20), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FORMS = {
    f"{MANAGE}/edit": ("opens_at", "closes_at", "jury_closes_at", "places", "reserve_places", "guidance", "is_blind"),
    f"{MANAGE}/criteria/new": ("label", "help_text", "weight", "lowest", "highest", "confirms"),
    f"{MANAGE}/extensions/S": ("until", "reason"),
}
FILTERS = ("q", "state", "kind", "departement", "sector", "first", "page")


def sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("path", FORMS)
def test_the_organisers_forms(olga, call, structure, path):
    path = path.removesuffix("/S") + (f"/{structure.ref}" if path.endswith("/S") else "")
    names = FORMS.get(path, FORMS[f"{MANAGE}/extensions/S"])
    token = the_form(olga.sees(path))["csrf_token"].value

    @COMMON
    @given(typed=st.dictionaries(st.sampled_from(names), HOSTILE, max_size=len(names)))
    def sent(typed):
        fields = {name: sendable(value) for name, value in typed.items()} | {"csrf_token": token}
        assert olga.browser.post(path, fields, expect_errors=True).status_int in {302, 409, 422}

    sent()


def test_the_file_of_a_structure(amina, call, structure):
    path = f"{PAGE}/{structure.ref}"
    token = the_form(amina.sees(path))["csrf_token"].value
    names = ("title", "summary", "speaker", "is_first_time", "remove_document", "remove_file", "document", "form_key")

    @COMMON
    @given(typed=st.dictionaries(st.sampled_from(names), HOSTILE, max_size=5), action=st.sampled_from(["save", "send"]))
    def sent(typed, action):
        fields = {name: sendable(value) for name, value in typed.items()} | {"csrf_token": token, "action": action}
        assert amina.browser.post(path, fields, expect_errors=True).status_int in {302, 422}
        amina.sees(path)

    sent()


def test_filters_in_the_address(olga, call, structure):
    with unit_of_work():
        build_application(call, structure, at=now())

    @COMMON
    @given(query=st.dictionaries(st.sampled_from(FILTERS), HOSTILE, max_size=4))
    def asked(query):
        kept = {name: sendable(value) for name, value in query.items()}
        for path in (f"{MANAGE}/applications", f"{MANAGE}/applications.csv", f"{MANAGE}/applications/new"):
            assert olga.browser.get(path, kept, expect_errors=True).status_int in {200, 400}  # NUL is no address

    asked()


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("XWiki SAS", "Chez xwiki, on…", "Chez [la structure], on…"),
        ("Œuvre du Canal", "L’OEUVRE  DU\nCANAL et l’œuvre-du-canal", "L’[la structure] et l’[la structure]"),
        ("SA ESAT", "Un ESAT du 93", "Un ESAT du 93"),
        ("Ré", "Nous répondons", "Nous répondons"),
    ],
)
def test_a_name_is_hidden_however_it_is_written(app, name, text, read):
    with app.test_request_context():
        assert masked(text, Organisation(name=name, siret=None)) == read


@COMMON
@given(before=st.text(max_size=30), after=st.text(max_size=30), upper=st.booleans())
def test_no_text_around_a_name_shows_it(app, before, after, upper):
    name = "ATELIER SOLEIL" if upper else "Atelier Soleil"
    with app.test_request_context():
        shown = masked(f"{before} {name} {after}", Organisation(name="Atelier Soleil", siret="12345678900011"))
    assert "atelier soleil" not in shown.casefold()


@COMMON
@given(text=st.text(max_size=200))
def test_blocks_lose_no_word(text):
    words = [
        word
        for block in blocks(text)
        for line in ([block] if isinstance(block, str) else block)
        for word in line.split()
    ]
    kept = "".join(words)
    assert all(char in "-–•*" or char.isspace() or char in kept for char in "".join(text.splitlines()))
