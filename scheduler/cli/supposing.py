"""`what-if`: coverage, satisfaction and meetings before and after a supposition, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.base import DONE, commands, print_json, print_lines, read
from scheduler.config import SolverConfig
from scheduler.errors import InvalidInput
from scheduler.formats.serialization import read_instance
from scheduler.terminal import suppositions

if TYPE_CHECKING:
    from scheduler.what_if import Outlook

WIDEST_SWEEP = 200


@commands.command("what-if", epilog=suppositions.SYNTAX)
@click.argument("instance")
@click.option("--change", "changes", multiple=True, metavar="NAME=VALUE", help="Once or several times, made in order.")
@click.option("--sweep", nargs=2, metavar="slots A..B", help="The curve over so many slots, after the changes.")
@click.option("--search", type=click.FloatRange(0.01, 86_400), help="Seconds to search where the flow proves nothing.")
@click.option("--json", "as_json", is_flag=True, help="Data instead of a table.")
def what_if(
    instance: str, changes: tuple[str, ...], sweep: tuple[str, str] | None, search: float | None, *, as_json: bool
) -> int:
    """Say what changes to INSTANCE would give: slots, tables, an absence, a desk more, longer meetings, a limit."""
    if not changes and sweep is None:
        raise InvalidInput("--change", "say at least one change, or a --sweep")
    counts = None if sweep is None else _range_of(*sweep)
    wanted = suppositions.read(changes)
    question = read(instance, read_instance)
    from scheduler.supposing.changes import applied
    from scheduler.what_if import sweep as curve
    from scheduler.what_if import what_if as answered

    config = None if search is None else SolverConfig(time_limit_s=search)
    if counts is not None:
        points = curve(applied(question, wanted), counts, search=config)
        found = {str(point.slots): point.outlook for point in points}
    else:
        both = answered(question, wanted, search=config)
        found = {"before": both.before, "after": both.after}
    if as_json:
        print_json(_document(found, is_curve=counts is not None))
    else:
        print_lines(suppositions.table(found, heading="slots" if counts is not None else ""))
    return DONE


def _range_of(what: str, text: str) -> range:
    first, dots, last = text.partition("..")
    if what != "slots":
        raise InvalidInput("--sweep", f"only slots can be swept, not {what}")
    if not (dots and all(part.isascii() and part.isdigit() and len(part) < 6 for part in (first, last))):
        raise InvalidInput("--sweep", f"expected A..B, got {text}")
    counts = range(int(first), int(last) + 1)
    if not 0 < len(counts) <= WIDEST_SWEEP:
        raise InvalidInput("--sweep", f"expected 1 to {WIDEST_SWEEP} points, got {len(counts)}")
    return counts


def _document(found: dict[str, Outlook], *, is_curve: bool) -> Any:
    points = {name: suppositions.document(outlook) for name, outlook in found.items()}
    return [{"slots": int(name)} | point for name, point in points.items()] if is_curve else points
