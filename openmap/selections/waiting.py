"""What the pitches of one morning wait for from its organisers, for their dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openmap.events.models import Event
from openmap.juries.queries import reviewers_of
from openmap.juries.standings import standings, that_count
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.pitches.queries import call_of
from openmap.selections.deadlines import is_silent, morning_starts
from openmap.selections.enums import Outcome
from openmap.selections.queries import ON_STAGE, decisions_of, sent_files


@dataclass(frozen=True, slots=True)
class Waiting:
    """Files without a reader, decisions to announce, places to give, and answers that are late or new."""

    call: PitchCall
    bare_count: int = 0  # sent files that nobody reads, while the jury still may
    undecided_count: int = 0  # once the jury is over
    decided_count: int = 0  # and not announced
    silent: Sequence[PitchApplication] = ()  # chosen, and past their deadline
    promoted: Sequence[PitchApplication] = ()  # from the reserve, with time left to answer
    free_count: int = 0
    reserve_count: int = 0


def waiting_at(event: Event, *, at: datetime) -> Waiting | None:
    """What waits at `event`; None without a call, before its end, or once the morning has begun. Six queries."""
    call = call_of(event)
    if call is None or at < call.closes_at or at >= morning_starts(event):
        return None
    files = sent_files(call)
    return _after_release(call, files, at) if call.released_at else _before_release(call, files, at)


def _before_release(call: PitchCall, files: Sequence[PitchApplication], at: datetime) -> Waiting:
    if at < call.jury_closes_at:
        read = {one.application_id for one in that_count(call, standings(call), reviewers_of(call))}
        return Waiting(call, bare_count=sum(file.id not in read for file in files))
    known = {file.id for file in files}
    decided = sum(decision.application_id in known for decision in decisions_of(call))
    return Waiting(call, undecided_count=len(files) - decided, decided_count=decided)


def _after_release(call: PitchCall, files: Sequence[PitchApplication], at: datetime) -> Waiting:
    asked = [file for file in files if file.confirmation is Confirmation.ASKED]
    told = {decision.application_id: decision.outcome for decision in decisions_of(call)}
    return Waiting(
        call,
        silent=[file for file in asked if is_silent(file, at=at)],
        promoted=[file for file in asked if not is_silent(file, at=at) and told.get(file.id) is not Outcome.SELECTED],
        free_count=max(0, call.places - sum(file.confirmation in ON_STAGE for file in files)),
        reserve_count=sum(file.state is ApplicationState.RESERVE for file in files),
    )
