"""The runs as a table: value, bound, proof, times, memory, and ours against each other method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from scheduler.benchmarks.runs import METHODS, Run, compared

NARROWEST = 150
FIGURES = ("value", "bound", "proven", "first s", "best s", "whole s", "MiB")
COLUMNS = ("instance", "method", *FIGURES, "ours against it", "published")


def shown(runs: Iterable[Run]) -> None:
    """Print the table to standard output once all runs are done."""
    table = Table(*COLUMNS)
    for row in rows(runs):
        table.add_row(*row)
    console = Console()
    console.width = max(console.width, NARROWEST)  # a pipe has no width of its own
    console.print(table)


def rows(runs: Iterable[Run]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each run; ours comes first of each instance."""
    ours: Run | None = None
    for run in runs:
        if run.method == METHODS[0]:
            ours = run
        is_peer = ours is not None and ours is not run and ours.instance == run.instance
        against = compared(ours, run) if ours is not None and is_peer else ""
        yield (run.instance, run.method, *_cells(run), against, _published(run))


def _cells(run: Run) -> tuple[str, ...]:
    answer = run.answer
    if answer is None:
        return (f"refused: {run.refused}" if run.refused else "no answer in time", *[""] * (len(FIGURES) - 1))
    value = "infeasible" if answer["impossible"] else _levels(run.policy, answer["values"]) or "none"
    return (
        value,
        _levels(run.policy, answer["bounds"]),
        "yes" if answer["proven"] else "no",
        *(_seconds(answer[key]) for key in ("first_s", "best_s", "seconds")),
        f"{answer['mib']:.0f}",
    )


def _published(run: Run) -> str:
    known = run.published
    if known is None:
        return ""
    found = known.status if known.optimum is None else str(known.optimum)
    return found if known.seconds is None else f"{found} in {known.seconds:.1f} s"


def _levels(policy: tuple[str, ...], values: dict[str, Any]) -> str:
    texts = []
    for name in policy:
        if name in values:
            value = values[name]
            texts.append(f"{name} {'/'.join(map(str, value)) if isinstance(value, list) else value}")
    return "\n".join(texts)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
