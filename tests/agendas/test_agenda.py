"""One participant's day: the page, the file, and the mail that brings it."""

from datetime import timedelta

import time_machine
from flask_babel import force_locale

from openmap.agendas.emails import programme_mail
from openmap.agendas.queries import surroundings_of
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.formats import clock_time
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.queries import current_version, dropped_meetings_of, meetings_of
from tests.counting import queries_of
from tests.people import Visitor


def first_time(published) -> str:
    with force_locale("fr"):
        return clock_time(published.event.slots[1].starts_at, published.event.zone)


def titles(page) -> list[str]:
    return [each.get_text(" ", strip=True) for each in page.html.select(".section .agenda .agenda-item__title")]


def test_the_day_of_a_structure_runs_in_order_with_tables_and_sheets(amina, published):
    page = amina.sees(published.path(published.structure))
    assert titles(page) == [
        "Accueil café; bienvenue, à tous",
        "Ville de Paris\u00a0– DSI",
        "Ville de Montreuil\u00a0– Propreté",
    ]
    first = page.html.select_one(".agenda-item--next").get_text(" ", strip=True)
    starts = first_time(published)
    for words in (starts, "Ville de Paris\u00a0– DSI", "Table 3", "Votre motif"):
        assert words in first


def test_a_desk_reads_the_sheet_and_the_motive_of_the_structure(bruno, published):
    page = bruno.sees(published.path(published.desks[0].registration))
    first = page.html.select_one(".agenda-item--next").get_text(" ", strip=True)
    for words in ("Atelier Soleil", "ESAT", "Collecte et tri sur site", "Présenter notre offre de réemploi", "Table 3"):
        assert words in first


def test_during_the_morning_the_next_meeting_comes_first(app, published):
    after_the_first = published.event.slots[2].starts_at
    path = published.path(published.structure)
    with time_machine.travel(after_the_first, tick=True):
        page = Visitor(app, "amina@exemple.fr").signs_in().sees(path)
    assert "Votre prochain rendez-vous" in page.text
    assert "Ville de Montreuil\u00a0– Propreté" in page.html.select_one(".agenda-item--next").get_text()


def test_someone_elses_agenda_does_not_exist(bruno, published):
    path = published.path(published.structure)
    bruno.sees(path, status=404)
    bruno.sees(f"{path}.ics", status=404)
    bruno.posts(f"{path}/feed", status=404)


def test_before_the_publication_the_page_says_what_comes(amina, published):
    with unit_of_work():
        current = current_version(published.event)
        assert current
        current.is_current = False
    page = amina.sees(published.path(published.structure))
    assert "Le programme n’est pas encore publié" in page.text


def test_a_meeting_that_is_off_is_told_so(amina, published):
    with unit_of_work():
        meeting = meetings_of(published.structure)[0]
        meeting.outcome, meeting.cancelled_at = MeetingOutcome.CANCELLED, now()
        published.publish({0: (1, 0)}, at=now())
    page = amina.sees(published.path(published.structure))
    assert "N’ont plus lieu" in page.text
    assert [one.desk.name for one in dropped_meetings_of(published.structure)] == ["Propreté"]


def test_the_mail_tells_times_tables_reasons_and_carries_the_calendar(app, published):
    version = current_version(published.event)
    assert version
    mail = programme_mail(
        published.structure,
        version=version,
        meetings=meetings_of(published.structure),
        unmet=["Pas de rendez-vous avec Lyon : tout est pris."],
        around=surroundings_of(published.event, [published.structure.id]),
    )
    assert mail.recipient == "amina@exemple.fr"
    starts = first_time(published)
    assert f"- {starts}, table 3 – Ville de Paris – DSI" in mail.text
    assert "Pas de rendez-vous avec Lyon" in mail.text
    assert f"http://localhost{published.path(published.structure)}" in mail.text
    assert "Ville de Montreuil" in mail.html
    assert mail.calendar
    assert mail.calendar.count("BEGIN:VEVENT") == 3


def test_each_version_has_its_own_mail(app, published):
    keys = set()
    for number in (2, 3):
        with unit_of_work():
            published.publish({0: (number, number)}, at=now() + timedelta(minutes=number))
        version = current_version(published.event)
        assert version
        theirs, around = meetings_of(published.structure), surroundings_of(published.event, [published.structure.id])
        keys.add(programme_mail(published.structure, version=version, meetings=theirs, around=around).key)
    assert len(keys) == 2


def test_the_day_costs_the_same_number_of_queries_for_one_meeting_and_for_two(app, amina, published):
    path = published.path(published.structure)
    with_two = queries_of(amina, path)
    with unit_of_work():
        gone = meetings_of(published.structure)[1]
        for seat in gone.participants:
            session.delete(seat)
        session.flush()
        session.delete(gone)
    assert queries_of(amina, path) == with_two
