"""Cells as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmap.organisations.enums import Sector, Service
from openmap.roadmaps import cells
from openmap.roadmaps.enums import SocialClause
from openmap.roadmaps.quarters import quarter_code


@pytest.mark.parametrize(
    "text",
    [
        "2027-T3", "T3 2027", "t3/2027", "2027 Q3", "3e trimestre 2027", "3ème trimestre 2027", "2027, 3e trim.",
        "septembre 2027", "Août 2027", "2027-09-30", "01/07/2027", "07/2027", "1er septembre 2027",
    ],
)  # fmt: skip
def test_a_quarter_is_read(text):
    assert quarter_code(cells.read_quarter(text)) == "2027-T3"


@pytest.mark.parametrize("text", ["bientôt", "2027", "T5 2027", "T3", "13/2027", "S2 2027", "99999"])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(cells.NoQuarter):
        cells.read_quarter(text)


@pytest.mark.parametrize(
    ("low", "high", "amounts"),
    [
        ("", "", (None, None)),
        ("40 000 €", "90000.00", (40_000, 90_000)),
        ("", "1,5 M€", (None, 1_500_000)),
        ("50k€", "", (50_000, None)),
        ("", "40 000 à 90 000 € HT", (40_000, 90_000)),
        ("40.000-90.000", "", (40_000, 90_000)),
        ("40\u202f000", "90\u00a0000 euros", (40_000, 90_000)),
        ("0", "2 millions", (0, 2_000_000)),
    ],
)
def test_amounts_are_read(low, high, amounts):
    assert cells.read_amounts(low, high) == amounts


@pytest.mark.parametrize("text", ["beaucoup", "-5", "1e9", "12 34", "5 k€ par an", "9" * 40, "2000 M€", "١٢"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(cells.NoAmount):
        cells.read_amount(text)


def test_the_lowest_amount_comes_first():
    with pytest.raises(cells.AmountsReversed):
        cells.read_amounts("2", "1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ""), ("93", "93"), ("1", "01"), ("2a", "2A"), ("974", "974"), ("93 - Seine-Saint-Denis", "93"),
        ("seine saint denis", "93"), ("Île-de-France", ""), ("Plusieurs départements", ""),
    ],
)  # fmt: skip
def test_a_departement_is_read(text, code):
    assert cells.read_departement(text) == code


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("", SocialClause.TO_STUDY), ("À définir", SocialClause.TO_STUDY), ("aucune", SocialClause.NONE),
        ("Marché réservé EA/ESAT", SocialClause.RESERVED), ("L. 2113-13", SocialClause.RESERVED),
        ("Clause sociale d'insertion", SocialClause.INSERTION), ("critère social", SocialClause.CRITERION),
        ("criterion", SocialClause.CRITERION), ("À étudier", SocialClause.TO_STUDY),
    ],
)  # fmt: skip
def test_a_clause_is_read(text, clause):
    assert cells.read_clause(text) is clause


def test_a_word_of_a_list_is_read_by_code_label_or_its_own_words():
    assert cells.read_word("IT", Sector) is Sector.IT
    assert cells.read_word("espaces verts et exterieurs", Sector) is Sector.GREEN_SPACES
    assert cells.read_word("espaces verts", Sector) is Sector.GREEN_SPACES
    assert cells.read_word("Prestation", Service) is Service.PROVISION
    with pytest.raises(cells.NoSuchWord):
        cells.read_word("et", Sector)
    with pytest.raises(cells.Missing):
        cells.read_word(" ", Sector)


@pytest.mark.parametrize(("text", "count"), [("", None), ("oui", None), ("non", 1), ("1", 1), ("4 lots", 4)])
def test_lots_are_counted(text, count):
    assert cells.read_lot_count(text) == count


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for read in (
        cells.read_quarter, cells.read_amount, cells.read_departement, cells.read_clause, cells.read_lot_count,
        cells.read_yes, lambda cell: cells.read_word(cell, Sector), lambda cell: cells.read_amounts(cell, ""),
        lambda cell: cells.read_contact(cell, {}),
    ):  # fmt: skip
        with suppress(cells.BadCell):
            read(text)
