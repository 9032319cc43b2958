"""`generate` and `convert`: where instances come from."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from scheduler.cli.base import DONE, commands, read
from scheduler.formats.serialization import dump_instance
from scheduler.instance import MAX_TEXT
from scheduler.terminal import files


@commands.command()
@click.option("--buyers", type=int, required=True)
@click.option("--structures", type=int, required=True)
@click.option("--requests", type=int, required=True)
@click.option("--slots", type=int, required=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--skew", type=float, default=0.8, show_default=True, help="Popularity of the r-th buyer: 1/r^skew.")
@click.option("--unavailability", type=float, default=0.1, show_default=True, help="Share of slots somebody misses.")
@click.option("--half-days", is_flag=True, help="Somebody misses halves of the time instead of single slots.")
@click.option("--tables", type=int, help="Meetings that fit in a slot; unlimited by default.")
@click.option("-o", "--output", default=files.STANDARD, help="Where the instance goes; standard output by default.")
def generate(output: str, **given: Any) -> int:
    """Write a random instance: the same options give the same instance everywhere."""
    from scheduler.generate import Recipe
    from scheduler.generate import generate as generated

    files.refuse_unwritable(output)
    files.write_text(output, dump_instance(generated(Recipe(**given))))
    return DONE


@commands.command()
@click.argument("file")
@click.option("-o", "--output", default=files.STANDARD, help="Where the instance goes; standard output by default.")
@click.option("--max-break-difference", type=click.IntRange(min=0), help="No two participants differ by more breaks.")
def convert(file: str, output: str, max_break_difference: int | None) -> int:
    """Write the public instance in FILE (.dzn: every meeting takes place, with the fewest breaks) as an instance."""
    from scheduler.formats.convert import converted

    files.refuse_unwritable(output)
    name = "" if file == files.STANDARD else Path(file).stem[:MAX_TEXT]
    instance = read(file, partial(converted, name=name, max_break_difference=max_break_difference))
    files.write_text(output, dump_instance(instance))
    return DONE
