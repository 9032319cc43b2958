"""What happens when everybody sends their requests in the last minute?

    python -m tests.load.deadline_rush --people 500 --at-once 50

Starts the real service on an embedded database with that many signed-in structures. Each opens its page and sends the
forms of five desks; every tenth tries a sixth, beyond the quota. Then the rows are counted: nothing acknowledged may be
lost, nobody may be over the quota. Last, the time that a submission holds the write lock is measured in this process.
"""

import argparse
import http.client
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from openmap.accounts.operations import open_session
from openmap.app import create_app
from openmap.core.audit import AuditEntry
from openmap.core.clock import now
from openmap.core.db import db, session, unit_of_work
from openmap.core.outbox import OutboxMail
from openmap.meeting_requests.models import MeetingRequest
from tests.applications import settings_for
from tests.factories import build_desk, build_event, build_structure
from tests.load.main_pages import percentile
from tests.processes import served
from tests.servers import LOCALHOST

SLUG, QUOTA, DESKS = "matinale-du-dernier-soir", 5, 30
P95_LIMIT_S = 3.0
FORM = re.compile(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*name="(csrf_token|form_key|desk)"[^>]*value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Person:
    """A structure's contact, signed in: the structure's ref, and the cookie of the browser."""

    ref: str
    cookie: str

    @property
    def path(self) -> str:
        """The page where this structure asks."""
        return f"/events/{SLUG}/requests/{self.ref}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: "GET" or "POST", its status (0 without any), and how many seconds it took."""

    method: str
    status: int
    seconds: float


def prepared(folder: Path, people: int) -> list[Person]:
    """A morning of thirty desks in `folder`, with `people` structures that are signed in."""
    app = create_app(settings_for(folder))
    with app.app_context():
        upgrade()
        at = now()
        with unit_of_work():
            morning = build_event(at=at, slug=SLUG, quota=QUOTA, slot_count=12, table_count=DESKS)
            for number in range(DESKS):
                build_desk(morning, f"Service {number}", at=at)
            structures = [build_structure(morning, f"Structure {number}", at=at) for number in range(people)]
            signed_in = [Person(each.ref, _cookie(app, each.contact.person)) for each in structures]
        db.session.remove()
        db.engine.dispose()
    return signed_in


def _cookie(app: Flask, person: object) -> str:
    key = open_session(person, secret_key=app.config["SECRET_KEY"], at=now())  # type: ignore[arg-type] # a Person row
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined] # Flask's own cookies
    return f"openmap_session={signer.dumps({'_user_id': key, '_fresh': True})}"


class Visit:
    """One person on the last evening, on a connection that is kept as browsers do."""

    def __init__(self, person: Person, port: int, wishes: int) -> None:
        self.person, self.wishes, self.cookie = person, wishes, person.cookie
        self.answers: list[Answer] = []
        self._connection = http.client.HTTPConnection(LOCALHOST, port, timeout=60)

    def go(self) -> list[Answer]:
        """Open the page, then send the forms of some desks, the popular ones more often."""
        chance = random.Random(self.person.ref)
        forms = forms_of(self._ask("GET", self.person.path))
        while len(forms) < self.wishes and len(forms) > 0:  # desks stand on two pages
            forms |= forms_of(self._ask("GET", f"{self.person.path}?page=2"))
        wanted = sorted(forms, key=lambda desk: chance.random() ** (1 + int(desk[1:]) % 5))[: self.wishes]
        for desk in wanted:
            action, fields = forms[desk]
            self._ask("POST", action, fields | {"motive": "Vous présenter notre atelier"})
        self._connection.close()
        return self.answers

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> str:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        began, status, text = time.monotonic(), 0, ""
        try:
            self._connection.request(method, path, urlencode(fields) if fields else None, headers)
            answer = self._connection.getresponse()
            status, text = answer.status, answer.read().decode()
            if kept := answer.headers.get("Set-Cookie"):
                self.cookie = kept.split(";")[0]
        except (OSError, http.client.HTTPException):
            self._connection.close()
        self.answers.append(Answer(method, status, time.monotonic() - began))
        return text


