"""« Et si… », at an organiser's browser: answers at once, a curve with its table, and never CP-SAT."""

import subprocess
import sys

from flask import Flask
from sqlalchemy import event as events

from openmap.core.clock import now
from openmap.core.db import db, unit_of_work
from tests.allocation.conftest import SLUG, Morning
from tests.allocation.test_pages import words
from tests.factories import build_event, build_structure
from tests.people import Visitor

HERE = "/what-if"


def figures(visitor: Visitor, path: str) -> dict[str, tuple[int, int]]:
    """Today's and the supposed figure of each row."""
    table = visitor.sees(path).html.find(id="reponse").find("table")
    rows = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in table.find("tbody")("tr")]
    return {label: (int(today), int(supposed)) for label, today, supposed in rows}


def test_without_supposing_anything_the_answer_is_todays(solved: Morning, olga: Visitor) -> None:
    told = figures(olga, solved.path(HERE))
    assert told["Rendez-vous"] == (3, 3)
    assert told["Structures sans aucun rendez-vous"] == (0, 0)
    text = words(olga.sees(solved.path(HERE)))
    assert "3 rendez-vous , autant qu’aujourd’hui ;" in text.replace("vous,", "vous ,")
    assert "Prouvé : un planning l’atteint" in text


def test_a_slot_more_and_a_slot_less(solved: Morning, olga: Visitor) -> None:
    assert figures(olga, solved.path(HERE + "?slots=3"))["Rendez-vous"] == (3, 4)
    fewer = figures(olga, solved.path(HERE + "?slots=1"))
    assert fewer["Rendez-vous"] == (3, 2)
    assert fewer["Structures sans aucun rendez-vous"] == (0, 1)
    assert "1 structure sur 3 n’en aurait aucun." in words(olga.sees(solved.path(HERE + "?slots=1")))


def test_a_table_less_an_absent_desk_and_a_limit(solved: Morning, olga: Visitor) -> None:
    assert figures(olga, solved.path(HERE + "?tables=1"))["Rendez-vous"] == (3, 2)
    assert "Les tables manquent" in words(olga.sees(solved.path(HERE + "?tables=1")))
    absent = solved.participant("dsi").ref
    assert figures(olga, solved.path(f"{HERE}?absent={absent}"))["Rendez-vous"] == (3, 1)
    assert figures(olga, solved.path(HERE + "?length=2"))["Rendez-vous"] == (3, 2)
    assert figures(olga, solved.path(HERE + "?most=1"))["Rendez-vous"] == (3, 3)


def test_a_desk_with_a_second_table_meets_everybody_who_asks(solved: Morning, olga: Visitor) -> None:
    desk = solved.participant("dsi").ref
    told = figures(olga, solved.path(f"{HERE}?doubled={desk}&tables=3"))
    assert told["Rendez-vous"] == (3, 4)


def test_the_desk_that_limits_is_named(solved: Morning, olga: Visitor) -> None:
    text = words(olga.sees(solved.path(HERE)))
    assert "Ce qui limite : 1 délégation est complète dans tout meilleur planning." in text
    assert "Un créneau de plus chez l’une d’elles améliorerait le planning : Ville de Paris – DSI." in text


def test_the_curves_carry_their_tables(solved: Morning, olga: Visitor) -> None:
    tables = olga.sees(solved.path(HERE + "?slots=3")).html.select("figure table tbody")
    meetings, without = (
        {row.th.get_text(strip=True): int(row.td.get_text(" ").split()[0]) for row in body("tr")} for body in tables
    )
    assert list(meetings.values())[:3] == [2, 3, 4]
    assert list(without.values())[:3] == [1, 0, 0]
    assert "choix actuel" in tables[0]("tr")[2].get_text()


def test_no_slot_left_is_said_and_nonsense_means_today(solved: Morning, olga: Visitor) -> None:
    assert "Il ne resterait aucun créneau." in olga.sees(solved.path(HERE + "?slots=1&length=2")).text
    nonsense = olga.sees(solved.path(HERE + "?slots=999&tables=-1&absent=X99&length=beaucoup&most=-3"))
    assert "autant qu’aujourd’hui" in nonsense.text
    assert "Valeur impossible : Créneaux, Tables par créneau" in words(nonsense)


def test_pins_that_contradict_a_supposition_are_said(solved: Morning, olga: Visitor) -> None:
    placed, desk = solved.request("bruno", "dsi"), solved.participant("dsi").ref
    olga.submits(solved.path(f"/1?desk={desk}"), solved.path(f"/1/pins/{placed.id}"))
    answer = olga.sees(solved.path(f"{HERE}?absent={desk}"))
    assert "Aucun planning n’est possible ainsi." in answer.text


def test_before_anybody_asks_the_page_says_what_to_do(solved_app: Flask, solved: Morning, olga: Visitor) -> None:
    with unit_of_work():
        build_structure(build_event(slug="silence", at=now()), at=now())
    assert "Pas encore de quoi supposer" in olga.sees("/events/silence/allocation/what-if").text


def test_the_proposals_lead_there_and_the_form_answers_while_choosing(solved: Morning, olga: Visitor) -> None:
    page = olga.sees(solved.path()).click("Et si…")
    form = page.html.find("form", class_="filters")
    assert form["hx-select"] == form["hx-target"] == "#reponse"
    assert form["method"] == "get"
    assert "input" in form["hx-trigger"], "and while typing"


def test_more_participants_cost_no_more_queries(solved: Morning, olga: Visitor) -> None:
    def count() -> int:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        events.listen(db.engine, "before_cursor_execute", note)
        olga.sees(solved.path(HERE))
        events.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    before = count()
    with unit_of_work():
        for name in ("Dora", "Elsa"):
            build_structure(solved.event, name, at=now())
    assert count() == before


def test_the_web_process_never_loads_cp_sat_for_it() -> None:
    code = (
        "import sys; from scheduler import Instance, Participant, Request\n"
        "from openmap.allocation.what_if import Morning, Question\n"
        "people = (Participant('B1', 'buyer'), Participant('S1', 'structure'))\n"
        "instance = Instance('one', 2, people, (Request('S1-B1', ('S1', 'B1')),), tables=1)\n"
        "assert Morning(instance, {}).answer(Question(slots=3, tables=1)).proven\n"
        "assert not [name for name in sys.modules if name.startswith('ortools.sat')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_address_is_the_mornings(solved: Morning) -> None:
    assert solved.path(HERE) == f"/events/{SLUG}/allocation/what-if"
