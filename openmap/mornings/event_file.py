"""event.json: where and when a morning takes place, its slots, tables and programme."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openmap.core.text import clean_text
from openmap.events.enums import ProgrammeKind
from openmap.mornings.lines import BadCell, BadMorning, Trouble, one_of, read_text
from openmap.organisations.enums import Sector
from openmap.programme.enums import AppearanceRole
from openmap.programme.operations.appearing import STAGE_LIMIT

NAME = "event.json"
KEYS = {"slug", "series", "title", "date", "timezone", "venue", "address", "sector", "slots", "tables", "programme"}
OPTIONAL_KEYS = frozenset({"reported", "introduction", "request_quota", "deadlines"})
PERIOD_KEYS = frozenset({"room", "description", "capacity", "speakers"})
SPEAKER_KEYS = frozenset({"ref", "name", "function", "title", "minutes"})
LAST_MINUTE = time(23, 59)
# Days from a deadline to the morning, unless the file names the dates.
DEADLINES = {"registration": 8, "requests": 6, "answers": 3}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody in a line of the programme: a participant by `ref`, a person by name, or both."""

    role: AppearanceRole
    ref: str
    name: str
    function: str
    title: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """One line of the programme, in UTC."""

    kind: ProgrammeKind
    title: str
    starts_at: datetime
    ends_at: datetime
    room: str = ""
    description: str = ""
    capacity: int | None = None
    speakers: tuple[Speaker, ...] = ()


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What event.json says; instants in UTC, `slots` as (start, end); `request_quota` None when it doesn't say."""

    slug: str
    series: str
    title: str
    held_on: date
    timezone: str
    venue: str
    address: str
    sector: Sector
    introduction: str
    slots: tuple[tuple[datetime, datetime], ...]
    table_count: int
    programme: tuple[Period, ...]
    deadlines: Mapping[str, datetime]
    request_quota: int | None
    reported: Mapping[str, Any]


class _Part:
    """One object of the file; its methods give a checked value, or raise BadCell with its path."""

    def __init__(self, values: object, path: str, *, keys: set[str], optional: frozenset[str] = frozenset()) -> None:
        if not isinstance(values, dict):
            raise BadCell(path, "must be an object")
        self._path = path
        for key in sorted(keys - values.keys() | values.keys() - keys - optional):
            raise BadCell(self.at(key), "is missing" if key in keys else "is unknown")
        self._values = values

    def at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def get(self, key: str, default: object = None) -> object:
        return self._values.get(key, default)

    def text(self, key: str, *, longest: int = 200, default: str | None = None) -> str:
        value = self.get(key, default)
        text = clean_text(value) if isinstance(value, str) else ""
        if not (text or default is not None) or not isinstance(value, str) or len(text) > longest:
            raise BadCell(self.at(key), f"must be a text of 1 to {longest} characters")
        return text

    def number(self, key: str, *, highest: int) -> int:
        value = self.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= highest:
            raise BadCell(self.at(key), f"must be a whole number from 1 to {highest}")
        return value

    def day(self, key: str) -> date:
        try:
            return date.fromisoformat(self.text(key))
        except ValueError:
            raise BadCell(self.at(key), f"{self.get(key)!r} is no date: write it as 2017-11-16") from None

    def clock(self, key: str) -> time:
        text = self.text(key)
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
            raise BadCell(self.at(key), f"{text!r} is no time: write it as 10:30")
        return time.fromisoformat(text)


def read_event(folder: Path) -> EventFacts:
    """Read event.json; raises BadMorning."""
    try:
        return _facts(json.loads(read_text(folder / NAME)))
    except BadCell as bad:
        raise BadMorning([Trouble(NAME, None, bad.place, bad.why)]) from None
    except json.JSONDecodeError as error:
        raise BadMorning([Trouble(NAME, error.lineno, "", f"is no JSON: {error.msg}")]) from None
    except RecursionError:
        raise BadMorning([Trouble(NAME, None, "", "is nested too deeply")]) from None


