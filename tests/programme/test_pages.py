"""The programme as anybody reads it: page, calendar, screen of the room, and one's own agenda."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from webtest import Form

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.events.enums import ProgrammeKind
from openmap.programme import queries
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import StageClock
from openmap.programme.operations import (
    LineDetails,
    Part,
    add_appearance,
    add_item,
    edit_item,
    pause_clock,
    put_on_stage,
    remove_item,
    start_clock,
    stop_clock,
)
from openmap.programme.screen import moment_of, state_of
from openmap.registrations.enums import ConsentPurpose
from openmap.registrations.operations import GivenConsent, give_consent
from tests.agendas.test_calendar import entries, khal
from tests.counting import queries_of
from tests.people import Visitor
from tests.programme.conftest import Day, minutes


@pytest.fixture
def pitching(day: Day) -> Day:
    """Halage and Atelier Soleil pitch, seven minutes each; a guest sits on the round table."""
    guest = Part(AppearanceRole.PANELLIST, person_name="Hélène Roussel", function="élue")
    with unit_of_work():
        for structure, title in zip(day.structures[:2], ("Collecter à vélo", "Trier sur place"), strict=True):
            role = AppearanceRole.PITCH
            put_on_stage(day.event, structure, role=role, minutes=7, title=title, by=None, at=now())
        add_appearance(day.round_table, guest, by=None, at=now())
    return day


def words(page) -> str:
    return re.sub(r"\s+", " ", page.html.find("main").get_text(" ").replace("\u00a0", " "))


def test_anybody_reads_who_is_on_stage_when_and_where(any_app, pitching):
    page = Visitor(any_app).sees(f"{pitching.path}/programme")
    said = words(page)
    assert "Grande salle" in said
    assert "80 places" in said
    assert "Hélène Roussel · élue" in said.replace("Roussel élue", "Roussel · élue")
    first, second = (said.index(title) for title in ("Collecter à vélo", "Trier sur place"))
    assert first < second
    assert not page.html.find("main").find_all("a", string="Halage")


def test_a_structure_of_the_directory_is_linked_to_its_page(any_app, pitching):
    agreed = GivenConsent(ConsentPurpose.DIRECTORY, "2026-11", "J’accepte")
    with unit_of_work():
        give_consent(pitching.structures[0], agreed, by=None, at=now())
    page = Visitor(any_app).sees(f"{pitching.path}/programme")
    (link,) = page.html.find("main").find_all("a", string="Halage")
    assert link["href"] == f"{pitching.path}/structures/{pitching.structures[0].ref}"


def test_a_morning_without_programme_says_what_to_do(any_app, day):
    with unit_of_work():
        for item in queries.items_of(day.event):
            remove_item(item, by=None, at=now())
    assert "Le programme arrive" in Visitor(any_app).sees(f"{day.path}/programme").text


def test_a_calendar_program_reads_it_and_moves_what_moved(any_app, pitching, tmp_path):
    visitor, file = Visitor(any_app), tmp_path / "programme.ics"
    links = [link["href"] for link in visitor.sees(f"{pitching.path}/programme").html.find("main").find_all("a")]
    assert any(link.startswith("webcal://") and link.endswith(f"{pitching.path}/programme.ics") for link in links)
    answer = visitor.browser.get(f"{pitching.path}/programme.ics")
    assert answer.content_type == "text/calendar"
    before = entries(answer.text)
    assert (
        visitor.browser.get(
            f"{pitching.path}/programme.ics", headers={"If-None-Match": answer.headers["ETag"]}
        ).status_int
        == 304
    )
    later = queries.details_of(pitching.round_table)
    with unit_of_work():
        start = later.starts_at + minutes(10)
        moved = type(later)(later.kind, later.title, start, later.ends_at, room=later.room)
        edit_item(pitching.round_table, moved, by=None, at=now())
    for text in (answer.text, visitor.browser.get(f"{pitching.path}/programme.ics").text):
        file.write_text(text, encoding="utf-8")
        khal(tmp_path, "import", "--batch", "-a", "matinale", str(file))
    told = khal(tmp_path, "list", "--format", "{start-time} {title} | {location}", f"{pitching.event.held_on}", "1d")
    place = "Ressourcerie du Spectacle, Vitry-sur-Seine (94) – Amphithéâtre"
    lines = [line for line in told.splitlines() if "Acheter autrement" in line]
    assert lines == [f"{start:%H:%M} Acheter autrement | {place}"]
    after = entries(visitor.browser.get(f"{pitching.path}/programme.ics").text)
    assert before.keys() == after.keys()
    uid = f"programme-{pitching.event.slug}-{pitching.round_table.id}@openmap"
    assert int(after[uid]["SEQUENCE"]) > int(before[uid]["SEQUENCE"])


def test_ones_own_time_on_stage_is_in_the_agenda_and_in_the_calendar(amina, pitching):
    structure = pitching.structures[0]
    agenda = f"{pitching.path}/agendas/{structure.ref}"
    said = words(amina.sees(agenda))
    assert "Vous êtes sur scène : Pitch" in said
    assert "Collecter à vélo" in said
    own = [
        each for uid, each in entries(amina.browser.get(f"{agenda}.ics").text).items() if uid.startswith("appearance-")
    ]
    assert [entry.decoded("dtstart") for entry in own] == [pitching.start - minutes(15)]
    assert "Grande salle" in own[0]["LOCATION"]
    assert "Vous êtes sur scène" in words(amina.sees("/my-space"))
    assert "Vous intervenez sur scène à" in words(amina.sees(f"{pitching.path}/requests/{structure.ref}"))


MOMENTS = [
    (-60, "Bienvenue", "Pitchs"),
    (-10, "Pitchs", "Rendez-vous"),
    (30, "Rendez-vous", "Acheter autrement"),
    (70, "Acheter autrement", ""),
    (600, "Merci à toutes et à tous", ""),
]


@pytest.mark.parametrize(("passed", "current", "following"), MOMENTS)
def test_the_screen_follows_the_clock_of_the_server(any_app, pitching, passed, current, following):
    with time_machine.travel(pitching.start + minutes(passed), tick=False):
        page = Visitor(any_app).sees(f"{pitching.path}/screen")
    sections = {each["aria-label"]: each.get_text(" ") for each in page.html.find("main").find_all("section")}
    assert current in sections["Maintenant"]
    assert following in sections.get("Ensuite", "")
    assert bool(following) == ("Ensuite" in sections)


def test_between_two_lines_the_screen_says_when_it_goes_on(any_app, day):
    early = day.start - minutes(120)
    with unit_of_work():
        details = queries.details_of(day.pitches)
        edit_item(day.pitches, type(details)(details.kind, "Café", early, early + minutes(10)), by=None, at=now())
    with time_machine.travel(early + minutes(15), tick=False):
        assert "Nous reprenons à" in Visitor(any_app).sees(f"{day.path}/screen").text


def test_before_the_day_the_screen_says_which_day(any_app, day):
    with time_machine.travel(day.start - timedelta(days=3), tick=False):
        page = Visitor(any_app).sees(f"{day.path}/screen")
    following = page.html.find("section", attrs={"aria-label": "Ensuite"}).get_text(" ")
    assert f" {day.event.held_on.day} " in following
    assert str(day.event.held_on.year) in following


def test_each_room_may_have_its_own_screen(any_app, day):
    start = day.start
    workshop = LineDetails(ProgrammeKind.WORKSHOP, "Atelier", start - minutes(15), start, room="Salle 2")
    later = LineDetails(ProgrammeKind.WORKSHOP, "Second atelier", start, start + minutes(30), room="salle 2")
    with unit_of_work():
        for details in (workshop, later):
            add_item(day.event, details, by=None, at=now())
    _on_stage_and_running(day, start - minutes(15))
    with time_machine.travel(start - minutes(10), tick=False):
        visitor = Visitor(any_app)
        house, small = (words(visitor.sees(f"{day.path}/screen{room}")) for room in ("", "?room=Salle+2"))
        assert "Collecter à vélo" in house
        assert "Collecter à vélo" not in small
        assert "Maintenant Atelier jusqu’à" in small
        assert [title in small for title in ("Rendez-vous", "Second atelier", "Acheter")] == [True, True, False]
        assert words(visitor.sees(f"{day.path}/screen?room=nulle+part")) == house
        with unit_of_work():
            stop_clock(day.event, seen=state_of(queries.clock_of(day.event)), by=None, at=now())
        house = words(visitor.sees(f"{day.path}/screen"))
        assert [title in house for title in ("Pitchs", "Atelier", "Grande salle", "Salle 2")] == [True] * 4


def test_a_timer_that_somebody_forgot_gives_the_screen_back(any_app, pitching):
    _start(pitching, pitching.start)
    with time_machine.travel(pitching.start + minutes(7 + 16), tick=False):
        assert Visitor(any_app).sees(f"{pitching.path}/screen").html.find(attrs={"data-timer": True}) is None
        remote = Visitor(any_app, "olga@exemple.fr").signs_in().sees(f"{pitching.managed}/stage")
    assert figures(remote) == "+16:00"


TIMER = [
    (0, "7:00", "Temps restant"),
    (361, "0:59", "Dernière minute"),
    (420, "0:00", "Temps dépassé"),
    (450, "+0:30", "Temps dépassé"),
]


@pytest.mark.parametrize(("seconds", "figures", "word"), TIMER)
def test_the_timer_of_a_pitch_is_on_the_screen(any_app, pitching, seconds, figures, word):
    started = pitching.start
    _start(pitching, started)
    with time_machine.travel(started + timedelta(seconds=seconds), tick=False):
        page = Visitor(any_app).sees(f"{pitching.path}/screen")
    timer = page.html.find(attrs={"data-timer": True})
    assert timer.find(attrs={"data-timer-figures": True}).get_text() == figures
    assert timer.find(attrs={"data-timer-word": True}).get_text() == word
    assert "Collecter à vélo" in page.text
    assert "Trier sur place" in page.text


def test_a_paused_timer_stands_still(any_app, pitching):
    started = pitching.start
    _start(pitching, started)
    with unit_of_work():
        seen = state_of(queries.clock_of(pitching.event))
        pause_clock(pitching.event, seen=seen, by=None, at=started + timedelta(seconds=60))
    with time_machine.travel(started + timedelta(seconds=300), tick=False):
        page = Visitor(any_app).sees(f"{pitching.path}/screen")
    assert page.html.find(attrs={"data-timer-figures": True}).get_text() == "6:00"
    assert "En pause" in page.text


def _on_stage_and_running(day: Day, at: datetime) -> None:
    with unit_of_work():
        role, title = AppearanceRole.PITCH, "Collecter à vélo"
        put_on_stage(day.event, day.structures[0], role=role, minutes=7, title=title, by=None, at=now())
    _start(day, at)


def _start(day: Day, at: datetime) -> None:
    with unit_of_work():
        step = moment_of(day.event, at).steps[0]
        start_clock(day.event, step, seen="", by=None, at=at)


class Remote:
    """The organiser's remote on a phone."""

    def __init__(self, visitor: Visitor, day: Day) -> None:
        self.visitor, self.path = visitor, f"{day.managed}/stage"

    def button(self, act: str) -> Form:
        """The form of the first button that does `act`, as the page shows it now."""
        page = self.visitor.sees(self.path)
        tags = page.html.find("main").find_all("form", attrs={"method": "post"})
        return Form(page, str(next(tag for tag in tags if tag.find("input", attrs={"name": "act", "value": act}))))

    def press(self, act: str, *, status: int = 200):
        return self.visitor.sends_again(self.button(act), status=status)


