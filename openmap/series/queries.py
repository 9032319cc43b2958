"""Series and their editions, as pages need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from openmap.core.db import session
from openmap.events.models import Event, Series
from openmap.events.queries import editions
from openmap.organisations.enums import Sector
from openmap.series.enums import FigureName
from openmap.series.figures import Edition, with_figures
from openmap.series.models import NextEditionWish

CHARTED = (FigureName.SCHEDULED, FigureName.STRUCTURES, FigureName.PARTICIPANTS)


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series: its mornings to come, the nearest first, and the past ones, the latest first."""

    series: Series
    coming: Sequence[Edition]
    past: Sequence[Edition]

    @property
    def has_reported(self) -> bool:
        """Whether a figure of a past morning comes from its published review."""
        return any(edition.has_reported for edition in self.past)

    @property
    def chart(self) -> tuple[FigureName, Sequence[tuple[Event, int]]] | None:
        """What to draw: the first figure that two past mornings have, from the first morning to the last."""
        for name in CHARTED:
            points = [(each.event, figure.value) for each in reversed(self.past) if (figure := each.figure(name))]
            if len(points) > 1:
                return name, points
        return None


def series_page(series: Series, at: datetime) -> SeriesPage:
    """Everything about a series; as many queries for one morning as for twenty."""
    events = editions(series)
    past = [event for event in events if event.is_past(at)]
    coming = [event for event in reversed(events) if not event.is_past(at)]
    # a review speaks of what was: before the morning only rows count
    return SeriesPage(series, with_figures(coming, with_reported=False), with_figures(past))


def all_series() -> Sequence[Series]:
    """Every series, by name."""
    return session.scalars(select(Series).order_by(Series.name, Series.id)).all()


def wishes_of(email: str) -> Sequence[NextEditionWish]:
    """What one mailbox wants to hear of, confirmed and not ended."""
    standing = select(NextEditionWish).where(
        NextEditionWish.email == email.lower(),
        NextEditionWish.confirmed_at.is_not(None),
        NextEditionWish.ended_at.is_(None),
    )
    return session.scalars(standing.order_by(NextEditionWish.id)).all()


def offered_sectors(page: SeriesPage) -> list[Sector]:
    """Every sector, those of the series' mornings first: somebody may wait for one that never was."""
    known = dict.fromkeys(each.event.sector for each in (*page.coming, *page.past))
    return [*known, *(sector for sector in Sector if sector not in known)]
