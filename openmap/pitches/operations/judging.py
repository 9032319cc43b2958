"""The criteria of a call; what the jury gave on them is never lost."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.pitches import queries
from openmap.pitches.holding import score_counts
from openmap.pitches.models import Criterion, PitchCall
from openmap.pitches.refusals import (
    CallIsReleased,
    CriterionIsScored,
    ScaleIsFixed,
    TooManyCriteria,
    WeightNeedsConfirmation,
)

CRITERIA_LIMIT = 12


@dataclass(frozen=True, slots=True)
class CriterionDetails:
    """What an organiser says of a criterion; see Criterion."""

    label: str
    help_text: str = ""
    weight: int = 1
    lowest: int = 1
    highest: int = 5


def add_criterion(call: PitchCall, details: CriterionDetails, *, by: Person | None, at: datetime) -> Criterion:
    """Judge by one thing more, at the end. Raises TooManyCriteria, CallIsReleased."""
    _hold(call)
    _check_room(call)
    last = session.scalar(select(func.max(Criterion.position)).filter_by(call_id=call.id)) or 0
    criterion = Criterion(call_id=call.id, position=last + 1, **asdict(details))
    session.add(criterion)
    audit.record(by, "pitch_criterion.added", criterion, at=at, event_id=call.event_id, label=details.label)
    return criterion


def edit_criterion(
    criterion: Criterion, details: CriterionDetails, *, confirms: bool = False, by: Person | None, at: datetime
) -> None:
    """Say it better, or weigh it otherwise, which `confirms` once scores are given.

    Raises ScaleIsFixed, WeightNeedsConfirmation, CallIsReleased.
    """
    call = _hold(criterion.call)
    session.refresh(criterion)
    count = score_counts([criterion.id])[criterion.id]
    weight = criterion.weight
    if count and (details.lowest, details.highest) != (criterion.lowest, criterion.highest):
        raise ScaleIsFixed(count=count, lowest=criterion.lowest, highest=criterion.highest)
    if count and details.weight != weight and not confirms:
        raise WeightNeedsConfirmation(count=count)
    for name, value in asdict(details).items():
        setattr(criterion, name, value)
    facts = {"label": details.label, "weight": details.weight, "weight_was": weight, "scores": count}
    audit.record(by, "pitch_criterion.edited", criterion, at=at, event_id=call.event_id, **facts)


def move_criterion(criterion: Criterion, *, places: int, by: Person | None, at: datetime) -> None:
    """Move a criterion up (-1) or down (1) among those that are judged; at an end it stays."""
    call = _hold(criterion.call)
    judged = list(queries.criteria_of(call))
    if criterion not in judged:
        return
    place = judged.index(criterion)
    judged.insert(min(max(0, place + places), len(judged) - 1), judged.pop(place))
    for position, each in enumerate(judged, start=1):
        each.position = position
    audit.record(by, "pitch_criterion.moved", criterion, at=at, event_id=call.event_id, label=criterion.label)


def retire_criterion(criterion: Criterion, *, by: Person | None, at: datetime) -> None:
    """Judge by it no more, which is possible until somebody did. Raises CriterionIsScored, CallIsReleased."""
    call = _hold(criterion.call)
    session.refresh(criterion)
    count = score_counts([criterion.id])[criterion.id]
    if count:
        raise CriterionIsScored(count=count)
    if criterion.retired_at is None:
        criterion.retired_at = at
        audit.record(by, "pitch_criterion.retired", criterion, at=at, event_id=call.event_id, label=criterion.label)


def restore_criterion(criterion: Criterion, *, by: Person | None, at: datetime) -> None:
    """Judge by it again. Raises TooManyCriteria, CallIsReleased."""
    call = _hold(criterion.call)
    session.refresh(criterion)
    if criterion.retired_at is not None:
        _check_room(call)
        criterion.retired_at = None
        audit.record(by, "pitch_criterion.restored", criterion, at=at, event_id=call.event_id, label=criterion.label)


def _hold(call: PitchCall) -> PitchCall:
    """Whoever scores holds the call too, so that a count stays true until the end of the unit of work."""
    if lock(call).released_at is not None:
        raise CallIsReleased
    return call


def _check_room(call: PitchCall) -> None:
    if len(queries.criteria_of(call)) >= CRITERIA_LIMIT:
        raise TooManyCriteria(limit=CRITERIA_LIMIT)
