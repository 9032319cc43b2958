"""Whatever is pressed in whatever order: no more pitches than places, ranks without a hole, nobody twice."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmap.core.clock import now
from openmap.core.db import session, unit_of_work
from openmap.core.errors import RuleBroken
from openmap.pitches.models import PitchApplication
from openmap.pitches.operations import withdraw_application
from openmap.selections import operations, queries
from openmap.selections.board import Board
from openmap.selections.enums import Outcome
from tests.counting import queries_of
from tests.people import Visitor
from tests.selections.conftest import PEOPLE, Selection, build_selection
from tests.selections.test_proposals import many

NAMES = tuple(PEOPLE)
KEYS = st.integers(1, 6)
boards = st.permutations(range(1, 7)).flatmap(
    lambda keys: st.tuples(st.integers(0, 6), st.integers(0, 6)).map(
        lambda cuts: Board.of(keys[: min(cuts)], keys[min(cuts) : max(cuts)], keys[max(cuts) :])
    )
)


@given(boards, KEYS, st.sampled_from([*Outcome, None]), st.none() | st.integers(-2, 9))
def test_a_file_stands_once_and_the_others_keep_their_order(board, key, outcome, rank):
    moved = board.placed(key, outcome, rank)
    assert moved.place_of(key).outcome is outcome
    assert len(list(moved)) == len(set(moved))
    assert [each for each in moved.reserve if each != key] == [each for each in board.reserve if each != key]
    assert Board.from_json(moved.to_json()) == moved
    for move in board.moves_to(moved):
        assert board.place_of(move.application_id) == move.before
        assert moved.place_of(move.application_id) == move.after


PENDING = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from(NAMES), st.sampled_from([*Outcome, None])),
    st.tuples(st.just("move"), st.sampled_from(NAMES), st.integers(1, 5)),
    st.tuples(st.just("withdraw"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("undo"), st.sampled_from(NAMES), st.none()),
)
TOLD = st.one_of(
    st.tuples(st.sampled_from(["decline", "confirm", "withdraw", "promote"]), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("change"), st.sampled_from(NAMES), st.sampled_from(list(Outcome))),
)


def does(selection: Selection, action: str, name: str, detail: Any) -> None:
    """One press, allowed or not."""
    who: Mapping[str, Any] = {"by": None, "at": now()}
    presses: Mapping[str, Callable[[PitchApplication, int], object]] = {
        "decide": lambda file, seen: operations.decide(file, detail, seen=seen, **who),
        "move": lambda file, seen: operations.decide(file, Outcome.RESERVE, rank=detail, seen=seen, **who),
        "withdraw": lambda file, _seen: withdraw_application(file, **who),
        "undo": lambda file, seen: operations.undo(file.call, seen=seen, **who),
        "decline": lambda file, _seen: operations.decline_pitch(file, reason="Grippe", **who),
        "confirm": lambda file, _seen: operations.confirm_pitch(file, **who),
        "promote": lambda file, seen: operations.promote(file, overrules=True, seen=seen, **who),
        "change": lambda file, seen: operations.change_released(file, detail, message="", seen=seen, **who),
    }
    try:
        with unit_of_work():
            file = selection.file_in(name)
            presses[action](file, file.call.board_version)
    except RuleBroken:
        session.rollback()


def holds(selection: Selection) -> None:
    """What is true after every press."""
    call = selection.call
    files = queries.sent_files(call)
    board = queries.board_of(call, files)
    assert len(board.selected) <= call.places
    assert len(list(board)) == len(set(board))
    if call.released_at:
        ranks = sorted(each.reserve_rank for each in files if each.reserve_rank is not None)
    else:
        open_files = {each.id for each in files}
        rows = [each for each in queries.decisions_of(call) if each.application_id in open_files]
        ranks = sorted(each.reserve_rank for each in rows if each.reserve_rank is not None)
    assert ranks == list(range(1, len(ranks) + 1))
    changes = queries.changes_since(call, 0)
    assert [change.version for change in changes] == list(range(1, call.board_version + 1))


@pytest.fixture(scope="module")
def numbers() -> Counter[str]:
    """How many mornings the examples made: each has an address of its own."""
    return Counter()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pending=st.lists(PENDING, max_size=8), told=st.lists(TOLD, max_size=8))
def test_any_sequence_keeps_the_promises(app: Flask, numbers: Counter[str], pending, told):
    numbers["made"] += 1
    slug = f"suite-{numbers['made']}"
    selection = build_selection(slug=slug)
    for press in pending:
        does(selection, *press)
        holds(selection)
    if not queries.sent_files(selection.call):
        return
    with unit_of_work():
        call = selection.file_in("amina").call
        operations.reject_rest(call, seen=call.board_version, by=None, at=now())
    try:
        selection.release()
    except RuleBroken:
        return  # nobody is selected: there is nothing to tell
    for press in told:
        does(selection, *press)
        holds(selection)


@pytest.mark.parametrize("path", ["", "?zone=all", "/release", "/proposals/1"])
def test_pages_cost_the_same_with_ten_and_two_hundred_files(app: Flask, path: str):
    counts = []
    for count in (10, 200):
        selection = build_selection(many(count), places=8, slug=f"matinale-{count}")
        with unit_of_work():
            call = selection.file_in("structure 1").call
            operations.reject_rest(call, seen=0, by=None, at=now())
            asked = operations.ask(call, queries.candidates(call), ())
            operations.store_proposal(call, asked, by=None, at=now())
        olga = Visitor(app, "olga@exemple.fr").signs_in()
        counts.append(queries_of(olga, selection.path(path)))
    assert counts[0] == counts[1]
