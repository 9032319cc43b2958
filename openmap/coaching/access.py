"""Whose session it is: coaches for their own, organisers for all. Whose place it is, pitches.access says."""

from flask import abort

from openmap.accounts.access import the_person
from openmap.coaching.models import CoachingSession
from openmap.coaching.queries import find_session, is_coach_of
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.pitches.models import PitchCall
from openmap.pitches.queries import call_of


def call_for_organisers(slug: str) -> tuple[Event, PitchCall | None]:
    """The morning, and its call for pitches if it has one yet; behind `organiser_required`."""
    event = event_or_404(slug)
    return event, call_of(event)


def session_for_organisers(slug: str, session_id: int) -> CoachingSession:
    """One session that stands; behind `organiser_required`."""
    found = get_or_404(find_session(event_or_404(slug), session_id))
    if found.cancelled_at is not None:
        abort(404)
    return found


def coached_session_or_404(slug: str, session_id: int) -> CoachingSession:
    """One session that stands, for its coaches and for organisers."""
    person, found = the_person(), session_for_organisers(slug, session_id)
    if not (person.is_organiser or is_coach_of(person, found)):
        abort(404)
    return found
