"""Arranging the programme: its lines, who is on stage, and the unavailability that follows."""

from openmap.programme.operations.appearing import (
    AlreadyOnStage,
    NobodyOnStageThen,
    NotTakingPart,
    Part,
    ProgrammeChanged,
    StageIsFull,
    add_appearance,
    edit_appearance,
    move_appearance,
    order_appearances,
    put_on_stage,
    remove_appearance,
    take_off_stage,
)
from openmap.programme.operations.lines import (
    EndsBeforeItStarts,
    LineDetails,
    OnAnotherDay,
    ProgrammeIsFull,
    add_item,
    edit_item,
    remove_item,
)
from openmap.programme.operations.unavailability import refresh

__all__ = [
    "AlreadyOnStage",
    "EndsBeforeItStarts",
    "LineDetails",
    "NobodyOnStageThen",
    "NotTakingPart",
    "OnAnotherDay",
    "Part",
    "ProgrammeChanged",
    "ProgrammeIsFull",
    "StageIsFull",
    "add_appearance",
    "add_item",
    "edit_appearance",
    "edit_item",
    "move_appearance",
    "order_appearances",
    "put_on_stage",
    "refresh",
    "remove_appearance",
    "remove_item",
    "take_off_stage",
]
