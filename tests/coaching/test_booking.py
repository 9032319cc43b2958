"""A structure books, changes and gives back its place; mails and calendars follow."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from openmap.coaching.models import CoachingBooking
from openmap.coaching.operations import book_session, cancel_booking
from openmap.coaching.queries import booking_of, offers
from openmap.coaching.recurring import give_places_back, remind_two_days_before
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.pitches.enums import ApplicationState, Confirmation
from tests.agendas.test_calendar import ADDRESS, entries, khal
from tests.coaching.conftest import build_coached
from tests.core.test_delivery import application, deliver
from tests.factories import build_coaching_booking
from tests.people import Visitor, the_form


def entry_in(mail: OutboxMail) -> Any:
    """The one entry of a mail's calendar."""
    assert mail.calendar
    calendar: Any = icalendar.Calendar.from_ical(mail.calendar)
    return calendar, calendar.walk("VEVENT")[0]


def mails(kind: str) -> list[OutboxMail]:
    session.rollback()
    return list(session.scalars(select(OutboxMail).filter_by(kind=kind).order_by(OutboxMail.id)))


def test_amina_books_and_gets_an_invitation_for_her_calendar(amina, coached, tmp_path: Path):
    first = coached.sessions[0]
    page = amina.submits(coached.place_of(coached.amina), f"/{first.id}")
    assert "Votre place est réservée" in page.text
    mail = amina.latest_mail()
    assert "Halle Papin, Pantin" in mail.text
    assert "Avec Claire Petit" in mail.text
    calendar, entry = entry_in(mail)
    assert (calendar["METHOD"], entry["ATTENDEE"]) == ("REQUEST", "mailto:amina@exemple.fr")
    assert entry["DTSTART"].dt == first.starts_at
    (tmp_path / "coaching.ics").write_text(mail.calendar, encoding="utf-8")
    khal(tmp_path, "import", "--batch", "-a", "matinale", str(tmp_path / "coaching.ics"))
    told = khal(tmp_path, "list", "--format", "{title} | {location}", f"{first.starts_at:%Y-%m-%d}", "1d")
    assert "Coaching de pitch\u00a0: Matinale de l’économie circulaire | Halle Papin, Pantin" in told


def test_changing_sessions_moves_the_same_entry_and_frees_the_place(amina, coached, tmp_path: Path):
    first, second = coached.sessions
    amina.submits(coached.place_of(coached.amina), f"/{first.id}")
    before = amina.latest_mail()
    amina.submits(coached.place_of(coached.amina), f"/{second.id}")
    after = amina.latest_mail()
    (_, old), (_, new) = entry_in(before), entry_in(after)
    assert old["UID"] == new["UID"]
    assert old["SEQUENCE"] < new["SEQUENCE"]
    for mail in (before, after):
        file = tmp_path / "coaching.ics"
        file.write_text(mail.calendar or "", encoding="utf-8")
        khal(tmp_path, "import", "--batch", "-a", "matinale", str(file))
    told = khal(tmp_path, "list", "--format", "{start-date} {title}", f"{coached.at:%Y-%m-%d}", "20d").splitlines()
    assert [line[:10] for line in told if "Coaching" in line] == [f"{second.starts_at:%Y-%m-%d}"]
    session.rollback()
    assert [offer.taken for offer in offers(coached.call)] == [0, 1]


def test_a_place_given_back_leaves_the_calendar(amina, coached):
    amina.submits(coached.place_of(coached.amina), f"/{coached.sessions[0].id}")
    _, booked = entry_in(amina.latest_mail())
    page = amina.submits(coached.place_of(coached.amina), "/cancel")
    assert "Votre place est rendue" in page.text
    calendar, entry = entry_in(amina.latest_mail())
    assert (calendar["METHOD"], entry["STATUS"]) == ("CANCEL", "CANCELLED")
    assert entry["UID"] == booked["UID"]
    assert entry["SEQUENCE"] > booked["SEQUENCE"]
    again = amina.submits(coached.place_of(coached.amina), f"/{coached.sessions[0].id}")
    assert "Votre place est réservée" in again.text
    assert entry_in(amina.latest_mail())[1]["SEQUENCE"] > entry["SEQUENCE"]


