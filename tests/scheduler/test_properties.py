"""What holds for every instance, shown on random tiny ones: the solver against exhaustion, and against itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import combinations, count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import SolverConfig, read_instance, solution_document
from scheduler.checks import violations
from scheduler.solver import solve
from tests.scheduler.brute_force import MINIMISED, best_figures
from tests.scheduler.documents import REPEATABLE, Document, buyer, instance_of, request, structure

CONFIG = SolverConfig(time_limit_s=20, workers=1)
MOST_REQUESTS = {2: 8, 3: 7, 4: 6}  # by slots: exhaustion stays under some thousand schedules
IMPORTANT = ("coverage", "satisfaction")


def solved(instance: Document, *, should_stop: Callable[[], bool] | None = None) -> Document:
    """The solution as parsed JSON, checked."""
    solution = solution_document(solve(read_instance(json.dumps(instance)), CONFIG, should_stop=should_stop))
    assert violations(instance, solution) == []
    return solution


def values(solution: Document) -> dict[str, Any]:
    return {level["name"]: _plain(level["value"]) for level in solution["objectives"]}


def _plain(value: int | list[int]) -> int | tuple[int, ...]:
    return tuple(value) if isinstance(value, list) else value


def important(solution: Document) -> tuple[Any, ...]:
    """Coverage and satisfaction, for comparison; below everything when there is no schedule."""
    assert solution["status"] != "unknown"
    if solution["status"] == "infeasible":
        return ()
    return tuple(values(solution)[name] for name in IMPORTANT)


@st.composite
def mornings(draw: st.DrawFn) -> Document:
    """Buyers, structures, absences and tables: what every real morning has."""
    slots = draw(st.integers(2, 4))
    absences = st.lists(st.integers(0, slots - 1), min_size=slots - 2, max_size=slots - 1, unique=True)
    buyers = [buyer(f"B{n}", unavailable=draw(absences)) for n in range(draw(st.integers(2, 3)))]
    structures = [structure(f"S{n}", unavailable=draw(absences)) for n in range(draw(st.integers(2, 4)))]
    pairs = [(asking["id"], asked["id"]) for asking in structures for asked in buyers]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=4, max_size=MOST_REQUESTS[slots], unique=True))
    requests = [request(*pair, weight=draw(st.integers(0, 9))) for pair in chosen]
    return instance_of([*buyers, *structures], requests, slots=slots, tables=draw(st.sampled_from([None, 3, 2, 1])))


@st.composite
def long_mornings(draw: st.DrawFn) -> Document:
    """Few requests in many slots, so that somebody may wait three times in one session."""
    slots = 8
    absent = draw(st.sampled_from([[1, 3, 5, 7], [0, 2, 4, 6], [2, 3, 5]]))
    people = [buyer("B0", unavailable=absent), buyer("B1"), *(structure(f"S{n}") for n in range(4))]
    some_slots = st.lists(st.integers(0, slots - 1), min_size=1, max_size=3, unique=True)
    requests = [request(f"S{n}", "B0", required=draw(st.booleans())) for n in range(4)]
    requests.append(request("S0", "B1", slots=draw(some_slots)))
    limit = draw(st.none() | st.integers(0, 2))
    return instance_of(people, requests, slots=slots, max_break_difference=limit)


@st.composite
def peculiar_mornings(draw: st.DrawFn) -> Document:
    """The same with everything else the format can say, several at a time."""
    instance = draw(mornings())
    slots = instance["slots"]
    names = [each["id"] for each in instance["participants"]]
    limits = {"capacity": st.sampled_from([2, 0]), "max_meetings": st.integers(1, 3), "max_consecutive": st.just(1)}
    for each in instance["participants"]:
        each["unavailable"] = each["unavailable"][: draw(st.integers(0, slots))]
        name = draw(st.sampled_from([None, *sorted(limits)]))
        if name is not None:
            each[name] = draw(limits[name])
    others = [group for size in (2, 3, 4) for group in combinations(names, size)]
    for group in draw(st.lists(st.sampled_from(others), max_size=2, unique=True)):
        if len(instance["requests"]) < MOST_REQUESTS[slots]:
            instance["requests"].append(request("and", *group, weight=draw(st.integers(1, 9))) | {"between": [*group]})
    for each in instance["requests"]:
        if draw(st.integers(0, 9)) == 9:
            each["required"] = True
        if draw(st.integers(0, 4)) == 4:
            each["slots"] = draw(st.lists(st.integers(0, slots - 1), min_size=1, unique=True))
    wished = [each["id"] for each in instance["requests"]]
    noon = draw(st.integers(0, slots - 1))
    return instance | draw(_relations(wished, slots)) | ({"sessions": [[0, noon], [noon, slots]]} if noon else {})


def _relations(wished: list[str], slots: int) -> st.SearchStrategy[Document]:
    """Pins, precedences, a previous schedule, tables slot by slot, a limit on the difference of breaks."""
    place = st.fixed_dictionaries({"request": st.sampled_from(wished), "slot": st.integers(0, slots - 1)})
    pairs = [list(pair) for pair in combinations(wished, 2)]
    return st.fixed_dictionaries(
        {},
        optional={
            "pins": st.lists(place, max_size=1),
            "previous": st.lists(place, min_size=2, max_size=4, unique_by=lambda each: each["request"]),
            "precedences": st.lists(st.sampled_from(pairs), min_size=1, max_size=2),
            "tables": st.lists(st.sampled_from([1, 2, 0]), min_size=slots, max_size=slots),
            "max_break_difference": st.integers(0, 1),
        },
    )


def assert_best(instance: Document) -> None:
    """Coverage and satisfaction are the best there are; the levels below are too where they say so."""
    best, solution = best_figures(instance), solved(instance)
    if best is None:
        assert solution["status"] == "infeasible"
        return
    assert solution["status"] in {"optimal", "feasible"}
    found = values(solution)
    assert {name: found[name] for name in IMPORTANT} == {name: best[name] for name in IMPORTANT}
    assert_honest(solution, best)


def assert_honest(solution: Document, best: Mapping[str, Any]) -> None:
    """As long as the levels above are the best, a bound excludes nothing possible, and a proof is true."""
    for level in solution["objectives"]:
        value, bound, optimum = _plain(level["value"]), _plain(level["bound"]), best[level["name"]]
        assert bound <= optimum if level["name"] in MINIMISED else bound >= optimum, level
        if value != optimum:
            assert not level["proven"], level
            return


@given(mornings())
@settings(REPEATABLE, max_examples=120)
def test_nobody_does_better_than_the_solver_on_a_morning(instance: Document) -> None:
    assert_best(instance)


@given(peculiar_mornings())
@settings(REPEATABLE, max_examples=120)
def test_nobody_does_better_than_the_solver_under_any_rule(instance: Document) -> None:
    assert_best(instance)


@given(long_mornings())
@settings(REPEATABLE, max_examples=25)
def test_nobody_does_better_than_the_solver_on_a_long_morning(instance: Document) -> None:
    assert_best(instance)


@given(peculiar_mornings(), st.permutations(["coverage", "satisfaction", "breaks", "idle", "changes", "kept", "moves"]))
@settings(REPEATABLE, max_examples=30)
def test_any_order_of_the_levels_is_kept(instance: Document, policy: list[str]) -> None:
    instance = instance | {"policy": policy}
    best, solution = best_figures(instance), solved(instance)
    assert (best is None) == (solution["status"] == "infeasible")
    if best is not None:
        assert_honest(solution, best)


@given(mornings() | peculiar_mornings(), st.data())
@settings(REPEATABLE, max_examples=60)
def test_on_the_day_itself_what_can_stay_stays(instance: Document, data: st.DataObject) -> None:
    names = [each["id"] for each in instance["requests"]]
    slots = st.integers(0, instance["slots"] - 1)
    previous = data.draw(st.dictionaries(st.sampled_from(names), slots, min_size=2))
    places = [{"request": name, "slot": slot} for name, slot in previous.items()]
    instance = instance | {"previous": places, "policy": ["kept", "coverage", "satisfaction", "moves", "breaks"]}
    best, solution = best_figures(instance), solved(instance)
    assert (best is None) == (solution["status"] == "infeasible")
    if best is not None:
        assert_honest(solution, best)
        assert [values(solution)[name] for name in ("kept", *IMPORTANT)] == [
            best[name] for name in ("kept", *IMPORTANT)
        ]


@given(peculiar_mornings(), st.sampled_from([0, 1, 2, 3, 5, 8, 13]))
@settings(REPEATABLE, max_examples=100)
def test_a_search_stopped_anywhere_is_honest(instance: Document, patience: int) -> None:
    asked = count()
    solution = solved(instance, should_stop=lambda: next(asked) >= patience)
    best = best_figures(instance)
    if solution["status"] != "unknown":
        assert (best is None) == (solution["status"] == "infeasible")
    if solution["objectives"]:
        assert_honest(solution, best or {})


@given(peculiar_mornings(), st.randoms(use_true_random=False))
@settings(REPEATABLE, max_examples=20)
def test_names_and_order_change_no_value(instance: Document, random: Any) -> None:
    people, wishes = list(instance["participants"]), list(instance["requests"])
    random.shuffle(people)
    random.shuffle(wishes)
    assert important(solved(instance | {"participants": people, "requests": wishes})) == important(solved(instance))
    assert important(solved(_renamed(instance))) == important(solved(instance))


def _renamed(instance: Document) -> Document:
    """The same question with other names, in the opposite alphabetical order."""
    people = {each["id"]: f"Z{999 - place}" for place, each in enumerate(instance["participants"])}
    wishes = {each["id"]: f"R{999 - place}" for place, each in enumerate(instance["requests"])}
    places = {
        key: [{"request": wishes[each["request"]], "slot": each["slot"]} for each in instance[key]]
        for key in ("pins", "previous")
        if key in instance
    }
    return (
        instance
        | places
        | {
            "participants": [each | {"id": people[each["id"]]} for each in instance["participants"]],
            "requests": [
                each | {"id": wishes[each["id"]], "between": [people[name] for name in each["between"]]}
                for each in instance["requests"]
            ],
            "precedences": [[wishes[first], wishes[second]] for first, second in instance.get("precedences", [])],
        }
    )


@given(peculiar_mornings())
@settings(REPEATABLE, max_examples=25)
def test_one_slot_more_never_makes_it_worse(instance: Document) -> None:
    slots = instance["slots"]
    longer: Document = instance | {"slots": slots + 1}
    if "sessions" in instance:
        longer["sessions"] = [*instance["sessions"], [slots, slots + 1]]
    if isinstance(instance.get("tables"), list):
        longer["tables"] = [*instance["tables"], 1]
    assert important(solved(longer)) >= important(solved(instance))


@given(peculiar_mornings(), st.data())
@settings(REPEATABLE, max_examples=25)
def test_one_wish_less_never_makes_it_better(instance: Document, data: st.DataObject) -> None:
    bound = {name for key in ("pins", "previous") for name in [each["request"] for each in instance.get(key, [])]}
    bound |= {name for pair in instance.get("precedences", []) for name in pair}
    free = [each for each in instance["requests"] if each["id"] not in bound and not each.get("required")]
    if free:
        dropped = data.draw(st.sampled_from(free))
        fewer = instance | {"requests": [each for each in instance["requests"] if each is not dropped]}
        assert important(solved(fewer)) <= important(solved(instance))
