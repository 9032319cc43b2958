"""Two tabs, the deadline and a change of mind at the same moment, on both databases: one answer, nothing lost."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import PitchApplication
from openmap.pitches.operations import Content, save_application, submit_application, withdraw_application
from openmap.pitches.refusals import TooLate
from tests.factories import build_application, build_call, build_event, build_person, build_structure
from tests.meeting_requests.test_concurrency import at_once
from tests.people import Visitor, the_form

WRITTEN = {"title": "À deux", "summary": "Nous deux.", "speaker": "Amina Diallo"}

CONTENT = Content(title=WRITTEN["title"], summary=WRITTEN["summary"], speaker=WRITTEN["speaker"])


def story(app, **said):
    """An open call, Amina's structure, and the address of her file."""
    at = now()
    with unit_of_work():
        amina = build_person("Amina", email="amina@exemple.fr", at=at)
        event = build_event(at=at)
        call = build_call(event, at=at, **said)
        structure = build_structure(event, at=at, contact=amina)
    return call, structure, f"/events/{event.slug}/pitches/{structure.ref}"


def tabs(app, path: str, count: int = 2):
    return [Visitor(app, "amina@exemple.fr").signs_in().sees(path) for _ in range(count)]


class Pressed:
    """A form whose button is known already."""

    def __init__(self, page, action: str = "send") -> None:
        self.form, self.action = the_form(page), action
        for name, value in WRITTEN.items():
            self.form[name] = value

    def submit(self, **options):
        return self.form.submit("action", value=self.action, **options)


def the_file() -> PitchApplication:
    session.rollback()
    return session.scalars(select(PitchApplication)).one()


def test_two_tabs_send_one_file_and_one_mail(any_app):
    _call, _structure, path = story(any_app)
    assert at_once([Pressed(page) for page in tabs(any_app, path)]) == [302, 302]
    assert the_file().state is ApplicationState.SUBMITTED
    assert session.query(OutboxMail).filter_by(kind="application_submitted").count() == 1


def test_a_file_sent_and_withdrawn_at_once_is_the_one_or_the_other_and_told_so(any_app):
    call, structure, path = story(any_app)
    with unit_of_work():
        build_application(call, structure, state=ApplicationState.DRAFT, at=now())
    send, leave = tabs(any_app, path)[0], tabs(any_app, f"{path}/withdraw", 1)[0]
    statuses = at_once([Pressed(send), the_form(leave)])
    assert set(statuses) <= {302, 409}
    session.rollback()
    done = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    last = [action for action in done if action in {"pitch.sent", "pitch.withdrawn"}][-1]
    expected = {"pitch.sent": ApplicationState.SUBMITTED, "pitch.withdrawn": ApplicationState.WITHDRAWN}
    assert the_file().state is expected[last]
    assert the_file().title == WRITTEN["title"]


@pytest.mark.parametrize("seed", range(5))
def test_around_the_deadline_only_what_arrives_before_it_is_sent(any_app, seed):
    call, structure, _path = story(any_app)
    draw = Random(seed)
    deadline = call.closes_at
    at = deadline + timedelta(microseconds=draw.choice([-1, 0, 1, 1_000_000]))
    with unit_of_work():
        file = save_application(call, structure, CONTENT, by=None, at=at)
    late = at >= deadline
    if late:
        with pytest.raises(TooLate), unit_of_work():
            submit_application(file, by=None, at=at)
    else:
        with unit_of_work():
            submit_application(file, by=None, at=at)
    kept = the_file()
    assert (kept.title, kept.state is ApplicationState.SUBMITTED) == ("À deux", not late)


def test_withdrawn_twice_is_once(any_app):
    call, structure, _path = story(any_app)
    with unit_of_work():
        file = build_application(call, structure, at=now())
    for _tab in range(2):
        with unit_of_work():
            withdraw_application(file, by=None, at=now())
    assert session.query(AuditEntry).filter_by(action="pitch.withdrawn").count() == 1