def forms_of(page: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The forms that ask for a desk: by its ref, where they are sent and what they carry."""
    found = {}
    for action, inside in FORM.findall(page):
        fields = dict(HIDDEN.findall(inside))
        if "desk" in fields:
            found[fields["desk"]] = (action.partition("#")[0], fields)
    return found


def rush(people: list[Person], port: int, *, at_once: int) -> list[Answer]:
    """Everyone's visit, `at_once` at a time; every tenth person wants one desk too many."""
    visits = [Visit(person, port, QUOTA + (place % 10 == 0)) for place, person in enumerate(people)]
    with ThreadPoolExecutor(at_once) as pool:
        return [answer for answers in pool.map(Visit.go, visits) for answer in answers]


def faults_in(app: Flask, answers: list[Answer], people: int) -> list[str]:
    """What is wrong with the answers or with the rows, a sentence each."""
    with app.app_context():
        stored = session.scalar(select(func.count()).select_from(MeetingRequest)) or 0
        most = session.scalar(select(func.max(MeetingRequest.rank))) or 0
        mails = session.scalar(select(func.count()).select_from(OutboxMail).filter_by(kind="request_received"))
        traces = session.scalar(select(func.count()).select_from(AuditEntry).filter_by(action="request.sent"))
        db.session.remove()
    taken = sum(each.method == "POST" and each.status in {302, 303} for each in answers)
    slow = percentile([each.seconds for each in answers], 95)
    checks = {
        "requests without an answer, or with a server error": sum(not 200 <= each.status < 500 for each in answers),
        "acknowledged requests that are not stored": taken - stored,
        "requests that people sent within the quota and that were not taken": people * QUOTA - stored,
        "stored requests without their mail": stored - (mails or 0),
        "stored requests without their trace": stored - (traces or 0),
        "places beyond the quota": max(0, most - QUOTA),
        f"seconds of the 95th percentile beyond {P95_LIMIT_S}": max(0.0, slow - P95_LIMIT_S),
    }
    return [f"{number} {what}" for what, number in checks.items() if number]


def lock_times(app: Flask, people: list[Person]) -> list[float]:
    """Milliseconds from the write lock to the end of the commit, for one withdrawal and one new request of each."""
    times: list[float] = []
    began = threading.local()

    def starts(_session: Session, _transaction: object, connection: object) -> None:
        began.at = time.perf_counter()

    def ends(over: Session) -> None:
        if over.info.get("openmap_writes"):
            times.append((time.perf_counter() - began.at) * 1000)

    event.listen(Session, "after_begin", starts)
    event.listen(Session, "after_commit", ends)
    for person in people:
        Context().run(_ask_again, app, person)
    event.remove(Session, "after_begin", starts)
    event.remove(Session, "after_commit", ends)
    return times


def _ask_again(app: Flask, person: Person) -> None:
    browser = app.test_client()
    browser.set_cookie("openmap_session", person.cookie.partition("=")[2])
    page = browser.get(person.path).text
    for action, inside in FORM.findall(page):
        if "/withdraw" in action:
            fields = dict(HIDDEN.findall(inside))
            browser.post(action, data=fields)
            break
    forms = forms_of(browser.get(person.path).text)
    action, fields = next(iter(forms.values()))
    browser.post(action, data=fields | {"motive": "Encore"})


def told(name: str, times: list[float], unit: str) -> None:
    """Print one line of figures."""
    shares = " ".join(f"p{share} {percentile(times, share):.2f}" for share in (50, 95, 99))
    sys.stdout.write(f"{name:24} {len(times):6} {shares} max {max(times):.2f} {unit}\n")


def main() -> int:
    """Rush; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=500, help="structures (500)")
    parser.add_argument("--at-once", type=int, default=50, help="how many of them at the same moment (50)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="openmap-rush-") as name:
        folder = Path(name)
        people = prepared(folder, options.people)
        began = time.monotonic()
        with served(folder) as site:
            answers = rush(people, site.port, at_once=options.at_once)
        sys.stdout.write(f"{options.people} people in {time.monotonic() - began:.0f} s\n")
        for method in ("GET", "POST"):
            told(method, [each.seconds for each in answers if each.method == method], "s")
        sys.stdout.write(f"{Counter((each.method, each.status) for each in answers)}\n")
        app = create_app(settings_for(folder))
        faults = faults_in(app, answers, options.people)
        told("write lock", lock_times(app, people[:100]), "ms")
    sys.stdout.write("".join(f"BROKEN: {fault}\n" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
