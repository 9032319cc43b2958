"""The dates of a copy: seen before they are made, changed by the organiser, never in the past unseen."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.models import Event
from openmap.events.queries import find_event
from openmap.series.settings import call_of, coaching_of
from tests.people import the_form
from tests.rows import all_rows
from tests.series.conftest import SLUG
from tests.series.rich import fill

PARIS = ZoneInfo("Europe/Paris")
NEXT = f"/manage/{SLUG}/next"


@pytest.fixture
def full(event) -> Event:
    """The morning with everything in it."""
    with unit_of_work():
        fill(event, at=now().replace(hour=9, minute=0, second=0, microsecond=0))
    return event


def local(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%Y-%m-%dT%H:%M}"


def draft_of(full: Event, day) -> Event:
    session.rollback()
    found = find_event(f"{full.series.slug}-{day.isoformat()}")
    assert found is not None
    return found


def test_the_call_and_the_coaching_follow_the_morning_day_for_day_across_summer_time(olga, full):
    call, coaching = call_of(full), coaching_of(full)[0]
    assert call is not None
    day = full.held_on + timedelta(days=180)
    page = the_form(olga.sees(NEXT), "")
    page["held_on"] = day.isoformat()
    olga.submits(page.submit("look"), "")
    draft = draft_of(full, day)
    again, session_again = call_of(draft), coaching_of(draft)[0]
    assert again is not None
    for before, after in (
        (call.row.opens_at, again.row.opens_at),
        (call.row.closes_at, again.row.closes_at),
        (call.row.jury_closes_at, again.row.jury_closes_at),
        (coaching.starts_at, session_again.starts_at),
        (coaching.ends_at, session_again.ends_at),
    ):
        old, new = before.astimezone(PARIS), after.astimezone(PARIS)
        assert (new.date() - old.date(), new.time()) == (timedelta(days=180), old.time())


def test_olga_chooses_another_day_for_one_date_and_the_others_still_follow(olga, full):
    day = full.held_on + timedelta(weeks=52)
    coaching = coaching_of(full)[0]
    name = f"coaching_{coaching.id}"
    start = datetime.combine(day - timedelta(days=12), datetime.min.time()) + timedelta(hours=14)
    page = olga.submits(
        NEXT,
        "",
        **{f"{name}_starts": f"{start:%Y-%m-%dT%H:%M}", f"{name}_ends": f"{start + timedelta(hours=3):%Y-%m-%dT%H:%M}"},
    )
    assert page.request.path.endswith("/settings")
    draft = draft_of(full, day)
    assert local(coaching_of(draft)[0].starts_at) == f"{start:%Y-%m-%dT%H:%M}"
    again, call = call_of(draft), call_of(full)
    assert again is not None
    assert call is not None
    assert again.row.closes_at == call.row.closes_at + timedelta(weeks=52)


def test_a_date_that_was_chosen_stays_when_the_day_is_looked_at_again(olga, full):
    form = the_form(olga.sees(NEXT), "")
    form["registration_starts"] = chosen = f"{full.held_on + timedelta(weeks=51):%Y-%m-%d}T12:00"
    form["held_on"] = (full.held_on + timedelta(weeks=53)).isoformat()
    form = the_form(form.submit("look"), "")
    assert form["registration_starts"].value == chosen
    assert form["answers_starts"].value == local(full.answers_close_at + timedelta(weeks=53))


def test_a_day_changed_at_the_last_moment_shows_its_dates_before_anything_is_made(olga, full):
    before = all_rows()
    page = olga.submits(NEXT, "", status=422, held_on=(full.held_on + timedelta(weeks=60)).isoformat())
    assert "relisez les dates" in page.html.select_one(".error-summary").text
    assert all_rows() == before
    olga.submits(page, "")
    assert draft_of(full, full.held_on + timedelta(weeks=60)).is_draft


def test_dates_that_would_be_past_are_said_one_by_one_and_nothing_is_made(olga, full):
    day = full.held_on + timedelta(days=-25)  # the morning would be in a few days, its call closed for weeks
    form = the_form(olga.sees(NEXT), "")
    form["held_on"] = day.isoformat()
    shown = form.submit("look")
    assert shown.html.select("details[open] [id$=_starts]")
    before = all_rows()
    page = olga.submits(shown, "", status=422)
    told = {each["id"] for each in page.html.select(".series-dates .field__error")}
    assert {"call_ends-error", "jury_starts-error"} <= told
    assert "serait déjà passée" in page.html.select_one("#call_ends-error").text
    assert all_rows() == before


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("requests_starts", "{first}", "se suivent"),
        ("answers_starts", "{late}", "au plus tard le jour"),
        ("call_ends", "{first}", "après le début"),
        ("jury_starts", "{first}", "après la fin de l’appel"),
        ("jury_starts", "", "Choisissez un jour et une heure"),
        ("jury_starts", "demain", "Écrivez le jour et l’heure ainsi"),
        ("registration_starts", "9999-12-31T10:00", "Vérifiez l’année"),
    ],
)
def test_a_date_out_of_order_or_unreadable_is_said_at_its_field(olga, full, name, typed, said):
    day = full.held_on + timedelta(weeks=52)
    moments = {"first": f"{day - timedelta(weeks=50)}T10:00", "late": f"{day + timedelta(days=1)}T10:00"}
    before = all_rows()
    page = olga.submits(NEXT, "", status=422, **{name: typed.format(**moments)})
    assert said in page.html.select_one(f"#{name}-error").text
    assert page.html.select_one(f"#{name}")["value"] == typed.format(**moments)
    assert all_rows() == before


def test_the_page_says_what_never_follows(olga, full):
    said = olga.sees(NEXT).html.select_one(".series-never").text
    for word in ("participants", "jury", "coachs", "demandes", "dossiers de pitch", "fichiers", "chiffres"):
        assert word in said
