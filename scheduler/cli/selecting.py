"""`select`: who gets one of few places; `check` sends selections here."""

from __future__ import annotations

import re
from math import isfinite

import click

from scheduler.cli.base import (
    CHECK_FAILED,
    DONE,
    FAILED,
    INFEASIBLE,
    commands,
    named,
    print_json,
    print_lines,
    read,
    say,
)
from scheduler.errors import InvalidInput
from scheduler.formats.json_text import document
from scheduler.selection.formats import dump_answer, read_answer, read_selection
from scheduler.solution import Status
from scheduler.terminal import files, selections

_is_selection = re.compile(rb'"format"\s*:\s*"openmap-selection/').search  # no other document holds such a key


@commands.command()
@click.argument("question")
@click.option("-o", "--output", default=files.STANDARD, help="Where the answer goes; standard output by default.")
@click.option("--time-limit", type=float, default=10.0, show_default=True, help="Seconds.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
def select(question: str, output: str, time_limit: float, seed: int) -> int:
    """Choose among the candidates of QUESTION by the published rule, with the reasons and the price of each rule."""
    if not (isfinite(time_limit) and 0 < time_limit <= 86_400):
        raise InvalidInput("--time-limit", "must be above 0 and at most 86400 seconds")
    files.refuse_unwritable(output)
    asked = read(question, read_selection)
    from scheduler.selection.choosing import choose

    answer = choose(asked, time_limit=time_limit, seed=seed)
    if answer.status is Status.UNKNOWN:
        return say("no selection was found in the time given, and none was proven impossible", FAILED)
    files.write_text(output, dump_answer(answer))
    if answer.status is Status.INFEASIBLE:
        return say("\n".join(selections.conflict_sentences(asked, answer.conflict)), INFEASIBLE)
    return DONE


def is_selection(text: bytes) -> bool:
    """Say whether a document claims to be a selection's question."""
    return _is_selection(text) is not None


def check_selection(paths: tuple[str, str], texts: tuple[bytes, bytes], *, as_json: bool) -> int:
    """Check an answer to a selection: what `check` does when it is given one."""
    from scheduler.checks import selection_violations

    named(paths[0], read_selection, texts[0])
    answer = named(paths[1], read_answer, texts[1])
    found = selection_violations(document(texts[0]), document(texts[1]))
    if as_json:
        print_json([{"rule": each.rule, "message": each.message, "details": each.details} for each in found])
    else:
        print_lines(map(str, found) if found else selections.answer_sentences(answer))
    if found:
        return CHECK_FAILED
    return {Status.INFEASIBLE: INFEASIBLE, Status.UNKNOWN: FAILED}.get(answer.status, DONE)
