"""Coaches see who comes and what they wrote, note what is worth it; private notes stay among them."""

from datetime import timedelta

import pytest
import time_machine

from openmap.coaching.models import CoachingBooking
from openmap.coaching.operations import book_session, write_note
from openmap.coaching.queries import booking_of
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.files import CheckedFile, keep_file
from openmap.pitches.models import ApplicationDocument
from tests.coaching.conftest import Coached
from tests.counting import queries_of
from tests.factories import build_coaching_booking, build_person
from tests.people import Visitor

SECRET, SHARED = "Très hésitante sur les prix.", "Commencez par votre client de Pantin."


def place_of_amina(coached: Coached) -> CoachingBooking:
    found = booking_of(coached.amina.registration)
    assert found
    return found


@pytest.fixture
def booked(coached):
    """Amina has a place in Claire's session."""
    with unit_of_work():
        book_session(coached.amina, coached.sessions[0], by=None, at=now())
    return coached


@pytest.fixture
def noted(booked):
    """Claire wrote two notes, one for Amina to read."""
    booking = place_of_amina(booked)
    with unit_of_work():
        for words in (SECRET, SHARED):
            write_note(booking, words, is_shared=words is SHARED, by=booked.claire, at=now())
    return booked


def test_claire_finds_her_session_in_her_space_and_reads_the_files(claire, booked):
    with unit_of_work():
        file = keep_file(CheckedFile("plan.pdf", "application/pdf", b"%PDF-1.4 plan"), at=now())
        booked.amina.documents.append(ApplicationDocument(file=file, added_at=now()))
    assert booked.session_page() in claire.sees("/my-space").text
    page = claire.sees(booked.session_page())
    assert "Le pitch de Amina" in page.text
    assert booked.amina.summary in page.text
    assert "Atelier Bruno" not in page.text
    assert claire.sees(f"{booked.session_page()}/documents/{booked.amina.documents[0].id}").body == b"%PDF-1.4 plan"
    claire.sees(f"{booked.session_page()}/documents/999", status=404)


def test_a_note_is_private_unless_it_is_shared(claire, amina, booked):
    booking = place_of_amina(booked)
    for words, shared in ((SECRET, False), (SHARED, True)):
        page = claire.sees(booked.session_page())
        form = next(form for form in page.forms.values() if form.action.endswith("/notes"))
        form[f"note-{booking.id}-words"], form[f"note-{booking.id}-is_shared"] = words, shared
        claire.sends_again(form)
    page = amina.sees(booked.place_of(booked.amina))
    assert SHARED in page.text
    assert SECRET not in page.text


def test_nobody_else_reads_private_notes(app, noted):
    with unit_of_work():
        build_person("Denis", email="denis@exemple.fr", at=now())
    readers = {}
    for name in ("amina", "bruno", "zoe", "denis", "claire", "olga"):
        visitor = Visitor(app, f"{name}@exemple.fr").signs_in()
        places = (
            noted.session_page(),
            noted.place_of(noted.amina),
            "/my-space",
            f"/events/{noted.event.slug}",
            noted.home,
        )
        told = [visitor.browser.get(place, expect_errors=True).text for place in places]
        readers[name] = any(SECRET in text for text in told)
    assert [name for name, reads in readers.items() if reads] == ["claire", "olga"]


def test_a_coach_of_another_session_and_a_former_coach_stay_out(app, claire, noted):
    claire.sees(noted.session_page(1), status=404)
    with unit_of_work():
        noted.sessions[0].coaches.clear()
    claire.sees(noted.session_page(), status=404)
    claire.posts(f"{noted.session_page()}/bookings/{place_of_amina(noted).id}/notes", status=404)


def test_the_organiser_takes_any_note_away_a_coach_only_their_own(app, claire, olga, noted):
    with unit_of_work():
        other = build_person("Denis", email="denis@exemple.fr", at=now())
        booking = place_of_amina(noted)
        note = write_note(booking, "Une note de Denis", is_shared=False, by=other, at=now())
    path = f"{noted.session_page()}/bookings/{booking.id}/notes/{note.id}/remove"
    claire.posts(path, status=404)
    assert "Une note de Denis" in claire.sees(noted.session_page()).text
    olga.posts(path)
    assert "Une note de Denis" not in claire.sees(noted.session_page()).text


def test_an_empty_note_is_refused_at_its_field(claire, booked):
    booking = place_of_amina(booked)
    answer = claire.submits(booked.session_page(), f"/bookings/{booking.id}/notes", status=422)
    assert "Écrivez quelques mots." in answer.text


def test_who_came_is_noted_once_the_session_has_begun(app, booked):
    booking = place_of_amina(booked)
    path = f"{booked.session_page()}/bookings/{booking.id}/came"
    early = Visitor(app, "claire@exemple.fr").signs_in().posts(path, {"came": "yes"})
    assert "La séance n’a pas commencé" in early.text
    with time_machine.travel(booked.sessions[0].starts_at + timedelta(hours=1), tick=False):
        claire = Visitor(app, "claire@exemple.fr").signs_in()
        assert "est venue" in claire.posts(path, {"came": "yes"}).text
        claire.posts(path, {"came": "no"})
    session.rollback()
    assert place_of_amina(booked).came is False


def test_the_page_of_a_session_costs_the_same_with_more_notes(claire, noted):
    claire.sees(noted.session_page())
    few = queries_of(claire, noted.session_page())
    with unit_of_work():
        booking = place_of_amina(noted)
        for number in range(10):
            write_note(booking, f"Note {number}", is_shared=False, by=noted.claire, at=now())
        book_session(noted.bruno, noted.sessions[0], by=None, at=now())
    assert queries_of(claire, noted.session_page()) == few


def test_claire_opens_every_file_at_once_to_print_them(claire, coached):
    with unit_of_work():
        build_coaching_booking(coached.sessions[0], coached.amina, at=now())
        build_coaching_booking(coached.sessions[0], coached.bruno, at=now())
    page = claire.sees(coached.session_page())
    assert page.html.select("details.coaching-file[open]") == []
    opened = claire.sees(page.html.select_one("a[href*='files=open']")["href"])
    assert len(opened.html.select("details.coaching-file[open]")) == 2
