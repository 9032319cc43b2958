"""Every form of the application, found by looking for it: whatever is sent to it gets an answer, never a failure.

A form that no route of the table of routes shows fails the test: its route is missing there, or what its page needs.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from webtest import TestResponse, Upload
from wtforms.fields import Field, FileField
from wtforms.form import BaseForm, Form

import openmap
from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.limits import limiter
from openmap.juries.models import Reviewer
from openmap.organisations.delegating import Delegation
from openmap.organisations.models import Contact
from openmap.profiles.forms import PART_FORMS
from tests.allocation.conftest import Morning, solved, solved_app, solved_folder  # noqa: F401 - fixtures
from tests.allocation.test_authorization import ACCESS, IN, ROLES, places  # noqa: F401 - a fixture
from tests.factories import build_event, build_person
from tests.people import Visitor
from tests.rows import all_rows

ANSWERS = {200, 302, 303, 400, 403, 404, 409, 410, 413, 422, 429}
MEGABYTE = "é" * 600_000
WORDS = ("\0\x1b[31m", "\ud800", "a\r\nBcc: x@y", "=1+1", "é" * 5001, "9" * 30, "B01", "999999", "../../x", "<b>")
LIES = (
    Upload("../../etc/passwd", b"MZ\x90"),
    Upload("x.png", b"<svg onload=alert(1)>"),
    Upload("x.xlsx", b"PK\x03\x04"),
)
ENDS_SESSIONS = {"accounts.sign_out", "personal_data.sign_out_everywhere"}
FIRST = ("olga", "amina", "dsi", "emma", "visitor", "bruno", "achats")
FIRST_STEPS = {
    "structure": {"siret": "73282932000074", "name": "Atelier Lune", "kind": "ESAT", "departement": "93"},
    "desk": {"body": "Ville de M", "kind": "collectivite", "desk": "DSI", "departement": "93"},
    "partner": {"body": "Réseau M", "kind": "reseau", "desk": "Clauses", "departement": "93"},
    "visitor": {"body": "", "departement": "93"},
}
TURNS = 2
# Forms of a state that the table of routes doesn't hold, and where they are tried instead.
ELSEWHERE = {
    "openmap.meeting_requests.forms.JoinForm": "tests/meeting_requests/test_together.py",  # a proposal to go together
    "openmap.selections.forms.WordsForm": "tests/selections",  # decided, not told yet
}
STEPS = ("organisation", "contact", "offer", "questions", "consents")


def forms_of_the_application() -> set[type[Form]]:
    """Every class of form in the package, those only inherited from left out."""
    for module in pkgutil.walk_packages(openmap.__path__, "openmap."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, waiting = set(), [Form]
    while waiting:
        own = waiting.pop().__subclasses__()
        waiting += own
        found |= {each for each in own if each.__module__.startswith("openmap.") and not each.__subclasses__()}
    return found


class Doors:
    """What each route builds: the fields of its forms, seen while it answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.met: set[type[BaseForm]] = set()
        self.fields: dict[str, Field] = {}
        built, doors = Form.__init__, self

        def noted(form: Form, *args: Any, **kwargs: Any) -> None:
            built(form, *args, **kwargs)
            doors.met.add(type(form))
            doors.fields |= {field.name: field for field in form}

        monkeypatch.setattr(Form, "__init__", noted)

    def behind(self, ask: Any) -> dict[str, Field]:
        """The fields of the forms that are built while `ask` is answered."""
        self.fields = {}
        ask()
        return dict(self.fields)


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> Doors:
    return Doors(monkeypatch)


def hostile(fields: dict[str, Field]) -> Iterator[dict[str, Any]]:
    """What a stranger may put into these fields: each word in turn, lying files, then a megabyte in one of them."""
    plain = [name for name, field in fields.items() if not isinstance(field, FileField) and name != "csrf_token"]
    files = [name for name, field in fields.items() if isinstance(field, FileField)]
    for turn in range(TURNS if plain or files else 0):
        words = {name: WORDS[(3 * turn + place) % len(WORDS)] for place, name in enumerate(plain)}
        sent: dict[str, Any] = {name: word.encode("utf-8", "surrogatepass") for name, word in words.items()}
        yield sent | {name: LIES[turn % len(LIES)] for name in files}
    if plain:
        yield {plain[-1]: MEGABYTE.encode()}


