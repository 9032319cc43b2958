"""How a running search is shown: a bar on a terminal, JSON lines for a program, nothing otherwise."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from scheduler.solution import Level, Progress

Listener = Callable[[Progress], None]


@contextmanager
def shown_as(kind: str) -> Iterator[Listener | None]:
    """Give the listener for `auto`, `json` or `none`; it writes to standard error only."""
    if kind == "json":
        yield _write_line
    elif kind == "auto" and sys.stderr.isatty():
        with _bar() as listener:
            yield listener
    else:
        yield None


def _write_line(progress: Progress) -> None:
    line = {
        "phase": progress.phase,
        "fraction": round(progress.fraction, 4),
        "objectives": [
            {"name": level.name, "value": level.value, "bound": level.bound, "proven": level.proven}
            for level in progress.levels
        ],
    }
    with suppress(OSError):  # whoever listened has gone: the search is worth finishing all the same
        sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stderr.flush()


@contextmanager
def _bar() -> Iterator[Listener]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[levels]}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=1.0, levels="")

        def show(progress: Progress) -> None:
            levels = "  ".join(map(short, progress.levels))
            bar.update(task, description=progress.phase, completed=progress.fraction, levels=levels)

        yield show


def short(level: Level) -> str:
    """Return a level in a few characters: name, value, and the bound where it isn't reached."""
    value = _numbers(level.value)
    return f"{level.name} {value}" if level.proven else f"{level.name} {value} (bound {_numbers(level.bound)})"


def _numbers(value: int | tuple[int, ...]) -> str:
    return "/".join(map(str, value)) or "0" if isinstance(value, tuple) else str(value)
