"""How many breaks the best selections force: prices of slots against exhaustion."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scheduler import Instance, Participant, Request, SolverConfig, read_instance, solve
from scheduler.flow.faces import FlowFace
from scheduler.flow.fractions import ProgrammeFace
from scheduler.flow.patterns import Patterns, SharedSlots, envelope
from scheduler.flow.prices import PricedSlots, Waits
from scheduler.flow.pricing import least_waits
from scheduler.phases.clock import Clock
from scheduler.problem import Problem
from tests.scheduler.brute_force import figures, schedules
from tests.scheduler.documents import REPEATABLE, Document
from tests.scheduler.test_properties import mornings, peculiar_mornings


def best_schedules(instance: Document) -> list[dict[str, Any]]:
    """The figures of all schedules of the best coverage and satisfaction."""
    every = [figures(instance, places) for places in schedules(instance)]
    best = max(((each["coverage"], each["satisfaction"]) for each in every), default=None)
    return [each for each in every if (each["coverage"], each["satisfaction"]) == best]


def priced(instance: Document, best: dict[str, Any], waits: Waits) -> PricedSlots:
    """The prices of slots: by flow where every request joins two sides, else by a linear programme."""
    problem = Problem(read_instance(json.dumps(instance)), ())
    if problem.is_two_sided:
        face = FlowFace(problem, problem.pinned, best["coverage"], best["satisfaction"])
        if face.cheapest(np.zeros(len(face.owners))) is not None:
            return PricedSlots(problem, face, waits)
    mixture = ProgrammeFace(problem, problem.pinned, best["coverage"], best["satisfaction"], Clock(60))
    return PricedSlots(problem, mixture, waits)


def some_prices(slots: PricedSlots, seed: int) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    rows = [np.maximum(random.normal(0, 0.7, slots.slots), price.lowest) for price in slots.prices]
    return np.array(rows).reshape(len(slots.prices), slots.slots)


@given(mornings() | peculiar_mornings(), st.integers(0, 10**6), st.sampled_from([(1.0, 0.0), (2.0, 1.0), (0.0, 1.0)]))
@settings(REPEATABLE, max_examples=200)
def test_no_prices_prove_more_waits_than_the_best_schedule_has(
    instance: Document, seed: int, weights: tuple[float, float]
) -> None:
    best = best_schedules(instance)
    assume(best)
    slots = priced(instance, best[0], Waits(*weights))
    found = slots.bound(some_prices(slots, seed))
    assert found is not None
    assert found[0] <= min(weights[0] * each["breaks"] + weights[1] * each["idle"] for each in best) + 1e-6


@given(mornings() | peculiar_mornings(), st.integers(0, 10**6))
@settings(REPEATABLE, max_examples=100)
def test_the_bound_lies_below_each_of_its_planes(instance: Document, seed: int) -> None:
    best = best_schedules(instance)
    assume(best)
    slots = priced(instance, best[0], Waits())
    here, there = some_prices(slots, seed), some_prices(slots, seed + 1)
    found, further = slots.bound(here), slots.bound(there)
    assert found is not None
    assert further is not None
    assert further[0] <= found[0] + float((found[1] * (there - here)).sum()) + 1e-3


@given(st.integers(0, 10**6), st.sampled_from([((0, 6),), ((0, 2), (2, 6)), ((0, 3), (3, 5), (5, 6))]))
@settings(REPEATABLE, max_examples=60)
def test_the_cheapest_times_of_one_participant_are_those_of_exhaustion(
    seed: int, sessions: tuple[tuple[int, int], ...]
) -> None:
    random = np.random.default_rng(seed)
    may, prices = random.random((3, 6)) < 0.8, random.normal(0, 1, 6)
    patterns = Patterns(may, sessions, 6, per_break=1.0, per_idle=0.25)
    costs = patterns.priced(prices)
    ways = [np.array([bool(way >> slot & 1) for slot in range(6)]) for way in range(64)]
    for row, count in np.ndindex(3, 7):
        totals = [_total(way, sessions, prices) for way in ways if way.sum() == count and not (way & ~may[row]).any()]
        assert np.isclose(costs[row, count], min(totals, default=np.inf))
        if totals:
            times = patterns.busy(np.array([row]), np.array([count]))[0]
            assert times.sum() == count
            assert np.isclose(_total(times, sessions, prices), min(totals))


def _total(busy: NDArray[np.bool_], sessions: tuple[tuple[int, int], ...], prices: NDArray[np.float64]) -> float:
    total = float(prices[busy].sum())
    for start, end in sessions:
        inside = [slot for slot in range(start, end) if busy[slot]]
        gaps = [later - earlier - 1 for earlier, later in pairwise(inside) if later > earlier + 1]
        total += sum(1.0 + 0.25 * gap for gap in gaps)
    return total


def test_a_desk_of_two_tables_takes_its_cheapest_slots_twice() -> None:
    may = np.array([[True, False, True, True]])
    desk = SharedSlots(may, np.array([2]), 7)
    costs = desk.priced(np.array([0.5, -9.0, 0.25, 1.0]))
    assert costs.tolist() == [[0.0, 0.25, 0.5, 1.0, 1.5, 2.5, 3.5, np.inf]]
    assert desk.busy(np.array([0]), np.array([3])).tolist() == [[1.0, 0.0, 2.0, 0.0]]


def test_the_envelope_is_the_largest_convex_function_below() -> None:
    hull, low, high = envelope(np.array([[0.0, 2.0, 1.0, 4.0, np.inf], [0.0, 1.0, 3.0, 6.0, 10.0]]))
    assert hull.tolist() == [[0.0, 0.5, 1.0, 4.0, np.inf], [0.0, 1.0, 3.0, 6.0, 10.0]]
    assert (low[0, 1], high[0, 1]) == (0, 2)


def crowded() -> Instance:
    """Four structures meet all three desks in four slots: in each slot one of them waits, in the middle two a break."""
    desks = tuple(Participant(f"B{n}", "buyer") for n in range(3))
    structures = tuple(Participant(f"S{n}", "structure") for n in range(4))
    requests = tuple(Request(f"S{s}-B{b}", (f"S{s}", f"B{b}")) for s in range(4) for b in range(3))
    return Instance("crowded", 4, (*desks, *structures), requests)


def test_prices_prove_what_no_count_of_meetings_shows() -> None:
    problem = Problem(crowded(), crowded().policy)
    face = FlowFace(problem, {}, (4, 4, 4), 12)
    assert least_waits(PricedSlots(problem, face, Waits()), 99, lambda: False) == 2


def test_the_solver_proves_the_breaks_of_a_crowded_morning() -> None:
    levels = solve(crowded(), SolverConfig(time_limit_s=20)).objectives
    assert [(level.name, level.value, level.bound) for level in levels[2:4]] == [("breaks", 2, 2), ("idle", 2, 2)]
