"""What is run: instances from a folder or from recipes, each by each method in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

from scheduler.benchmarks.case import Case, Published
from scheduler.errors import InvalidInput
from scheduler.formats.serialization import dump_instance
from scheduler.generate import Recipe, generate
from scheduler.instance import LevelName
from scheduler.phases.measuring import MORE_IS_BETTER

COMMON_LEVELS = (LevelName.COVERAGE, LevelName.SATISFACTION)  # what all methods optimise on random instances
METHODS = ("openmap", "plain", "highs")
LEAVE_S = 20.0  # to start, build and write: beyond the limit and this, a method is ended and has no answer


@dataclass(frozen=True, slots=True)
class Run:
    """One method on one instance: the child's JSON, or None where it didn't end in time or failed.

    `refused` says why a file is none; then nothing was run.
    """

    instance: str
    method: str
    policy: tuple[str, ...]
    answer: dict[str, Any] | None
    published: Published | None = None
    refused: str = ""

    @property
    def decided(self) -> bool:
        """Say whether the optimum, or that there is no schedule, is proven."""
        return self.answer is not None and (self.answer["proven"] or self.answer["impossible"])


def of_sizes(sizes: str, seeds: str) -> Iterator[Case]:
    """Yield a random instance per size (`16x120x343x8`: buyers, structures, requests, slots) and seed."""
    for size in sizes.split(","):
        numbers = whole_numbers("--sizes", size.split("x"))
        if len(numbers) != 4:
            raise InvalidInput("--sizes", f"expected buyersxstructuresxrequestsxslots, got {size}")
        buyers, structures, requests, slots = numbers
        for seed in whole_numbers("--seeds", seeds.split(",")):
            instance = generate(Recipe(buyers, structures, requests, slots, seed=seed))
            yield Case(instance.name, replace(instance, policy=COMMON_LEVELS))


def whole_numbers(path: str, texts: list[str]) -> list[int]:
    """Return the numbers that an option holds; raises InvalidInput with its name."""
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in texts):
        raise InvalidInput(path, f"expected whole numbers, got {','.join(texts)}")
    return [int(text) for text in texts]


def runs(
    cases: Iterable[Case], methods: Iterable[str], time_limit_s: float, workers: int, repeat: int = 1
) -> Iterator[Run]:
    """Yield each run as soon as it ends, one after the other: they would disturb each other.

    With `repeat`, each is made as often and the one of the median time is told.
    """
    chosen = tuple(methods)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instance.json"
        for case in cases:
            if case.instance is None:
                yield Run(case.name, chosen[0], (), None, refused=case.refused)
                continue
            path.write_text(dump_instance(case.instance), encoding="utf-8")
            policy = tuple(map(str, case.instance.policy))
            for method in chosen:
                answers = [_answer(method, path, time_limit_s, workers) for _ in range(repeat)]
                yield Run(case.name, method, policy, _median(answers), case.published)


def _median(answers: list[dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return the answer of the median time; none at all is slower than any."""
    return sorted(answers, key=lambda answer: inf if answer is None else answer["seconds"])[len(answers) // 2]


def _answer(method: str, path: Path, time_limit_s: float, workers: int) -> dict[str, Any] | None:
    command = [sys.executable, "-m", "scheduler.benchmarks.child", method, str(path), str(time_limit_s), str(workers)]
    try:
        child = subprocess.run(command, capture_output=True, timeout=1.2 * time_limit_s + LEAVE_S, check=True)  # noqa: S603 - our own module
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    document: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return document


def compared(ours: Run, other: Run) -> str:
    """Say how ours compares at the first level that differs, and in time where none does."""
    if ours.answer is None or other.answer is None:
        return "–"
    if bool(ours.answer["values"]) != bool(other.answer["values"]):
        return "only ours" if ours.answer["values"] else "only theirs"
    for name in ours.policy:
        mine, theirs = (_vector(run.answer["values"].get(name, 0)) for run in (ours, other) if run.answer)
        if mine != theirs:
            better = (mine > theirs) == (name in MORE_IS_BETTER)
            return f"{'better' if better else 'worse'} {name}"
    seconds = max(ours.answer["seconds"], 0.001)
    return f"{other.answer['seconds'] / seconds:.1f} x the time"


def _vector(value: int | list[int]) -> list[int]:
    numbers = list(value) if isinstance(value, list) else [value]
    while numbers and not numbers[-1]:
        numbers.pop()
    return numbers
