"""Deciding on the board, constraints and proposals, the release, and what follows when a place gets free."""

from openmap.selections.emails import digest
from openmap.selections.operations.constraining import add_constraint, edit_constraint, remove_constraint
from openmap.selections.operations.deciding import decide, drop_withdrawn, reject_rest, undo
from openmap.selections.operations.following import (
    confirm_pitch,
    decline_pitch,
    follow_withdrawal,
    free_unanswered,
)
from openmap.selections.operations.overriding import change_released, extend_answer, promote
from openmap.selections.operations.proposing import adopt_proposal, store_proposal
from openmap.selections.operations.releasing import (
    Letter,
    Release,
    check_release,
    letter_for,
    mark_read,
    prepare_release,
    release_decisions,
    set_deadline,
    write_letter,
)
from openmap.selections.operations.succession import Succession
from openmap.selections.problem import ask

__all__ = [
    "Letter",
    "Release",
    "Succession",
    "add_constraint",
    "adopt_proposal",
    "ask",
    "change_released",
    "check_release",
    "confirm_pitch",
    "decide",
    "decline_pitch",
    "digest",
    "drop_withdrawn",
    "edit_constraint",
    "extend_answer",
    "follow_withdrawal",
    "free_unanswered",
    "letter_for",
    "mark_read",
    "prepare_release",
    "promote",
    "reject_rest",
    "release_decisions",
    "remove_constraint",
    "set_deadline",
    "store_proposal",
    "undo",
    "write_letter",
]
