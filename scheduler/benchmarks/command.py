"""What `python -m scheduler bench` does with its options."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from scheduler.benchmarks.folder import in_folder, summary
from scheduler.benchmarks.runs import METHODS, of_sizes, runs, whole_numbers
from scheduler.benchmarks.table import shown
from scheduler.errors import InvalidInput
from scheduler.terminal import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of the command, as they were typed."""

    time_limit: float
    sizes: str
    seeds: str
    methods: str
    workers: int
    max_break_difference: int | None
    repeat: int
    table: str | None
    as_json: bool


def bench(folder: Path | None, options: Options) -> None:
    """Run the methods on the instances and print a table, or one JSON object a run; raises InvalidInput."""
    if options.table is not None:
        _show_targets(options)
        return
    chosen = options.methods.split(",")
    if not set(chosen) <= set(METHODS):
        raise InvalidInput("--methods", f"expected some of {', '.join(METHODS)}, got {options.methods}")
    if folder is not None and not folder.is_dir():
        raise InvalidInput(str(folder), "is no folder")
    if folder is None:
        cases = of_sizes(options.sizes, options.seeds)
    else:
        cases = in_folder(folder, options.max_break_difference)
    ordered = [method for method in METHODS if method in chosen]
    results = runs(cases, ordered, options.time_limit, options.workers, options.repeat)
    if options.as_json:
        for result in results:
            files.write_text(files.STANDARD, json.dumps(asdict(result)) + "\n")
        return
    done = list(results)
    shown(done)
    if folder is not None:
        files.write_text(files.STANDARD, "".join(f"{line}\n" for line in summary(done)))


def _show_targets(options: Options) -> None:
    """Print each row of the targets as it is measured: reached, or by how much missed."""
    from scheduler.benchmarks.targets import HEADING, measured_targets

    seeds = whole_numbers("--seeds", options.seeds.split(","))
    if not options.as_json:
        files.write_text(files.STANDARD, f"{HEADING}\n")
    for row in measured_targets(str(options.table), seeds, options.workers, options.repeat):
        line = json.dumps(asdict(row)) if options.as_json else str(row)
        files.write_text(files.STANDARD, f"{line}\n")
