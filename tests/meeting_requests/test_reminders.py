"""What leaves by itself: reminders to silent structures, a digest a day to desks; never twice the same."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.core.recurring import run_due
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.reminders import RECURRING, due_reminders, remind, send_digests
from tests.factories import build_person, build_request, build_structure

DAY = timedelta(days=1)
ZONE = ZoneInfo("Europe/Paris")


def sent(kind: str):
    session.rollback()
    mails = select(OutboxMail.recipient, OutboxMail.subject).filter_by(kind=kind).order_by(OutboxMail.id)
    return [tuple(row) for row in session.execute(mails)]


@pytest.fixture
def silent(morning):
    """Chloé’s structure asks nobody; Amina’s does."""
    with unit_of_work():
        chloe = build_person("Chloé Roy", email="chloe@exemple.fr", at=now())
        build_request(morning.structure, morning.desks[0], at=now())
        return build_structure(morning.event, "Fourmis Vertes", at=now(), contact=chloe)


def test_three_days_before_the_deadline_the_silent_are_reminded_once(morning, silent):
    deadline = morning.event.requests_close_at
    remind(deadline - 4 * DAY)
    assert sent("requests_reminder") == []
    for at in (deadline - 3 * DAY, deadline - 2 * DAY, deadline - timedelta(minutes=1)):
        remind(at)
    assert [recipient for recipient, _ in sent("requests_reminder")] == ["chloe@exemple.fr"]


def test_nobody_is_reminded_after_the_deadline(morning, silent):
    remind(morning.event.requests_close_at)
    assert sent("requests_reminder") == []


def test_the_organiser_sees_who_gets_the_reminder_before_it_leaves(olga, morning, silent):
    path = f"/manage/{morning.event.slug}/requests/reminder"
    page = olga.sees(path)
    assert "Fourmis Vertes" in page.text
    assert "Atelier Soleil" not in page.html.find("main").get_text()
    assert "Vous n’avez pas encore demandé de rendez-vous" in page.text
    page = olga.submits(page, "/reminder")
    assert "1 rappel est parti" in page.text
    assert "vient d’être rappelée" in page.text
    olga.posts(path)
    assert len(sent("requests_reminder")) == 1


def test_who_was_reminded_by_hand_rests_before_the_next_one(olga, morning, silent):
    olga.submits(f"/manage/{morning.event.slug}/requests/reminder", "/reminder")
    session.rollback()
    assert due_reminders(morning.event, at=now() + 2 * DAY) == []
    assert due_reminders(morning.event, at=now() + 4 * DAY) == [silent]


def at_hour(hour: int) -> datetime:
    return now().astimezone(ZONE).replace(hour=hour, minute=0) + DAY


def test_a_desk_is_told_once_a_day_of_what_is_new(morning, silent):
    send_digests(at_hour(7))  # nobody is written to that early
    assert sent("desk_digest") == []
    send_digests(at_hour(9))
    send_digests(at_hour(18))
    assert [recipient for recipient, _ in sent("desk_digest")] == ["bruno@exemple.fr"]
    assert "1 nouvelle demande" in sent("desk_digest")[0][1]
    send_digests(at_hour(9) + DAY)  # nothing came since
    assert len(sent("desk_digest")) == 1
    with unit_of_work():
        build_request(silent, morning.desks[0], at=at_hour(11))
    send_digests(at_hour(15))  # the same day: tomorrow is soon enough
    assert len(sent("desk_digest")) == 1
    send_digests(at_hour(9) + DAY)
    assert len(sent("desk_digest")) == 2


def test_what_is_answered_is_no_news(morning):
    with unit_of_work():
        build_request(morning.structure, morning.desks[0], state=RequestState.ACCEPTED, at=now())
    send_digests(at_hour(9))
    assert sent("desk_digest") == []


def test_the_worker_does_all_of_it(morning, silent):
    with time_machine.travel(morning.event.requests_close_at - 2 * DAY, tick=False):
        done = run_due(RECURRING)
    assert done == [each.name for each in RECURRING]
    assert [recipient for recipient, _ in sent("requests_reminder")] == ["chloe@exemple.fr"]