def _facts(document: object) -> EventFacts:
    part = _Part(document, "", keys=KEYS, optional=OPTIONAL_KEYS)
    day, zone = part.day("date"), _zone(part)
    reported = part.get("reported", {})
    if not isinstance(reported, dict):
        raise BadCell("reported", "must be an object")
    return EventFacts(
        slug=_slug(part),
        series=part.text("series", longest=120),
        title=part.text("title"),
        held_on=day,
        timezone=zone.key,
        venue=part.text("venue"),
        address=part.text("address", longest=300),
        sector=one_of(part.text("sector"), Sector, "sector"),
        introduction=part.text("introduction", longest=5000, default=""),
        slots=_slots(part, day, zone),
        table_count=part.number("tables", highest=500),
        programme=_programme(part, day, zone),
        deadlines=_deadlines(part, day, zone),
        request_quota=part.number("request_quota", highest=500) if part.get("request_quota") is not None else None,
        reported=reported,
    )


def _slug(part: _Part) -> str:
    slug = part.text("slug", longest=80)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise BadCell("slug", f"{slug!r} can't be in an address: write small letters, digits and hyphens")
    return slug


def _zone(part: _Part) -> ZoneInfo:
    name = part.text("timezone", longest=60)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadCell("timezone", f"{name!r} is no time zone: write one such as Europe/Paris") from None


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _slots(part: _Part, day: date, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    slots = _Part(part.get("slots"), "slots", keys={"count", "start", "minutes"})
    count, minutes = slots.number("count", highest=100), slots.number("minutes", highest=240)
    start, length = _instant(day, slots.clock("start"), zone), timedelta(minutes=minutes)
    if (start + count * length).astimezone(zone).date() != day:
        raise BadCell("slots", f"{count} slots of {minutes} minutes end after midnight")
    return tuple((start + number * length, start + (number + 1) * length) for number in range(count))


def _programme(part: _Part, day: date, zone: ZoneInfo) -> tuple[Period, ...]:
    items = part.get("programme")
    if not isinstance(items, list) or len(items) > 100:
        raise BadCell("programme", "must be a list of at most 100 items")
    return tuple(_period(item, f"programme[{number}]", day, zone) for number, item in enumerate(items))


def _period(item: object, path: str, day: date, zone: ZoneInfo) -> Period:
    part = _Part(item, path, keys={"start", "end", "kind", "title"}, optional=PERIOD_KEYS)
    starts_at, ends_at = (_instant(day, part.clock(key), zone) for key in ("start", "end"))
    if starts_at >= ends_at:
        raise BadCell(part.at("end"), "comes before its start")
    speakers = part.get("speakers", [])
    if not isinstance(speakers, list) or len(speakers) > STAGE_LIMIT:
        raise BadCell(part.at("speakers"), f"must be a list of at most {STAGE_LIMIT} people")
    return Period(
        kind=one_of(part.text("kind"), ProgrammeKind, part.at("kind")),
        title=part.text("title"),
        starts_at=starts_at,
        ends_at=ends_at,
        room=part.text("room", longest=120, default=""),
        description=part.text("description", longest=1000, default=""),
        capacity=part.number("capacity", highest=20_000) if part.get("capacity") is not None else None,
        speakers=tuple(_speaker(each, f"{part.at('speakers')}[{place}]") for place, each in enumerate(speakers)),
    )


def _speaker(item: object, path: str) -> Speaker:
    part = _Part(item, path, keys={"role"}, optional=SPEAKER_KEYS)
    ref, name = part.text("ref", longest=20, default=""), part.text("name", longest=120, default="")
    if not (ref or name):
        raise BadCell(part.at("name"), "is missing: name a person, or a participant by its ref")
    return Speaker(
        role=one_of(part.text("role"), AppearanceRole, part.at("role")),
        ref=ref,
        name=name,
        function=part.text("function", default=""),
        title=part.text("title", default=""),
        minutes=part.number("minutes", highest=240) if part.get("minutes") is not None else None,
    )


def _deadlines(part: _Part, day: date, zone: ZoneInfo) -> dict[str, datetime]:
    if part.get("deadlines") is None:
        days = {name: day - timedelta(days=before) for name, before in DEADLINES.items()}
    else:
        given = _Part(part.get("deadlines"), "deadlines", keys=set(DEADLINES))
        days = {name: given.day(name) for name in DEADLINES}
    if not days["registration"] <= days["requests"] <= days["answers"] <= day:
        raise BadCell("deadlines", "must follow each other: registration, requests, answers, then the morning")
    return {name: _instant(deadline, LAST_MINUTE, zone) for name, deadline in days.items()}