def test_over_smtp_a_cancellation_says_so_in_the_type_of_its_part(config, amina, coached, smtp_server):
    amina.submits(coached.place_of(coached.amina), f"/{coached.sessions[0].id}")
    amina.submits(coached.place_of(coached.amina), "/cancel")
    session.rollback()
    for smtp_app in application(config, smtp_server.port):
        deliver(smtp_app, at=now())
    methods = [
        part.get_param("method")
        for message in smtp_server.to("amina@exemple.fr")
        for part in message.walk()
        if part.get_content_type() == "text/calendar"
    ]
    assert methods == ["REQUEST", "CANCEL"]


def test_a_full_session_can_not_be_booked_and_the_other_place_is_kept(app, amina, bruno, coached):
    first, second = coached.sessions
    with unit_of_work():
        first.places = 1
    amina.submits(coached.place_of(coached.amina), f"/{second.id}")
    stale = the_form(amina.sees(coached.place_of(coached.amina)), f"/{first.id}")
    bruno.submits(coached.place_of(coached.bruno), f"/{first.id}")
    answer = amina.sends_again(stale, status=409)
    assert "La dernière place de cette séance vient d’être prise" in answer.text
    session.rollback()
    kept = booking_of(coached.amina.registration)
    assert kept is not None
    assert kept.session_id == second.id


def test_a_session_that_has_begun_is_neither_booked_nor_given_back(app, coached):
    first, second = coached.sessions
    with unit_of_work():
        build_coaching_booking(first, coached.amina, at=coached.at)
    with time_machine.travel(first.starts_at + timedelta(seconds=1), tick=False):
        amina = Visitor(app, "amina@exemple.fr").signs_in()
        assert "Rendre ma place" not in amina.sees(coached.place_of(coached.amina)).text
        amina.posts(f"{coached.place_of(coached.amina)}/cancel", status=409)
        bruno = Visitor(app, "bruno@exemple.fr").signs_in()
        answer = bruno.posts(f"{coached.place_of(coached.bruno)}/{first.id}", status=409)
        assert "a déjà commencé" in answer.text
        bruno.submits(coached.place_of(coached.bruno), f"/{second.id}")


def test_who_was_not_selected_is_told_and_books_nothing(app, coached):
    zoe = Visitor(app, "zoe@exemple.fr").signs_in()
    ref = coached.zoe.registration.ref
    path = f"/events/{coached.event.slug}/coaching/{ref}"
    assert "réservé aux structures retenues" in zoe.sees(path).text
    zoe.posts(f"{path}/{coached.sessions[0].id}", status=409)
    assert mails("coaching_booked") == []


def test_someone_else_sees_nothing_of_it(bruno, coached):
    bruno.sees(coached.place_of(coached.amina), status=404)
    bruno.posts(f"{coached.place_of(coached.amina)}/{coached.sessions[0].id}", status=404)


def test_the_database_itself_refuses_two_places_of_one_file(any_app):
    coached = build_coached()
    with unit_of_work():
        build_coaching_booking(coached.sessions[0], coached.amina, at=coached.at)
    with pytest.raises(IntegrityError), unit_of_work():
        build_coaching_booking(coached.sessions[1], coached.amina, at=coached.at)


def test_a_file_that_declines_gives_its_place_back_at_once_and_is_told(amina, bruno, coached):
    first = coached.sessions[0]
    with unit_of_work():
        first.places = 1
        book_session(coached.amina, first, by=None, at=now())
    with unit_of_work():
        coached.amina.confirmation, coached.amina.confirmed_at = Confirmation.DECLINED, now()
    assert offers(coached.call)[0].left == 1
    bruno.submits(coached.place_of(coached.bruno), f"/{first.id}")
    session.rollback()
    assert offers(coached.call)[0].taken == 1
    assert [mail.recipient for mail in mails("coaching_cancelled")] == ["amina@exemple.fr"]


