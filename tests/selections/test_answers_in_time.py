"""Until when a chosen structure answers: its own deadline, a reminder, and organisers who are told of its silence."""

from datetime import datetime, timedelta

import pytest

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.pitches.enums import Confirmation
from openmap.selections import operations
from openmap.selections.deadlines import deadline_for, morning_starts
from openmap.selections.enums import Outcome
from openmap.selections.recurring import remind_to_confirm
from tests.people import Visitor, the_form
from tests.selections.conftest import SLUG, Selection

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DASHBOARD = f"/manage/{SLUG}"


@pytest.fixture
def released(selection: Selection) -> Selection:
    """Amina and Bruno are chosen; Chloé and Dina wait in this order; Élio is not."""
    selection.decide(selected=["amina", "bruno"], reserve=["chloe", "dina"], rejected=["elio"])
    selection.release()
    return selection


def bruno_gives_up(released: Selection, *, at: datetime) -> None:
    with unit_of_work():
        operations.decline_pitch(released.file_in("bruno"), reason="Grippe", by=None, at=at)


def written(at: datetime, released: Selection) -> str:
    local = at.astimezone(released.call.event.zone)
    return f"{local.hour}\u00a0h\u00a0{local.minute:02d}"


def test_the_common_deadline_holds_where_it_leaves_two_days(released):
    bruno_gives_up(released, at=now())
    assert released.file("chloe").confirm_before == released.call.confirm_before
    assert released.file("amina").confirm_before == released.call.confirm_before


def test_three_days_before_the_morning_there_are_less_than_two_to_answer_and_the_mail_says_until_when(app, released):
    starts = morning_starts(released.call.event)
    at = starts - 3 * DAY
    bruno_gives_up(released, at=at)
    until = released.file("chloe").confirm_before
    assert at + DAY < until <= at + 1.5 * DAY
    mail = released.mails("pitch_promoted")[0]
    assert written(until, released) in mail.text
    assert written(until, released) in mail.html
    page = Visitor(app, "chloe@exemple.fr").signs_in().sees(released.answer_path("chloe"))
    assert written(until, released) in page.text


@pytest.mark.parametrize("left", [timedelta(minutes=4), HOUR, 5 * HOUR, 2 * DAY, 9 * DAY])
def test_whoever_is_promoted_can_answer_before_the_morning(released, left):
    call = released.call
    at = morning_starts(call.event) - left
    call.confirm_before = at - DAY
    assert at < deadline_for(call, at=at) < morning_starts(call.event)


def test_nobody_is_promoted_once_the_morning_has_begun(released):
    bruno_gives_up(released, at=morning_starts(released.call.event))
    assert released.names()["selected"] == ["amina"]
    assert not released.mails("pitch_promoted")


def test_the_promoted_are_reminded_halfway_and_organisers_told_once_of_their_silence(app, olga, released):
    at = released.call.confirm_before
    with unit_of_work():
        operations.confirm_pitch(released.file_in("amina"), by=None, at=now())
    bruno_gives_up(released, at=at)
    until = released.file("chloe").confirm_before
    remind_to_confirm(at + HOUR)
    assert not released.mails("pitch_reminder")
    for _time in range(2):
        remind_to_confirm(at + (until - at) / 2 + HOUR)
    (reminder,) = released.mails("pitch_reminder")
    assert reminder.recipient == "chloe@exemple.fr"
    assert written(until, released) in reminder.text
    assert not released.mails("pitch_silent")
    for _time in range(2):
        remind_to_confirm(until + HOUR)
    (silent,) = released.mails("pitch_silent")
    assert silent.recipient == "olga@exemple.fr"
    assert "chloe@exemple.fr" in silent.text
    assert released.path(f"/files/{released.ref('chloe')}") in silent.text
    with unit_of_work():
        operations.confirm_pitch(released.file_in("chloe"), by=None, at=until + HOUR)  # late is welcome
    assert released.file("chloe").confirmation is Confirmation.CONFIRMED


