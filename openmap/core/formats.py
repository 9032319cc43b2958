"""Dates, times and numbers as people read them, in the language of the page and the morning's time zone."""

import re
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_date, get_locale, gettext, ngettext
from markupsafe import Markup

from openmap.core import clock

NO_BREAK_SPACE = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")
_LOOSE_SPACE = re.compile(r" (?=[:;!?»·–](?:\s|$))|(?<=«) ")


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "fr"


def long_day(day: date) -> str:
    """« jeudi 16 novembre 2017 »."""
    return str(format_date(day, "EEEE d MMMM yyyy"))


def day(day: date) -> str:
    """« 16 novembre 2017 », for the title of a page."""
    return str(format_date(day, "d MMMM yyyy"))


def clock_time(instant: datetime, zone: tzinfo) -> str:
    """« 10 h 45 », or "10:45" in English, in `zone`."""
    local = instant.astimezone(zone)
    if _language() == "fr":
        return f"{local.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{local.minute:02d}"
    return f"{local.hour}:{local.minute:02d}"


def day_and_time(instant: datetime, zone: tzinfo) -> str:
    """« jeudi 16 novembre, 10 h 45 », in `zone`."""
    local = instant.astimezone(zone)
    return f"{format_date(local.date(), 'EEEE d MMMM')}, {clock_time(instant, zone)}"


def time_left(deadline: datetime, at: datetime) -> str:
    """« encore 12 jours », « encore 3 heures », or « c’est terminé »."""
    left = deadline - at
    if left <= timedelta():
        return str(gettext("c’est terminé"))
    days = left // timedelta(days=1)
    if days:
        return str(ngettext("encore %(num)d jour", "encore %(num)d jours", days))
    hours = max(1, left // timedelta(hours=1))
    return str(ngettext("encore %(num)d heure", "encore %(num)d heures", hours))


def sentence_start(text: str) -> str:
    """`text` with a capital first letter; unlike `capitalize`, "Thursday 16 November" keeps its other capital."""
    return text[:1].upper() + text[1:]


def spaced(text: str) -> str:
    """`text` with the no-break spaces of French typography: people type ordinary ones, and lines break there."""
    held = _LOOSE_SPACE.sub(NO_BREAK_SPACE, text)
    return Markup(held) if isinstance(text, Markup) else held  # noqa: S704 - as safe as it came


def siret(number: str | None) -> str:
    """`123 456 789 00012`, as La Poste and the registers print it."""
    if not number:
        return ""
    return NO_BREAK_SPACE.join((number[:3], number[3:6], number[6:9], number[9:]))


def stored_words(words: str) -> str:
    """A reason that is either one of our own sentences, told in the language of the moment, or somebody's own words.

    A template must not hand it to `_()`, which takes its argument for a message of ours: neither escaped, nor free to
    hold a per cent sign.
    """
    return str(gettext(words)) if words else ""


def register_filters(app: Flask) -> None:
    """Make the formats filters of every template."""
    for function in (long_day, day, clock_time, day_and_time, time_left, sentence_start, spaced, siret, stored_words):
        app.add_template_filter(function)
    app.jinja_env.globals["paris"] = PARIS
    app.jinja_env.globals["now"] = clock.now
