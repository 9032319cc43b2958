"""The ways in which CP-SAT is asked: what helps one kind of question hinders another."""

from __future__ import annotations

from enum import Enum

from ortools.sat.python.cp_model_helper import SatParameters

from scheduler.config import SolverConfig


class Way(Enum):
    """How to search: the usual mixture; one plain thread; or from below, by cores of what can't be had together."""

    USUAL = "usual"
    SIMPLE = "simple"
    CORES = "cores"


def set_up(parameters: SatParameters, way: Way, config: SolverConfig) -> None:
    """Set the parameters of a solver; relaxing breaks linearly only costs time, since halves of meetings have none."""
    parameters.random_seed = config.seed
    parameters.catch_sigint_signal = False  # signals are the caller's business
    parameters.num_workers = config.workers if way is Way.USUAL else 1
    parameters.interleave_search = parameters.num_workers > 1
    parameters.optimize_with_core = way is Way.CORES
    if way is not Way.USUAL:
        parameters.linearization_level = 0
