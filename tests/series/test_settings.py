"""Correcting a morning: what others already rely on is said before it changes, and nothing goes silently."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from openmap.accounts.models import Person
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event, MeetingSession, Table, TimeSlot
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, MeetingParticipant
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import Appearance
from openmap.programme.operations.unavailability import refresh
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Unavailability
from tests.factories import build_call, build_coaching_session, build_desk, build_person, build_structure
from tests.people import the_form
from tests.rows import all_rows
from tests.series.conftest import SLUG
from tests.series.test_reading import hold_a_meeting

SETTINGS, SLOTS = f"/manage/{SLUG}/settings", f"/manage/{SLUG}/slots"


def stored(slug: str = SLUG) -> Event:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Event).filter_by(slug=slug)).one()


def clock_times(event: Event) -> list[str]:
    return [f"{slot.starts_at.astimezone(event.zone):%H:%M}" for slot in event.slots]


def test_a_page_saved_as_it_was_opened_changes_nothing(olga, event):
    before = all_rows()
    olga.submits(SETTINGS, "")
    olga.submits(SLOTS, "")
    after = all_rows()
    assert {name for name in after if after[name] != before[name]} == {"audit_entry"}


def test_olga_corrects_words_and_place_of_a_published_morning(olga, claire, event):
    olga.submits(
        SETTINGS, "", title="Déchets et réemploi", venue="Halle Pajol", introduction="Venez !", request_quota="3"
    )
    page = claire.sees(f"/events/{SLUG}")
    assert "Déchets et réemploi" in page.text
    assert "Halle Pajol" in page.text
    assert stored().request_quota == 3


def test_another_day_takes_slots_programme_and_deadlines_along(olga, event):
    before = clock_times(event), event.registration_closes_at.astimezone(event.zone)
    day = event.held_on + timedelta(days=7)
    olga.submits(SETTINGS, "", held_on=day.isoformat())
    moved = stored()
    assert moved.held_on == day
    assert {slot.starts_at.astimezone(moved.zone).date() for slot in moved.slots} == {day}
    assert {item.starts_at.astimezone(moved.zone).date() for item in moved.programme} == {day}
    assert clock_times(moved) == before[0]
    closes = moved.registration_closes_at.astimezone(moved.zone)
    assert (closes.date() - before[1].date(), closes.time()) == (timedelta(days=7), before[1].time())


def test_a_deadline_typed_anew_stays_as_typed_when_the_day_moves(olga, event):
    day = event.held_on + timedelta(days=7)
    answers = f"{day - timedelta(days=1)}T12:00"
    olga.submits(SETTINGS, "", held_on=day.isoformat(), answers_close_at=answers)
    assert f"{stored().answers_close_at.astimezone(event.zone):%Y-%m-%dT%H:%M}" == answers


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("requests_close_at", "2001-01-01T10:00", "se suivent"),
        ("answers_close_at", "2090-01-01T10:00", "au plus tard le jour"),
        ("registration_closes_at", "bientôt", "Écrivez le jour et l’heure"),
        ("registration_closes_at", "", "Choisissez un jour et une heure"),
        ("request_quota", "0", "Écrivez un nombre"),
        ("request_quota", "9" * 40, "Écrivez un nombre"),
        ("held_on", "2001-05-05", "Ce jour est passé"),
        ("title", "\x00", "Donnez un titre"),
        ("introduction", "a" * 5001, "5000"),
        ("slug", "autre-adresse", "elle ne change plus"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(olga, event, field, value, said):
    before = all_rows()
    page = olga.submits(SETTINGS, "", status=422, **{field: value})
    assert said in page.html.select_one(".error-summary").text + page.text
    assert all_rows() == before


def test_the_address_of_a_draft_may_change(olga, edition):
    edition("brouillon", held_in=90, is_draft=True)
    page = olga.sees("/manage/brouillon/settings")
    form = next(each for each in page.forms.values() if "request_quota" in each.fields)
    form["slug"] = "ess-2018"
    assert form.submit().location.endswith("/manage/ess-2018/settings")
    assert stored("ess-2018").title == "Matinale de l’économie circulaire"


def test_a_day_that_people_registered_for_changes_only_when_olga_says_so(olga, event):
    with unit_of_work():
        build_structure(event, at=now())
        build_structure(event, at=now(), state=RegistrationState.CANCELLED)
    day = event.held_on + timedelta(days=7)
    page = olga.submits(SETTINGS, "", status=422, held_on=day.isoformat())
    assert "ancien jour : 1" in page.html.select_one("#is_agreed-error").text
    assert page.html.select_one("#held_on")["value"] == day.isoformat()
    assert stored().held_on != day
    olga.submits(page, "", is_agreed=True)
    assert stored().held_on == day


def test_a_day_with_published_meetings_does_not_move(olga, event):
    with unit_of_work():
        hold_a_meeting(event, build_structure(event, at=now()), build_desk(event, at=now()), MeetingOutcome.PLANNED)
    before = all_rows()
    day = (event.held_on + timedelta(days=7)).isoformat()
    page = olga.submits(SETTINGS, "", status=422, held_on=day, is_agreed=True)
    assert "1 rendez-vous sont dans les agendas" in page.html.select_one("#held_on-error").text
    assert all_rows() == before


def test_two_organisers_who_correct_at_once_the_second_is_told(olga, event):
    form, other = the_form(olga.sees(SETTINGS), ""), the_form(olga.sees(SLOTS), "")
    olga.submits(SETTINGS, "", title="La première à écrire")
    for late in (form, other):
        answer = late.submit(expect_errors=True)
        assert answer.status_int == 409
        assert "entre-temps" in answer.text
    assert stored().title == "La première à écrire"


def test_slots_change_their_times_in_two_sessions_and_keep_their_keys(olga, event):
    keys = [slot.id for slot in event.slots]
    fields = {
        "sessions-0-starts_at": "10:00",
        "sessions-0-count": "3",
        "sessions-0-minutes": "20",
        "sessions-1-starts_at": "11:15",
        "sessions-1-count": "2",
        "sessions-1-minutes": "20",
        "table_count": "6",
    }
    page = olga.submits(SLOTS, "", **fields)
    changed = stored()
    assert clock_times(changed) == ["10:00", "10:20", "10:40", "11:15", "11:35"]
    assert [slot.id for slot in changed.slots][:4] == keys
    assert [len(each.slots) for each in changed.meeting_sessions] == [3, 2]
    assert [table.number for table in changed.tables] == [1, 2, 3, 4, 5, 6]
    assert page.html.select_one("#sessions-1-starts_at")["value"] == "11:15"


def test_fewer_slots_and_tables_leave_nothing_behind(olga, event):
    olga.submits(SLOTS, "", **{"sessions-0-count": "2", "table_count": "1"})
    assert len(stored().slots) == 2
    counts = [len(session.scalars(select(table).filter_by(event_id=event.id)).all()) for table in (TimeSlot, Table)]
    assert counts == [2, 1]
    assert len(session.scalars(select(MeetingSession).filter_by(event_id=event.id)).all()) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sessions-0-starts_at": ""}, "Gardez au moins une séance"),
        ({"sessions-0-count": "101"}, "De 0 à 100"),
        ({"sessions-0-count": "99", "sessions-0-minutes": "60"}, "après minuit"),
        ({"sessions-0-minutes": "x"}, "Écrivez un nombre"),
        ({"sessions-0-starts_at": "25:00"}, ""),
        ({"sessions-1-starts_at": "09:00", "sessions-1-count": "2", "sessions-1-minutes": "15"}, "se suivent"),
        ({"sessions-1-starts_at": "18:00"}, "Dites aussi combien"),
        ({"table_count": "501"}, "de 0 à 500"),
        ({"table_count": ""}, "de 0 à 500"),
    ],
)
def test_sessions_that_cannot_be_are_refused_with_their_reason(olga, event, fields, said):
    before = all_rows()
    page = olga.submits(SLOTS, "", status=422, **fields)
    assert said in page.text
    assert page.html.select_one(".error-summary") is not None
    assert all_rows() == before


def test_a_slot_that_a_schedule_names_neither_moves_nor_goes(olga, event):
    with unit_of_work():
        hold_a_meeting(event, build_structure(event, at=now()), build_desk(event, at=now()), MeetingOutcome.PLANNED)
    before = all_rows()
    for fields in ({"sessions-0-starts_at": "14:00"}, {"sessions-0-starts_at": "", "sessions-1-starts_at": "14:00"}):
        page = olga.submits(SLOTS, "", status=422, **fields)
        assert page.html.select_one(".error-summary") is not None
    assert all_rows() == before
    olga.submits(SLOTS, "", **{"sessions-0-count": "6"})
    assert len(stored().slots) == 6


def test_a_slot_of_a_cancelled_meeting_may_move_but_never_goes(olga, event):
    with unit_of_work():
        structure, desk = build_structure(event, at=now()), build_desk(event, at=now())
        hold_a_meeting(event, structure, desk, MeetingOutcome.HELD)
        session.execute(delete(MeetingParticipant))
        meeting = session.scalars(select(Meeting)).one()
        meeting.slot_id = event.slots[3].id
        meeting.outcome, meeting.cancelled_at = MeetingOutcome.CANCELLED, now()
    page = olga.submits(SLOTS, "", status=422, **{"sessions-0-count": "3"})
    assert "ne peuvent plus disparaître" in page.text
    olga.submits(SLOTS, "", **{"sessions-0-starts_at": "14:00"})
    assert clock_times(stored())[0] == "14:00"


def test_what_people_said_of_a_slot_is_told_before_it_changes(olga, event):
    with unit_of_work():
        structure = build_structure(event, at=now(), unavailable=(0, 3))
    page = olga.submits(SLOTS, "", status=422, **{"sessions-0-count": "3"})
    assert "que vous changez : 1" in page.html.select_one("#is_agreed-error").text
    said = select(Unavailability).filter_by(registration_id=structure.id)
    assert len(session.scalars(said).all()) == 2
    olga.submits(page, "", is_agreed=True)
    session.rollback()
    assert [row.slot.position for row in session.scalars(said)] == [0]


def test_who_is_on_stage_is_unavailable_at_the_new_times(olga, event):
    with unit_of_work():
        structure = build_structure(event, at=now())
        item = event.programme[0]
        item.starts_at, item.ends_at = event.slots[0].starts_at, event.slots[0].ends_at
        session.add(
            Appearance(item_id=item.id, registration_id=structure.id, role=AppearanceRole.PANELLIST, position=1)
        )
        refresh(event)
    rows = select(Unavailability).filter_by(registration_id=structure.id)
    assert [row.slot.position for row in session.scalars(rows)] == [0]
    first = event.slots[0].starts_at.astimezone(event.zone)
    olga.submits(SLOTS, "", **{"sessions-0-starts_at": f"{first + timedelta(minutes=15):%H:%M}"})
    session.rollback()
    assert session.scalars(rows).all() == []


def test_a_table_where_somebody_sits_stays(olga, event):
    with unit_of_work():
        build_desk(event, at=now(), table_number=4)
    page = olga.submits(SLOTS, "", status=422, table_count="3")
    assert "Gardez-en davantage" in page.html.select_one("#table_count-error").text
    assert len(stored().tables) == 4


def test_slots_on_the_day_the_clocks_change_keep_their_times(olga, event):
    with unit_of_work():
        event.held_on = date(2030, 3, 31)
    olga.submits(SLOTS, "", **{"sessions-0-starts_at": "09:00", "sessions-0-count": "2", "sessions-0-minutes": "30"})
    assert clock_times(stored()) == ["09:00", "09:30"]


def test_another_day_takes_along_the_call_and_the_coaching_that_nobody_was_told_of(olga, event):
    at = now().replace(hour=9, minute=0, second=0, microsecond=0)
    with unit_of_work():
        call = build_call(event, at=at)
        call.published_at = None
        coached, free = (build_coaching_session(call, *coaches, at=at, days=8) for coaches in ((the_coach(at),), ()))
    before = call.closes_at, call.jury_closes_at, free.starts_at, coached.starts_at
    olga.submits(SETTINGS, "", held_on=(event.held_on + timedelta(days=7)).isoformat())
    session.rollback()
    days = [
        (new.astimezone(event.zone).date() - old.astimezone(event.zone).date()).days
        for old, new in zip(
            before, (call.closes_at, call.jury_closes_at, free.starts_at, coached.starts_at), strict=True
        )
    ]
    assert days == [7, 7, 7, 0]


def test_a_call_that_people_read_keeps_its_dates_when_the_day_moves(olga, event):
    with unit_of_work():
        call = build_call(event, at=now())
    before = call.closes_at
    olga.submits(SETTINGS, "", held_on=(event.held_on + timedelta(days=7)).isoformat())
    session.rollback()
    assert call.closes_at == before


def the_coach(at) -> Person:
    return build_person("Claire Petit", email="claire.petit@exemple.fr", at=at)
