"""The list on paper: a tagged PDF that shows words as they are, the same bytes for the same needs."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from openmap.organisations.enums import Sector
from openmap.roadmaps.printing import MOST_PRINTED
from tests.people import Visitor
from tests.roadmaps.conftest import CITY, SLUG

PDF = f"/events/{SLUG}/roadmaps/needs.pdf"


def printed(answer) -> str:
    pages = PdfReader(io.BytesIO(answer.body)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_pdf_holds_what_is_filtered(story):
    story.need("Collecte d’été", amount_low=40_000, amount_high=90_000, departement="93", notes="Deux fois par mois")
    story.need("Serveurs", sector=Sector.IT)
    answer = Visitor(story.app).browser.get(f"{PDF}?sector=waste")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=besoins-{SLUG}.pdf"
    text = printed(answer)
    for words in ("Collecte d’été", "40 000 à 90 000 € HT", "Seine-Saint-Denis (93)", "Deux fois par mois", "1 besoin"):
        assert words in text
    assert "Serveurs" not in text


def test_it_is_tagged_and_says_its_language_and_title(story):
    story.need()
    printing = Visitor(story.app).browser.get(f"{CITY}/needs.pdf")
    root: Any = PdfReader(io.BytesIO(printing.body)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


@pytest.mark.parametrize(
    "text",
    [
        '#import "needs.typ"', "#read(\"/etc/passwd\")", "*gras* _italique_ $x$ @ref <label>", "= Titre", "\\ \\u{41}",
        '"); #panic("', "{{ 7*7 }}", "// commentaire", "https://evil.example",
    ],
)  # fmt: skip
def test_no_text_is_markup(story, text):
    story.need(text, notes=text, city=text)
    page = printed(Visitor(story.app).browser.get(PDF))
    assert page.replace(" ", "").count(text.replace(" ", "")) >= 3


@pytest.mark.parametrize("text", ["日本語 😀", "\u202eגב\u2066", "e\u0301" * 90, "x" * 200])
def test_any_letters_are_printed_or_left_out(story, text):
    story.need(text)
    assert "Ville de Paris" in printed(Visitor(story.app).browser.get(PDF))


def test_the_same_needs_give_the_same_bytes_and_are_not_sent_twice(story):
    story.need()
    visitor = Visitor(story.app)
    first, second = visitor.browser.get(PDF), visitor.browser.get(PDF)
    assert first.body == second.body
    assert visitor.browser.get(PDF, headers={"If-None-Match": first.headers["ETag"]}).status_int == 304
    story.need("Un de plus")
    assert visitor.browser.get(PDF, headers={"If-None-Match": first.headers["ETag"]}).status_int == 200


def test_a_list_too_long_for_paper_leads_back_to_its_filters(story):
    story.need()
    story.add_needs(MOST_PRINTED)
    page = Visitor(story.app).sees(f"{PDF}?sector=waste")
    assert page.request.path == f"/events/{SLUG}/roadmaps"
    assert "300 besoins au plus" in page.text


def test_an_empty_list_is_printed_too(story):
    assert "Aucun besoin publié" in printed(Visitor(story.app).browser.get(PDF))