def running(day: Day) -> StageClock:
    """The timer, read again."""
    session.rollback()
    clock = queries.clock_of(day.event)
    assert clock is not None
    return clock


def figures(page) -> str:
    return page.html.find(attrs={"data-timer-figures": True}).get_text()


def test_the_remote_starts_pauses_gives_a_minute_and_goes_on(any_app, pitching):
    with time_machine.travel(pitching.start - minutes(15), tick=False) as clock:
        remote = Remote(Visitor(any_app, "olga@exemple.fr").signs_in(), pitching)
        assert figures(remote.press("start")) == "7:00"
        clock.shift(60)
        assert figures(remote.press("more")) == "7:00"
        remote.press("pause")
        clock.shift(120)
        assert figures(remote.press("resume")) == "7:00"
        assert "Trier sur place" in words(remote.press("start"))
        second = running(pitching).appearance
        assert second is not None
        assert second.title == "Trier sur place"
        remote.press("stop")
    session.rollback()
    assert queries.clock_of(pitching.event) is None


def test_a_button_pressed_twice_acts_once(olga, pitching):
    remote = Remote(olga, pitching)
    remote.press("start")
    more = remote.button("more")
    olga.sends_again(more)
    olga.sends_again(more)
    assert running(pitching).seconds == 8 * 60


def test_two_organisers_at_once_see_what_runs(any_app, olga, pitching):
    remote, other = Remote(olga, pitching), Remote(Visitor(any_app, "olga@exemple.fr").signs_in(), pitching)
    late = remote.button("start")
    other.press("start")
    page = olga.sends_again(late, status=409)
    assert "Quelqu’un d’autre a déjà agi" in page.text
    assert "Collecter à vélo" in page.text


def test_the_public_pages_cost_the_same_whatever_is_on_stage(any_app, pitching):
    visitor = Visitor(any_app)
    pages = [f"{pitching.path}/{page}" for page in ("programme", "screen", "programme.ics")]
    few = [queries_of(visitor, page) for page in pages]
    with unit_of_work():
        for number in range(20):
            add_appearance(pitching.pitches, Part(AppearanceRole.PITCH, person_name=f"P{number}"), by=None, at=now())
        add_appearance(pitching.pitches, Part(AppearanceRole.PITCH, pitching.structures[2]), by=None, at=now())
    assert [queries_of(visitor, page) for page in pages] == few
