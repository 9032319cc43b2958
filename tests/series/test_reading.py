"""A series for everybody: its next morning first, then the past ones with what came of them."""

import pytest

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.tokens import random_token
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.organisations.enums import Sector
from tests.counting import queries_of
from tests.factories import build_desk, build_request, build_structure
from tests.people import Visitor
from tests.series.conftest import SLUG


@pytest.fixture
def path(event) -> str:
    return f"/series/{event.series.slug}"


def figures(page) -> list[str]:
    return [" ".join(each.get_text(" ").split()) for each in page.html.select(".series-figure")]


def hold_a_meeting(event, structure, desk, outcome: MeetingOutcome) -> None:
    version = ScheduleVersion(event_id=event.id, number=1, is_current=True, instance_sha256="", published_at=now())
    session.add(version)
    session.flush()
    meeting = Meeting(
        version_id=version.id,
        slot_id=event.slots[0].id,
        desk_id=desk.id,
        table_id=event.tables[0].id,
        request_id=build_request(structure, desk, at=now()).id,
        uid=random_token(),
        outcome=outcome,
    )
    session.add(meeting)
    session.flush()
    for registration in (structure, desk.registration):
        session.add(
            MeetingParticipant(
                meeting_id=meeting.id,
                version_id=version.id,
                slot_id=meeting.slot_id,
                registration_id=registration.id,
            )
        )


def test_the_next_morning_comes_first_and_the_past_ones_from_the_latest_on(claire, path, edition):
    edition("2014", held_in=-700)
    edition("2015", held_in=-300)
    edition("plus-tard", held_in=200)
    page = claire.sees(path)
    links = [link["href"].rpartition("/")[2] for link in page.html.select("main h3 a")]
    assert links == [SLUG, "plus-tard", "2015", "2014"]


def test_what_is_in_the_database_is_counted_and_the_rest_is_said_to_come_from_the_review(claire, path, edition):
    past = edition("2015", held_in=-300, reported={"structures": 120, "pitches": 8, "meetings_scheduled": "beaucoup"})
    with unit_of_work():
        structure, desk = build_structure(past, at=now()), build_desk(past, at=now())
        build_structure(past, "Rejoué", at=now())
        hold_a_meeting(past, structure, desk, MeetingOutcome.HELD)
    assert figures(claire.sees(path)) == [
        "Délégations d’acheteurs 1",
        "Structures 2",
        "Demandes de rendez-vous 1",
        "Rendez-vous prévus 1",
        "Rendez-vous tenus 1",
        "Structures avec au moins un rendez-vous 1",
        "Pitchs 8 * , d’après le bilan publié",
    ]


def test_a_cancelled_meeting_and_an_absence_are_no_meeting_of_a_structure(claire, path, edition):
    past = edition("2015", held_in=-300)
    with unit_of_work():
        hold_a_meeting(past, build_structure(past, at=now()), build_desk(past, at=now()), MeetingOutcome.NO_SHOW)
    shown = figures(claire.sees(path))
    assert "Rendez-vous prévus 1" in shown
    assert not any("au moins un" in figure or "tenus" in figure for figure in shown)


def test_a_review_says_nothing_of_a_morning_to_come(claire, path, event):
    with unit_of_work():
        event.reported = {"meetings_scheduled": 79}
    assert figures(claire.sees(path)) == []


def test_two_past_mornings_make_a_chart_with_its_table(claire, path, edition):
    edition("2014", held_in=-700, reported={"structures": 90})
    assert "matinale après matinale" not in claire.sees(path).text
    edition("2015", held_in=-300, reported={"structures": 120})
    page = claire.sees(path)
    assert [cell.text for cell in page.html.select(".series-chart tbody td")] == ["90", "120"]
    assert page.html.select_one(".series-chart svg[role=img] title").text.startswith("Structures")


def test_a_past_morning_stays_readable_tells_its_figures_and_offers_the_next_one(claire, edition):
    edition("2015", held_in=-300, sector=Sector.IT, reported={"pitches": 8})
    page = claire.sees("/events/2015")
    assert "Cette matinale a eu lieu le" in page.text
    assert figures(page) == ["Pitchs 8 * , d’après le bilan publié"]
    assert page.html.select_one(f".series-over a[href='/events/{SLUG}']")


def test_twenty_past_mornings_cost_as_many_queries_as_one(claire, path, edition):
    edition("ancienne", held_in=-40)
    one = queries_of(claire, path)
    for number in range(19):
        edition(f"ancienne-{number}", held_in=-50 - number)
    assert queries_of(claire, path) == one


def test_the_front_page_and_each_morning_lead_to_the_series(claire, path, event):
    for page in ("/", f"/events/{SLUG}"):
        assert claire.sees(page).html.select_one(f"main a[href='{path}']")


def test_a_draft_is_nowhere_but_with_organisers(claire, path, edition, olga):
    edition("brouillon", held_in=90, is_draft=True)
    for page in ("/", path, f"/events/{SLUG}"):
        assert "brouillon" not in claire.sees(page).text
    claire.sees("/events/brouillon", status=404)
    claire.sees("/events/brouillon/registrations", status=404)
    assert "Cette matinale est un brouillon" in olga.sees("/events/brouillon").text
    assert "/manage/brouillon" in olga.sees("/manage").text


def test_an_unknown_series_does_not_exist(app):
    Visitor(app).sees("/series/absente", status=404)


def test_the_archive_tells_every_figure_of_every_edition_draws_one_and_is_taken_away(claire, path, edition):
    edition("2015", held_in=-300, reported={"participants": 175, "structures": 120}, title="=1re matinale")
    edition("2016", held_in=-30, reported={"participants": 180, "structures": 90, "pitches": 6})
    page = claire.sees(f"{path}?figure=participants")
    rows = [
        [" ".join(cell.text.split()) for cell in row.select("td")] for row in page.html.select("#chiffres tbody tr")
    ]
    assert rows[-2:] == [["180*", "90*", "6*"], ["175*", "120*", "– pas connu"]]
    assert page.html.select_one(".series-chart svg[role=img] title").text.startswith("Personnes présentes")
    assert claire.sees(f"{path}?figure=magie").html.select_one(".series-chart svg title").text.startswith("Structures")
    told = claire.sees(f"{path}/figures.csv")
    assert told.body.startswith(b"\xef\xbb\xbf")
    lines = [line.split(";") for line in told.body.decode("utf-8-sig").splitlines()]
    assert lines[0][:5] == ["Matinale", "Jour", "Secteur", "Lieu", "Personnes présentes"]
    assert [line[0] for line in lines[1:]] == ["'=1re matinale", "Matinale de l’économie circulaire"]
    assert [line[4] for line in lines[1:]] == ["175", "180"]
    assert lines[1][-1] == "Personnes présentes, Structures"
