"""Does the solution say the truth about itself? Values recomputed, bounds possible, proofs founded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

from scheduler.checking import figures
from scheduler.checking.fingerprint import Json
from scheduler.checking.reading import Schedule, Violation

FIGURES: Mapping[str, Callable[[Schedule], int | tuple[int, ...]]] = {
    "coverage": figures.coverage,
    "satisfaction": figures.satisfaction,
    "breaks": figures.breaks,
    "idle": figures.idle,
    "changes": figures.changes,
    "moves": figures.moves,
    "kept": figures.kept,
}
MINIMISED = frozenset({"breaks", "idle", "changes", "moves"})


def known_objectives(schedule: Schedule) -> Iterator[Violation]:
    for name, count in Counter(level["name"] for level in schedule.solution["objectives"]).items():
        if name not in FIGURES:
            yield Violation("known_objectives", f"no objective is called {name!r}", {"objective": name})
        elif count > 1:
            yield Violation("known_objectives", f"{name} is reported {count} times", {"objective": name})


def true_values(schedule: Schedule) -> Iterator[Violation]:
    for level in _known_levels(schedule):
        value = FIGURES[level["name"]](schedule)
        if _vector(level["value"]) != _vector(value):
            yield Violation(
                "true_values",
                f"{level['name']} is reported as {_shown(level['value'])}, the schedule has {_shown(value)}",
                {"objective": level["name"], "reported": level["value"], "recomputed": value},
            )


def possible_bounds(schedule: Schedule) -> Iterator[Violation]:
    for level in _known_levels(schedule):
        if level["bound"] is None:
            continue
        value, bound = _vector(level["value"]), _vector(level["bound"])
        pairs = zip_longest(value, bound, fillvalue=0)
        first_difference = next((found - best for found, best in pairs if found != best), 0)
        if level["name"] in MINIMISED:
            first_difference = -first_difference
        if first_difference > 0:
            yield Violation(
                "possible_bounds",
                f"{level['name']} {_shown(level['value'])} is better than its bound {_shown(level['bound'])}",
                {"objective": level["name"], "value": level["value"], "bound": level["bound"]},
            )


def founded_proofs(schedule: Schedule) -> Iterator[Violation]:
    for level in schedule.solution["objectives"]:
        if level["proven"] and (level["bound"] is None or _vector(level["value"]) != _vector(level["bound"])):
            yield Violation(
                "founded_proofs",
                f"{level['name']} {_shown(level['value'])} is called proven with bound {_shown(level['bound'])}",
                {"objective": level["name"], "value": level["value"], "bound": level["bound"]},
            )


def founded_optimality(schedule: Schedule) -> Iterator[Violation]:
    unproven = [level["name"] for level in schedule.solution["objectives"] if not level["proven"]]
    if schedule.solution["status"] == "optimal" and unproven:
        yield Violation(
            "founded_optimality", f"status optimal, but unproven: {', '.join(unproven)}", {"objectives": unproven}
        )


def _known_levels(schedule: Schedule) -> Iterator[Json]:
    return (level for level in schedule.solution["objectives"] if level["name"] in FIGURES)


def _vector(value: int | Sequence[int]) -> tuple[int, ...]:
    numbers = list(value) if isinstance(value, Sequence) else [value]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _shown(value: int | Sequence[int] | None) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, Sequence) else str(value)


HONESTY: tuple[Callable[[Schedule], Iterator[Violation]], ...] = (
    known_objectives,
    true_values,
    possible_bounds,
    founded_proofs,
    founded_optimality,
)
