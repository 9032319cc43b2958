"""The checker finds each kind of lie, names it, and leaves a right solution alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from scheduler.checking.honesty import HONESTY
from scheduler.checks import HARD_RULES, violations
from tests.scheduler.documents import Document, buyer, instance_of, request, solution_of, structure

Places = dict[str, tuple[int, int | None]]


def morning(*, participants: Mapping[str, Document] | None = None, **more: Any) -> Document:
    """Two buyers, three structures, six slots in two sessions; `participants` adds to somebody's description."""
    people = [buyer("Paris"), buyer("Lyon"), structure("Amina"), structure("Bruno"), structure("Chloé")]
    people = [person | (participants or {}).get(person["id"], {}) for person in people]
    pairs = [("Amina", "Paris"), ("Amina", "Lyon"), ("Bruno", "Paris"), ("Bruno", "Lyon"), ("Chloé", "Paris")]
    return instance_of(people, [request(*pair) for pair in pairs], slots=6, sessions=[[0, 3], [3, 6]], **more)


RIGHT: Places = {"Amina-Paris": (0, 1), "Bruno-Lyon": (0, 2), "Amina-Lyon": (1, 2), "Bruno-Paris": (2, 1)}


def with_request(instance: Document, name: str, **more: Any) -> Document:
    requests = [each | more if each["id"] == name else each for each in instance["requests"]]
    return instance | {"requests": requests}


def rules_broken(instance: Document, solution: Document) -> set[str]:
    return {violation.rule for violation in violations(instance, solution)}


@pytest.mark.parametrize(
    "instance",
    [
        morning(),
        morning(tables=2),
        morning(tables=[2, 2, 1, 0, 0, 0], participants={"Amina": {"unavailable": [2]}}),
        morning(participants={"Amina": {"max_meetings": 2, "max_consecutive": 2}}),
        morning(pins=[{"request": "Bruno-Paris", "slot": 2}], precedences=[["Amina-Paris", "Amina-Lyon"]]),
        morning(precedences=[["Chloé-Paris", "Amina-Lyon"]]),
        morning(previous=[{"request": "Amina-Paris", "slot": 1}], max_break_difference=1),
        with_request(morning(), "Amina-Paris", required=True, slots=[0, 5], weight=7),
    ],
)
def test_a_right_solution_passes(instance: Document) -> None:
    assert violations(instance, solution_of(instance, RIGHT)) == []


WRONG_PLACES: list[tuple[str, Document, Places]] = [
    ("one_meeting_at_a_time", morning(), RIGHT | {"Chloé-Paris": (0, 3)}),
    ("one_meeting_at_a_time", morning(participants={"Lyon": {"capacity": 0}}), {"Amina-Lyon": (0, 1)}),
    ("nobody_when_unavailable", morning(participants={"Lyon": {"unavailable": [1]}}), RIGHT),
    ("enough_tables", morning(tables=[0, 2, 2, 2, 2, 2]), {"Amina-Lyon": (1, 2), "Bruno-Paris": (0, None)}),
    ("one_meeting_per_table", morning(), RIGHT | {"Bruno-Lyon": (0, 1)}),
    ("known_table", morning(tables=2), RIGHT | {"Bruno-Paris": (2, 3)}),
    ("known_table", morning(tables=2), RIGHT | {"Bruno-Paris": (2, None)}),
    ("known_table", morning(), RIGHT | {"Bruno-Paris": (2, 0)}),
    ("at_most_max_meetings", morning(participants={"Bruno": {"max_meetings": 1}}), RIGHT),
    ("at_most_max_consecutive", morning(participants={"Amina": {"max_consecutive": 1}}), RIGHT),
    ("allowed_slots", with_request(morning(), "Amina-Lyon", slots=[0, 2]), RIGHT),
    ("required_met", with_request(morning(), "Chloé-Paris", required=True), RIGHT),
    ("pins_kept", morning(pins=[{"request": "Bruno-Paris", "slot": 1}]), RIGHT),
    ("pins_kept", morning(pins=[{"request": "Chloé-Paris", "slot": 1}]), RIGHT),
    ("precedences_respected", morning(precedences=[["Bruno-Paris", "Amina-Lyon"]]), RIGHT),
    ("precedences_respected", morning(precedences=[["Bruno-Lyon", "Amina-Paris"]]), RIGHT),
    ("fair_breaks", morning(max_break_difference=0), RIGHT),
]


@pytest.mark.parametrize(("rule", "instance", "places"), WRONG_PLACES)
def test_one_broken_rule_is_found_and_no_other(rule: str, instance: Document, places: Places) -> None:
    broken = rules_broken(instance, solution_of(instance, places))
    # No table can be right where there is none, so a meeting there breaks both rules about tables.
    assert broken - ({"known_table"} if rule == "enough_tables" else set()) == {rule}


def changed(**more: Any) -> Document:
    return solution_of(morning(), RIGHT) | more


def with_meeting(meeting: Document) -> Document:
    solution = solution_of(morning(), RIGHT)
    return solution | {"meetings": [*solution["meetings"], meeting]}


