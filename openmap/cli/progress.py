"""What a long command shows while it works: a bar on a terminal, a line a step elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

Tick = Callable[[float], None]


class Steps:
    """The steps of one command, shown on the standard error."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    @contextmanager
    def step(self, title: str) -> Iterator[Tick]:
        """One step; call what it gives with a fraction from 0 to 1."""
        if self._progress is None:
            click.echo(title, err=True)
            yield lambda _fraction: None
            return
        shown = self._progress
        task = shown.add_task(title, total=1.0)
        yield lambda fraction: shown.update(task, completed=fraction)
        shown.update(task, completed=1.0)


@contextmanager
def shown_steps() -> Iterator[Steps]:
    """Show steps as they go."""
    if not sys.stderr.isatty():
        yield Steps(None)
        return
    columns = (TextColumn("{task.description:<44}"), BarColumn(bar_width=30), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield Steps(progress)
