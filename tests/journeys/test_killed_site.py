"""The site dies in the middle of a rush: what it acknowledged is there, whole, and the rest can be sent again."""

import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import select

from openmap.app import create_app
from openmap.core.audit import AuditEntry
from openmap.core.db import db, session
from openmap.core.outbox import OutboxMail
from openmap.meeting_requests.models import MeetingRequest
from tests.applications import settings_for
from tests.load.deadline_rush import QUOTA, Person, Visit, prepared
from tests.processes import served, until

PEOPLE, AT_ONCE, LIVES = 24, 6, 3


def test_what_a_killed_site_acknowledged_is_stored_with_its_mail_and_its_trace(tmp_path: Path) -> None:
    people = prepared(tmp_path, PEOPLE)
    acknowledged: Counter[str] = Counter()
    for life in range(LIVES):
        acknowledged += rush_until_killed(tmp_path, people[life::LIVES])
        check_rows(tmp_path, acknowledged)
    with served(tmp_path) as site:  # the same people finish what they began
        for person in people:
            Visit(person, site.port, QUOTA).go()
    assert set(stored(tmp_path).values()) == {QUOTA}


def rush_until_killed(folder: Path, people: list[Person]) -> Counter[str]:
    """How many requests of each structure were acknowledged before SIGKILL."""
    with served(folder) as site:
        visits = [Visit(person, site.port, QUOTA) for person in people]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            going = [pool.submit(visit.go) for visit in visits]
            until(lambda: sum(map(taken, visits)) >= len(people), what="some requests")
            site.process.send_signal(signal.SIGKILL)
            for visit in going:
                visit.result(timeout=60)
        assert sum(map(taken, visits)) < len(people) * QUOTA  # it died in the middle
        return Counter({visit.person.ref: taken(visit) for visit in visits})


def taken(visit: Visit) -> int:
    """How many requests of a visit the site said it has."""
    return sum(answer.method == "POST" and answer.status == 302 for answer in visit.answers)


def stored(folder: Path) -> Counter[str]:
    """How many requests each structure has; each with one mail and one trace, or the test fails."""
    app = create_app(settings_for(folder))
    with app.app_context():
        requests = session.scalars(select(MeetingRequest)).all()
        mails = session.scalars(select(OutboxMail.key).filter_by(kind="request_received")).all()
        traces = session.scalars(select(AuditEntry.subject_id).filter_by(action="request.sent")).all()
        counts = Counter(request.requester.ref for request in requests)
        ids = sorted(request.id for request in requests)
        db.session.remove()
        db.engine.dispose()
    assert sorted(int(key.split(":")[1]) for key in mails) == ids
    assert sorted(traces) == ids
    return counts


def check_rows(folder: Path, acknowledged: Counter[str]) -> None:
    """Nothing acknowledged is lost; at most the answer that was on its way when the site died was not heard."""
    found = stored(folder)
    for ref, count in acknowledged.items():
        assert count <= found[ref] <= count + 1, ref
