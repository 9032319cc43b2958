"""Calls, criteria and files: what may change, and when."""

from openmap.pitches.operations.applying import (
    DOCUMENT_LIMIT,
    Content,
    extend_deadline,
    leave_with_registration,
    resume_application,
    save_application,
    submit_application,
    withdraw_application,
)
from openmap.pitches.operations.calling import (
    CallDetails,
    close_call,
    news_of_deadline,
    publish_call,
    reopen_call,
    save_call,
)
from openmap.pitches.operations.judging import (
    CRITERIA_LIMIT,
    CriterionDetails,
    add_criterion,
    edit_criterion,
    move_criterion,
    restore_criterion,
    retire_criterion,
)

__all__ = [
    "CRITERIA_LIMIT",
    "DOCUMENT_LIMIT",
    "CallDetails",
    "Content",
    "CriterionDetails",
    "add_criterion",
    "close_call",
    "edit_criterion",
    "extend_deadline",
    "leave_with_registration",
    "move_criterion",
    "news_of_deadline",
    "publish_call",
    "reopen_call",
    "restore_criterion",
    "resume_application",
    "retire_criterion",
    "save_application",
    "save_call",
    "submit_application",
    "withdraw_application",
]
