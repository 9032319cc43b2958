"""« Prévenez-moi de la prochaine »: asked for, confirmed from the mailbox, told of once a morning, ended, forgotten."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import delete, or_, select

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.outbox import Mail
from openmap.core.text import mark
from openmap.events.models import Event, Series
from openmap.organisations.enums import Sector
from openmap.series import emails, queries
from openmap.series.models import EditionNews, NextEditionWish

UNCONFIRMED_LIFETIME = timedelta(days=7)
RETENTION = timedelta(days=3 * 365)


class StillADraft(RuleBroken):
    """Nobody but organisers could open the page that the mail speaks of."""

    message = mark("Cette matinale est un brouillon : publiez-la avant de prévenir qui que ce soit.")


class MorningIsPast(RuleBroken):
    """There is nothing to come to any more."""

    message = mark("Cette matinale est passée : il n’y a plus rien à annoncer.")


class NobodyToTell(Conflict):
    """Everyone was told, perhaps by another organiser a moment ago."""

    message = mark("Il n’y a personne à prévenir : toutes les personnes intéressées l’ont été.")


@dataclass(frozen=True, slots=True)
class News:
    """One mail ready to leave, and the wishes of its mailbox that it answers."""

    wish_ids: tuple[int, ...]
    mail: Mail


def make_wish(
    series: Series, *, email: str, sector: Sector | None, locale: str, secret_key: str, at: datetime
) -> NextEditionWish:
    """Note what a mailbox wants to hear of, None being any sector, and mail it the link that confirms.

    A mailbox that is known gets the same mail as a new one, at most one an hour: nobody learns which it is.
    """
    lock(series)
    email = email.lower()
    wish = queries.find_wish(series, email, sector)
    if wish is None:
        wish = NextEditionWish(series_id=series.id, email=email, sector=sector, nonce=_nonce(), created_at=at)
        session.add(wish)
    elif wish.ended_at is not None:
        wish.nonce, wish.confirmed_at, wish.ended_at = _nonce(), None, None
    wish.locale, wish.created_at = locale, at
    session.flush()
    outbox.enqueue(emails.confirm_wish(wish, series, secret_key=secret_key, at=at), at=at)
    return wish


def confirm_wish(wish: NextEditionWish, *, at: datetime) -> None:
    """The mailbox's owner pressed the button; twice is once."""
    lock(wish)
    if wish.confirmed_at is None:
        wish.confirmed_at = at
        audit.record(None, "wish.confirmed", wish, at=at)


def end_wishes(wish: NextEditionWish, *, by: Person | None, at: datetime) -> None:
    """Tell this mailbox nothing of the series any more, whatever sectors it named; twice is once."""
    rows = select(NextEditionWish).filter_by(series_id=wish.series_id, email=wish.email, ended_at=None)
    for each in session.scalars(rows):
        each.ended_at = at
        audit.record(by, "wish.ended", each, at=at)


def prepare_news(event: Event, *, secret_key: str) -> list[News]:
    """Render the mail of every mailbox that waits for this morning; nothing is stored."""
    waiting = groupby(queries.waiting_wishes(event), key=lambda wish: wish.email)
    mailboxes = [list(wishes) for _, wishes in waiting]
    return [
        News(tuple(wish.id for wish in wishes), emails.next_edition_to(wishes[0], event, secret_key=secret_key))
        for wishes in mailboxes
    ]


def tell_of_edition(event: Event, prepared: Sequence[News], *, by: Person | None, at: datetime) -> int:
    """Send the news to those who still wait for it; returns how many mails leave.

    Raises StillADraft, MorningIsPast, NobodyToTell.
    """
    lock(event)
    if event.is_draft:
        raise StillADraft
    if event.is_past(at):
        raise MorningIsPast
    still = {wish.id for wish in queries.waiting_wishes(event)}
    leaving = [each for each in prepared if still.intersection(each.wish_ids)]
    if not leaving:
        raise NobodyToTell
    told = [wish_id for each in leaving for wish_id in each.wish_ids if wish_id in still]
    session.add_all(EditionNews(wish_id=wish_id, event_id=event.id, told_at=at) for wish_id in told)
    outbox.enqueue_all([each.mail for each in leaving], at=at)
    audit.record(by, "wishes.told", event, at=at, event_id=event.id, mails=len(leaving))
    return len(leaving)


def purge_wishes(*, at: datetime) -> int:
    """Forget what was never confirmed within a week, what was ended, and what is three years old; returns how many."""
    is_over = or_(
        NextEditionWish.confirmed_at.is_(None) & (NextEditionWish.created_at <= at - UNCONFIRMED_LIFETIME),
        NextEditionWish.ended_at.is_not(None),
        NextEditionWish.created_at <= at - RETENTION,
    )
    over = session.scalars(select(NextEditionWish.id).where(is_over)).all()
    session.execute(delete(EditionNews).where(EditionNews.wish_id.in_(over)))
    session.execute(delete(NextEditionWish).where(NextEditionWish.id.in_(over)))
    return len(over)


def _nonce() -> str:
    return secrets.token_hex(queries.NONCE_LENGTH // 2)
