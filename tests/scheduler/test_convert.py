"""Public instances of the academic problem, as our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scheduler import InvalidInstance, Request, SolverConfig, solve
from scheduler.cli import main
from scheduler.formats.convert import converted

# Four people, five meetings (one pair meets twice), two tables, a morning of two slots and an afternoon of two.
FAIR = """
% a comment
nBusiness = 4; nMeetings = 5; nTables = 2; nTotalSlots = 4; nMorningSlots = 2;
requested = [|1, 2,3,
|1, 2,1,
|3, 4,2,
|1, 3,3,
|2, 4,3,
|];
meetingsxBusiness = [{1,2,3,5},{1,2,3,6},{1,4,5},{1,4,6}];
nMeetingsBusiness = [3,3,2,2];
forbidden = [{0},{0},{0,1},{0}];
fixed = [0,0,4,0,0];
precedences = [{},{},{},{2},{0}];
"""


def test_a_file_becomes_an_instance_that_counts_from_zero_and_requires_everything():
    fair = converted(FAIR, name="fair", max_break_difference=1)

    assert (fair.slots, fair.sessions, fair.tables, fair.max_break_difference) == (4, ((0, 4),), 2, 1)
    assert [str(level) for level in fair.policy] == ["breaks"]
    assert [sorted(each.unavailable) for each in fair.participants] == [[], [], [0], []]
    assert fair.requests == (
        Request("M1", ("P1", "P2"), required=True),
        Request("M2", ("P1", "P2"), required=True, slots=frozenset({0, 1})),
        Request("M3", ("P3", "P4"), required=True, slots=frozenset({2, 3})),
        Request("M4", ("P1", "P3"), required=True),
        Request("M5", ("P2", "P4"), required=True),
    )
    assert [(pin.request, pin.slot) for pin in fair.pins] == [("M3", 3)]
    assert fair.precedences == (("M2", "M4"),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{0,1}", "1..1"),
        ("{0,1}", "{1,}"),
        ("{0,1}", "{ 1 % the first\n }"),
        ("[{0},{0},{0,1},{0}]", "[{}, 1..0, /* two\nlines */ 0..1, {0},]"),
        ("[{0},{0},{0,1},{0}]", "array1d(1..4, [{0}, {0}, {0,1}, {0}])"),
        ("[0,0,4,0,0];", "[0,\r\n0,4,\t0,0,]\r\n;"),
        ("{2},{0}];", "{2},{0}]"),  # the last assignment needs no semicolon
        ("nBusiness = 4;", "nBusiness=4 ;"),
        ("nBusiness = 4;", "\ufeffnBusiness = 4;"),
        (FAIR[FAIR.index("[|") : FAIR.index("|]") + 2], "array2d(1..5, 1..3, [1,2,3, 1,2,1, 3,4,2, 1,3,3, 2,4,3])"),
        (FAIR[FAIR.index("[|") : FAIR.index("|]") + 2], "[|1,2,3|1,2,1|3,4,2|1,3,3|2,4,3,|]"),
    ],
)
def test_what_else_a_data_file_may_look_like_means_the_same(old: str, new: str):
    assert old in FAIR
    text = FAIR.replace(old, new) if "\ufeff" not in new else "\ufeff" + FAIR
    assert converted(text.encode()) == converted(FAIR)


def test_the_fewest_breaks_of_a_converted_file_are_proven():
    solution = solve(converted(FAIR), SolverConfig(time_limit_s=20))

    assert (solution.status, [(level.name, level.value, level.bound) for level in solution.objectives]) == (
        "optimal",
        [("breaks", 0, 0)],
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("nBusiness = 4;", "", "nBusiness: missing"),
        ("|3, 4,2,", "|3, 5,2,", "line 6: requested[3][2]: participants go from 1 to 4, got 5"),
        ("|3, 4,2,", "|3, 3,2,", "line 6: requested[3][2]: participant 3 meets itself"),
        ("|3, 4,2,", "|3, 4,4,", "line 6: requested[3][3]: the session is 1 (morning), 2 (afternoon) or 3 (either)"),
        ("|3, 4,2,", "|3, 4,", "line 6: requested[3]: expected participant, participant, session, got 2 values"),
        ("|3, 4,2,", "", "line 4: requested: expected 5 items, got 4"),
        ("{0,1}", "{0,5}", "line 12: forbidden[3]: slots go from 0 to 4, got 5"),
        ("{0,1}", "7", "line 12: forbidden[3]: expected a list, got 7"),
        ("[0,0,4,0,0]", "[0,0,{4},0,0]", "line 13: fixed[3]: expected a whole number, got a list"),
        ("[0,0,4,0,0]", "[0,0,-4,0,0]", "line 13: fixed[3]: slots go from 0 to 4, got -4"),
        ("[0,0,4,0,0]", "[0,0,4,0,0", 'line 13: expected ",", got ";"'),
        ("{2},{0}", "{9},{0}", "line 14: precedences[4]: meetings go from 0 to 5, got 9"),
        ("nMeetings = 5", "nMeetings = lots", 'line 3: expected a value, got "lots"'),
        ("nMeetings = 5", "nMeetings = 99999999999999999999", "line 3: the number"),
        ("{0,1}", "1..999999999", "line 12: range: longer than 100000 numbers"),
        ("[0,0,4,0,0]", "array1d(1..4, [0,0,4,0,0])", "line 13: array1d: expected 4 items, got 5"),
        ("[0,0,4,0,0]", "array1d(5, [0,0,4,0,0])", "line 13: array1d: expected a range of indices, got a number"),
        ("[0,0,4,0,0]", "array3d(1..5, [0,0,4,0,0])", 'line 13: expected a value, got "array3d"'),
        ("[0,0,4,0,0]", "array1d(1..5, 0)", 'line 13: expected "[", got "0"'),
        ("nTables = 2", "nChairs = 2", 'line 3: unknown name "nChairs"'),
        ("nTables = 2", "nMeetings = 2", "line 3: nMeetings is given twice"),
        ("nMorningSlots = 2", "nMorningSlots = 9", "line 3: nMorningSlots: must be between 0 and 4, got 9"),
    ],
)
def test_a_wrong_file_is_refused_with_the_line_and_the_path_of_the_value(old: str, new: str, said: str):
    assert FAIR.count(old) == 1
    with pytest.raises(InvalidInstance) as wrong:
        converted(FAIR.replace(old, new))

    assert str(wrong.value).startswith(said)


def test_the_command_converts_a_file_and_refuses_another_with_exit_2(tmp_path: Path, capsys):
    good, bad, output = tmp_path / "fair.dzn", tmp_path / "bad.dzn", tmp_path / "fair.json"
    good.write_text(FAIR)
    bad.write_text(FAIR.replace("{0,1}", "{0,8}"))

    assert main(["convert", str(good), "-o", str(output), "--max-break-difference", "2"]) == 0
    written = json.loads(output.read_text())
    assert (written["name"], written["max_break_difference"], len(written["requests"])) == ("fair", 2, 5)
    assert main(["convert", str(bad)]) == 2
    assert capsys.readouterr().err == f"{bad}: line 12: forbidden[3]: slots go from 0 to 4, got 8\n"
