"""The next edition: settings and dates follow, people stay where they were."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.models import Base
from openmap.events.models import Event
from openmap.events.queries import find_event
from openmap.organisations.enums import Sector
from openmap.personal_data.inventory import INVENTORY
from openmap.series.enums import Part
from openmap.series.moving import Move
from openmap.series.operations.drafting import RESERVED_SLUGS, Identity, copy_morning
from openmap.series.plan import moved_dates
from openmap.series.settings import call_of, coaching_of, exhibition_of
from tests.people import the_form
from tests.rows import all_rows
from tests.series.conftest import SLUG
from tests.series.rich import fill

PARIS = ZoneInfo("Europe/Paris")
NEXT = f"/manage/{SLUG}/next"
OF_ONE_COPY = {"id", "event_id", "call_id", "exhibition_id", "meeting_session_id", "copied_from_id", "created_at"}


@pytest.fixture
def full(event) -> Event:
    """The morning with everything in it."""
    with unit_of_work():
        fill(event, at=now().replace(hour=9, minute=0, second=0, microsecond=0))
    return event


def copied(source: Event, slug: str, day: date, parts=tuple(Part)) -> Event:
    identity = Identity("La suivante", slug, day, "Hôtel de ville", "Nanterre (92)", Sector.CATERING)
    with unit_of_work():
        return copy_morning(source, identity, parts=parts, by=None, at=now())


def a_year_after(event: Event) -> date:
    return event.held_on + timedelta(weeks=52)


def settings(event: Event) -> dict[str, list[dict[str, Any]]]:
    """Every row that belongs to a morning, table by table, without keys: its own, its call's and its hall's."""
    call, hall = call_of(event), exhibition_of(event)
    owners = {"event_id": event.id, "call_id": call.row.id if call else 0, "exhibition_id": hall.id if hall else 0}
    found = {}
    for table in Base.metadata.sorted_tables:
        owner = next((name for name in owners if name in table.columns), None)
        if owner is None or table.name == "audit_entry":
            continue
        rows = session.execute(select(table).where(table.c[owner] == owners[owner]).order_by(table.c.id)).mappings()
        kept = [{name: value for name, value in row.items() if name not in OF_ONE_COPY} for row in rows]
        if kept:
            found[table.name] = kept
    return found


def test_olga_sees_every_date_makes_the_draft_and_lands_on_its_settings(olga, full):
    page = olga.sees(NEXT)
    shown = page.html.select(".series-dates__list > li, .series-day dt")
    assert len(shown) == len(moved_dates(full, a_year_after(full), list(Part)))
    page = olga.submits(page, "", title="3e matinale : restauration", sector="catering")
    slug = f"{full.series.slug}-{a_year_after(full).isoformat()}"
    assert page.request.path == f"/manage/{slug}/settings"
    session.rollback()
    draft = find_event(slug)
    assert draft is not None
    assert (draft.is_draft, draft.copied_from_id, draft.title) == (True, full.id, "3e matinale : restauration")
    assert draft.held_on == a_year_after(full)


def test_looking_at_the_dates_of_another_day_stores_nothing(olga, full):
    before = all_rows()
    form = the_form(olga.sees(NEXT), "")
    day = full.held_on + timedelta(days=100)
    form["held_on"] = day.isoformat()
    answer = form.submit("look")
    assert answer.status_int == 200
    assert f"/events/{full.series.slug}-{day.isoformat()}" in answer.text
    assert all_rows() == before


def test_what_was_shown_is_what_the_draft_has(full):
    day = a_year_after(full)
    shown = {each.what: each.after for each in moved_dates(full, day, list(Part))}
    draft = copied(full, "suivante", day)
    call, hall = call_of(draft), exhibition_of(draft)
    assert call is not None
    assert hall is not None
    assert shown["Fin des inscriptions"] == (draft.registration_closes_at, None)
    assert shown["Fin des réponses"] == (draft.answers_close_at, None)
    assert shown["Créneaux de rendez-vous"] == (draft.slots[0].starts_at, draft.slots[-1].ends_at)
    assert shown["Appel à pitchs"] == (call.row.opens_at, call.row.closes_at)
    assert shown["Coaching"] == (coaching_of(draft)[0].starts_at, coaching_of(draft)[0].ends_at)
    assert shown["Exposition"] == (hall.opens_at, hall.closes_at)


def test_everything_set_is_there_again_and_nothing_of_anybody(full):
    copy = settings(copied(full, "suivante", a_year_after(full)))
    assert {name: len(rows) for name, rows in copy.items()} == {
        "exhibition": 1,
        "invitation_reminder_rule": 1,
        "meeting_session": 1,
        "meeting_table": 4,
        "pitch_call": 1,
        "pitch_criterion": 1,
        "coaching_session": 1,
        "programme_item": 2,
        "question": 2,
        "registration_capacity": 1,
        "request_ban": 1,
        "request_quota": 1,
        "request_rules": 1,
        "selection_constraint": 1,
        "stand": 2,
        "time_slot": 4,
    }
    assert copy.keys() & INVENTORY.keys() <= {"stand"}  # empty ones, as below
    for stand in copy["stand"]:
        assert (stand["registration_id"], stand["exhibitor"], stand["contact_name"], stand["contact_email"]) == (
            None,
            "",
            "",
            "",
        )
    call = copy["pitch_call"][0]
    assert (call["published_at"], call["released_at"], call["board_version"]) == (None, None, 0)
    assert copy["coaching_session"][0]["link"] == ""
    assert not copy["exhibition"][0]["is_public"]


def test_every_table_about_people_keeps_its_rows_where_they_were(full):
    before = all_rows()
    copied(full, "suivante", a_year_after(full))
    after = all_rows()
    grown = {name for name, rows in after.items() if rows != before[name]}
    assert grown & INVENTORY.keys() <= {"audit_entry", "stand"}
    assert grown & {"appearance", "coach", "coaching_booking", "desk", "pitch_application", "stored_file"} == set()


@pytest.mark.parametrize("days", [180, 364])
def test_the_copy_of_a_copy_on_the_first_day_has_the_first_settings(full, days):
    first = copied(full, "premiere", full.held_on + timedelta(days=364))
    there = copied(first, "ailleurs", first.held_on + timedelta(days=days))
    again = copied(there, "retour", first.held_on)
    assert settings(again) == settings(first)
    assert [each.astimezone(PARIS).time() for each in deadlines(there)] == [
        each.astimezone(PARIS).time() for each in deadlines(first)
    ]
    assert deadlines(again) == deadlines(first)


def deadlines(event: Event) -> list[datetime]:
    return [event.registration_closes_at, event.requests_close_at, event.answers_close_at]


@pytest.mark.parametrize("part", [part for part in Part if part is not Part.COACHING])
def test_a_part_that_is_not_ticked_stays_behind(full, part):
    whole = settings(copied(full, "entiere", a_year_after(full)))
    without = (each for each in Part if each is not part and (part is not Part.PITCHES or each is not Part.COACHING))
    draft = copied(full, "partielle", a_year_after(full), tuple(without))
    if part is Part.INTRODUCTION:
        assert draft.introduction == ""
    else:
        assert settings(draft) != whole


def test_coaching_without_its_call_is_refused(olga, full):
    form = the_form(olga.sees(NEXT), "")
    for box in form.fields["parts"]:
        box.checked = box._value == "coaching"
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "reprenez les deux" in answer.html.select_one("#parts-error").text


def test_from_winter_to_summer_every_time_of_the_clock_stays(edition):
    winter = edition("hiver", held_in=30)
    with unit_of_work():
        winter.held_on = date(2030, 1, 17)
        for slot, hour in zip(winter.slots, range(9, 13), strict=True):
            slot.starts_at = datetime(2030, 1, 17, hour, 30, tzinfo=PARIS)
            slot.ends_at = slot.starts_at + timedelta(minutes=30)
        winter.registration_closes_at = datetime(2030, 1, 9, 23, 59, tzinfo=PARIS)
        winter.requests_close_at = winter.answers_close_at = winter.registration_closes_at
    summer = copied(winter, "ete", date(2030, 4, 4))  # the clocks change on 31 March, after its deadline
    assert [slot.starts_at.astimezone(PARIS).hour for slot in summer.slots] == [9, 10, 11, 12]
    assert summer.slots[0].starts_at == datetime(2030, 4, 4, 7, 30, tzinfo=UTC)
    assert summer.registration_closes_at == datetime(2030, 3, 27, 22, 59, tzinfo=UTC)


@given(
    start=st.integers(1_420_000_000, 2_050_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    minutes=st.integers(1, 3 * 24 * 60),
    days=st.integers(-2000, 2000),
    zone=st.sampled_from(["Europe/Paris", "America/Martinique", "America/Santiago", "Australia/Lord_Howe"]),
)
def test_whatever_the_clocks_do_an_end_follows_its_beginning_and_the_day_is_right(start, minutes, days, zone):
    day = start.astimezone(ZoneInfo(zone)).date()
    move = Move(day, day + timedelta(days=days), ZoneInfo(zone))
    began, ended = move.span(start, start + timedelta(minutes=minutes))
    assert began < ended
    first, second = move.in_order(start, start + timedelta(minutes=minutes))
    assert first <= second
    local, moved = start.astimezone(move.zone), began.astimezone(move.zone)
    gap = timedelta(hours=1)
    assert abs(moved.replace(tzinfo=None) - local.replace(tzinfo=None) - timedelta(days=days)) <= gap


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"slug": SLUG}, "déjà celle d’une matinale"),
        ({"slug": "new"}, "ne peut pas être une adresse"),
        ({"slug": "été à paris"}, "ne peut pas être une adresse"),
        ({"slug": "a" * 81}, ""),
        ({"held_on": "2001-01-01"}, "Ce jour est passé"),
        ({"held_on": "demain"}, "Écrivez le jour ainsi"),
        ({"held_on": ""}, "Choisissez un jour"),
        ({"held_on": "9999-12-31"}, "Vérifiez l’année"),
        ({"title": " "}, "Donnez un titre"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_stored(olga, event, typed, said):
    before = all_rows()
    page = olga.submits(NEXT, "", status=422, **typed)
    field = next(iter(typed))
    assert said in page.html.select_one(f"#{field}-error").text
    assert all_rows() == before


@pytest.mark.parametrize("sector", ["", "unheard-of"])
def test_a_sector_that_is_none_is_asked_again(olga, event, sector):
    sent = dict(the_form(olga.sees(NEXT)).submit_fields()) | {"sector": sector}
    for looks in ({"look": "1"}, {}):
        assert olga.posts(NEXT, sent | looks, status=422).html.select_one("#sector-error")


def test_a_double_click_makes_one_draft_and_two_organisers_are_told(olga, event):
    page = olga.sees(NEXT)
    form = the_form(page, "")
    olga.submits(page, "")
    olga.sends_again(form)
    session.rollback()
    assert len(session.scalars(select(Event)).all()) == 2
    page = olga.submits(NEXT, "", status=422)
    assert "déjà celle d’une matinale" in page.text


def test_a_first_morning_begins_its_series_from_nothing(olga, claire):
    page = olga.submits(
        "/manage/new",
        series="OpenMap Chantiers",
        description="Pour le bâtiment.",
        title="1re matinale",
        held_on=(now() + timedelta(days=90)).date().isoformat(),
        venue="Mairie",
        address="Argenteuil",
        sector="construction",
    )
    session.rollback()
    event = session.scalars(select(Event)).one()
    assert page.request.path == f"/manage/{event.slug}/settings"
    assert event.series.name == "OpenMap Chantiers"
    assert event.is_draft
    assert "Pour le bâtiment." in claire.sees("/series/openmap-chantiers").text
    assert event.slug not in claire.sees("/series/openmap-chantiers").text


def test_a_known_name_of_a_series_adds_to_it(olga, event):
    with unit_of_work():
        event.series.slug, event.series.name = "openmap-economie-sociale", "OpenMap Économie sociale"
    day = (now() + timedelta(days=90)).date()
    told = {"title": "Suite", "venue": "Mairie", "address": "Paris", "held_on": day.isoformat()}
    olga.submits("/manage/new", series="openmap ECONOMIE sociale", **told)
    session.rollback()
    assert [each.series_id for each in session.scalars(select(Event))] == [event.series_id] * 2


def test_publishing_opens_the_doors_once(olga, claire, edition):
    draft = edition("brouillon", held_in=90, is_draft=True)
    olga.submits("/manage/brouillon/settings", "/publish")
    session.refresh(draft)
    assert not draft.is_draft
    assert "Inscriptions ouvertes" in claire.sees("/events/brouillon").text or "S’inscrire" in claire.sees("/").text
    assert "déjà publiée" in olga.posts("/manage/brouillon/publish", status=409).text


def test_a_draft_whose_day_went_by_is_not_published(olga, edition):
    draft = edition("tard", held_in=-2, is_draft=True)
    assert "Ce jour est passé" in olga.posts("/manage/tard/publish", status=422).text
    session.refresh(draft)
    assert draft.is_draft


def test_every_page_with_an_address_of_its_own_is_no_address_of_a_morning(app):
    taken = {
        rule.rule.split("/")[2]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/manage/", "/events/")) and not rule.rule.split("/")[2].startswith("<")
    }
    assert taken == RESERVED_SLUGS
