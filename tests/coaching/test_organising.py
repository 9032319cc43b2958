"""An organiser opens, changes and calls off sessions, and sees what to look at again."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.coaching.models import CoachingSession
from openmap.coaching.operations import book_session
from openmap.coaching.queries import offers
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.organisations.models import Contact
from openmap.pitches.enums import ApplicationState
from tests.coaching.test_booking import entry_in, mails
from tests.counting import queries_of
from tests.factories import (
    build_application,
    build_coaching_booking,
    build_coaching_session,
    build_event,
    build_structure,
)
from tests.people import Visitor, the_form


def newest_session() -> CoachingSession:
    session.rollback()
    return session.scalars(select(CoachingSession).order_by(CoachingSession.id.desc()).limit(1)).one()


def fields(coached, **changes: str) -> dict[str, str]:
    day = (coached.at + timedelta(days=6)).date()
    return {
        "held_on": f"{day:%Y-%m-%d}",
        "half": "afternoon",
        "place": "Mairie de Pantin, salle 2",
        "places": "6",
        "coach_name_1": "Dora Roux",
        "coach_email_1": "Dora@Exemple.fr",
        "coach_name_2": "Claire Petit",
        "coach_email_2": "claire@exemple.fr",
    } | changes


def test_olga_opens_an_afternoon_with_two_coaches_who_are_invited(app, olga, coached):
    page = olga.submits(f"{coached.home}/new", **fields(coached))
    assert "La séance est ouverte" in page.text
    new = newest_session()
    local = new.starts_at.astimezone(coached.event.zone), new.ends_at.astimezone(coached.event.zone)
    assert [f"{moment:%H:%M}" for moment in local] == ["14:00", "17:30"]
    assert [mail.recipient for mail in mails("coaching_coach")] == ["dora@exemple.fr", "claire@exemple.fr"]
    calendar, entry = entry_in(mails("coaching_coach")[0])
    assert (calendar["METHOD"], entry["SEQUENCE"]) == ("REQUEST", 0)
    dora = Visitor(app, "dora@exemple.fr").signs_in()  # the organiser vouched for her address
    dora.sees(f"/events/{coached.event.slug}/coaching/sessions/{new.id}")


def test_a_double_click_opens_one_session(olga, coached):
    form = the_form(olga.sees(f"{coached.home}/new"))
    for name, value in fields(coached).items():
        form[name] = value
    olga.sends_again(form)
    olga.sends_again(form)
    session.rollback()
    assert len(offers(coached.call)) == 3


def test_a_change_tells_those_who_come_and_moves_their_entries(amina, olga, coached):
    first = coached.sessions[0]
    amina.submits(coached.place_of(coached.amina), f"/{first.id}")
    _, before = entry_in(amina.latest_mail())
    olga.submits(f"{coached.home}/{first.id}", place="Autre salle", half="other", starts="10:00", ends="12:00")
    mail = amina.latest_mail()
    assert mail.kind == "coaching_moved"
    _, after = entry_in(mail)
    assert (after["UID"], after["LOCATION"]) == (before["UID"], "Autre salle")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    moved = [mail for mail in mails("coaching_coach") if mail.recipient == "claire@exemple.fr"]
    assert entry_in(moved[-1])[1]["SEQUENCE"] == 1


def test_more_places_or_nothing_new_writes_to_no_structure(amina, olga, coached):
    first = coached.sessions[0]
    amina.submits(coached.place_of(coached.amina), f"/{first.id}")
    assert "Rien n’a changé" in olga.submits(f"{coached.home}/{first.id}").text
    olga.submits(f"{coached.home}/{first.id}", places="9")
    assert amina.latest_mail().kind == "coaching_booked"


def test_a_coach_who_is_replaced_loses_the_entry(olga, coached):
    first = coached.sessions[0]
    olga.submits(f"{coached.home}/{first.id}", coach_name_1="Dora Roux", coach_email_1="dora@exemple.fr")
    assert [mail.recipient for mail in mails("coaching_coach")] == ["dora@exemple.fr"]
    released = mails("coaching_coach_released")
    assert [mail.recipient for mail in released] == ["claire@exemple.fr"]
    assert entry_in(released[0])[0]["METHOD"] == "CANCEL"


def test_calling_a_session_off_frees_its_places_and_says_why(amina, olga, coached):
    first = coached.sessions[0]
    amina.submits(coached.place_of(coached.amina), f"/{first.id}")
    page = olga.sees(f"{coached.home}/{first.id}/cancel")
    assert "Atelier Amina" in page.text
    olga.submits(page, reason="La salle est inondée.")
    mail = amina.latest_mail()
    assert "La salle est inondée." in mail.text
    assert entry_in(mail)[0]["METHOD"] == "CANCEL"
    assert [mail.recipient for mail in mails("coaching_coach_released")] == ["claire@exemple.fr"]
    amina.submits(coached.place_of(coached.amina), f"/{coached.sessions[1].id}")
    olga.sees(f"{coached.home}/{first.id}", status=404)


def test_two_organisers_at_once_lose_nothing(olga, coached):
    first = coached.sessions[0]
    stale = the_form(olga.sees(f"{coached.home}/{first.id}"))
    olga.submits(f"{coached.home}/{first.id}", place="Salle du conseil")
    stale["place"] = "Salle des mariages"
    answer = olga.sends_again(stale, status=409)
    assert "modifiée entre-temps" in answer.text
    assert the_form(answer)["place"].value == "Salle des mariages"
    olga.sends_again(the_form(answer))
    assert newest_session() is not None
    session.rollback()
    assert session.get_one(CoachingSession, first.id).place == "Salle des mariages"


def test_fewer_places_than_bookings_are_refused(amina, bruno, olga, coached):
    first = coached.sessions[0]
    for visitor, file in ((amina, coached.amina), (bruno, coached.bruno)):
        visitor.submits(coached.place_of(file), f"/{first.id}")
    answer = olga.submits(f"{coached.home}/{first.id}", status=422, places="1")
    assert "2 structures ont déjà réservé" in answer.text


def test_olga_books_by_phone_and_asks_the_others_once_a_day(olga, coached):
    page = olga.sees(coached.home)
    assert "Atelier Amina" in page.text
    booked = olga.submits(coached.place_of(coached.amina), f"/{coached.sessions[0].id}")
    assert "Vous agissez pour Atelier Amina" in booked.text
    for _click in range(2):
        olga.submits(coached.home, "/ask")
    assert [mail.recipient for mail in mails("coaching_to_book")] == ["bruno@exemple.fr"]
    assert "Coaching réservé" in olga.sees(f"/manage/{coached.event.slug}/journal").text


def test_nobody_is_asked_when_there_is_nothing_to_book(olga, coached):
    with unit_of_work():
        for each in coached.sessions:
            each.cancelled_at = now()
    page = olga.submits(coached.home, "/ask")
    assert "Aucune séance à venir n’a de place libre" in page.text
    assert mails("coaching_to_book") == []


def test_what_looks_wrong_is_named(olga, coached):
    first = coached.sessions[0]
    with unit_of_work():
        build_coaching_session(coached.call, coached.claire, at=coached.at, days=5)
        late = build_coaching_session(coached.call, at=coached.at, days=40)
        session.add(Contact(organisation_id=coached.amina.registration.organisation_id, person_id=coached.claire.id))
        book_session(coached.amina, first, by=None, at=now())
    text = " ".join(olga.sees(coached.home).html.find("main").get_text(" ", strip=True).split())
    assert "Claire Petit est annoncé à deux séances en même temps" in text
    assert "commence après le début de la matinale" in text
    assert "Claire Petit est aussi le contact de Atelier Amina" in text
    assert late.starts_at > coached.event.slots[0].starts_at


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"held_on": ""}, "Choisissez un jour."),
        ({"held_on": "2001-01-01"}, "commencerait dans le passé"),
        ({"held_on": "0001-01-01"}, "Choisissez un jour."),
        ({"half": "other"}, "Écrivez l’heure de début et l’heure de fin"),
        ({"half": "other", "starts": "12:00", "ends": "10:00"}, "La fin doit venir après le début."),
        ({"place": ""}, "Écrivez un lieu"),
        ({"link": "javascript:alert(1)"}, "qui commence par https://"),
        ({"places": "0"}, "Écrivez un nombre de 1 à 200."),
        ({"places": "٣"}, "Écrivez un nombre de 1 à 200."),
        ({"coach_email_1": "pas une adresse"}, "Écrivez une adresse comme nom@exemple.fr"),
        ({"coach_name_1": ""}, "Écrivez aussi son nom."),
        ({"coach_email_2": "dora@exemple.fr"}, "déjà noté au-dessus"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(olga, coached, changes, sentence):
    before = len(offers(coached.call))
    answer = olga.submits(f"{coached.home}/new", status=422, **fields(coached, **changes))
    assert sentence in answer.html.find("main").get_text(" ", strip=True)
    session.rollback()
    assert len(offers(coached.call)) == before
    assert session.scalars(select(OutboxMail).filter_by(kind="coaching_coach")).all() == []


def test_hours_follow_the_clocks_of_the_morning_on_the_day_they_change(olga, coached):
    march = date(coached.at.year + 1, 3, 31)
    sunday = march - timedelta(days=(march.weekday() + 1) % 7)
    olga.submits(f"{coached.home}/new", **fields(coached, held_on=f"{sunday:%Y-%m-%d}", half="morning"))
    assert f"{newest_session().starts_at:%H:%M}" == "07:00"  # nine in Paris, in summer time since that night


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.dictionaries(
        st.sampled_from(["held_on", "half", "starts", "ends", "place", "link", "places", "instructions", "seen"]),
        st.text(max_size=40),
    )
)
def test_whatever_is_typed_gets_an_answer(olga, coached, typed):
    path = f"{coached.home}/new"
    token = olga.sees("/accessibility").html.find("meta", attrs={"name": "csrf-token"})["content"]
    sent = {name: value.replace("\0", "") for name, value in (fields(coached) | typed).items()}
    answer = olga.browser.post(path, {"csrf_token": token} | sent, expect_errors=True)
    assert answer.status_int in {302, 422}


def test_the_number_of_queries_does_not_grow(olga, coached):
    with unit_of_work():
        build_coaching_booking(coached.sessions[0], coached.amina, at=coached.at)
    olga.sees(coached.home)
    few = queries_of(olga, coached.home)
    with unit_of_work():
        for number in range(10):
            new = build_coaching_session(coached.call, coached.claire, at=coached.at, days=10 + number % 3, places=3)
            for place in range(2):
                structure = build_structure(coached.event, f"Structure {number}-{place}", at=coached.at)
                file = build_application(coached.call, structure, state=ApplicationState.SELECTED, at=coached.at)
                build_coaching_booking(new, file, at=coached.at)
    assert queries_of(olga, coached.home) == few


def test_sessions_of_another_morning_do_not_exist_here(olga, coached):
    with unit_of_work():
        other = build_event(at=coached.at)
    olga.sees(f"/manage/{other.slug}/coaching/{coached.sessions[0].id}", status=404)
    assert "pas encore d’appel à pitchs" in olga.sees(f"/manage/{other.slug}/coaching").text
    assert session.scalars(select(Person).filter_by(email="claire@exemple.fr")).one()