def test_the_worker_frees_what_lapsed_once(coached):
    with unit_of_work():
        book_session(coached.amina, coached.sessions[0], by=None, at=now())
    with unit_of_work():
        coached.amina.state, coached.amina.confirmation = ApplicationState.WITHDRAWN, None
        coached.amina.withdrawn_at = now()
    give_places_back(now())
    give_places_back(now())
    assert len(mails("coaching_cancelled")) == 1
    assert session.scalars(select(CoachingBooking.cancelled_at)).one() is not None


def test_a_reminder_leaves_two_days_before_once_to_the_structure_and_its_coaches(coached):
    first = coached.sessions[0]
    with unit_of_work():
        book_session(coached.amina, first, by=None, at=now())
    remind_two_days_before(first.starts_at - timedelta(days=2, minutes=1))
    assert mails("coaching_reminder") == []
    for minutes in (0, 60):
        remind_two_days_before(first.starts_at - timedelta(days=2) + timedelta(minutes=minutes))
    assert [mail.recipient for mail in mails("coaching_reminder")] == ["amina@exemple.fr"]
    assert [mail.recipient for mail in mails("coaching_coach_reminder")] == ["claire@exemple.fr"]


def test_giving_back_what_one_does_not_hold_changes_nothing(coached):
    with unit_of_work():
        cancel_booking(coached.amina, by=None, at=now())
    assert mails("coaching_cancelled") == []


def test_the_agenda_and_its_feed_show_the_coaching_and_follow_its_changes(app, amina, olga, coached):
    first = coached.sessions[0]
    agenda = f"/events/{coached.event.slug}/agendas/{coached.amina.registration.ref}"
    address = ADDRESS.search(amina.submits(agenda, "/feed").text)
    assert address
    calendar = Visitor(app).browser
    amina.submits(coached.place_of(coached.amina), f"/{first.id}")
    assert "Coaching de pitch" in amina.sees(agenda).text
    assert "Coaching de pitch" in amina.sees("/my-space").text
    before = calendar.get(address.group(1))
    uid = entry_in(amina.latest_mail())[1]["UID"]
    assert entries(before.text)[uid]["DTSTART"].dt == first.starts_at
    with time_machine.travel(now() + timedelta(minutes=5)):
        olga.submits(f"/manage/{coached.event.slug}/coaching/{first.id}", place="Autre salle")
    after = calendar.get(address.group(1), headers={"If-Modified-Since": before.headers["Last-Modified"]})
    assert after.status_int == 200
    assert entries(after.text)[uid]["LOCATION"] == "Autre salle"


def test_my_space_asks_to_book_until_a_place_is_held(amina, coached):
    page = amina.submits(amina.sees("/my-space").click("Choisir ma séance"), f"/{coached.sessions[0].id}")
    assert "Votre place est réservée" in page.text
    assert "Réservez votre coaching de pitch" not in amina.sees("/my-space").text


def test_coaches_of_a_session_that_nobody_booked_are_reminded_and_told_so(coached):
    first = coached.sessions[0]
    for hours in (0, 1, 24):
        remind_two_days_before(first.starts_at - timedelta(days=2) + timedelta(hours=hours))
    [mail] = mails("coaching_coach_reminder")
    assert mail.recipient == "claire@exemple.fr"
    assert "Personne n’a réservé" in mail.text
    assert "Lisez leurs dossiers" not in mail.text


def test_a_coach_who_was_asked_the_day_before_is_not_reminded_of_it(coached):
    first = coached.sessions[0]
    with unit_of_work():
        first.created_at = first.starts_at - timedelta(days=1)
    remind_two_days_before(first.starts_at - timedelta(hours=20))
    assert mails("coaching_coach_reminder") == []
