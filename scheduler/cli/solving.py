"""`solve` and `check`."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Any

import click

from scheduler.cli.base import (
    CHECK_FAILED,
    DONE,
    FAILED,
    INFEASIBLE,
    Result,
    commands,
    named,
    print_json,
    print_lines,
    read,
    read_both,
    say,
)
from scheduler.cli.selecting import check_selection, is_selection
from scheduler.config import NAMED_POLICIES, SolverConfig
from scheduler.errors import InvalidInput
from scheduler.formats.json_text import document
from scheduler.formats.serialization import dump_solution, read_instance, read_solution
from scheduler.instance import Instance
from scheduler.solution import Solution, Status
from scheduler.terminal import files, progress, sentences

DEFAULTS = SolverConfig()


@commands.command()
@click.argument("instance")
@click.option("-o", "--output", default=files.STANDARD, help="Where the solution goes; standard output by default.")
@click.option("--time-limit", type=float, default=DEFAULTS.time_limit_s, show_default=True, help="Seconds.")
@click.option("--seed", type=int, default=DEFAULTS.seed, show_default=True)
@click.option("--workers", type=int, default=DEFAULTS.workers, show_default=True, help="Threads of the search.")
@click.option("--policy", type=click.Choice(sorted(NAMED_POLICIES)), help="Instead of the instance's own.")
@click.option("--progress", "shown", type=click.Choice(["auto", "json", "none"]), default="auto", show_default=True)
@click.pass_obj
def solve(started: float, /, **given: Any) -> int:
    """Find the best schedule of INSTANCE by the published rule."""
    files.refuse_unwritable(given["output"])
    config = _config(given)
    with progress.shown_as(given["shown"]) as listener:
        instance = read(given["instance"], read_instance)
        with _stopped_by_signals() as stop:
            solution = _in_thread(lambda: _search(instance, config, listener, stop, started))
            if solution.status is Status.UNKNOWN and stop.is_set():
                return say("stopped before there was a schedule", FAILED)
            return _delivered(solution, given["output"])


def _config(given: dict[str, Any]) -> SolverConfig:
    try:
        return SolverConfig(
            time_limit_s=given["time_limit"], seed=given["seed"], workers=given["workers"], policy=given["policy"]
        )
    except ValueError as wrong:
        raise InvalidInput("", str(wrong)) from None


def _search(
    instance: Instance, config: SolverConfig, listener: progress.Listener | None, stop: Event, started: float
) -> Solution:
    from scheduler.solver import solve as search  # CP-SAT takes a second to import: only who searches pays it

    return search(instance, config, on_progress=listener, should_stop=stop.is_set, started=started)


def _delivered(solution: Solution, output: str) -> int:
    if solution.status is Status.UNKNOWN:
        return say("no schedule was found in the time given, and none was proven impossible", FAILED)
    files.write_text(output, dump_solution(solution))
    if solution.status is Status.INFEASIBLE:
        return say("\n".join(["no schedule keeps all hard rules:", *solution.conflict]), INFEASIBLE)
    return DONE


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """Set the event at the first SIGINT or SIGTERM; a second one ends the process as usual."""
    stop = Event()

    def hear(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _in_thread(work: Callable[[], Result]) -> Result:
    """Do the work elsewhere: the main thread alone hears signals, and CP-SAT would keep it deaf."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


@commands.command()
@click.argument("instance")
@click.argument("solution")
@click.option("--json", "as_json", is_flag=True, help="Violations as a JSON list.")
def check(instance: str, solution: str, *, as_json: bool) -> int:
    """Check SOLUTION against every hard rule of INSTANCE and recompute its figures; also a selection's answer."""
    question_text, answer_text = read_both(instance, solution)
    if is_selection(question_text):
        return check_selection((instance, solution), (question_text, answer_text), as_json=as_json)
    from scheduler.checks import violations

    named(instance, read_instance, question_text)
    answer = named(solution, read_solution, answer_text)
    found = violations(document(question_text), document(answer_text))
    if as_json:
        print_json([{"rule": each.rule, "message": each.message, "details": each.details} for each in found])
    else:
        print_lines(map(str, found) if found else _summary(answer))
    if found:
        return CHECK_FAILED
    return {Status.INFEASIBLE: INFEASIBLE, Status.UNKNOWN: FAILED}.get(answer.status, DONE)


def _summary(solution: Solution) -> Iterator[str]:
    if solution.status in {Status.INFEASIBLE, Status.UNKNOWN}:
        yield f"There is no schedule to check: {solution.status}."
        return
    yield f"Right: {len(solution.meetings)} meetings keep every hard rule, and the figures are true."
    yield from map(sentences.level_sentence, solution.objectives)
