"""The programme as an iCalendar text (RFC 5545, 7986), and the parts that personal calendars share with it.

Times are UTC, so no client needs a time zone table. A line keeps its UID, and its SEQUENCE grows with each change, so
that calendars move it instead of showing it twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from icalendar import Calendar, vDuration
from icalendar import Event as Entry

from openmap.core.text import clean_text
from openmap.events.models import Event, ProgrammeItem
from openmap.programme.queries import Line, OnStage

REFRESH = timedelta(hours=1)


def programme_text(event: Event, lines: Sequence[Line], *, stamp: datetime) -> str:
    """Return the programme in the language of the page; the same programme gives the same text."""
    calendar = new_calendar(event.title)
    for line in lines:
        entry = line_entry(line.item, event, stamp=stamp)
        told = [line.item.description, *(_who(one) for one in line.on_stage)]
        if text := clean_text("\n".join(part for part in told if part)):
            entry.add("description", text)
        calendar.add_component(entry)
    return str(calendar.to_ical().decode("utf-8"))


def file_name(event: Event) -> str:
    """`programme-matinale-….ics`."""
    return f"programme-{event.slug}.ics"


def new_calendar(name: str) -> Calendar:
    """An empty calendar that says its name and how often it is worth reading again."""
    shown = clean_text(name)
    calendar = Calendar()  # Calendar.new() would give it a UID, by which some clients merge all entries into one
    calendar.add("prodid", "-//OpenMap//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", shown)
    calendar.add("x-wr-calname", shown)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return calendar


def line_entry(item: ProgrammeItem, event: Event, *, stamp: datetime) -> Entry:
    """One line of the programme: good to know, but it keeps nobody busy."""
    entry = new_entry(f"programme-{event.slug}-{item.id}@openmap", item.title)
    entry.add("dtstamp", stamp)
    entry.add("dtstart", item.starts_at)
    entry.add("dtend", item.ends_at)
    entry.add("sequence", item.sequence)
    entry.add("location", place_of(item, event))
    entry.add("transp", "TRANSPARENT")
    return entry


def stage_entry(item: ProgrammeItem, one: OnStage, event: Event, *, stamp: datetime) -> Entry:
    """A participant's own time on stage, which does keep it busy."""
    entry = new_entry(f"appearance-{event.slug}-{one.appearance.id}@openmap", stage_title(one, item))
    entry.add("dtstamp", stamp)
    entry.add("dtstart", one.starts_at)
    entry.add("dtend", one.ends_at)
    entry.add("sequence", item.sequence)
    entry.add("location", place_of(item, event))
    entry.add("status", "CONFIRMED")
    return entry


def stage_title(one: OnStage, item: ProgrammeItem) -> str:
    """« Sur scène : Pitch – Recycler les bureaux »."""
    words = _("Sur scène : %(role)s", role=_(one.appearance.role.label))
    return f"{words} – {one.appearance.title or item.title}"


def place_of(item: ProgrammeItem, event: Event) -> str:
    """Where: the house, its address, and the room."""
    house = f"{event.venue}, {event.address}"
    return clean_text(f"{house} – {item.room}" if item.room else house)


def new_entry(uid: str, summary: str) -> Entry:
    """An entry that keeps this UID for ever."""
    entry = Entry()
    entry.add("uid", uid)
    entry.add("summary", clean_text(summary))
    return entry


def _who(one: OnStage) -> str:
    appearance = one.appearance
    structure = appearance.registration.title if appearance.registration else ""
    parts = [one.name, appearance.function, structure if structure != one.name else "", appearance.title]
    return ", ".join(part for part in parts if part)
