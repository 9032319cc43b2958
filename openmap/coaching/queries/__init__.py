"""Coaching as its pages, mails and calendars need it: sessions and places, bookings, notes, oddities."""

from openmap.coaching.queries.bookings import (
    booking_of,
    bookings_of,
    due_reminders,
    entry_sequence,
    find_booking,
    is_coached,
    lapsed_bookings,
    pitching,
    standing,
    standing_booking,
)
from openmap.coaching.queries.notes import (
    notes_of,
    shared_notes,
)
from openmap.coaching.queries.oddities import (
    Oddity,
    oddities,
)
from openmap.coaching.queries.sessions import (
    Offer,
    Own,
    coached_applications,
    coaching_of,
    find_session,
    is_coach_of,
    offers,
    sessions_beginning,
    sessions_coached_by,
    taken_places,
)

__all__ = [
    "Oddity",
    "Offer",
    "Own",
    "booking_of",
    "bookings_of",
    "coached_applications",
    "coaching_of",
    "due_reminders",
    "entry_sequence",
    "find_booking",
    "find_session",
    "is_coach_of",
    "is_coached",
    "lapsed_bookings",
    "notes_of",
    "oddities",
    "offers",
    "pitching",
    "sessions_beginning",
    "sessions_coached_by",
    "shared_notes",
    "standing",
    "standing_booking",
    "taken_places",
]
