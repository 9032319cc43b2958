"""A proposal says what is best under the rules, proves it, and explains itself; one click adopts it, another undoes."""

import json
import time

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.organisations.enums import StructureKind
from openmap.selections import operations, problem, queries
from openmap.selections.enums import BalanceKind
from openmap.selections.traits import rules_from
from tests.people import Visitor
from tests.selections.conftest import build_selection
from tests.selections.test_reserve import add_rule


def test_without_rules_the_best_scores_are_chosen_and_proven(olga, selection):
    page = olga.submits(selection.path(), "/proposals")
    assert "170 points pour 2 pitchs" in page.text
    assert "Aucun autre choix ne fait mieux (prouvé)." in page.text
    assert "À 10 points de la dernière retenue, Bruno." in page.text
    olga.submits(page, "/adopt")
    assert selection.names() == {"selected": ["amina", "bruno"], "reserve": ["chloe", "dina"], "rejected": []}
    olga.submits(selection.path(), "/undo")
    assert selection.names() == {"selected": [], "reserve": [], "rejected": []}


def test_rules_are_written_priced_and_explained(olga, selection):
    page = olga.submits(selection.path(), "/rules/add", kind="departement", at_most="1")
    assert "Au plus 1 par département" in page.text
    olga.submits(selection.path(), "/rules/add", kind="structure-kind", structure_kinds=["ESAT", "EA"], at_least="1")
    page = olga.submits(selection.path(), "/proposals")
    assert "150 points pour 2 pitchs" in page.text
    assert "Aucun autre choix respectant vos règles ne fait mieux (prouvé)." in page.text
    assert "sans elle, 170 points" not in page.text  # the other rule still holds
    assert "Serait de trop\u00a0: au plus 1 du département 93. Ces places vont à Amina." in page.text
    assert [each.number for each in queries.proposals_of(selection.call)] == [1]


def test_contradicting_rules_are_named(olga, selection):
    add_rule(selection, BalanceKind.STRUCTURE_KIND, "ESAT", "EA", at_least=2)
    add_rule(selection, BalanceKind.DEPARTEMENT, "93", at_least=1)
    add_rule(selection, BalanceKind.SECTOR, at_most=5)
    page = olga.submits(selection.path(), "/proposals")
    assert "Aucune sélection ne tient toutes ces règles ensemble." in page.text
    lines = [item.get_text(strip=True) for item in page.html.select(".notice li")]
    assert sorted(lines) == ["Au moins 1 du département 93", "Au moins 2 EA ou ESAT"]
    olga.posts(selection.path("/proposals/1/adopt"), {"version": str(selection.call.board_version)}, status=409)


def test_decisions_can_be_kept(olga, selection):
    selection.decide(selected=["elio"], rejected=["amina"])
    page = olga.submits(selection.path(), "/proposals", keeps=True)
    assert "130 points pour 2 pitchs" in page.text
    assert "Vous l’avez écarté sur le tableau." in page.text


def test_a_proposal_older_than_the_board_is_adopted_on_the_board_as_it_is(olga, selection):
    page = olga.submits(selection.path(), "/proposals")
    selection.decide(rejected=["elio"])
    answer = olga.submits(page, "/adopt", status=409)
    assert "Le tableau a changé" in answer.text
    olga.submits(answer, "/adopt")
    assert selection.names() == {"selected": ["amina", "bruno"], "reserve": ["chloe", "dina"], "rejected": ["elio"]}


def test_the_question_can_be_asked_again(olga, selection):
    olga.submits(selection.path(), "/proposals")
    answer = olga.browser.get(selection.path("/proposals/1/question.json"))
    assert answer.content_type == "application/json"
    question = json.loads(answer.text)
    assert question["format"] == "openmap-selection/1"
    assert [each["score"] for each in question["candidates"]] == [9000, 8000, 7000, 6000, 5000]
    assert problem.read_question(answer.text).places == 2


def test_rules_that_say_nothing_or_too_much_are_refused(olga, selection):
    answer = olga.submits(selection.path(), "/rules/add", status=422, kind="departement")
    assert "Écrivez au moins un des deux nombres." in answer.text
    answer = olga.submits(selection.path(), "/rules/add", status=422, kind="departement", at_least="3", at_most="2")
    assert "« Au moins » ne peut pas dépasser « au plus »." in answer.text.replace("\u00a0", " ")
    for wrong in ("0", "51", "x", "9" * 40):
        olga.submits(selection.path(), "/rules/add", status=422, kind="departement", at_least=wrong)
    assert not queries.constraints_of(selection.call)


def test_a_rule_is_edited_and_removed_beside_the_board(olga, selection):
    olga.submits(selection.path(), "/rules/add", kind="departement", at_most="1")
    constraint = queries.constraints_of(selection.call)[0]
    olga.posts(selection.path(f"/rules/{constraint.id}"), {"at_most": "2", "at_least": ""})
    assert queries.constraints_of(selection.call)[0].at_most == 2
    olga.submits(selection.path(), f"/rules/{constraint.id}/remove")
    assert not queries.constraints_of(selection.call)


KINDS = (StructureKind.EI, StructureKind.ESAT, StructureKind.EA, StructureKind.ACI)
DEPARTEMENTS = ("75", "77", "78", "91", "92", "93", "94", "95")


def many(count: int):
    return {
        f"structure {number}": ((number * 37) % 101, KINDS[number % 4], DEPARTEMENTS[number % 8])
        for number in range(count)
    }


def test_two_hundred_files_are_proven_within_a_second(app):
    selection = build_selection(many(200), places=8)
    with unit_of_work():
        call = selection.file_in("structure 1").call
        for kind, values, least, most in (
            (BalanceKind.DEPARTEMENT, (), None, 2),
            (BalanceKind.STRUCTURE_KIND, ("ESAT", "EA"), 3, None),
            (BalanceKind.STRUCTURE_KIND, (), None, 3),
        ):
            operations.add_constraint(call, kind, values=values, at_least=least, at_most=most, by=None, at=now())
    olga = Visitor(app, "olga@exemple.fr").signs_in()
    form = next(form for form in olga.sees(selection.path()).forms.values() if form.action.endswith("/proposals"))
    begun = time.process_time()
    answer = form.submit()
    took = time.process_time() - begun
    page = answer.follow()
    assert "(prouvé)" in page.text
    assert took < 1
    files = queries.sent_files(selection.call)
    assert len(rules_from(queries.constraints_of(selection.call), files)) == 13
