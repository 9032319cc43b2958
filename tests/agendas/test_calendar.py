"""The calendar file and its secret address, as real calendar programs read them."""

import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
from sqlalchemy import select

from openmap.agendas.ical import calendar_text
from openmap.agendas.models import Feed
from openmap.agendas.queries import agenda_of
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.queries import meetings_of
from tests.people import Visitor

ADDRESS = re.compile(r"http://localhost(/a/[0-9a-f]+\.ics)")


def entries(text: str) -> dict[str, Any]:
    """The entries of a calendar text by their UID."""
    return {str(entry["UID"]): entry for entry in icalendar.Calendar.from_ical(text).walk("VEVENT")}


def secret_address(visitor, published) -> str:
    page = visitor.submits(published.path(published.structure), "/feed")
    found = ADDRESS.search(page.text)
    assert found
    return found.group(1)


def khal(folder: Path, *arguments: str) -> str:
    """Run the calendar program khal with a home of its own."""
    calendars = folder / "calendars"
    calendars.mkdir(exist_ok=True)
    config = folder / "khal.conf"
    config.write_text(
        f"[calendars]\n[[matinale]]\npath = {calendars}\n[sqlite]\npath = {folder / 'khal.db'}\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        "[default]\ndefault_calendar = matinale\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "khal", "-c", str(config), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


def test_a_calendar_program_reads_the_downloaded_file(amina, published, tmp_path):
    answer = amina.browser.get(f"{published.path(published.structure)}.ics")
    assert answer.content_type == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    (tmp_path / "day.ics").write_bytes(answer.body)
    khal(tmp_path, "import", "--batch", "-a", "matinale", str(tmp_path / "day.ics"))
    day = f"{published.event.held_on:%Y-%m-%d}"
    told = khal(tmp_path, "list", "--format", "{start-time} {title} | {location}", day, "1d").splitlines()
    assert "09:00 Accueil café; bienvenue, à tous | Ressourcerie du Spectacle, Vitry-sur-Seine (94)" in told
    place = "Ressourcerie du Spectacle, Vitry-sur-Seine (94) – table 3"
    assert f"09:45 Rendez-vous\u00a0: Ville de Paris – DSI | {place}" in told


def test_a_second_import_moves_the_meeting_instead_of_showing_it_twice(published, tmp_path):
    file = tmp_path / "day.ics"
    for at, position in ((0, 1), (1, 2)):
        with unit_of_work():
            published.publish({0: (position, at)}, at=now() + timedelta(minutes=at))
        file.write_text(calendar_text(agenda_of(published.structure)), encoding="utf-8")
        khal(tmp_path, "import", "--batch", "-a", "matinale", str(file))
    day = f"{published.event.held_on:%Y-%m-%d}"
    told = khal(tmp_path, "list", "--format", "{start-time} {title}", day, "1d").splitlines()
    assert [line for line in told if "DSI" in line] == ["10:00 Rendez-vous\u00a0: Ville de Paris – DSI"]


def test_uids_stay_and_sequences_grow_across_versions(published):
    first = entries(calendar_text(agenda_of(published.structure)))
    with unit_of_work():
        published.publish({0: (2, 1), 1: (3, 0)}, at=now() + timedelta(minutes=1))
    second = entries(calendar_text(agenda_of(published.structure)))
    assert first.keys() == second.keys()
    moved = f"{published.requests[0].ref}@openmap"
    assert (first[moved]["SEQUENCE"], second[moved]["SEQUENCE"]) == (0, 1)
    assert second[moved]["DTSTART"].dt == published.event.slots[2].starts_at


def test_cancelled_and_dropped_meetings_are_told_as_cancelled(published):
    with unit_of_work():
        published.publish({0: (1, 0)}, at=now() + timedelta(minutes=1))
        meeting = meetings_of(published.structure)[0]
        meeting.outcome, meeting.cancelled_at, meeting.sequence = MeetingOutcome.CANCELLED, now(), 1
    told = entries(calendar_text(agenda_of(published.structure)))
    cancelled, dropped = (told[f"{request.ref}@openmap"] for request in published.requests)
    assert (cancelled["STATUS"], cancelled["SEQUENCE"]) == ("CANCELLED", 1)
    assert (dropped["STATUS"], dropped["SEQUENCE"]) == ("CANCELLED", 1)


def test_times_are_utc_and_the_calendar_has_no_uid_of_its_own(published):
    text = calendar_text(agenda_of(published.structure))
    calendar: Any = icalendar.Calendar.from_ical(text)
    assert "UID" not in calendar
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert calendar["X-WR-CALNAME"] == "Matinale de l’économie circulaire – Atelier Soleil"
    assert all(isinstance(entry["DTSTART"].dt, datetime) for entry in calendar.walk("VEVENT"))
    assert "TZID" not in text


def test_hostile_names_stay_one_line_of_the_calendar(published):
    with unit_of_work():
        published.event.venue = "Salle\u2028\x0bEND:VEVENT\r\nBEGIN:VALARM"
    text = calendar_text(agenda_of(published.structure))
    assert len(entries(text)) == 3
    assert "\nBEGIN:VALARM" not in text
    assert "\u2028" not in text
    assert "\x0b" not in text


def test_the_secret_address_needs_no_sign_in_and_is_dead_once_revoked(app, amina, published):
    address = secret_address(amina, published)
    calendar = Visitor(app)
    assert len(entries(calendar.sees(address).text)) == 3
    amina.submits(published.path(published.structure), "/feed/revoke")
    calendar.sees(address, status=404)
    again = secret_address(amina, published)
    assert again != address
    calendar.sees(again)


def test_opening_an_address_twice_gives_the_same_one(amina, published):
    page = amina.sees(published.path(published.structure))
    first = secret_address(amina, published)
    second = ADDRESS.search(amina.submits(page, "/feed").text)
    assert second
    assert second.group(1) == first


def test_the_secret_is_not_stored_and_cannot_be_guessed_from_what_is(app, amina, published):
    address = secret_address(amina, published)
    session.rollback()
    nonce = session.scalars(select(Feed.nonce)).one()
    assert nonce in address
    stranger = Visitor(app)
    for token in (nonce, nonce + "0" * 32, "x", "%C3%A9" * 40, address[3:-4] + "0"):
        stranger.sees(f"/a/{token}.ics", status=404)


def test_a_calendar_that_asks_again_gets_304_until_something_changes(app, amina, published):
    address = secret_address(amina, published)
    calendar = Visitor(app).browser
    first = calendar.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    by_tag = {"If-None-Match": first.headers["ETag"]}
    by_date = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert calendar.get(address, headers=by_tag).status_int == 304
    assert calendar.get(address, headers=by_date).status_int == 304
    with unit_of_work():
        published.publish({0: (2, 1)}, at=now() + timedelta(minutes=1))
    assert calendar.get(address, headers=by_tag).status_int == 200
    assert calendar.get(address, headers=by_date).status_int == 200
