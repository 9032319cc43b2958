"""The stored instances, named after what is peculiar in each, are solved as well as exhaustion or the record says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scheduler import SolverConfig, read_instance, solution_document
from scheduler.checks import violations
from scheduler.solver import solve
from tests.scheduler.brute_force import best_figures
from tests.scheduler.documents import Document

INSTANCES = Path(__file__).parent / "instances"
REAL = INSTANCES / "numeriques-2015-04-17.json"
TINY = sorted(set(INSTANCES.glob("*.json")) - {REAL})


def solved(instance: Document, *, time_limit_s: float) -> Document:
    config = SolverConfig(time_limit_s=time_limit_s)
    solution = solution_document(solve(read_instance(json.dumps(instance)), config))
    assert violations(instance, solution) == []
    return solution


@pytest.mark.parametrize("path", TINY, ids=lambda path: path.stem)
def test_a_tiny_instance_is_solved_to_the_end(path: Path) -> None:
    instance = json.loads(path.read_text(encoding="utf-8"))
    solution, best = solved(instance, time_limit_s=20), best_figures(instance)
    assert solution["status"] == ("infeasible" if best is None else "optimal")
    for level in solution["objectives"]:
        value = tuple(level["value"]) if isinstance(level["value"], list) else level["value"]
        assert value == (best or {})[level["name"]], level["name"]


def test_the_morning_of_2015_is_solved_to_the_end() -> None:
    solution = solved(json.loads(REAL.read_text(encoding="utf-8")), time_limit_s=20)
    assert [(level["name"], level["value"], level["proven"]) for level in solution["objectives"]] == [
        ("coverage", [120, 7], True),
        ("satisfaction", 740, True),
        ("breaks", 0, True),
        ("idle", 0, True),
        ("changes", 0, True),
    ]
