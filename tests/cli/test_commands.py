"""What an organiser can do in a terminal, and what they are told when it can't be."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from openmap.demo.mornings import DATA, OPEN
from tests.cli.conftest import Command, Done


@pytest.fixture
def with_morning(openmap: Command) -> Command:
    """An installation into which the ESS morning was imported."""
    done = openmap("import-morning", DATA / OPEN)
    assert done == Done(0, f"{OPEN}: 10 desks, 27 structures, 112 requests\n", [])
    return openmap


def refusal(done: Done) -> tuple[int, list[str]]:
    assert done.output == ""
    return done.code, done.sentences


def test_a_morning_is_imported_solved_and_published_from_the_terminal(with_morning: Command) -> None:
    solved = with_morning("solve", OPEN, "--time-limit", "5", "--seed", "1")
    assert solved.code == 0, solved.sentences
    first, coverage, satisfaction, *_ = solved.output.splitlines()
    assert first.startswith(f"{OPEN}, proposal 1: ")
    assert " meetings of 80 places " in first
    assert coverage.startswith("  coverage     27 with 1+")
    assert coverage.endswith("(proven)")
    assert satisfaction.startswith("  satisfaction")
    published = with_morning("publish", OPEN)
    assert published.output.startswith(f"{OPEN}: version 1 published, "), published.sentences
    code, sentences = refusal(with_morning("publish", OPEN, "--run", "1"))
    assert code == 1
    assert len(sentences) == 1


def test_what_the_scheduler_sees_can_be_written_to_a_file_or_a_pipe(with_morning: Command, tmp_path: Path) -> None:
    piped = with_morning("export-instance", OPEN)
    assert with_morning("export-instance", OPEN, "-o", tmp_path / "morning.json").code == 0
    written = (tmp_path / "morning.json").read_text(encoding="utf-8")
    assert written == piped.output
    assert json.loads(written)["name"] == OPEN
    assert "@" not in written
    bound = subprocess.run(
        [sys.executable, "-m", "scheduler", "bound", str(tmp_path / "morning.json")],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert bound.returncode == 0, bound.stderr


def test_a_bad_folder_is_refused_line_by_line_and_changes_nothing(openmap: Command, tmp_path: Path) -> None:
    folder = shutil.copytree(DATA / OPEN, tmp_path / "morning")
    structures = folder / "structures.csv"
    structures.write_text(
        structures.read_text(encoding="utf-8").replace("46523420187145", "123").replace(",AI,", ",A,")
    )
    code, sentences = refusal(openmap("import-morning", folder))
    assert code == 2
    assert sentences[0].startswith("openmap: structures.csv line 2, siret: '123' is no SIRET")
    assert all(sentence.startswith("openmap: structures.csv line ") for sentence in sentences)
    assert refusal(openmap("export-instance", OPEN)) == (
        2,
        [f"openmap: Invalid value for EVENT: there is no morning '{OPEN}'"],
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["import-morning", DATA / OPEN], 1, OPEN),
        (["import-morning", "nowhere"], 2, "nowhere: is no folder"),
        (["import-morning"], 2, "Missing argument 'DIR'"),
        (["solve", OPEN, "--time-limit", "0"], 2, "--time-limit"),
        (["solve", "nowhere"], 2, "there is no morning 'nowhere'"),
        (["publish", OPEN], 1, f"run `openmap solve {OPEN}` first"),
        (["publish", OPEN, "--run", "7"], 2, f"{OPEN} has no proposal 7"),
        (["export-instance", OPEN, "-o", "/nowhere/morning.json"], 2, "can't be written: No such file or directory"),
        (["serve", "--port", "70000"], 2, "--port"),
        (["unknown"], 2, "No such command 'unknown'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    with_morning: Command, arguments: list[str | Path], code: int, said: str
) -> None:
    refused_with, [sentence] = refusal(with_morning(*arguments))
    assert refused_with == code
    assert sentence.startswith("openmap: ")
    assert said in sentence


def test_a_bad_setting_stops_any_command(openmap: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENMAP_SMTP_PORT", "many")
    assert refusal(openmap("migrate")) == (2, ["openmap: OPENMAP_SMTP_PORT is 'many': write a whole number"])


def test_a_database_of_another_version_is_said(openmap: Command, data_dir: Path) -> None:
    (data_dir / "openmap.sqlite").unlink()
    sentence = "openmap: the database is not that of this version: run `openmap migrate` first"
    assert refusal(openmap("import-morning", DATA / OPEN)) == (1, [sentence])
    assert openmap("migrate").code == 0
    assert openmap("import-morning", DATA / OPEN).code == 0


def test_a_damaged_database_is_a_sentence_too(openmap: Command, data_dir: Path) -> None:
    (data_dir / "openmap.sqlite").write_bytes(b"not a database" * 100)
    code, [sentence] = refusal(openmap("export-instance", OPEN))
    assert code == 1
    assert "file is not a database" in sentence


def test_an_output_nobody_reads_ends_quietly(with_morning: Command) -> None:
    command = [sys.executable, "-m", "openmap", "export-instance", OPEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as exporting:
        assert exporting.stdout is not None
        assert exporting.stderr is not None
        exporting.stdout.close()
        assert exporting.wait(timeout=60) == 1
        assert b"Traceback" not in exporting.stderr.read()
