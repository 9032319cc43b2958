"""Every promise of the explanation, kept: the change is made, and exhaustion finds the meeting in a best schedule."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from scheduler import (
    Change,
    ChangeKind,
    Instance,
    LevelName,
    Participant,
    Request,
    SolverConfig,
    dump_instance,
    explain,
    solve,
)
from scheduler.supposing.changes import Capacity, Limits, OwnSlot, Supposition, Tables, applied
from tests.scheduler.brute_force import Figure, best_figures

QUICK = SolverConfig(time_limit_s=20, workers=1)
UPPER = (LevelName.COVERAGE, LevelName.SATISFACTION)
SLOTS = 2


def some_mask(random: Random) -> frozenset[int]:
    return frozenset(slot for slot in range(SLOTS) if random.random() < 0.2)


def people(random: Random, *, limits: bool) -> tuple[Participant, ...]:
    return tuple(
        Participant(
            name,
            "structure" if name.startswith("S") else "buyer",
            some_mask(random),
            capacity=random.choice((1, 1, 1, 2)),
            max_meetings=random.choice((None, 1)) if limits else None,
            max_consecutive=random.choice((None, 1)) if limits else None,
        )
        for name in ("S1", "S2", "S3", "B1", "B2")
    )


def tiny(seed: int, kind: str) -> Instance:
    random = Random(seed)
    pairs = [(each, desk) for each in ("S1", "S2", "S3") for desk in ("B1", "B2")]
    asked: list[tuple[str, ...]] = list(random.sample(pairs, 4))
    if kind == "groups":
        asked[0], asked[1] = ("S1", "S2", "B1"), ("S1", "S3")
    requests = tuple(Request("-".join(each), each, random.randint(1, 3)) for each in asked)
    tables = random.choice((1, (1, 0), (2, 1))) if kind == "tables" else None
    return Instance("tiny", SLOTS, people(random, limits=kind == "limits"), requests, tables=tables, policy=UPPER)


def supposed(change: Change) -> Supposition:
    name = change.participant or ""
    suppositions: dict[ChangeKind, Supposition] = {
        ChangeKind.SLOT: OwnSlot(name),
        ChangeKind.LIMIT: Limits(name, 1),
        ChangeKind.CAPACITY: Capacity(name, 1),
        ChangeKind.TABLES: Tables(1),
    }
    return suppositions[change.change]


def best(instance: Instance) -> tuple[Figure, ...]:
    """The upper levels of the best schedule by exhaustion."""
    figures = best_figures(json.loads(dump_instance(instance)))
    return () if figures is None else tuple(figures[name] for name in UPPER)


def insisting(instance: Instance, request: str) -> Instance:
    return replace(
        instance,
        requests=tuple(replace(each, required=each.required or each.id == request) for each in instance.requests),
    )


def unlocks(instance: Instance, request: str, change: Change) -> bool:
    changed = applied(instance, [supposed(change)])
    return best(insisting(changed, request)) == best(changed) > best(instance)


@pytest.mark.parametrize("kind", ["plain", "tables", "limits", "groups"])
def test_what_would_have_unlocked_a_request_does(kind: str) -> None:
    promised: Counter[ChangeKind] = Counter()
    for seed in range(50):
        instance = tiny(seed, kind)
        solution = solve(instance, QUICK)
        for each in explain(instance, solution):
            broken = [change for change in each.unlock if not unlocks(instance, each.request, change)]
            assert not broken, (seed, each)
            promised.update(change.change for change in each.unlock)
    assert promised[ChangeKind.SLOT] > 0
    wanted = {"tables": ChangeKind.TABLES, "limits": ChangeKind.LIMIT, "plain": ChangeKind.CAPACITY}
    assert promised[wanted.get(kind, ChangeKind.SLOT)] > 0


@pytest.mark.parametrize("kind", ["plain", "tables", "limits", "groups"])
def test_no_slot_that_would_have_unlocked_a_request_is_kept_quiet(kind: str) -> None:
    for seed in range(50):
        instance = tiny(seed, kind)
        for each in explain(instance, solve(instance, QUICK)):
            ends = next(request.between for request in instance.requests if request.id == each.request)
            slots = [Change(ChangeKind.SLOT, end) for end in ends]
            found = [change for change in slots if unlocks(instance, each.request, change)]
            assert {change for change in each.unlock if change.change is ChangeKind.SLOT} == set(found), (seed, each)