def test_the_dashboard_lists_who_is_silent_who_was_promoted_and_which_place_is_free(app, olga, released):
    assert "place libérée" not in olga.sees(DASHBOARD).text
    bruno_gives_up(released, at=now())
    assert "Chloe, de la réserve, a reçu une place libérée" in olga.sees(DASHBOARD).text
    with unit_of_work():
        released.file_in("chloe").confirm_before = now() - HOUR
    page = olga.sees(DASHBOARD)
    assert "1 structure retenue n’a pas répondu à temps" in page.text.replace("\u00a0", " ")
    assert "a reçu une place libérée" not in page.text
    page = page.click("Décider de sa place")
    page = olga.sends_again(the_form(page, "/free"))
    assert "La place revient à Dina" in page.text
    with unit_of_work():
        operations.decline_pitch(released.file_in("dina"), reason="Panne", by=None, at=now())
    assert "1 place de pitch est libre" in olga.sees(DASHBOARD).text.replace("\u00a0", " ")
    freed = Visitor(app, "chloe@exemple.fr").signs_in().sees(released.answer_path("chloe"))
    assert "Nous n’avons pas reçu votre réponse à temps" in freed.text


def test_before_the_release_the_dashboard_says_what_is_left_to_decide_and_to_announce(olga, selection):
    assert "5 dossiers de pitch à décider" in olga.sees(DASHBOARD).text.replace("\u00a0", " ")
    selection.decide(selected=["amina", "bruno"], rejected=["chloe", "dina", "elio"])
    assert "La sélection des pitchs reste à annoncer" in olga.sees(DASHBOARD).text


def test_olga_leaves_bruno_more_time_and_he_reads_it(olga, released):
    path = released.path(f"/files/{released.ref('bruno')}")
    olga.submits(path, "/extend", status=422, confirm_before="2001-01-01T10:00")
    until = (now() + 9 * DAY).astimezone(released.call.event.zone).replace(second=0, microsecond=0)
    olga.submits(path, "/extend", confirm_before=f"{until:%Y-%m-%dT%H:%M}")
    assert released.file("bruno").confirm_before == until
    assert [mail.recipient for mail in released.mails("pitch_extended")] == ["bruno@exemple.fr"]
    journal = olga.sees(f"{DASHBOARD}/journal").text
    assert "Délai de réponse d’une structure retenue prolongé" in journal


def test_what_leaves_is_what_olga_read(olga, released):
    with unit_of_work():
        operations.decline_pitch(released.file_in("bruno"), reason="Grippe", by=None, at=now())
        operations.decline_pitch(released.file_in("chloe"), reason="Grippe", by=None, at=now())
        operations.decline_pitch(released.file_in("dina"), reason="Grippe", by=None, at=now())
    with unit_of_work():
        operations.change_released(
            released.file_in("elio"),
            Outcome.RESERVE,
            message="",
            seen=released.call.board_version,
            by=None,
            at=now(),
        )
    path = released.path(f"/files/{released.ref('elio')}")
    shown = olga.submits(path, "/promote", status=422, message="Nous avons hâte de vous entendre.")
    read = shown.html.select_one("#promote ~ form .mail-preview").text
    assert "Nous avons hâte de vous entendre." in read
    assert released.names()["selected"] == ["amina"]
    olga.sends_again(the_form(shown, "/promote"))
    assert released.names()["selected"] == ["amina", "elio"]
    assert released.mails("pitch_promoted")[-1].text.strip() == read.strip()


def test_no_mail_names_somebody_of_the_jury(olga, released):
    path = released.path(f"/files/{released.ref('elio')}")
    page = olga.sees(path)
    changes = (one for one in page.forms.values() if "/change" in one.action)
    form = next(one for one in changes if one["outcome"].value == "reserve")
    form["message"] = "Jeanne Jugnot a beaucoup aimé."
    assert "le jury reste anonyme" in olga.sends_again(form, status=422).text
    assert not released.mails("pitch_reserve")[2:]
