"""The command line: `python -m scheduler solve | check | explain | bound | generate | convert | bench`.

Exit codes: 0 done; 1 something else failed; 2 invalid input; 3 infeasible; 4 the check failed.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any, TypeVar

import click

from scheduler.config import NAMED_POLICIES, SolverConfig
from scheduler.errors import InvalidInput, WrongResult
from scheduler.formats.json_text import parsed
from scheduler.formats.serialization import (
    dump_instance,
    dump_solution,
    instance_sha256,
    read_instance,
    read_solution,
    solution_document,
)
from scheduler.instance import MAX_TEXT, Instance
from scheduler.solution import Solution, Status
from scheduler.terminal import files, progress, sentences

DONE, FAILED, INVALID_INPUT, INFEASIBLE, CHECK_FAILED = range(5)
DEFAULTS = SolverConfig()

Result = TypeVar("Result")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; what goes wrong is said in a sentence on standard error."""
    try:
        return commands.main(arguments, prog_name="python -m scheduler", standalone_mode=False) or DONE
    except click.ClickException as wrong:
        wrong.show()
        return INVALID_INPUT
    except InvalidInput as wrong:
        return _say(str(wrong), INVALID_INPUT)
    except SystemExit:
        return FAILED  # click's answer, outside its standalone mode, to a reader of standard output that has gone
    except MemoryError:
        return _say("not enough memory for this instance", FAILED)
    except (click.Abort, KeyboardInterrupt, OSError, WrongResult) as wrong:
        return _say(str(wrong) or "stopped", FAILED)


