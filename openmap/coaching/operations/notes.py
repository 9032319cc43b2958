"""What coaches and organisers write after a session; the structure reads only what is shared with it."""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.coaching.models import CoachingBooking, CoachingNote
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.text import mark


class NotHeldYet(RuleBroken):
    """Nobody can have come yet."""

    message = mark("La séance n’a pas commencé : notez les présences le jour venu.")


def write_note(booking: CoachingBooking, words: str, *, is_shared: bool, by: Person, at: datetime) -> CoachingNote:
    """Keep a note of one structure's coaching."""
    note = CoachingNote(booking=booking, author=by, words=words, is_shared=is_shared, written_at=at)
    session.add(note)
    _record(booking, "coaching_note.written", by=by, at=at)
    return note


def remove_note(booking: CoachingBooking, note: CoachingNote, *, by: Person, at: datetime) -> None:
    """Take a note of a booking away; twice is once."""
    lock(booking)
    if note in booking.notes:
        booking.notes.remove(note)
        _record(booking, "coaching_note.removed", by=by, at=at)


def note_attendance(booking: CoachingBooking, *, came: bool | None, by: Person, at: datetime) -> None:
    """Say whether a structure came, None for not known. Raises NotHeldYet."""
    lock(booking)
    if at < booking.coaching_session.starts_at:
        raise NotHeldYet
    if booking.came is not came:
        booking.came = came
        _record(booking, "coaching.attended", by=by, at=at, came=came)


def _record(booking: CoachingBooking, action: str, *, by: Person, at: datetime, **details: object) -> None:
    registration = booking.application.registration
    audit.record(by, action, registration, at=at, event_id=registration.event_id, **details)
