"""The call for pitches of an imported morning and the files that were sent; the file says nothing of its dates."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from openmap.core.db import session
from openmap.events.models import Event
from openmap.mornings.files import Morning, PitchDecision, PitchLine
from openmap.pitches.enums import ApplicationState
from openmap.pitches.models import Criterion, PitchApplication, PitchCall
from openmap.registrations.models import Registration

OPEN_FOR = timedelta(days=30)


def add_pitches(
    event: Event, morning: Morning, structures: Mapping[str, Registration], *, at: datetime
) -> PitchCall | None:
    """A call that closes with the registrations, its criteria from 1 to 5, and its files as they were sent.

    As many places as files were selected. Nothing is decided or told here: scores and decisions come after.
    """
    lines = morning.pitches
    if not lines:
        return None
    closes_at = event.registration_closes_at
    opens_at = closes_at.astimezone(event.zone) - OPEN_FOR  # at the same hour on the clock, in summer time or not
    call = PitchCall(
        event_id=event.id,
        opens_at=opens_at,
        closes_at=closes_at,
        jury_closes_at=event.answers_close_at,
        places=max(1, sum(line.decision is PitchDecision.SELECTED for line in lines)),
        reserve_places=sum(line.decision is PitchDecision.RESERVE for line in lines),
        published_at=opens_at,
        created_at=min(at, opens_at),
    )
    session.add(call)
    session.flush()
    for position, details in enumerate(morning.criteria, start=1):
        session.add(Criterion(call_id=call.id, position=position, **asdict(details)))
    sent_at = min(at, closes_at - timedelta(minutes=1))
    session.add_all(_file(call, line, structures[line.structure], at=sent_at) for line in lines)
    session.flush()
    return call


def _file(call: PitchCall, line: PitchLine, registration: Registration, *, at: datetime) -> PitchApplication:
    return PitchApplication(
        call_id=call.id,
        registration_id=registration.id,
        title=line.title,
        summary=line.summary,
        speaker=line.speaker,
        is_first_time=line.is_first_time,
        state=ApplicationState.SUBMITTED,
        created_at=at,
        edited_at=at,
        submitted_at=at,
    )
