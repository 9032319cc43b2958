"""A malformed selection or answer is refused with the path of what is wrong, and each lie of an answer is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import InvalidSelection, dump_answer, read_answer, read_selection, selection_sha256
from scheduler.checking.selection import Selection
from scheduler.checking.selection_rules import SELECTION_RULES, WITHOUT_SELECTION
from scheduler.checks import selection_violations
from scheduler.cli import CHECK_FAILED, DONE, FAILED, INFEASIBLE, INVALID_INPUT, main
from tests.scheduler.documents import REPEATABLE, Document
from tests.scheduler.selections import candidate, chosen_from, rule, selection_of
from tests.scheduler.test_bad_input import JUNK, Step, places_in, read_or_refused, replaced

QUESTION = selection_of(
    [
        candidate("Alpha", 90, 1, "kind:ESAT", "departement:93"),
        candidate("Bravo", 80, 2, "departement:93"),
        candidate("Charlie", 70, 3, "departement:93"),
        candidate("Delta", 60, 4, "kind:EA"),
        candidate("Echo", 50, 5, "departement:75"),
        candidate("Foxtrot", 40, 6, "departement:75"),
    ],
    rule("adapted", "kind:ESAT", "kind:EA", at_least=2, at_most=3),
    rule("two", "departement:93", at_most=2),
    places=3,
    reserve=2,
    name="numériques",
    fixed=[{"candidate": "Foxtrot", "chosen": False}, {"candidate": "Alpha", "chosen": True}],
)
ANSWER = chosen_from(QUESTION)
HOPELESS = selection_of([candidate("Alpha", 1, 1, "a"), candidate("Bravo", 1, 2, "b")], places=1) | {
    "rules": [rule("a", "a", at_least=1), rule("b", "b", at_least=1)]
}


@given(st.sampled_from(list(places_in(QUESTION))), JUNK)
@settings(REPEATABLE, max_examples=500)
def test_a_selection_with_one_value_replaced_is_read_or_refused_there(path: tuple[Step, ...], junk: Any) -> None:
    changed = replaced(QUESTION, path, junk)
    question, refusal = read_or_refused(read_selection, changed)
    if question is None:
        assert refusal.isprintable()
        assert not path or refusal.startswith(tuple(QUESTION))
    else:
        assert Selection(changed, ANSWER).fingerprint == selection_sha256(question)


@given(st.sampled_from(list(places_in(ANSWER))), JUNK)
@settings(REPEATABLE, max_examples=500)
def test_an_answer_with_one_value_replaced_is_checked_or_refused(path: tuple[Step, ...], junk: Any) -> None:
    changed = replaced(ANSWER, path, junk)
    answer, refusal = read_or_refused(read_answer, changed)
    if answer is None:
        assert refusal.isprintable()
        assert not path or refusal.startswith(tuple(ANSWER))
    else:
        assert all(str(violation).count("\n") == 0 for violation in selection_violations(QUESTION, changed))


REFUSED: list[tuple[tuple[Step, ...], Any, str]] = [
    (("format",), "openmap-selection/2", 'format: expected "openmap-selection/1"'),
    (("places",), -1, "places: must be between 0 and 200"),
    (("places",), 2.0, "places: expected a whole number"),
    (("reserve",), 201, "reserve: "),
    (("colour",), "red", "colour: unknown key"),
    (("candidates", 1, "id"), "Alpha", 'candidates[1].id: "Alpha" is already a candidate'),
    (("candidates", 1, "id"), "", "candidates[1].id: must not be empty"),
    (("candidates", 1, "score"), 1_000_001, "candidates[1].score: must be between 0 and 1000000"),
    (("candidates", 1, "score"), True, "candidates[1].score: expected a whole number"),
    (("candidates", 2, "order"), 1, "candidates[2].order: 1 is already the order of another candidate"),
    (("candidates", 0, "groups", 1), "kind:ESAT", 'candidates[0].groups[1]: "kind:ESAT" is named twice'),
    (("candidates", 0, "groups", 0), "x" * 201, "candidates[0].groups[0]: longer than 200 characters"),
    (("candidates", 0, "rank"), 1, "candidates[0].rank: unknown key"),
    (("rules", 0, "groups"), [], "rules[0].groups: a rule is about one group at least"),
    (("rules", 1, "id"), "adapted", 'rules[1].id: "adapted" is already a rule'),
    (("rules", 0, "at_most"), 1, "rules[0].at_most: below at_least, 2"),
    (("rules", 0, "at_least"), -1, "rules[0].at_least: "),
    (("fixed", 0, "candidate"), "Zulu", 'fixed[0].candidate: no candidate "Zulu"'),
    (("fixed", 1, "candidate"), "Foxtrot", 'fixed[1].candidate: "Foxtrot" is already fixed'),
    (("fixed", 0, "chosen"), 1, "fixed[0].chosen: expected true or false"),
]


@pytest.mark.parametrize(("path", "value", "message"), REFUSED)
def test_the_command_names_the_offending_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: tuple[Step, ...], value: Any, message: str
) -> None:
    file = written(tmp_path / "call.json", replaced(QUESTION, path, value))
    assert main(["select", str(file)]) == INVALID_INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{file}: {message}")
    assert shown.err.count("\n") == 1


def written(path: Path, document: Document) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("key", "items", "most"),
    [
        ("candidates", [candidate(f"S{number}", 0, number) for number in range(2_001)], 2_000),
        ("rules", [rule(f"r{number}", "a", at_most=1) for number in range(201)], 200),
        ("fixed", [{"candidate": "Alpha", "chosen": True}] * 2_001, 2_000),
    ],
)
def test_too_long_a_list_is_refused_where_it_gets_too_long(key: str, items: list[Document], most: int) -> None:
    with pytest.raises(InvalidSelection, match=rf"^{key}: at most {most} are accepted"):
        read_selection(json.dumps(QUESTION | {key: items}))


def test_a_text_beyond_all_limits_is_refused_unread() -> None:
    with pytest.raises(InvalidSelection, match="longer than 20000000 characters"):
        read_selection('{"places": [' + "0," * 10_000_000 + "0]}")


def test_select_and_check_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call, output = written(tmp_path / "call.json", QUESTION), tmp_path / "answer.json"
    assert main(["select", str(call), "-o", str(output)]) == DONE
    assert main(["check", str(call), str(output)]) == DONE
    assert capsys.readouterr().out.splitlines() == [
        "Right: 3 chosen ones keep every rule, the figures and reasons are true.",
        "places: 3 (proven optimal)",
        "score: 230 (proven optimal)",
    ]
    wrong = written(tmp_path / "wrong.json", ANSWER | {"chosen": ["Alpha", "Bravo", "Charlie"]})
    assert main(["check", str(call), str(wrong)]) == CHECK_FAILED
    assert "rules_kept: adapted wants at least 2, 1 are chosen" in capsys.readouterr().out
    assert main(["check", str(call), str(wrong), "--json"]) == CHECK_FAILED
    assert {each["rule"] for each in json.loads(capsys.readouterr().out)} >= {"rules_kept", "true_objectives"}


def test_a_contradiction_is_said_in_words_with_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call, output = written(tmp_path / "call.json", HOPELESS), tmp_path / "answer.json"
    assert main(["select", str(call), "-o", str(output)]) == INFEASIBLE
    assert capsys.readouterr().err.splitlines() == [
        "no selection for 1 place keeps all of these:",
        "a: at least 1 of a (1 candidate in all)",
        "b: at least 1 of b (1 candidate in all)",
    ]
    assert main(["check", str(call), str(output)]) == INFEASIBLE


def test_too_little_time_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = written(tmp_path / "call.json", QUESTION)
    assert main(["select", str(call), "--time-limit", "1e-9"]) == FAILED
    assert main(["select", str(call), "--time-limit", "nan"]) == INVALID_INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "no selection was found in the time given" in shown.err


def with_left_out(name: str, **more: Any) -> Document:
    return ANSWER | {
        "left_out": [each | more if each["candidate"] == name else each for each in ANSWER["left_out"]],
    }


def with_level(number: int, **more: Any) -> Document:
    levels = [each | more if place == number else each for place, each in enumerate(ANSWER["objectives"])]
    return ANSWER | {"objectives": levels}


WIDER = {"change": "rule", "rule": "two", "limit": "at_most", "by": 1}
RESERVE = ANSWER["reserve"]
LIES: list[tuple[str, Document]] = [
    ("made_for_this_question", ANSWER | {"question_sha256": "0" * 64}),
    ("known_candidates", ANSWER | {"chosen": [*ANSWER["chosen"], "Zulu"]}),
    ("known_candidates", ANSWER | {"chosen": [*ANSWER["chosen"], "Delta"]}),
    ("chosen_by_rank", ANSWER | {"chosen": ["Bravo", "Alpha", "Delta"]}),
    ("enough_places", ANSWER | {"chosen": ["Alpha", "Bravo", "Delta", "Echo"]}),
    ("rules_kept", ANSWER | {"chosen": ["Alpha", "Bravo", "Charlie"]}),
    ("fixed_kept", ANSWER | {"chosen": ["Bravo", "Charlie", "Delta"]}),
    ("true_objectives", with_level(1, value=231, bound=231)),
    ("true_objectives", ANSWER | {"objectives": ANSWER["objectives"][::-1]}),
    ("founded_proofs", with_level(1, bound=229)),
    ("founded_proofs", with_level(1, bound=231)),
    ("founded_proofs", with_level(0, bound=4, proven=False)),
    ("reserve_in_order", ANSWER | {"reserve": RESERVE[::-1]}),
    ("reserve_in_order", ANSWER | {"reserve": [RESERVE[0] | {"replaces": ["Delta"]}, RESERVE[1]]}),
    ("each_left_out_explained", ANSWER | {"left_out": ANSWER["left_out"][1:]}),
    ("each_left_out_explained", ANSWER | {"left_out": ANSWER["left_out"][::-1]}),
    ("true_reasons", with_left_out("Foxtrot", reason="score")),
    ("true_reasons", with_left_out("Echo", reason="fixed")),
    ("true_reasons", with_left_out("Echo", gap=9)),
    ("true_reasons", with_left_out("Charlie", reason="score", gap=10, behind="Delta")),
    ("true_reasons", with_left_out("Charlie", rules=[{"rule": "two", "limit": "at_most", "holders": ["Alpha"]}])),
    ("possible_unlocks", with_left_out("Foxtrot", unlock=[{"change": "score", "by": 0}])),
    ("possible_unlocks", with_left_out("Echo", unlock=[{"change": "fixed"}])),
    (
        "possible_unlocks",
        with_left_out("Echo", unlock=[{"change": "rule", "rule": "two", "limit": "at_most", "by": 1}]),
    ),
    ("possible_prices", ANSWER | {"prices": ANSWER["prices"][:1]}),
    ("possible_prices", ANSWER | {"prices": [each | {"score": -1} for each in ANSWER["prices"]]}),
    ("nothing_claimed", ANSWER | {"status": "infeasible"}),
    ("known_conflict", chosen_from(HOPELESS) | {"conflict": [{"rule": "c"}]}),
]


@pytest.mark.parametrize(("name", "answer"), LIES)
def test_each_lie_is_found(name: str, answer: Document) -> None:
    question = HOPELESS if name == "known_conflict" else QUESTION
    assert name in {violation.rule for violation in selection_violations(question, answer)}


def test_each_check_has_a_lie_that_it_finds() -> None:
    assert {name for name, _ in LIES} == {check.__name__ for check in (*SELECTION_RULES, *WITHOUT_SELECTION)}


def test_defaults_may_be_left_out() -> None:
    short = {key: QUESTION[key] for key in ("format", "places")} | {
        "candidates": [{"id": "Alpha", "score": 1, "order": 1}],
        "rules": [{"id": "one", "groups": ["kind:ESAT"], "at_most": 1}],
    }
    answer = chosen_from(short)
    assert answer["chosen"] == ["Alpha"]
    assert dump_answer(read_answer(json.dumps(answer)))
