"""Series and their editions, as pages need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, distinct, func, or_, select
from sqlalchemy.orm import joinedload

from openmap.core.db import session
from openmap.core.tokens import fingerprint, same
from openmap.events.models import Event, Series
from openmap.events.queries import editions
from openmap.organisations.enums import Sector
from openmap.series.enums import FigureName
from openmap.series.figures import Edition, with_figures
from openmap.series.models import EditionNews, NextEditionWish

NONCE_LENGTH = 32  # characters of a link's public half
CONFIRM, END = "confirm", "end"
_STANDS = and_(NextEditionWish.confirmed_at.is_not(None), NextEditionWish.ended_at.is_(None))
CHARTED = (FigureName.SCHEDULED, FigureName.STRUCTURES, FigureName.PARTICIPANTS)  # first, where they are known


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
    def known(self) -> Sequence[FigureName]:
        """The figures that at least one past morning has."""
        return [name for name in FigureName if any(each.figure(name) for each in self.past)]

    @property
    def charts(self) -> Mapping[FigureName, Sequence[tuple[Event, int]]]:
        """What may be drawn: each figure that two past mornings have, from the first morning to the last."""
        found = {}
        for name in dict.fromkeys((*CHARTED, *FigureName)):
            points = [(each.event, figure.value) for each in reversed(self.past) if (figure := each.figure(name))]
            if len(points) > 1:
                found[name] = points
        return found


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


def wish_token(nonce: str, purpose: str, *, key: str) -> str:
    """The secret of a link that confirms or ends a wish, drawn from its nonce and never stored."""
    return nonce + fingerprint(f"next-edition:{purpose}:{nonce}", key=key)[:NONCE_LENGTH]


def wish_of_token(token: str, purpose: str, *, key: str) -> NextEditionWish | None:
    """The wish that a link opens for one purpose, unless it was ended or purged."""
    nonce = token[:NONCE_LENGTH]
    if not same(token, wish_token(nonce, purpose, key=key)):
        return None
    return session.scalars(select(NextEditionWish).filter_by(nonce=nonce, ended_at=None)).one_or_none()


def find_wish(series: Series, email: str, sector: Sector | None) -> NextEditionWish | None:
    """One mailbox's wish for one sector, None being any, confirmed or not."""
    rows = select(NextEditionWish).filter_by(series_id=series.id, email=email, sector=sector)
    return session.scalars(rows).one_or_none()


def waiting_wishes(event: Event) -> Sequence[NextEditionWish]:
    """The wishes that this morning answers and that were not told of it, several of one mailbox beside each other."""
    told = select(EditionNews.wish_id).where(EditionNews.event_id == event.id)
    rows = select(NextEditionWish).where(
        NextEditionWish.series_id == event.series_id,
        or_(NextEditionWish.sector.is_(None), NextEditionWish.sector == event.sector),
        _STANDS,
        NextEditionWish.id.not_in(told),
    )
    return session.scalars(rows.order_by(NextEditionWish.email, NextEditionWish.id)).all()


def told_count(event: Event) -> int:
    """How many mailboxes were told of this morning."""
    rows = select(func.count(distinct(NextEditionWish.email))).select_from(EditionNews).join(EditionNews.wish)
    return session.scalar(rows.where(EditionNews.event_id == event.id)) or 0


def wishes_of(email: str) -> Sequence[NextEditionWish]:
    """What one mailbox wants to hear of, confirmed and not ended."""
    standing = select(NextEditionWish).where(NextEditionWish.email == email.lower(), _STANDS)
    return session.scalars(standing.options(joinedload(NextEditionWish.series)).order_by(NextEditionWish.id)).all()
