"""Whatever is sent to the forms of a profile and to the filters of a catalogue: an answer, never a failure."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from openmap.core.db import session
from openmap.profiles.models import Profile
from openmap.profiles.websites import read_website
from tests.profiles.conftest import pdf, picture

NASTY = st.sampled_from(
    [
        "\0", "\x1b[31m", "\ud800", "\udfff\ud800", "\u202e\u2066", "a\r\nSet-Cookie: evil=1", "é" * 3000, "9" * 5000,
        "-1", "1e9", "٣", "NaN", "<script>alert(1)</script>", "{{ 7*7 }}", "%(who)s", "javascript:alert(1)",
        "http://[::", "https://a:b@c.fr", "//evil.example", "desks", "departements", "region", "waste", "93", "2A",
        "S001", "0", "1", "2147483648", "",
    ]
)  # fmt: skip
TYPED = st.one_of(NASTY, st.text(max_size=60))
PARTS = {
    "summary": ("summary",),
    "activity": ("services", "sectors"),
    "area": ("area", "nearby", "elsewhere"),
    "team": ("staff_count", "insertion_count"),
    "references": ("references",),
    "recognition": ("labels", "other_labels", "networks", "other_networks"),
    "identity": ("legal_form", "website"),
    "documents": ("title",),
    "logo": ("alt",),
}
QUERY = ("q", "who", "sector", "service", "family", "departement", "need", "mine", "order", "page", "for")
LIVELY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@LIVELY
@given(part=st.sampled_from(sorted(PARTS)), typed=st.lists(TYPED, min_size=4, max_size=4), seen=TYPED, key=TYPED)
def test_no_form_of_a_profile_fails(fair, amina, part, typed, seen, key):
    sent = {name: word.encode("utf-8", "replace") for name, word in zip(PARTS[part], typed, strict=False)}
    sent |= {"seen": seen.encode("utf-8", "replace"), "form_key": key.encode("utf-8", "replace")}
    sent["csrf_token"] = amina.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]
    answer = amina.browser.post(fair.path(f"/{part}"), sent, expect_errors=True)
    assert answer.status_int in {302, 409, 413, 422}
    session.rollback()
    stored = session.scalars(select(Profile)).first()
    if stored is not None:
        kept = f"{stored.summary}{stored.references}{stored.website}{stored.other_labels}{stored.other_networks}"
        assert not {"\0", "\x1b"} & set(kept)
        assert stored.website == "" or stored.website.startswith(("http://", "https://"))


@LIVELY
@given(content=st.one_of(st.binary(max_size=400), st.sampled_from([pdf(), picture(), picture("JPEG")])), data=st.data())
def test_no_file_however_broken_fails(fair, amina, content, data):
    for _change in range(data.draw(st.integers(0, 3))):  # a real file, cut and bent
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        content = content[:place] + data.draw(st.binary(max_size=9)) + content[place + data.draw(st.integers(0, 90)) :]
    name = data.draw(st.sampled_from(["a.pdf", "logo.png", "../../etc/passwd", "con\u202efdp.exe", "é" * 300, ".pdf"]))
    token = amina.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]
    fields = {"csrf_token": token, "title": "Plaquette", "alt": "Logo"}
    for part, field in (("documents", "document"), ("logo", "logo")):
        answer = amina.browser.post(
            fair.path(f"/{part}"), fields, upload_files=[(field, name, content)], expect_errors=True
        )
        assert answer.status_int in {302, 413, 422}


@LIVELY
@given(asked=st.lists(st.tuples(st.sampled_from(QUERY), TYPED), max_size=4))
def test_no_address_of_a_catalogue_fails(fair, amina, asked):
    query = "&".join(f"{name}={quote(word.encode('utf-8', 'replace'))}" for name, word in asked)
    for path in ("/events/matinale/catalogue", "/events/matinale/structures", "/events/matinale/catalogue/S001"):
        answer = amina.browser.get(f"{path}?{query}", expect_errors=True)
        assert answer.status_int in {200, 400, 404, 414}


def test_a_megabyte_in_one_field_is_told_and_not_kept(fair, amina):
    page = amina.posts(fair.path("/summary"), {"summary": "a" * 900_000, "seen": "0"}, status=422)
    assert "900" in page.html.find(id="summary-error").text
    amina.posts(fair.path("/summary"), {"summary": "a" * 3_000_000}, status=413)


@given(st.text(max_size=80))
def test_a_site_that_is_kept_is_one_that_a_browser_opens(text):
    found = read_website(text)
    assert found is None or (found.startswith(("http://", "https://")) and "@" not in found.split("/")[2])


@pytest.mark.parametrize("written", ["exemple.fr", "www.exemple.fr/a?b=c", "http://exemple.fr", "https://é.fr"])
def test_sites_are_kept_as_people_write_them(written):
    assert read_website(written) in {written, f"https://{written}"}
