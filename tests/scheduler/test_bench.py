"""OpenMap beside its peers: each in its own process, all judged by the same recount."""

from __future__ import annotations

import json

import pytest

from scheduler.cli import main
from tests.scheduler.test_convert import FAIR


def test_all_methods_prove_the_same_levels_of_a_small_event(capfdbinary):
    assert main(["bench", "--sizes", "3x6x12x3", "--seeds", "1", "--time-limit", "20", "--json"]) == 0

    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [line["method"] for line in lines] == ["openmap", "plain", "highs"]
    assert [line["answer"]["proven"] for line in lines] == [True, True, True]
    ours = lines[0]["answer"]["values"]
    assert ours.keys() == {"coverage", "satisfaction"}
    assert [line["answer"]["values"] for line in lines] == [ours, ours, ours]


def test_a_folder_of_public_files_is_shown_as_a_table_with_fewest_breaks_from_all(tmp_path, capfd):
    (tmp_path / "fair.dzn").write_text(FAIR)

    assert main(["bench", str(tmp_path), "--time-limit", "20"]) == 0
    rows = [line.split("│") for line in capfd.readouterr().out.splitlines() if "fair" in line]
    assert [[cell.strip() for cell in row[1:6]] for row in rows] == [
        ["fair", "openmap", "breaks 0", "breaks 0", "yes"],
        ["fair", "plain", "breaks 0", "", "yes"],
        ["fair", "highs", "breaks 0", "", "yes"],
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--sizes", "3x6"], "--sizes: expected buyersxstructuresxrequestsxslots, got 3x6\n"),
        (["--sizes", "3x6xax3"], "--sizes: expected whole numbers, got 3,6,a,3\n"),
        (["--methods", "magic"], "--methods: expected some of openmap, plain, highs, got magic\n"),
        (["/nowhere"], "/nowhere: is no folder\n"),
    ],
)
def test_wrong_options_are_refused_with_exit_2(options: list[str], said: str, capsys):
    assert main(["bench", *options]) == 2
    assert capsys.readouterr().err == said
