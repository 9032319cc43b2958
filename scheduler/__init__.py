"""Who meets whom, and when: a schedule of short meetings with its proof and its reasons.

Importing this package loads neither CP-SAT nor the flow solver: the functions load what they need, and `what_if`,
`sweep` and `bottleneck` never need CP-SAT unless told to search.
"""

from scheduler.config import SolverConfig
from scheduler.errors import InvalidInput, InvalidInstance, InvalidSolution, WrongResult
from scheduler.explain import Bottleneck, Obstacle, bottleneck, explain, obstacles
from scheduler.flow.relaxation import bound
from scheduler.formats.serialization import (
    dump_instance,
    dump_solution,
    instance_document,
    instance_sha256,
    read_instance,
    read_solution,
    solution_document,
)
from scheduler.instance import Instance, LevelName, Participant, Pin, Request
from scheduler.solution import Change, ChangeKind, Level, Meeting, Progress, Reason, Solution, Status, Unmet
from scheduler.solver import solve
from scheduler.supposing.changes import (
    Absent,
    Capacity,
    Limits,
    LongerMeetings,
    MaxMeetings,
    Newcomer,
    NewRequest,
    OwnSlot,
    Present,
    Slots,
    Supposition,
    Tables,
    WithoutRequest,
)
from scheduler.what_if import Outlook, Point, WhatIf, outlook, sweep, what_if

__all__ = [
    "Absent",
    "Bottleneck",
    "Capacity",
    "Change",
    "ChangeKind",
    "Instance",
    "InvalidInput",
    "InvalidInstance",
    "InvalidSolution",
    "Level",
    "LevelName",
    "Limits",
    "LongerMeetings",
    "MaxMeetings",
    "Meeting",
    "NewRequest",
    "Newcomer",
    "Obstacle",
    "Outlook",
    "OwnSlot",
    "Participant",
    "Pin",
    "Point",
    "Present",
    "Progress",
    "Reason",
    "Request",
    "Slots",
    "Solution",
    "SolverConfig",
    "Status",
    "Supposition",
    "Tables",
    "Unmet",
    "WhatIf",
    "WithoutRequest",
    "WrongResult",
    "bottleneck",
    "bound",
    "dump_instance",
    "dump_solution",
    "explain",
    "instance_document",
    "instance_sha256",
    "obstacles",
    "outlook",
    "read_instance",
    "read_solution",
    "solution_document",
    "solve",
    "sweep",
    "what_if",
]
