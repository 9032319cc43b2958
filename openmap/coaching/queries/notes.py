"""What was written after a session: all of it for coaches and organisers, what is shared for the structure."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from openmap.coaching.models import CoachingBooking, CoachingNote
from openmap.core.db import session
from openmap.pitches.models import PitchApplication


def shared_notes(application: PitchApplication) -> Sequence[CoachingNote]:
    """What coaches wrote for the structure to read, the first one first; private notes are never among them."""
    rows = (
        select(CoachingNote)
        .join(CoachingNote.booking)
        .where(CoachingBooking.application_id == application.id, CoachingNote.is_shared.is_(True))
        .options(joinedload(CoachingNote.author))
        .order_by(CoachingNote.id)
    )
    return session.scalars(rows).all()


def notes_of(bookings: Sequence[CoachingBooking]) -> Mapping[int, Sequence[CoachingNote]]:
    """Every note of some bookings, private ones too, by booking: for coaches and organisers alone; one query."""
    rows = (
        select(CoachingNote)
        .where(CoachingNote.booking_id.in_([each.id for each in bookings]))
        .options(joinedload(CoachingNote.author))
        .order_by(CoachingNote.id)
    )
    found: dict[int, list[CoachingNote]] = {}
    for note in session.scalars(rows):
        found.setdefault(note.booking_id, []).append(note)
    return found
