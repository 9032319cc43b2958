"""OpenMap beside its peers: each in its own process, all judged by the same recount."""

from __future__ import annotations

import json

import pytest

from scheduler import Instance
from scheduler.benchmarks.targets import Target, row_of
from scheduler.cli import main
from scheduler.generate import Recipe, generate
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


def test_a_folder_is_compared_with_what_was_published_and_one_bad_file_stops_nothing(tmp_path, capfd):
    (tmp_path / "bad.dzn").write_text("nBusiness = lots;")
    (tmp_path / "fair.original.dzn").write_text(FAIR)
    (tmp_path / "fair.other.dzn").write_text(FAIR)
    (tmp_path / "published.csv").write_text(
        "instance,d,status,optimum,maxsat_seconds\n"
        "fair.original,0,optimal,0,1.5\nfair.original,2,optimal,0,2.5\nfair.other,2,optimal,7,\nfair.other,x,,,\n"
    )

    assert main(["bench", str(tmp_path), "--time-limit", "20", "--methods", "openmap", "--repeat", "3"]) == 0
    shown = capfd.readouterr().out
    rows = [[cell.strip() for cell in line.split("│")] for line in shown.splitlines() if "│" in line]
    assert [row[1] for row in rows if row[1]] == ["bad", "fair.original d=0", "fair.original d=2", "fair.other d=2"]
    assert "refused: line 1" in shown
    assert shown.splitlines()[-4].startswith("openmap: 3 of 3 decided")
    assert shown.splitlines()[-3] == (
        "openmap: 2 of 3 agree with what was published, against what was published: fair.other d=2"
    )
    assert shown.splitlines()[-2].startswith("openmap: 2 originals in ")
    assert shown.splitlines()[-2].endswith("(published: 4.0 s)")
    assert shown.splitlines()[-1] == "refused: bad"


def test_a_target_is_reached_or_missed_with_the_figure():
    def tiny(seed: int) -> Instance:
        return generate(Recipe(3, 6, 12, 3, seed=seed))

    reached = row_of(Target("tiny", tiny, seconds=60, time_limit_s=20, mib=4_000), 1, 1)
    missed = row_of(Target("tiny", tiny, seconds=0, time_limit_s=20, mib=1), 1, 1)
    assert str(reached).endswith("| reached |")
    assert "coverage" in reached.levels
    assert [each.split(" of ")[1] for each in missed.missed] == ["0", "1"]


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
