"""The instances of a folder, with what a `published.csv` beside them says of each, and how ours agrees with it."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.benchmarks.case import Case, Published
from scheduler.errors import InvalidInput
from scheduler.formats.convert import converted
from scheduler.formats.serialization import read_instance

if TYPE_CHECKING:
    from scheduler.benchmarks.runs import Run

PUBLISHED = "published.csv"
ORIGINAL = ".original"  # ends the name of a real event of the public collection; its variants end otherwise
OPTIMAL, INFEASIBLE = "optimal", "infeasible"


def in_folder(folder: Path, max_break_difference: int | None) -> Iterator[Case]:
    """Yield a case per instance (.dzn, .json) in order of name, for each difference of breaks that was published.

    A difference given keeps to that one. A file that is refused is a case with the reason.
    """
    paths = sorted(path for path in folder.iterdir() if path.suffix in {".dzn", ".json"})
    if not paths:
        raise InvalidInput(str(folder), "holds no .dzn and no .json file")
    published = _published(folder / PUBLISHED)
    for path in paths:
        known = published[path.stem] if path.suffix == ".dzn" else {}
        differences: list[int | None] = [*sorted(known)]
        if max_break_difference is not None or not differences:
            differences = [max_break_difference]
        for difference in differences:
            yield _case(path, difference, None if difference is None else known.get(difference))


def _case(path: Path, difference: int | None, published: Published | None) -> Case:
    is_public = path.suffix == ".dzn"
    name = path.stem if difference is None or not is_public else f"{path.stem} d={difference}"
    try:
        text = path.read_bytes()
        if is_public:
            instance = converted(text, name=path.stem, max_break_difference=difference)
        else:
            instance = read_instance(text)
    except InvalidInput as wrong:
        return Case(name, None, refused=str(wrong))
    except OSError as wrong:
        return Case(name, None, refused=f"can't be read: {wrong.strerror}")
    return Case(name, instance, published)


def _published(path: Path) -> dict[str, dict[int, Published]]:
    """Return what was published, by instance and difference of breaks; rows that can't be understood are left out."""
    found: dict[str, dict[int, Published]] = defaultdict(dict)
    if not path.is_file():
        return found
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            try:
                optimum = int(row["optimum"]) if row["status"] == OPTIMAL else None
                seconds = float(row["maxsat_seconds"]) if row["maxsat_seconds"] else None
                found[row["instance"]][int(row["d"])] = Published(row["status"], optimum, seconds)
            except (KeyError, TypeError, ValueError):
                continue
    return found


def summary(runs: Iterable[Run]) -> Iterator[str]:
    """Yield how much each method decided, how that agrees with what was published, and totals for the originals."""
    by_method: dict[str, list[Run]] = defaultdict(list)
    refused = []
    for run in runs:
        if run.refused:
            refused.append(run)
        else:
            by_method[run.method].append(run)
    for method, own in by_method.items():
        decided = [run for run in own if run.decided]
        yield f"{method}: {len(decided)} of {len(own)} decided{_open(own)}"
        judged = [run for run in decided if run.published is not None]
        if judged:
            wrong = [run.instance for run in judged if not _agrees(run)]
            against = f", against what was published: {', '.join(wrong)}" if wrong else ""
            yield f"{method}: {len(judged) - len(wrong)} of {len(judged)} agree with what was published{against}"
        yield from _totals(method, [run for run in own if ORIGINAL in run.instance and run.published is not None])
    if refused:
        yield f"refused: {', '.join(run.instance for run in refused)}"


def _open(runs: list[Run]) -> str:
    names = [run.instance for run in runs if not run.decided]
    return f", open: {', '.join(names)}" if names else ""


def _totals(method: str, originals: list[Run]) -> Iterator[str]:
    if originals and all(run.answer for run in originals):
        ours = sum(run.answer["seconds"] for run in originals if run.answer)
        theirs = sum(run.published.seconds or 0.0 for run in originals if run.published)
        yield f"{method}: {len(originals)} originals in {ours:.1f} s (published: {theirs:.1f} s)"


def _agrees(run: Run) -> bool:
    if run.answer is None or run.published is None:
        return False
    if run.answer["impossible"] or run.published.status == INFEASIBLE:
        return bool(run.answer["impossible"]) and run.published.status == INFEASIBLE
    values = run.answer["values"]
    return run.published.optimum is None or list(values.values()) == [run.published.optimum]
