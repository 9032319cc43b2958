"""What a series is called and what is said of it; its address stays, since mails lead there."""

import hashlib
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock
from openmap.core.errors import Conflict
from openmap.core.text import mark
from openmap.events.models import Series


class SeriesChanged(Conflict):
    """Another organiser was here since the page was opened."""

    message = mark(
        "Quelqu’un a changé cette série entre-temps. Rien n’est enregistré : relisez ce qui est écrit maintenant."
    )


def words_of(series: Series) -> str:
    """A short name of what the page changes, the same as long as nobody changed it."""
    return hashlib.sha256(repr((series.name, series.description)).encode()).hexdigest()[:32]


def describe_series(series: Series, *, name: str, description: str, seen: str, by: Person | None, at: datetime) -> None:
    """Give a series its name and its text, read by everybody. Raises SeriesChanged."""
    lock(series)
    if (series.name, series.description) == (name, description):
        return
    if words_of(series) != seen:
        raise SeriesChanged
    series.name, series.description = name, description
    audit.record(by, "series.edited", series, at=at)
