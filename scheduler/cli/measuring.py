"""`bench`: OpenMap beside two baselines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scheduler.cli.base import DONE, commands
from scheduler.config import SolverConfig

DEFAULTS = SolverConfig()


@commands.command()
@click.argument("folder", required=False)
@click.option(
    "--time-limit", type=click.FloatRange(0.1, 86_400), default=10.0, show_default=True, help="Seconds a run."
)
@click.option("--sizes", default="16x120x343x8,50x300x2000x16", show_default=True, help="Without FOLDER.")
@click.option("--seeds", default="0", show_default=True, help="One random instance of each size per seed.")
@click.option("--methods", default="openmap,plain,highs", show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=DEFAULTS.workers, show_default=True)
@click.option("--max-break-difference", type=click.IntRange(min=0), help="For the .dzn files, else as published.")
@click.option("--repeat", type=click.IntRange(1, 99), default=1, show_default=True, help="Tell the run of median time.")
@click.option("--table", type=click.Choice(["small", "large", "all"]), help="The published targets: reached or missed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run, as it ends.")
def bench(folder: str | None, **given: Any) -> int:
    """Measure OpenMap beside plain CP-SAT and lexicographic HiGHS on FOLDER (.dzn, .json) or on random instances.

    A published.csv in FOLDER (instance, d, status, optimum, maxsat_seconds) says what to compare .dzn files with.
    """
    from scheduler.benchmarks import command

    command.bench(None if folder is None else Path(folder), command.Options(**given))
    return DONE
