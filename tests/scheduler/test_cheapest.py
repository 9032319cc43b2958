"""A large cheapest flow is found in a process of its own, which ends as soon as nobody waits for it."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.flow import cheapest
from scheduler.flow.cheapest import FlowStopped, Graph
from scheduler.flow.network import Network
from scheduler.generate import Recipe, generate
from scheduler.placing.remainder import best_around
from scheduler.problem import Problem

INSTANCE = generate(Recipe(buyers=20, structures=100, requests=600, slots=10))


def two_ways() -> Graph:
    """Two units from node 0 to node 2: one goes through node 1, the dear way takes what is left."""
    graph = Graph()
    graph.add(np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([1, 5, 5]), np.array([1, 1, 9]))
    graph.supply(np.array([0, 2]), np.array([2, -2]))
    return graph


@pytest.fixture
def always_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even the smallest flow gets a process of its own."""
    monkeypatch.setattr(cheapest, "MOST_DEAF", 0)


@pytest.mark.usefixtures("always_apart")
def test_a_process_of_its_own_finds_the_same() -> None:
    assert two_ways().cheapest(lambda: False).tolist() == two_ways().cheapest().tolist() == [1, 1, 1]
    network = Network(Problem(INSTANCE, INSTANCE.policy), {}, frozenset())
    assert network.cheapest_flow(lambda: False) == network.cheapest_flow()


@pytest.mark.usefixtures("always_apart")
def test_nobody_waits_for_a_flow_that_is_to_stop() -> None:
    with pytest.raises(FlowStopped):
        two_ways().cheapest(lambda: True)


@pytest.mark.usefixtures("always_apart")
def test_where_no_process_can_be_started_the_flow_is_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert two_ways().cheapest(lambda: False).tolist() == [1, 1, 1]


def test_a_flow_that_can_not_be_is_refused() -> None:
    graph = two_ways()
    graph.supply(np.array([1]), np.array([7]))
    with pytest.raises(ArithmeticError):
        graph.cheapest()


def test_what_remains_of_a_day_is_not_looked_at_by_who_is_to_stop() -> None:
    problem = Problem(INSTANCE, INSTANCE.policy)
    assert best_around(problem, {}, lambda: True) is None
