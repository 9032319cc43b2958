"""`python -m scheduler` as people and programs use it: real processes where pipes and signals matter."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.cli import CHECK_FAILED, DONE, FAILED, INFEASIBLE, INVALID_INPUT, main
from tests.scheduler.documents import Document, buyer, instance_of, request, structure

PROGRAM = [sys.executable, "-m", "scheduler"]
INSTANCES = Path(__file__).parent / "instances"
SMALL = ["generate", "--buyers", "6", "--structures", "20", "--requests", "60", "--slots", "5", "--seed", "7"]
LARGE = ["generate", "--buyers", "50", "--structures", "300", "--requests", "2000", "--slots", "16"]


def run(*arguments: str | Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [*PROGRAM, *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)


def written(path: Path, document: Document) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated instance."""
    path = tmp_path_factory.mktemp("morning") / "morning.json"
    assert main([*SMALL, "-o", str(path)]) == DONE
    return path


@pytest.fixture(scope="module")
def schedule(morning: Path) -> Path:
    """Its solution."""
    path = morning.with_name("schedule.json")
    assert main(["solve", str(morning), "-o", str(path), "--time-limit", "10"]) == DONE
    return path


@pytest.fixture(scope="module")
def busy_morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance whose breaks can be searched for a minute."""
    path = tmp_path_factory.mktemp("busy") / "busy.json"
    assert main([*LARGE, "-o", str(path)]) == DONE
    return path


@pytest.fixture
def hopeless(tmp_path: Path) -> Path:
    """One desk, one slot, two structures that must both come."""
    people = [buyer("Paris"), structure("Amina"), structure("Bruno")]
    wishes = [request("Amina", "Paris", required=True), request("Bruno", "Paris", required=True)]
    return written(tmp_path / "hopeless.json", instance_of(people, wishes, slots=1))


def test_generate_solve_and_check_through_pipes(tmp_path: Path) -> None:
    question = run(*SMALL)
    answer = run("solve", "-", given=question.stdout)
    file = tmp_path / "question.json"
    file.write_text(question.stdout, encoding="utf-8")
    verdict = run("check", file, "-", given=answer.stdout)
    assert (question.returncode, answer.returncode, verdict.returncode) == (DONE, DONE, DONE)
    assert (question.stderr, answer.stderr, verdict.stderr) == ("", "", "")
    assert verdict.stdout.startswith("Right: ")


def test_the_same_seed_gives_the_same_instance_on_every_python(morning: Path) -> None:
    document = json.loads(morning.read_text(encoding="utf-8"))
    assert document["requests"][:3] == [
        {"id": "S01-B4", "between": ["S01", "B4"], "weight": 10},
        {"id": "S01-B2", "between": ["S01", "B2"], "weight": 9},
        {"id": "S01-B1", "between": ["S01", "B1"], "weight": 8},
    ]
    assert len(document["requests"]) == 60


def test_the_same_seed_gives_the_same_schedule(morning: Path, schedule: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    assert main(["solve", str(morning), "-o", str(again), "--time-limit", "10"]) == DONE
    first, second = (json.loads(path.read_text(encoding="utf-8")) for path in (schedule, again))
    assert [level["value"] for level in first["objectives"]] == [level["value"] for level in second["objectives"]]


def test_a_wrong_schedule_is_told_one_violation_a_line(
    morning: Path, schedule: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    solution = json.loads(schedule.read_text(encoding="utf-8"))
    solution["meetings"][0]["slot"] = 99
    wrong = written(tmp_path / "wrong.json", solution)
    assert main(["check", str(morning), str(wrong)]) == CHECK_FAILED
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("known_slot: ") for line in lines)
    assert all(": " in line for line in lines)


def test_a_false_proof_is_a_failed_check(
    morning: Path, schedule: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    solution = json.loads(schedule.read_text(encoding="utf-8"))
    solution["objectives"][1]["bound"] += 1
    wrong = written(tmp_path / "wrong.json", solution)
    assert main(["check", str(morning), str(wrong), "--json"]) == CHECK_FAILED
    assert [each["rule"] for each in json.loads(capsys.readouterr().out)] == ["founded_proofs"]


def test_a_contradiction_is_said_in_words(hopeless: Path, tmp_path: Path) -> None:
    output = tmp_path / "none.json"
    answer = run("solve", hopeless, "-o", output)
    assert answer.returncode == INFEASIBLE
    assert "Amina-Paris" in answer.stderr
    assert "Bruno-Paris" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert json.loads(output.read_text(encoding="utf-8"))["status"] == "infeasible"


def test_every_unmet_request_is_explained(morning: Path, schedule: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unmet = [each["request"] for each in json.loads(schedule.read_text(encoding="utf-8"))["unmet"]]
    assert main(["explain", str(morning), str(schedule)]) == DONE
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" has no meeting: ")[0] for line in lines[:-1]] == unmet
    assert lines[-1].startswith("Full in every best schedule: ")
    assert main(["explain", str(morning), str(schedule), unmet[0], "--json"]) == DONE
    assert [each["request"] for each in json.loads(capsys.readouterr().out)["unmet"]] == unmet[:1]


def test_a_met_request_is_told_when(morning: Path, schedule: Path, capsys: pytest.CaptureFixture[str]) -> None:
    meeting = json.loads(schedule.read_text(encoding="utf-8"))["meetings"][0]
    assert main(["explain", str(morning), str(schedule), meeting["request"]]) == DONE
    told = f"{meeting['request']} is met in slot {meeting['slot']}, at table {meeting['table']}.\n"
    assert capsys.readouterr().out == told


@pytest.mark.parametrize("arguments", [["no-such-request"], ["", "--json"]])
def test_an_unknown_request_is_refused(
    morning: Path, schedule: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(["explain", str(morning), str(schedule), *arguments]) == INVALID_INPUT
    assert "no request" in capsys.readouterr().err


def test_another_instances_schedule_is_not_explained(
    hopeless: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(hopeless), str(schedule)]) == INVALID_INPUT
    assert "made for another instance" in capsys.readouterr().err


def test_the_bound_is_not_below_the_schedule(morning: Path, schedule: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bound", str(morning)]) == DONE
    assert capsys.readouterr().out.startswith("Coverage: ")
    assert main(["bound", str(morning), "--json"]) == DONE
    bounds = {level["name"]: level["bound"] for level in json.loads(capsys.readouterr().out)["levels"]}
    levels = {level["name"]: level for level in json.loads(schedule.read_text(encoding="utf-8"))["objectives"]}
    assert bounds["coverage"] >= levels["coverage"]["value"]
    assert bounds["satisfaction"] >= levels["satisfaction"]["value"]


def test_the_bound_tells_what_limits_every_schedule(morning: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bound", str(morning), "--json"]) == DONE
    cut = json.loads(capsys.readouterr().out)["bottleneck"]
    assert cut["full"]
    assert main(["bound", str(morning)]) == DONE
    assert f"Full in every best schedule: {cut['full'][0]}" in capsys.readouterr().out


def test_what_stands_in_the_slots_of_a_request_is_told(
    morning: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unmet = json.loads(schedule.read_text(encoding="utf-8"))["unmet"][0]["request"]
    assert main(["explain", str(morning), str(schedule), unmet, "--json"]) == DONE
    obstacles = json.loads(capsys.readouterr().out)["obstacles"]
    assert main(["explain", str(morning), str(schedule), unmet]) == DONE
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(":")[0] for line in lines] == [f"In slot {each['slot']}" for each in obstacles]
    assert obstacles


def test_what_one_slot_more_would_give_is_a_table_and_data(morning: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["what-if", str(morning), "--change", "slots=+1", "--json"]) == DONE
    answer = json.loads(capsys.readouterr().out)
    assert answer["before"]["meetings"] < answer["after"]["meetings"]
    assert [level["name"] for level in answer["after"]["objectives"]] == ["coverage", "satisfaction"]
    assert main(["what-if", str(morning), "--change", "slots=+1"]) == DONE
    heading, before, after = capsys.readouterr().out.splitlines()
    assert heading.split()[0] == "meetings"
    assert before.split()[:2] == ["before", str(answer["before"]["meetings"])]
    assert after.split()[:2] == ["after", str(answer["after"]["meetings"])]


def test_the_curve_over_the_slots_rises_and_starts_from_the_changes(
    morning: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    curve = ["what-if", str(morning), "--sweep", "slots", "3..5", "--json"]
    assert main(curve) == DONE
    points = json.loads(capsys.readouterr().out)
    assert [point["slots"] for point in points] == [3, 4, 5]
    assert points[0]["meetings"] < points[1]["meetings"] < points[2]["meetings"]
    assert main([*curve, "--change", "absent=B1"]) == DONE
    assert json.loads(capsys.readouterr().out)[2]["meetings"] < points[2]["meetings"]


@pytest.mark.parametrize(
    "change",
    [
        *("slots=-1", "tables=+2", "absent=B1@0,2", "present=B1", "own-slot=S01", "capacity=B1:+1", "longer=2"),
        *("desk=B9:S01,S02", "max-meetings=S01:1", "max-meetings=1", "max-meetings=none", "without=S01-B4"),
    ],
)
def test_any_change_can_be_supposed(morning: Path, capsys: pytest.CaptureFixture[str], change: str) -> None:
    assert main(["what-if", str(morning), "--change", change, "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["after"]["possible"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "missing.json"],
        ["bound", "missing.json"],
        ["check", "missing.json", "missing.json"],
        ["explain", "missing.json", "missing.json"],
        ["solve", "."],
        ["check", "-", "-"],
        ["solve", "{morning}", "-o", "no/such/folder/out.json"],
        ["solve", "{morning}", "-o", "."],
        ["solve", "{morning}", "--time-limit", "0"],
        ["solve", "{morning}", "--time-limit", "nan"],
        ["solve", "{morning}", "--seed", "-1"],
        ["solve", "{morning}", "--workers", "0"],
        ["solve", "{morning}", "--policy", "mine"],
        ["generate", "--buyers", "2", "--structures", "2", "--requests", "5", "--slots", "2"],
        ["generate", "--buyers", "0", "--structures", "2", "--requests", "0", "--slots", "2"],
        ["generate", "--buyers", "2"],
        ["solve", "{morning}", "--colour", "red"],
        ["what-if", "{morning}"],
        ["what-if", "{morning}", "--change", "slots"],
        ["what-if", "{morning}", "--change", "slots=many"],
        ["what-if", "{morning}", "--change", "slots=-99"],
        ["what-if", "{morning}", "--change", "weather=fine"],
        ["what-if", "{morning}", "--change", "absent=nobody"],
        ["what-if", "{morning}", "--change", "absent=B1@99"],
        ["what-if", "{morning}", "--change", "desk=B9:nobody"],
        ["what-if", "{morning}", "--change", "capacity=B1"],
        ["what-if", "{morning}", "--sweep", "tables", "1..3"],
        ["what-if", "{morning}", "--sweep", "slots", "5..1"],
        ["what-if", "{morning}", "--sweep", "slots", "1-3"],
        ["what-if", "{morning}", "--sweep", "slots", "0..3"],
        ["dance"],
    ],
)
def test_a_wrong_command_is_refused_in_words(
    morning: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main([argument.format(morning=morning) for argument in arguments]) == INVALID_INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.strip()


def test_a_missing_file_is_a_sentence_and_no_traceback() -> None:
    answer = run("solve", "missing.json")
    assert answer.returncode == INVALID_INPUT
    assert answer.stderr == "missing.json: can't be read: No such file or directory\n"


def test_a_refused_instance_leaves_the_old_schedule_alone(tmp_path: Path) -> None:
    output = tmp_path / "schedule.json"
    output.write_text("the old one", encoding="utf-8")
    assert main(["solve", str(written(tmp_path / "bad.json", {})), "-o", str(output)]) == INVALID_INPUT
    assert output.read_text(encoding="utf-8") == "the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.json", "schedule.json"]


def test_a_schedule_replaces_the_old_file_with_its_permissions(morning: Path, tmp_path: Path) -> None:
    output, link = tmp_path / "schedule.json", tmp_path / "link.json"
    output.write_text("the old one", encoding="utf-8")
    output.chmod(0o640)
    link.symlink_to(output)
    assert main(["solve", str(morning), "-o", str(link), "--time-limit", "5"]) == DONE
    assert json.loads(output.read_text(encoding="utf-8"))["status"] in {"optimal", "feasible"}
    assert output.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()


def test_a_device_is_written_to_not_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "-o", os.devnull]) == DONE
    assert Path(os.devnull).is_char_device()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_search_delivers_the_best_schedule_so_far(
    busy_morning: Path, tmp_path: Path, number: signal.Signals
) -> None:
    output = tmp_path / "schedule.json"
    command = [*PROGRAM, "solve", str(busy_morning), "-o", str(output), "--time-limit", "300", "--progress", "json"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as search:
        assert search.stderr
        lines = map(json.loads, search.stderr)
        first = next(line for line in lines if line["objectives"])
        search.send_signal(number)
        assert search.wait(timeout=30) == DONE
    assert set(first) == {"phase", "fraction", "objectives"}
    assert 0 <= first["fraction"] <= 1
    assert main(["check", str(busy_morning), str(output)]) == DONE


def test_nobody_reads_on(busy_morning: Path) -> None:
    with subprocess.Popen([*PROGRAM, *LARGE], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stderr
        assert writer.stdout.read(1) == b"{"
        writer.stdout.close()
        assert writer.stderr.read() == b""
        assert writer.wait(timeout=30) == FAILED


def test_a_terminal_sees_a_bar(morning: Path) -> None:
    terminal, screen = pty.openpty()
    answer = subprocess.run(
        [*PROGRAM, "solve", str(morning)],
        stdout=subprocess.PIPE,
        stderr=screen,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "120"},
        timeout=60,
        check=False,
    )
    os.close(screen)
    assert answer.returncode == DONE
    assert b"coverage" in os.read(terminal, 100_000)
    os.close(terminal)
