"""A morning in from files, its question out for the scheduler."""

import sys
from pathlib import Path

import click

from openmap.allocation import problem
from openmap.cli.application import known_event, opened_application
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.mornings.files import read_morning
from openmap.mornings.operations import import_morning as store_morning


@click.command("import-morning")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def import_morning(folder: Path) -> None:
    """Import the morning of a folder: event.json, buyers.csv, structures.csv, requests.csv.

    All or nothing: each line that can't be is named, and nothing is stored.
    """
    morning = read_morning(folder)
    with opened_application():
        with unit_of_work():
            event = store_morning(morning, by=None, at=now())
        click.echo(
            f"{event.slug}: {len(morning.desks)} desks, {len(morning.structures)} structures, "
            f"{len(morning.requests)} requests"
        )


@click.command("export-instance")
@click.argument("slug", metavar="EVENT")
@click.option("-o", "--output", default="-", metavar="FILE", help="Where to write; - is the standard output.")
def export_instance(slug: str, output: str) -> None:
    """Write what the scheduler would see of a morning: refs, slots and wishes, no names of people."""
    with opened_application():
        text, _ = problem.frozen(problem.build_instance(known_event(slug)))
    if output == "-":
        sys.stdout.write(text.rstrip("\n") + "\n")
        return
    try:
        Path(output).write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise click.BadParameter(f"{output!r} can't be written: {error.strerror}", param_hint="-o") from error