def with_level(name: str, **more: Any) -> Document:
    solution = solution_of(morning(), RIGHT)
    return solution | {"objectives": [each | more if each["name"] == name else each for each in solution["objectives"]]}


UNMET = solution_of(morning(), RIGHT)["unmet"]
AGAIN = {"request": "Amina-Paris", "reason": "rule_order", "with": [], "unlock": []}
OBJECTIVES = solution_of(morning(), RIGHT)["objectives"]

WRONG_SOLUTIONS: list[tuple[str, Document]] = [
    ("made_for_this_instance", changed(instance_sha256="0" * 64)),
    ("known_request", with_meeting({"request": "Zoé-Paris", "slot": 4, "table": 1})),
    ("known_slot", with_meeting({"request": "Chloé-Paris", "slot": 6, "table": 1}) | {"unmet": UNMET}),
    ("known_slot", with_meeting({"request": "Chloé-Paris", "slot": -1, "table": 1}) | {"unmet": UNMET}),
    ("each_request_at_most_once", with_meeting({"request": "Amina-Paris", "slot": 0, "table": 3})),
    ("unmet_listed", changed(unmet=[])),
    ("unmet_listed", changed(unmet=[*UNMET, AGAIN])),
    ("unmet_listed", changed(unmet=[*UNMET, *UNMET])),
    ("unmet_listed", changed(unmet=[*UNMET, AGAIN | {"request": "Zoé-Paris"}])),
    ("known_objectives", changed(objectives=[*OBJECTIVES, OBJECTIVES[0]])),
    ("known_objectives", changed(objectives=[{"name": "beauty", "value": 1, "bound": 1, "proven": True}])),
    ("true_values", with_level("coverage", value=[3, 1], bound=[3, 1])),
    ("true_values", with_level("satisfaction", value=5, bound=5)),
    ("true_values", with_level("breaks", value=0, bound=0)),
    ("true_values", with_level("idle", value=0, bound=0)),
    ("true_values", with_level("changes", value=1, bound=1)),
    ("possible_bounds", with_level("satisfaction", bound=3, proven=False) | {"status": "feasible"}),
    ("founded_proofs", with_level("satisfaction", bound=5)),
    ("founded_proofs", with_level("coverage", bound=[2, 2, 1])),
    ("founded_optimality", with_level("satisfaction", bound=5, proven=False)),
]


@pytest.mark.parametrize(("rule", "solution"), WRONG_SOLUTIONS)
def test_one_lie_is_found_and_no_other(rule: str, solution: Document) -> None:
    # Somebody met twice on one request is also in two places at once, and counted twice.
    at_once = {"one_meeting_at_a_time", "true_values"} if rule == "each_request_at_most_once" else set()
    assert rules_broken(morning(), solution) == {rule} | at_once


@pytest.mark.parametrize(
    ("name", "bound"),
    [("coverage", [2, 1, 5]), ("coverage", [2]), ("satisfaction", 3), ("breaks", 3), ("idle", 3)],
)
def test_a_bound_that_the_schedule_beats_is_impossible(name: str, bound: int | list[int]) -> None:
    solution = with_level(name, bound=bound, proven=False) | {"status": "feasible"}
    assert rules_broken(morning(), solution) == {"possible_bounds"}


@pytest.mark.parametrize(
    ("name", "bound"), [("coverage", [2, 2, 1]), ("coverage", [3]), ("satisfaction", 9), ("breaks", 0), ("idle", 0)]
)
def test_an_unreached_bound_is_no_lie(name: str, bound: int | list[int]) -> None:
    solution = with_level(name, bound=bound, proven=False) | {"status": "feasible"}
    assert rules_broken(morning(), solution) == set()


def test_every_rule_has_a_solution_that_breaks_it() -> None:
    shown = {rule for rule, *_ in WRONG_PLACES} | {rule for rule, _ in WRONG_SOLUTIONS}
    assert shown == {rule.__name__ for rule in HARD_RULES + HONESTY}


def test_a_wait_across_two_sessions_is_no_break() -> None:
    instance = morning()
    solution = solution_of(instance, {"Amina-Paris": (0, 1), "Amina-Lyon": (5, 1)})
    assert [level["value"] for level in solution["objectives"] if level["name"] in {"breaks", "idle"}] == [0, 0]


def test_a_row_ends_with_its_session() -> None:
    instance = morning(participants={"Amina": {"max_consecutive": 1}})
    assert violations(instance, solution_of(instance, {"Amina-Paris": (2, 1), "Amina-Lyon": (3, 1)})) == []


def test_no_schedule_is_no_lie_but_meetings_in_it_are() -> None:
    nothing = changed(status="infeasible", meetings=[], objectives=[], unmet=[])
    assert violations(morning(), nothing) == []
    assert rules_broken(morning(), changed(status="infeasible")) == {"no_schedule_claimed"}


def test_a_violation_is_one_english_line() -> None:
    instance = morning()
    (violation,) = violations(instance, solution_of(instance, RIGHT | {"Chloé-Paris": (0, 3)}))
    assert str(violation) == (
        "one_meeting_at_a_time: Paris has 2 meetings in slot 0, room for 1: Amina-Paris, Chloé-Paris"
    )
