"""Small instances written as the JSON they are, and solutions of them that tell the truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, settings

from scheduler.checking.fingerprint import fingerprint
from scheduler.checking.honesty import FIGURES
from scheduler.checking.question import Question
from scheduler.checking.reading import Schedule

Document = dict[str, Any]
# The same examples at each run, none failed for a slow machine: it is shared, and the neighbours' work is no bug.
REPEATABLE = settings(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
POLICY = ("coverage", "satisfaction", "breaks", "idle", "changes")


def instance_of(participants: list[Document], requests: list[Document], *, slots: int = 4, **more: Any) -> Document:
    """An openmap-instance/1 as parsed JSON."""
    head = {"format": "openmap-instance/1", "slots": slots}
    return head | {"participants": participants, "requests": requests} | more


def buyer(name: str, **more: Any) -> Document:
    return {"id": name, "group": "buyer"} | more


def structure(name: str, **more: Any) -> Document:
    return {"id": name, "group": "structure"} | more


def request(*between: str, **more: Any) -> Document:
    return {"id": "-".join(between), "between": list(between)} | more


def solution_of(instance: Document, places: Mapping[str, tuple[int, int | None]]) -> Document:
    """An openmap-solution/1 with these meetings (slot, table) and true figures, each claimed optimal."""
    solution: Document = {
        "format": "openmap-solution/1",
        "instance_sha256": fingerprint(instance),
        "status": "optimal",
        "seconds": 0.0,
        "seed": 0,
        "versions": {},
        "meetings": [{"request": name, "slot": slot, "table": table} for name, (slot, table) in places.items()],
        "objectives": [],
        "unmet": [
            {"request": each["id"], "reason": "rule_order", "with": [], "unlock": []}
            for each in instance["requests"]
            if each["id"] not in places
        ],
    }
    schedule = Schedule(Question(instance), solution)
    solution["objectives"] = [
        {"name": name, "value": value, "bound": value, "proven": True}
        for name in POLICY
        for value in [_as_json(FIGURES[name](schedule))]
    ]
    return solution


def _as_json(value: int | tuple[int, ...]) -> int | list[int]:
    return list(value) if isinstance(value, tuple) else value
