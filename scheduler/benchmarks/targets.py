"""The published targets, row by row: a whole process from start to written file, and what it must reach."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from scheduler.benchmarks.runs import COMMON_LEVELS
from scheduler.config import SolverConfig
from scheduler.formats.serialization import dump_instance
from scheduler.generate import Recipe, generate
from scheduler.instance import Instance, LevelName, Pin

KIB_PER_MIB = 2**10
NEARLY = 1e-4  # how far below its bound a level of a very large instance may stay
MORNING = (16, 120, 343, 8)
HEADING = "| row | seed | s | processor s | MiB | levels | target |\n|---|---|---|---|---|---|---|"
DAYS = ((0, 15), (15, 30), (30, 45))


@dataclass(frozen=True, slots=True)
class Target:
    """One row: an instance, the limits of the process, and whether its upper levels must be proven or nearly so."""

    name: str
    instance: Callable[[int], Instance]
    seconds: float
    time_limit_s: float
    mib: float | None = None
    within: float = 0.0
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What a target asked for and what was measured."""

    name: str
    seed: int
    seconds: float
    processor_s: float
    mib: float
    levels: str
    missed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the row as a line of a Markdown table."""
        verdict = "reached" if not self.missed else f"missed: {'; '.join(self.missed)}"
        figures = f"{self.seconds:.2f} | {self.processor_s:.2f} | {self.mib:.0f}"
        return f"| {self.name} | {self.seed} | {figures} | {self.levels} | {verdict} |"


def _upper(size: tuple[int, int, int, int], **more: Any) -> Callable[[int], Instance]:
    return lambda seed: replace(generate(Recipe(*size, seed=seed, **more)), policy=COMMON_LEVELS)


def _convention(seed: int) -> Instance:
    recipe = Recipe(500, 1_500, 20_000, 45, seed=seed, unavailability=0.1, tables=250)
    return replace(generate(recipe), sessions=DAYS)


def targets() -> Iterator[Target]:
    """Yield the rows that are whole processes."""
    for skew in (0.0, 0.8, 1.2):
        for missed in (0.0, 0.1, 0.3):
            how = {"skew": skew, "unavailability": missed}
            said = f"skew {skew}, {missed:.0%} unavailable"
            limits = (2.0, 30.0) if missed < 0.3 else (10.0, 30.0)
            yield Target(f"343 requests, {said}", _upper(MORNING, **how), *limits)
            limits = (2.0, 30.0) if missed < 0.3 else (60.0, 60.0)
            yield Target(f"5 000 requests, {said}", _upper((100, 600, 5_000, 20), **how), *limits)
    halves = {"unavailability": 0.3, "half_days": True}
    yield Target("343 requests, half-days", _upper(MORNING, **halves), 10.0, 30.0)
    yield Target("5 000 requests, half-days", _upper((100, 600, 5_000, 20), **halves), 60.0, 60.0)
    yield Target("a morning, all levels", lambda seed: generate(Recipe(*MORNING, seed=seed)), 10.0, 30.0)
    yield Target("a convention of 3 days, all levels", _convention, 60.0, 55.0)
    many = _upper((1_000, 8_000, 100_000, 40))
    yield Target("100 000 requests", many, 5.0, 30.0, mib=1_024, within=NEARLY, is_large=True)
    million = _upper((10_000, 100_000, 1_000_000, 60))
    yield Target("1 000 000 requests", million, 45.0, 40.0, mib=2_048, within=NEARLY, is_large=True)


def measured_targets(size: str, seeds: list[int], workers: int, repeat: int) -> Iterator[Row]:
    """Yield each row as soon as it is measured, the median of `repeat`; `size` is small, large or all."""
    for seed in seeds:
        for target in targets():
            if size == "all" or target.is_large == (size == "large"):
                rows = sorted((row_of(target, seed, workers) for _ in range(repeat)), key=lambda row: row.seconds)
                yield rows[len(rows) // 2]
        if size != "large":
            yield from (_answered_at_once(seed, max(repeat, 3)), _day(seed, max(repeat, 3)))


def row_of(target: Target, seed: int, workers: int) -> Row:
    """Measure one target: solve in a process of its own, check in another."""
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder) / "instance.json", Path(folder) / "solution.json"
        question.write_text(dump_instance(target.instance(seed)), encoding="utf-8")
        solve = ["solve", str(question), "-o", str(answer), "--time-limit", str(target.time_limit_s)]
        started = perf_counter()
        processor_s, mib, code = _run([*solve, "--workers", str(workers)])
        seconds = perf_counter() - started
        levels = json.loads(answer.read_bytes())["objectives"] if code == 0 else []
        checked = code == 0 and _run(["check", str(question), str(answer)])[2] == 0
    missed = [] if checked else ["no schedule that passes the check"]
    missed += [f"{seconds:.1f} s of {target.seconds:.0f}"] if seconds > target.seconds else []
    missed += [f"{mib:.0f} MiB of {target.mib:.0f}"] if target.mib is not None and mib > target.mib else []
    missed += [f"{each['name']} not proven" for each in levels if not _is_reached(each, target)]
    return Row(target.name, seed, seconds, processor_s, mib, "; ".join(map(_said, levels)), missed)


def _run(arguments: list[str]) -> tuple[float, float, int]:
    """Return (processor seconds, largest memory in MiB, exit code) of one command in a process of its own."""
    child = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "scheduler", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)  # known already: Popen must not wait again
    unit = KIB_PER_MIB**2 if sys.platform == "darwin" else KIB_PER_MIB
    return used.ru_utime + used.ru_stime, used.ru_maxrss / unit, child.returncode


def _is_reached(level: dict[str, Any], target: Target) -> bool:
    """Say whether a level is proven, or near enough; those below the upper ones only need a bound."""
    if level["proven"] or level["name"] not in set(map(str, COMMON_LEVELS)):
        return True
    value, bound = (sum(each) if isinstance(each, list) else each for each in (level["value"], level["bound"]))
    return bool(bound - value <= target.within * bound)


def _said(level: dict[str, Any]) -> str:
    value, bound = (
        "/".join(map(str, each)) if isinstance(each, list) else str(each) for each in (level["value"], level["bound"])
    )
    return f"{level['name']} {value}" + ("" if level["proven"] else f" (bound {bound})")


def _answered_at_once(seed: int, repeat: int) -> Row:
    """Measure one slot more in this process."""
    from scheduler.supposing.changes import Slots
    from scheduler.what_if import outlook, what_if

    morning = generate(Recipe(*MORNING, seed=seed))
    before = outlook(morning)
    return _in_process("what-if on a morning", seed, 0.05, repeat, lambda: what_if(morning, [Slots(1)], before=before))


def _day(seed: int, repeat: int) -> Row:
    """Measure the day policy after the busiest desk's absence in this process."""
    from scheduler.solver import solve
    from scheduler.supposing.changes import Absent, applied

    morning = generate(Recipe(*MORNING, seed=seed))
    draft = solve(morning, SolverConfig(time_limit_s=20.0))
    previous = tuple(Pin(meeting.request, meeting.slot) for meeting in draft.meetings)
    today = applied(replace(morning, previous=previous), [Absent(morning.participants[0].id)])
    config = SolverConfig(time_limit_s=20.0, policy="day")
    row = _in_process("the day after an absence", seed, 0.2, repeat, lambda: solve(today, config))
    solution = solve(today, config)
    missed = [f"{level.name} not proven" for level in solution.objectives if not level.proven]
    levels = "; ".join(f"{level.name} {level.value}" for level in solution.objectives if level.name in _OF_THE_DAY)
    return replace(row, levels=levels, missed=[*row.missed, *missed])


_OF_THE_DAY = frozenset({LevelName.KEPT, LevelName.MOVES, LevelName.BREAKS})


def _in_process(name: str, seed: int, limit: float, repeat: int, work: Callable[[], object]) -> Row:
    work()  # the first call imports
    wall, processor = [], []
    for _ in range(repeat):
        started, spent = perf_counter(), process_time()
        work()
        wall.append(perf_counter() - started)
        processor.append(process_time() - spent)
    seconds = median(wall)
    missed = [f"{1000 * seconds:.0f} ms of {1000 * limit:.0f}"] if seconds > limit else []
    return Row(name, seed, seconds, median(processor), 0.0, "", missed)
