"""Writing, publishing, closing and reopening a call."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.outbox import Mail
from openmap.events.models import Event
from openmap.pitches import emails, queries
from openmap.pitches.lacking import call_lacks
from openmap.pitches.models import PitchCall
from openmap.pitches.moments import ends_after, spelled
from openmap.pitches.refusals import (
    CallIsReleased,
    CallLacks,
    CallNotClosed,
    CallNotOpen,
    ClosesBeforeItOpens,
    DateIsPast,
    JuryEndsAfterTheMorning,
    JuryEndsBefore,
    JuryEndsFirst,
    ReopenOnRecord,
)
from openmap.questions.enums import QuestionPurpose
from openmap.questions.queries import questions_of


@dataclass(frozen=True, slots=True)
class CallDetails:
    """What an organiser says of a call; see PitchCall."""

    opens_at: datetime
    closes_at: datetime
    jury_closes_at: datetime
    places: int
    reserve_places: int
    pitch_minutes: int
    guidance: str = ""
    is_blind: bool = False


def news_of_deadline(call: PitchCall, closes_at: datetime, *, at: datetime) -> list[Mail]:
    """What those who began a file are told when the call will close at `closes_at`; rendered before it is written."""
    if call.published_at is None or closes_at == call.closes_at:
        return []
    files = [one for one in queries.files_under_way(call) if one.deadline() != one.deadline(closes_at)]
    return [emails.deadline_moved(one, closes_at, at=at) for one in files]


def save_call(
    event: Event, details: CallDetails, *, news: Sequence[Mail] = (), by: Person | None, at: datetime
) -> PitchCall:
    """Write the call of a morning, or change it; nobody sees it before it is published. `news` leave with a new date.

    Raises ClosesBeforeItOpens, JuryEndsFirst, JuryEndsAfterTheMorning, CallIsReleased, ReopenOnRecord.
    """
    lock(event)
    call = queries.call_of(event)
    if details.opens_at >= details.closes_at:
        raise ClosesBeforeItOpens
    if details.jury_closes_at < details.closes_at:
        raise JuryEndsFirst(jury=spelled(details.jury_closes_at, event.zone))
    if ends_after(details.jury_closes_at, event.held_on, event.zone):
        raise JuryEndsAfterTheMorning(day=f"{event.held_on:%d/%m/%Y}")
    if call is None:
        call = PitchCall(event_id=event.id, created_at=at, **asdict(details))
        session.add(call)
    else:
        _check_change(call, details, at=at)
        for name, value in asdict(details).items():
            setattr(call, name, value)
    outbox.enqueue_all(news, at=at)
    audit.record(by, "pitch_call.saved", call, at=at, event_id=event.id, closes_at=details.closes_at.isoformat())
    return call


def _check_change(call: PitchCall, details: CallDetails, *, at: datetime) -> None:
    lock(call)
    if call.released_at is not None:
        raise CallIsReleased
    if call.published_at is not None and call.closes_at <= at < details.closes_at:
        raise ReopenOnRecord(closed=spelled(call.closes_at, call.event.zone))


def publish_call(call: PitchCall, *, by: Person | None, at: datetime) -> None:
    """Let everybody read the call; from its opening, structures apply. Raises CallLacks, CallIsReleased."""
    lock(call)
    if call.released_at is not None:
        raise CallIsReleased
    questions = questions_of(call.event, QuestionPurpose.PITCH)
    lacks = call_lacks(call, queries.criteria_of(call), questions, at=at)
    if lacks:
        raise CallLacks(lacks=tuple(lacks))
    if call.published_at is None:
        call.published_at = at
        audit.record(by, "pitch_call.published", call, at=at, event_id=call.event_id)


def close_call(call: PitchCall, *, news: Sequence[Mail] = (), by: Person | None, at: datetime) -> None:
    """End an open call now, with `news`; one that has not opened is hidden again. Raises CallNotOpen."""
    lock(call)
    if call.published_at is None or call.closes_at <= at:
        raise CallNotOpen
    before = call.closes_at
    if call.opens_at < at:
        call.closes_at = at
        outbox.enqueue_all(news, at=at)
    else:
        call.published_at = None
    audit.record(by, "pitch_call.closed", call, at=at, event_id=call.event_id, was=before.isoformat())


def reopen_call(
    call: PitchCall, *, until: datetime, reason: str, news: Sequence[Mail] = (), by: Person | None, at: datetime
) -> None:
    """Take files again until `until`, for a reason that stays on record; `news` leave with it.

    Raises CallIsReleased, CallNotClosed, DateIsPast, JuryEndsBefore.
    """
    lock(call)
    if call.released_at is not None:
        raise CallIsReleased
    if call.published_at is None or at < call.closes_at:
        raise CallNotClosed
    if until <= at:
        raise DateIsPast
    if until > call.jury_closes_at:
        raise JuryEndsBefore(jury=spelled(call.jury_closes_at, call.event.zone))
    before, call.closes_at = call.closes_at, until
    outbox.enqueue_all(news, at=at)
    audit.record(
        by,
        "pitch_call.reopened",
        call,
        at=at,
        event_id=call.event_id,
        was=before.isoformat(),
        until=until.isoformat(),
        reason=reason,
    )
