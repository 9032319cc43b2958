"""What organisers, structures and coaches do with coaching sessions."""

from openmap.coaching.operations.bookings import (
    FileNotSelected,
    SessionFull,
    SessionGone,
    book_session,
    cancel_booking,
    free_lapsed_places,
)
from openmap.coaching.operations.notes import NotHeldYet, note_attendance, remove_note, write_note
from openmap.coaching.operations.reminding import ask_to_book, send_reminders
from openmap.coaching.operations.sessions import (
    BookedBeyond,
    CoachDetails,
    SessionChanged,
    SessionDetails,
    SessionInThePast,
    add_session,
    cancel_session,
    edit_session,
)

__all__ = [
    "BookedBeyond",
    "CoachDetails",
    "FileNotSelected",
    "NotHeldYet",
    "SessionChanged",
    "SessionDetails",
    "SessionFull",
    "SessionGone",
    "SessionInThePast",
    "add_session",
    "ask_to_book",
    "book_session",
    "cancel_booking",
    "cancel_session",
    "edit_session",
    "free_lapsed_places",
    "note_attendance",
    "remove_note",
    "send_reminders",
    "write_note",
]
