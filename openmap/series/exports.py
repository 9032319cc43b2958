"""The figures of a series as a table to take away: one line a past morning, one column a figure."""

from collections.abc import Callable, Sequence

from openmap.core.spreadsheets import csv_bytes
from openmap.core.text import mark
from openmap.series.enums import FigureName
from openmap.series.figures import Edition

HEADINGS = (mark("Matinale"), mark("Jour"), mark("Secteur"), mark("Lieu"))
REPORTED = mark("D’après le bilan publié")


def figures_csv(editions: Sequence[Edition], *, worded: Callable[[str], str]) -> bytes:
    """Mornings from the first to the last; `worded` puts marked words in the reader's language.

    A figure that nobody knows is an empty cell, and the last column names those that come from a published review.
    """
    headings = [worded(each) for each in (*HEADINGS, *(name.label for name in FigureName), REPORTED)]
    return csv_bytes(headings, (_row(each, worded) for each in sorted(editions, key=lambda each: each.event.held_on)))


def _row(edition: Edition, worded: Callable[[str], str]) -> list[object]:
    event = edition.event
    values = [figure.value if figure else "" for figure in map(edition.figure, FigureName)]
    reported = ", ".join(worded(figure.name.label) for figure in edition.figures if figure.is_reported)
    return [event.title, event.held_on.isoformat(), worded(event.sector.label), event.venue, *values, reported]
