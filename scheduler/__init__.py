"""Who meets whom, and when: a schedule of short meetings with its proof and its reasons.

Importing this package loads neither CP-SAT nor the flow solver; `solve` and `bound` load what they need.
"""

from scheduler.config import SolverConfig
from scheduler.errors import InvalidInput, InvalidInstance, InvalidSolution, WrongResult
from scheduler.instance import Instance, LevelName, Participant, Pin, Request
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
    "dump_instance",
    "dump_solution",
    "instance_document",
    "instance_sha256",
    "read_instance",
    "read_solution",
    "solution_document",
]
