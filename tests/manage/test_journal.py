"""Who did what: the trail that justifies every decision, as an organiser reads it."""

import re
from collections.abc import Iterable

from openmap.config import ROOT
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.manage.journal import ACTIONS
from openmap.meeting_requests.enums import ANSWERS
from openmap.registrations.enums import RegistrationState
from openmap.selections.enums import ChangeKind
from tests.counting import queries_of
from tests.factories import build_desk, build_structure
from tests.people import Visitor, the_form

JOURNAL = "/manage/matinale-dechets/journal"
AT_NO_MORNING = (
    "contact.",
    "delegation.",
    "need.",
    "organisation.",
    "person.",
    "profile.",
    "roadmap.begun",
    "roadmap.imported",
    "roadmap.presented",
    "sectors.",
    "wish.",
)
RECORDED = re.compile(r'audit\.record\(\s*\w[\w.]*,\s*f?"([^"]+)"')


def asks(visitor: Visitor, structure, desk) -> None:
    page = visitor.sees(f"/events/matinale-dechets/requests/{structure.ref}")
    form = the_form(page, f"-{desk.registration.ref}")
    form["motive"] = "Présenter notre collecte"
    visitor.sends_again(form)


def lines(visitor: Visitor, query: str = "") -> list[list[str]]:
    rows = visitor.sees(JOURNAL + query).html.select("main tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in rows]


def test_an_empty_journal_says_what_will_come(claire, event):
    assert "Chaque inscription, demande, réponse" in claire.sees(JOURNAL).text


def test_what_claire_does_for_a_structure_is_told_with_her_name_and_its(claire, event):
    with unit_of_work():
        structure, desk = build_structure(event, at=now()), build_desk(event, at=now())
    asks(claire, structure, desk)
    assert lines(claire) == [
        ["Claire pour Atelier Soleil", "Demande envoyée", "Atelier Soleil → Ville de Paris – DSI"],
    ]


def test_the_journal_shows_one_kind_of_action_when_asked(claire, event):
    with unit_of_work():
        structure, desk = build_structure(event, at=now()), build_desk(event, at=now())
        build_structure(event, "Les Rouages", at=now(), state=RegistrationState.PENDING)
    asks(claire, structure, desk)
    claire.submits("/events/matinale-dechets/registrations/review", "/approve")
    assert [line[1] for line in lines(claire)] == ["Inscription validée", "Demande envoyée"]
    assert [line[1] for line in lines(claire, "?action=request.sent")] == ["Demande envoyée"]
    assert len(lines(claire, "?action=no-such-action")) == 2


def test_a_long_journal_asks_the_database_no_more_than_a_short_one(claire, event):
    with unit_of_work():
        structure = build_structure(event, at=now())
        desks = [build_desk(event, f"Service {number}", at=now()) for number in range(3)]
    asks(claire, structure, desks[0])
    short = queries_of(claire, JOURNAL)
    for desk in desks[1:]:
        asks(claire, structure, desk)
    assert queries_of(claire, JOURNAL) == short


def test_every_action_that_is_recorded_at_a_morning_has_its_words():
    recorded = {found for path in ROOT.glob("openmap/**/*.py") for found in RECORDED.findall(path.read_text())}
    assert len(recorded) > 10
    templates: dict[str, Iterable[object]] = {
        "request.{answer}": ANSWERS,
        "registration.{state}": ("approved", "refused"),
        "selection.{kind}": ChangeKind,
        "selection_rule.{what}": ("added", "edited", "removed"),
    }
    actions = {pattern.split("{")[0] + str(value) for pattern, values in templates.items() for value in values} | {
        action for action in recorded if "{" not in action and not action.startswith(AT_NO_MORNING)
    }
    assert actions <= set(ACTIONS)
