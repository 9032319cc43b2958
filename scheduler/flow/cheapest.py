"""The cheapest flow; a large one in a process of its own, since the solver hears nobody and lets no other thread run.

This file is also what that process runs, by its path: it imports nothing of this package.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

MOST_DEAF = 60_000  # arcs that a quarter of a second is enough for; beyond, starting a process is worth it
POLL_S = 0.05


class FlowStopped(Exception):
    """Whoever waited for the flow no longer does."""


class Graph:
    """Arcs and supplies of a flow network; nodes are numbered from 0."""

    def __init__(self) -> None:
        self._arcs: list[tuple[Integers, Integers, Integers, Integers]] = []
        self._supplies: list[tuple[Integers, Integers]] = []

    def add(self, tails: Integers, heads: Integers, capacities: Integers, costs: Integers) -> None:
        """Add arcs, each with what it may carry and what it costs per unit."""
        self._arcs.append((tails, heads, capacities, costs))

    def supply(self, nodes: Integers, amounts: Integers) -> None:
        """Say how much leaves the network's nodes, or enters them where it is negative."""
        self._supplies.append((nodes, amounts))

    def cheapest(self, should_stop: Callable[[], bool] | None = None) -> Integers:
        """Return what each arc carries, in the order they were added; raises FlowStopped, ArithmeticError."""
        arcs = [np.concatenate(each).astype(np.int64, copy=False) for each in zip(*self._arcs, strict=True)]
        supplies = [np.concatenate(each).astype(np.int64, copy=False) for each in zip(*self._supplies, strict=True)]
        if should_stop is not None and len(arcs[0]) > MOST_DEAF:
            flow = _in_a_process(arcs, supplies, should_stop)
            if flow is not None:
                return flow
        return _solved(arcs, supplies)


def _solved(arcs: list[Integers], supplies: list[Integers]) -> Integers:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]  # ships none

    graph = SimpleMinCostFlow()
    added = graph.add_arcs_with_capacity_and_unit_cost(*arcs)
    graph.set_nodes_supplies(*supplies)
    status = graph.solve()
    if status != SimpleMinCostFlow.OPTIMAL:
        raise ArithmeticError(f"the flow relaxation could not be solved: {status}")
    return np.asarray(graph.flows(added), dtype=np.int64)


def _in_a_process(arcs: list[Integers], supplies: list[Integers], should_stop: Callable[[], bool]) -> Integers | None:
    """Return the flow, None where there can be no such process or it fails."""
    command = [sys.executable, "-P", str(Path(__file__))]
    with TemporaryFile() as given, TemporaryFile() as answer:
        given.write(b"".join(map(bytes, [np.array([len(arcs[0])]), *arcs, *supplies])))
        given.seek(0)
        try:  # a group of its own: an interrupt at the terminal is for us to hear
            child = subprocess.Popen(command, stdin=given, stdout=answer, stderr=subprocess.DEVNULL, process_group=0)  # noqa: S603 - ourselves
        except OSError:
            return None
        try:
            code = _ended(child, should_stop)
        except BaseException:
            child.kill()
            child.wait()
            raise
        answer.seek(0)
        return np.frombuffer(answer.read(), dtype=np.int64) if code == 0 else None


def _ended(child: subprocess.Popen[bytes], should_stop: Callable[[], bool]) -> int:
    """Return the exit code of a process; raises FlowStopped if it isn't waited for."""
    while True:
        try:
            return child.wait(POLL_S)
        except subprocess.TimeoutExpired:
            if should_stop():
                raise FlowStopped from None


def main() -> None:
    """Read a network from standard input and write its cheapest flow to standard output."""
    numbers = np.frombuffer(sys.stdin.buffer.read(), dtype=np.int64)
    count, rest = int(numbers[0]), numbers[1:]
    arcs, supplies = np.split(rest[: 4 * count], 4), np.split(rest[4 * count :], 2)
    sys.stdout.buffer.write(_solved(arcs, supplies).tobytes())


if __name__ == "__main__":
    main()
