"""Who meets whom, and when: a schedule of short meetings with its proof and its reasons.

Importing this package loads neither CP-SAT nor the flow solver; `solve`, `bound` and `explain` load what they need.
"""

from scheduler.config import SolverConfig
from scheduler.errors import InvalidInput, InvalidInstance, InvalidSolution, WrongResult
from scheduler.explain import bottleneck, explain
from scheduler.instance import Instance, LevelName, Participant, Pin, Request
from scheduler.relaxation import bound
from scheduler.serialization import (
    dump_instance,
    dump_solution,
    instance_document,
    instance_sha256,
    read_instance,
    read_solution,
    solution_document,
)
from scheduler.solution import Change, ChangeKind, Level, Meeting, Progress, Reason, Solution, Status, Unmet
from scheduler.solver import solve

__all__ = [
    "Change",
    "ChangeKind",
    "Instance",
    "InvalidInput",
    "InvalidInstance",
    "InvalidSolution",
    "Level",
    "LevelName",
    "Meeting",
    "Participant",
    "Pin",
    "Progress",
    "Reason",
    "Request",
    "Solution",
    "SolverConfig",
    "Status",
    "Unmet",
    "WrongResult",
    "bottleneck",
    "bound",
    "dump_instance",
    "dump_solution",
    "explain",
    "instance_document",
    "instance_sha256",
    "read_instance",
    "read_solution",
    "solution_document",
    "solve",
]
