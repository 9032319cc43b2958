"""The `openmap` command, run as in a terminal."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from openmap.cli import run
from openmap.config import Config
from openmap.core import clock


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it said."""

    code: int
    output: str
    sentences: list[str]


Command = Callable[..., Done]


@pytest.fixture
def data_dir(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder of a migrated, empty installation, which every command of the test uses."""
    for name in [name for name in os.environ if name.startswith("OPENMAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENMAP_DATA_DIR", str(config.data_dir))
    yield config.data_dir
    clock.shift(timedelta())  # a demonstration's


@pytest.fixture
def openmap(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run one command to its end, in this process: its start costs a second."""

    def command(*arguments: str | Path) -> Done:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err.splitlines())

    return command