def _say(sentence: str, code: int) -> int:
    with suppress(OSError):  # nobody listens: the exit code still tells
        click.echo(sentence, err=True)
    return code


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Who meets whom, and when; - is standard input or output."""


@commands.command()
@click.argument("instance")
@click.option("-o", "--output", default=files.STANDARD, help="Where the solution goes; standard output by default.")
@click.option("--time-limit", type=float, default=DEFAULTS.time_limit_s, show_default=True, help="Seconds.")
@click.option("--seed", type=int, default=DEFAULTS.seed, show_default=True)
@click.option("--workers", type=int, default=DEFAULTS.workers, show_default=True, help="Threads of the search.")
@click.option("--policy", type=click.Choice(sorted(NAMED_POLICIES)), help="Instead of the instance's own.")
@click.option("--progress", "shown", type=click.Choice(["auto", "json", "none"]), default="auto", show_default=True)
def solve(**given: Any) -> int:
    """Find the best schedule of INSTANCE by the published rule."""
    files.refuse_unwritable(given["output"])
    config = _config(given)
    with _stopped_by_signals() as stop, progress.shown_as(given["shown"]) as listener:
        instance = _read(given["instance"], read_instance)
        solution = _in_thread(lambda: _search(instance, config, listener, stop))
        return _delivered(solution, given["output"])


def _config(given: dict[str, Any]) -> SolverConfig:
    try:
        return SolverConfig(
            time_limit_s=given["time_limit"], seed=given["seed"], workers=given["workers"], policy=given["policy"]
        )
    except ValueError as wrong:
        raise InvalidInput("", str(wrong)) from None


def _search(instance: Instance, config: SolverConfig, listener: progress.Listener | None, stop: Event) -> Solution:
    from scheduler.solver import solve as search  # CP-SAT takes a second to import: only who searches pays it

    return search(instance, config, on_progress=listener, should_stop=stop.is_set)


def _delivered(solution: Solution, output: str) -> int:
    if solution.status is Status.UNKNOWN:
        return _say("no schedule was found in the time given, and none was proven impossible", FAILED)
    files.write_text(output, dump_solution(solution))
    if solution.status is Status.INFEASIBLE:
        return _say("\n".join(["no schedule keeps all hard rules:", *solution.conflict]), INFEASIBLE)
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
    """Check SOLUTION against every hard rule of INSTANCE and recompute its figures."""
    from scheduler.checks import violations

    question_text, answer_text = _both(instance, solution)
    _named(instance, read_instance, question_text)
    answer = _named(solution, read_solution, answer_text)
    found = violations(parsed(question_text), parsed(answer_text))
    if as_json:
        _print_json([{"rule": each.rule, "message": each.message, "details": each.details} for each in found])
    else:
        _print(map(str, found) if found else _summary(answer))
    if found:
        return CHECK_FAILED
    return {Status.INFEASIBLE: INFEASIBLE, Status.UNKNOWN: FAILED}.get(answer.status, DONE)


def _summary(solution: Solution) -> Iterator[str]:
    if solution.status in {Status.INFEASIBLE, Status.UNKNOWN}:
        yield f"There is no schedule to check: {solution.status}."
        return
    yield f"Right: {len(solution.meetings)} meetings keep every hard rule, and the figures are true."
    yield from map(sentences.level_sentence, solution.objectives)


@commands.command()
@click.argument("instance")
@click.argument("solution")
@click.argument("request", required=False)
@click.option("--json", "as_json", is_flag=True, help="Data instead of sentences.")
def explain(instance: str, solution: str, request: str | None, *, as_json: bool) -> int:
    """Say why REQUEST, or each unmet request, has no meeting in SOLUTION, and what would give it one."""
    from scheduler.explain import explain as reasons

    question_text, answer_text = _both(instance, solution)
    question = _named(instance, read_instance, question_text)
    answer = _named(solution, read_solution, answer_text)
    if answer.instance_sha256 != instance_sha256(question):
        raise InvalidInput(files.shown_path(solution), "instance_sha256: made for another instance")
    if request is not None and all(each.id != request for each in question.requests):
        raise InvalidInput("request", f'no request "{request}"')
    meetings = [each for each in answer.meetings if each.request == request]
    unmet = [each for each in reasons(question, answer) if request in {None, each.request}]
    if as_json:
        document = solution_document(replace(answer, meetings=tuple(meetings), unmet=tuple(unmet)))
        _print_json({"meetings": document["meetings"], "unmet": document["unmet"]})
    else:
        _print([*map(sentences.meeting_sentence, meetings), *map(sentences.unmet_sentence, unmet)])
    return DONE


@commands.command()
@click.argument("instance")
@click.option("--json", "as_json", is_flag=True, help="Data instead of sentences.")
def bound(instance: str, *, as_json: bool) -> int:
    """Say what no schedule of INSTANCE can exceed, in milliseconds and without searching one."""
    from scheduler.flow.relaxation import bound as best_possible

    levels = best_possible(_read(instance, read_instance))
    if as_json:
        _print_json([{"name": level.name, "bound": level.bound} for level in levels])
    else:
        _print([sentences.bound_sentence(level) for level in levels] or [sentences.NO_BOUND])
    return DONE


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
    instance = _read(file, partial(converted, name=name, max_break_difference=max_break_difference))
    files.write_text(output, dump_instance(instance))
    return DONE


@commands.command()
@click.argument("folder", required=False)
@click.option(
    "--time-limit", type=click.FloatRange(0.1, 86_400), default=10.0, show_default=True, help="Seconds a run."
)
@click.option("--sizes", default="16x120x343x8,50x300x2000x16", show_default=True, help="Without FOLDER.")
@click.option("--seeds", default="0", show_default=True, help="One random instance of each size per seed.")
@click.option("--methods", default="openmap,plain,highs", show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=DEFAULTS.workers, show_default=True)
@click.option("--max-break-difference", type=click.IntRange(min=0), help="For the .dzn files of FOLDER.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run, as it ends.")
def bench(folder: str | None, **given: Any) -> int:
    """Measure OpenMap beside plain CP-SAT and lexicographic HiGHS on FOLDER (.dzn, .json) or on random instances."""
    from scheduler.benchmarks import command

    command.bench(None if folder is None else Path(folder), **given)
    return DONE


def _both(instance: str, solution: str) -> tuple[bytes, bytes]:
    if instance == solution == files.STANDARD:
        raise InvalidInput("", "only one of INSTANCE and SOLUTION can come from standard input")
    return files.read_bytes(instance), files.read_bytes(solution)


def _read(path: str, reader: Callable[[bytes], Result]) -> Result:
    return _named(path, reader, files.read_bytes(path))


def _named(path: str, reader: Callable[[bytes], Result], text: bytes) -> Result:
    """Read `text`, and put the file before the path of the value that is refused."""
    try:
        return reader(text)
    except InvalidInput as wrong:
        raise InvalidInput(files.shown_path(path), str(wrong)) from None


def _print(lines: Iterable[str]) -> None:
    files.write_text(files.STANDARD, "".join(f"{line}\n" for line in lines))


def _print_json(value: Any) -> None:
    _print([json.dumps(value, ensure_ascii=False)])
