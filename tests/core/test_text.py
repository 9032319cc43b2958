"""What people type is cleaned once."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from openmap.core.text import clean_text, plain


def test_control_characters_go_and_lines_stay():
    assert clean_text("a\x00b\x0bc\r\nd\u2028e") == "abc\nd\ne"


def test_a_lone_surrogate_goes():
    assert clean_text("caf\ud800é") == "café"


@given(st.text(st.characters()))
def test_any_text_can_be_stored_and_cleaning_twice_changes_nothing(text):
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


def test_words_are_searched_for_without_accents_nor_case():
    assert plain("  Éco-pâturage, ŒUVRE n°2 ") == "eco paturage oeuvre n 2"
