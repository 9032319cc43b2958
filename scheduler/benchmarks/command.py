"""What `python -m scheduler bench` does with its options."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from scheduler.benchmarks.runs import METHODS, in_folder, of_sizes, runs
from scheduler.benchmarks.table import shown
from scheduler.errors import InvalidInput
from scheduler.terminal import files


def bench(
    folder: Path | None,
    *,
    time_limit: float,
    sizes: str,
    seeds: str,
    methods: str,
    workers: int,
    max_break_difference: int | None,
    as_json: bool,
) -> None:
    """Run the methods on the instances and print a table, or one JSON object a run; raises InvalidInput."""
    chosen = methods.split(",")
    if not set(chosen) <= set(METHODS):
        raise InvalidInput("--methods", f"expected some of {', '.join(METHODS)}, got {methods}")
    if folder is not None and not folder.is_dir():
        raise InvalidInput(str(folder), "is no folder")
    instances = of_sizes(sizes, seeds) if folder is None else in_folder(folder, max_break_difference)
    ordered = [method for method in METHODS if method in chosen]
    results = runs(instances, ordered, time_limit, workers)
    if not as_json:
        shown(results)
        return
    for result in results:
        files.write_text(files.STANDARD, json.dumps(asdict(result)) + "\n")
