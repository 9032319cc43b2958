"""What people typed, set as French is printed."""

import pytest
from markupsafe import Markup

from openmap.core.formats import spaced


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("au service « DSI »", "au service «\u00a0DSI\u00a0»"),
        ("OpenMap ESS : déchets", "OpenMap ESS\u00a0: déchets"),
        ("Quand ? Demain !", "Quand\u00a0? Demain\u00a0!"),
        ("Ville de Paris – DSI · 75", "Ville de Paris\u00a0– DSI\u00a0· 75"),
        ("à 10:45, tout de suite", "à 10:45, tout de suite"),
        ("pour :tous", "pour :tous"),
    ],
)
def test_signs_stay_on_the_line_of_their_word(typed, shown):
    assert spaced(typed) == shown


def test_what_is_escaped_once_is_not_escaped_again():
    held = spaced(Markup("<em>Vite</em> !"))
    assert (held, isinstance(held, Markup)) == ("<em>Vite</em>\u00a0!", True)