class Stranger:
    """Somebody signed in who sends by hand what no page offered."""

    def __init__(self, app: Flask, role: str) -> None:
        self.visitor = Visitor(app, role if "@" in role else f"{role}@exemple.fr")
        if role != "visitor":
            self.visitor.signs_in()
        page = self.visitor.sees("/accessibility")
        self.token = page.html.find("meta", attrs={"name": "csrf-token"})["content"]

    def sends(self, method: str, address: str, fields: dict[str, Any]) -> TestResponse:
        """The answer, whatever it is."""
        if method == "GET":
            return self.visitor.browser.get(address, fields, expect_errors=True)
        return self.visitor.browser.post(address, {"csrf_token": self.token, **fields}, expect_errors=True)


def faults(doors: Doors, stranger: Stranger, method: str, address: str) -> Iterator[str]:
    """Send everything hostile to the forms of one route, the last of it twice; what got no answer of ours."""
    fields = doors.behind(lambda: stranger.sends(method, address, {}))
    sent: dict[str, Any] = {}
    for sent in hostile(fields) if method == "POST" else (dict.fromkeys(fields, word) for word in WORDS[2:4]):
        answer = stranger.sends(method, address, sent)
        if answer.status_int not in ANSWERS:
            yield f"{answer.status_int}: {method} {address} {str(sent)[:300]}"
    if sent and stranger.sends(method, address, sent).status_int not in ANSWERS:
        yield f"sent twice: {method} {address} {str(sent)[:300]}"


def further_doors(app: Flask, places: dict[str, object]) -> Iterator[tuple[Stranger, str, str]]:  # noqa: F811 - a fixture
    """Forms that the table's one address a route doesn't show: who meets them, and where."""
    olga, amina = Stranger(app, "olga"), Stranger(app, "amina")
    for way in ("paste", "one"):
        yield olga, "POST", f"/manage/{places['slug']}/invitations/new/{way}"
    yield olga, "POST", f"/manage/{places['slug']}/telephone/{places['dsi']}"
    for part in PART_FORMS:
        yield amina, "POST", f"/organisations/{places['organisation']}/profile/{part}"
    with unit_of_work():
        facilitator = session.get_one(Delegation, places["delegation"]).facilitator
        fanny = build_person("Fanny", email="fanny@exemple.fr", at=now())
        session.add(Contact(person=fanny, organisation_id=facilitator.id, is_main=True))
    yield Stranger(app, "fanny"), "POST", f"/organisations/{facilitator.id}/delegations/new"
    yield from steps_of(app)


def doors_of_the_jury(app: Flask, places: dict[str, object]) -> Iterator[tuple[Stranger, str, str]]:  # noqa: F811 - a fixture
    """What a reviewer meets, as long as nobody takes that reviewer away."""
    jury = session.get_one(Reviewer, places["reviewer"]).email
    for method, address in (("GET", ""), ("POST", f"/{places['judged']}"), ("POST", f"/{places['judged']}/conflict")):
        yield Stranger(app, jury), method, f"/events/{places['slug']}/jury{address}"


def steps_of(app: Flask) -> Iterator[tuple[Stranger, str, str]]:
    """Every step of each kind of registration, at a morning that is open for it."""
    with unit_of_work():
        event = build_event(at=now())
    for kind in ("structure", "desk", "partner", "visitor"):
        visitor = Stranger(app, "visitor")
        first = f"/events/{event.slug}/registrations/{kind}"
        yield visitor, "POST", first
        page = visitor.visitor.fills(first, FIRST_STEPS[kind], status=422)
        for step in STEPS:
            yield visitor, "POST", f"{page.request.path.rsplit('/', 1)[0]}/{step}"


def test_whatever_is_sent_to_any_form_is_answered(
    solved_app: Flask,  # noqa: F811 - a fixture
    solved: Morning,  # noqa: F811 - a fixture
    places: dict[str, object],  # noqa: F811 - a fixture
    doors: Doors,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    found: list[str] = []
    for stranger, method, address in doors_of_the_jury(solved_app, places):
        found += faults(doors, stranger, method, address)
    people = {role: Stranger(solved_app, role) for role in ROLES}
    for (method, endpoint), (pattern, answers) in sorted(ACCESS.items()):
        if endpoint not in ENDS_SESSIONS:
            role = next((each for each in FIRST if answers[each] == IN), "olga")
            found += faults(doors, people[role], method, pattern.format(**places))
    for stranger, method, address in further_doors(solved_app, places):
        found += faults(doors, stranger, method, address)
    assert not found, "\n".join(found)
    names = {f"{form.__module__}.{form.__name__}" for form in forms_of_the_application() - doors.met}
    assert not names - set(ELSEWHERE), " ".join(sorted(names))
    for rows in all_rows().values():
        for value in (cell for row in rows for cell in row if isinstance(cell, str)):
            assert not {"\0", "\x1b"} & set(value), value[:80]
