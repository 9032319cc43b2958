"""Inviting the jury, giving it files, and what it says of them."""

from openmap.juries.operations.assigning import (
    ReviewStarted,
    assign_files,
    note_refusal,
    set_aside_own_files,
    share_files,
)
from openmap.juries.operations.inviting import (
    Guest,
    accept_invitation,
    decline_invitation,
    invite_reviewers,
    prepare_invitations,
    prepare_reminders,
    remind_reviewers,
    remove_reviewer,
    reopen_for,
    set_normalised,
)
from openmap.juries.operations.reviewing import abstain, declare_conflict, give_review, save_draft, seen_version

__all__ = [
    "Guest",
    "ReviewStarted",
    "abstain",
    "accept_invitation",
    "assign_files",
    "declare_conflict",
    "decline_invitation",
    "give_review",
    "invite_reviewers",
    "note_refusal",
    "prepare_invitations",
    "prepare_reminders",
    "remind_reviewers",
    "remove_reviewer",
    "reopen_for",
    "save_draft",
    "seen_version",
    "set_aside_own_files",
    "set_normalised",
    "share_files",
]
