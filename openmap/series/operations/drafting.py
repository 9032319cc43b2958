"""A morning begins as a draft, from nothing or from an earlier one, and is published when it is ready."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark, plain
from openmap.events.models import Event, Series
from openmap.events.queries import find_event, find_series
from openmap.organisations.enums import Sector
from openmap.series.enums import Part
from openmap.series.moving import Dates, Move, Span
from openmap.series.operations.copying import copy_parts
from openmap.series.plan import deadlines_of, moved_dates, troubles

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED_SLUGS = frozenset({"duplicates", "new", "organisations"})  # pages of their own under /manage
DAYS_BEFORE = (8, 6, 3)  # registration, requests and answers close, in days before the morning
LAST_MINUTE = time(23, 59)


class SlugTaken(RuleBroken):
    """Another morning has this address."""

    message = mark("L’adresse « %(slug)s » est déjà celle d’une matinale. Choisissez-en une autre.")
    field = "slug"


class SlugUnreadable(RuleBroken):
    """It would not stand in an address, or leads to another page."""

    message = mark(
        "« %(slug)s » ne peut pas être une adresse. Écrivez des lettres sans accent, des chiffres et des tirets."
    )
    field = "slug"


class DayIsPast(RuleBroken):
    """A morning is prepared for a day to come."""

    message = mark("Ce jour est passé. Choisissez un jour à venir.")
    field = "held_on"


class CoachingNeedsPitches(RuleBroken):
    """Coaching sessions are those of a call for pitches."""

    message = mark("Le coaching accompagne l’appel à pitchs : reprenez les deux, ou aucun des deux.")
    field = "parts"


class DatesRefused(RuleBroken):
    """Some dates of a copy would be past, or out of order; `troubles` says what is wrong, by name."""

    message = mark("Des dates sont à corriger avant de créer le brouillon.")

    def __init__(self, troubles: Mapping[str, str]) -> None:
        super().__init__()
        self.troubles = troubles


class DatesNotSeen(RuleBroken):
    """The day or a part was changed after the page had shown where the dates go."""

    message = mark("Le jour ou les parties ont changé : relisez les dates ci-dessous, puis créez le brouillon.")


class PublishedMeanwhile(Conflict):
    """Another organiser pressed the button, or the page is old."""

    message = mark("Cette matinale est déjà publiée.")


@dataclass(frozen=True, slots=True)
class Identity:
    """What an organiser says of a new morning."""

    title: str
    slug: str
    held_on: date
    venue: str
    address: str
    sector: Sector


def start_morning(
    series_name: str, identity: Identity, *, description: str, zone: ZoneInfo, by: Person | None, at: datetime
) -> Event:
    """Begin a morning from nothing, as a draft with the usual deadlines; its series begins with it if it is new.

    Raises SlugTaken, SlugUnreadable, DayIsPast.
    """
    check_identity(identity, zone=zone, at=at)
    series = find_or_add_series(series_name)
    series.description = series.description or description
    days = (identity.held_on - timedelta(days=before) for before in DAYS_BEFORE)
    deadlines = [datetime.combine(day, LAST_MINUTE, zone).astimezone(UTC) for day in days]
    event = _add_draft(series, identity, zone.key, deadlines)
    audit.record(by, "event.started", event, at=at, event_id=event.id)
    return event


def copy_morning(
    source: Event,
    identity: Identity,
    *,
    parts: Collection[Part],
    typed: Mapping[str, Span] | None = None,
    by: Person | None,
    at: datetime,
) -> Event:
    """Begin the next edition of a morning with those parts of its settings, every date moved along; a draft.

    `typed` are the dates that the organiser chose otherwise, by their names in the plan.
    Whoever took part, asked, agreed or sent a file stays where they were. Raises SlugTaken, SlugUnreadable, DayIsPast,
    CoachingNeedsPitches, DatesRefused.
    """
    lock(source)
    check_identity(identity, zone=source.zone, at=at)
    if Part.COACHING in parts and Part.PITCHES not in parts:
        raise CoachingNeedsPitches
    found = troubles(moved_dates(source, identity.held_on, parts, typed), at)
    if found:
        raise DatesRefused(found)
    dates = Dates(Move(source.held_on, identity.held_on, source.zone), typed or {})
    deadlines = dates.deadlines(deadlines_of(source)).values()
    event = _add_draft(source.series, identity, source.timezone, deadlines)
    event.copied_from_id, event.request_quota = source.id, source.request_quota
    copy_parts(source, event, parts, dates=dates, at=at)
    audit.record(by, "event.copied", event, at=at, event_id=event.id, copied_from=source.slug)
    return event


def publish_morning(event: Event, *, by: Person | None, at: datetime) -> None:
    """Let everybody see a draft, and register. Raises PublishedMeanwhile, DayIsPast."""
    lock(event)
    if not event.is_draft:
        raise PublishedMeanwhile
    if event.is_past(at):
        raise DayIsPast
    event.is_draft = False
    audit.record(by, "event.published", event, at=at, event_id=event.id)


def check_identity(identity: Identity, *, zone: ZoneInfo, at: datetime, known: Event | None = None) -> None:
    """What any morning's address and day must be; `known` is the morning itself when it exists already."""
    slug = identity.slug
    if not SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
        raise SlugUnreadable(slug=slug)
    other = find_event(slug)
    if other is not None and other is not known:
        raise SlugTaken(slug=slug)
    if identity.held_on < at.astimezone(zone).date():
        raise DayIsPast


def suggested_slug(series: Series, day: date, source: Event) -> str:
    """`ess-2018-05-17`: as the earlier morning's address was made, with the new day."""
    old_day = f"-{source.held_on.isoformat()}"
    stem = source.slug.removesuffix(old_day) if source.slug.endswith(old_day) else series.slug
    return _dated(stem, day)


def suggested_new_slug(series_name: str, day: date | None) -> str:
    """`openmap-ess-2018-05-17`, "" without a day."""
    return _dated(series_slug(series_name), day) if day else ""


def series_slug(name: str) -> str:
    """The address of a series of this name."""
    return "-".join(re.findall(r"[a-z0-9]+", plain(name)))[:80].strip("-") or "series"


def find_or_add_series(name: str) -> Series:
    """The series of this name, whatever its capitals and accents; a new one if there is none."""
    slug = series_slug(name)
    series = find_series(slug)
    if series is None:
        series = Series(slug=slug, name=name, description="")
        session.add(series)
        session.flush()
    return series


def _dated(stem: str, day: date) -> str:
    return f"{stem[:69].rstrip('-')}-{day.isoformat()}"


def _add_draft(series: Series, identity: Identity, timezone: str, deadlines: Collection[datetime]) -> Event:
    registration, requests, answers = deadlines
    event = Event(
        series_id=series.id,
        slug=identity.slug,
        title=identity.title,
        sector=identity.sector,
        held_on=identity.held_on,
        timezone=timezone,
        venue=identity.venue,
        address=identity.address,
        registration_closes_at=registration,
        requests_close_at=requests,
        answers_close_at=answers,
        is_draft=True,
    )
    session.add(event)
    session.flush()
    return event
