"""Arranging the programme: its lines, who is on stage, and the unavailability that follows."""

from openmap.programme.details import LineDetails
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
    OnAnotherDay,
    ProgrammeIsFull,
    add_item,
    edit_item,
    remove_item,
)
from openmap.programme.operations.timing import (
    ClockMoved,
    LongEnough,
    NothingRuns,
    extend_clock,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from openmap.programme.operations.unavailability import refresh

__all__ = [
    "AlreadyOnStage",
    "ClockMoved",
    "EndsBeforeItStarts",
    "LineDetails",
    "LongEnough",
    "NobodyOnStageThen",
    "NotTakingPart",
    "NothingRuns",
    "OnAnotherDay",
    "Part",
    "ProgrammeChanged",
    "ProgrammeIsFull",
    "StageIsFull",
    "add_appearance",
    "add_item",
    "edit_appearance",
    "edit_item",
    "extend_clock",
    "move_appearance",
    "order_appearances",
    "pause_clock",
    "put_on_stage",
    "refresh",
    "remove_appearance",
    "remove_item",
    "resume_clock",
    "start_clock",
    "stop_clock",
    "take_off_stage",
]
