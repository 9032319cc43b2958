"""Which candidates get one of few places: the largest total score under rules about groups, with its proof."""

from scheduler.selection.answer import (
    BindingRule,
    Contradiction,
    LeftOut,
    LeftOutReason,
    Limit,
    Reserve,
    RulePrice,
    SelectionAnswer,
    SelectionLevel,
    SelectionLevelName,
    Unlock,
    UnlockKind,
)
from scheduler.selection.choosing import choose
from scheduler.selection.formats import dump_answer, dump_selection, read_answer, read_selection, selection_sha256
from scheduler.selection.question import Candidate, FixedCandidate, GroupRule, InvalidSelection, SelectionQuestion

__all__ = [
    "BindingRule",
    "Candidate",
    "Contradiction",
    "FixedCandidate",
    "GroupRule",
    "InvalidSelection",
    "LeftOut",
    "LeftOutReason",
    "Limit",
    "Reserve",
    "RulePrice",
    "SelectionAnswer",
    "SelectionLevel",
    "SelectionLevelName",
    "SelectionQuestion",
    "Unlock",
    "UnlockKind",
    "choose",
    "dump_answer",
    "dump_selection",
    "read_answer",
    "read_selection",
    "selection_sha256",
]
