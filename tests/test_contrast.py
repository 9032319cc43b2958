"""The colours of both themes can be read: AAA for body text, AA for the rest (WCAG 2.2, 1.4.3, 1.4.6, 1.4.11)."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css").read_text()
COLOUR = re.compile(r"--([a-z0-9-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));")
COLOURS = {name: (light or same, dark or same) for name, light, dark, same in COLOUR.findall(TOKENS)}
GROUNDS = ("page", "surface", "sunken")
TINTS = ("brand-tint", "accent-tint", "good-tint", "bad-tint", "note-tint")
FAMILIES = tuple(f"family-{number}" for number in range(1, 6))
PAIRS = [
    *(("ink", ground, 7.0) for ground in (*GROUNDS, *TINTS, *FAMILIES)),
    *(("ink-soft", ground, 7.0) for ground in GROUNDS),
    *(("hero-ink", "hero", 7.0), ("hero-soft", "hero", 7.0), ("on-accent", "accent", 7.0)),
    *(("on-brand", "brand", 4.5), ("on-brand", "brand-strong", 4.5), ("on-bad", "bad", 4.5)),
    *((link, ground, 4.5) for link in ("brand", "brand-strong", "accent-ink", "bad") for ground in GROUNDS),
    *((name, f"{name}-tint", 4.5) for name in ("good", "bad", "note")),
    *(("brand-strong", "brand-tint", 4.5), ("accent-ink", "accent-tint", 4.5), ("brand", "accent-tint", 4.5)),
    *(("line-strong", ground, 3.0) for ground in GROUNDS),
    *(("focus", ground, 3.0) for ground in GROUNDS),
    *((f"{family}-edge", family, 3.0) for family in FAMILIES),
]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_what_is_written_can_be_read(ink: str, ground: str, least: float, theme: str) -> None:
    side = ("light", "dark").index(theme)
    assert contrast(COLOURS[ink][side], COLOURS[ground][side]) >= least
