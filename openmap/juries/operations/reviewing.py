"""What a reviewer says of one file: a draft, scores, an abstention, or why they may not judge it."""

from collections.abc import Mapping
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.juries import queries
from openmap.juries.applicants import is_own_file
from openmap.juries.models import Assignment, PitchReview, Reviewer, Score
from openmap.juries.operations.assigning import pass_on
from openmap.juries.refusals import (
    ConflictDeclared,
    FileGone,
    FileMayChange,
    JuryOver,
    ReviewAlreadyGiven,
    ReviewChangedMeanwhile,
    ReviewerIsApplicant,
    ScoreOutsideScale,
    ScoresMissing,
)
from openmap.juries.verdicts import Scale, total_of
from openmap.pitches.queries import SENT

Values = Mapping[int, int]  # by criterion


def seen_version(review: PitchReview | None) -> str:
    """What a page carries along, so that a stale one never writes over what another saved."""
    return review.saved_at.isoformat() if review else ""


def save_draft(assignment: Assignment, *, values: Values, comment: str, seen: str, by: Person, at: datetime) -> None:
    """Keep what was typed, complete or not, for the reviewer alone.

    Raises ReviewAlreadyGiven, ScoreOutsideScale and what `_open` raises.
    """
    review = _open(assignment, seen=seen, at=at)
    if review is not None and review.is_given:
        raise ReviewAlreadyGiven
    scales = queries.scales_of(assignment.application.call)
    _store(assignment, review, _checked(values, scales), comment, at=at)


def give_review(assignment: Assignment, *, values: Values, comment: str, seen: str, by: Person, at: datetime) -> None:
    """Give, or change, the scores of every criterion.

    Raises FileMayChange, ScoresMissing, ScoreOutsideScale and what `_open` raises.
    """
    review = _open(assignment, seen=seen, at=at)
    _check_is_final(assignment, at=at)
    scales = queries.scales_of(assignment.application.call)
    checked = _checked(values, scales)
    if checked.keys() != scales.keys() or not scales:
        raise ScoresMissing
    before = _total(review, scales) if review and review.is_given else None
    action = "review.changed" if review and review.is_given else "review.given"
    review = _store(assignment, review, checked, comment, at=at)
    review.is_abstention, review.submitted_at = False, review.submitted_at or at
    facts = {"total": total_of(checked, scales)} | ({"before": before} if before is not None else {})
    audit.record(by, action, review, at=at, event_id=assignment.application.call.event_id, **facts)


def abstain(assignment: Assignment, *, comment: str, seen: str, by: Person, at: datetime) -> None:
    """Say that one can't tell: no score, and none is asked any more. Raises FileMayChange and what `_open` raises."""
    review = _open(assignment, seen=seen, at=at)
    _check_is_final(assignment, at=at)
    review = _store(assignment, review, {}, comment, at=at)
    review.submitted_at = review.submitted_at or at
    review.is_abstention = True
    audit.record(by, "review.abstained", review, at=at, event_id=assignment.application.call.event_id)


def declare_conflict(assignment: Assignment, *, reason: str, by: Person, at: datetime) -> Reviewer | None:
    """Say why one may not judge a file: what one gave counts no more, and the file goes to whoever has the fewest.

    Returns who has it now, None when nobody may. Twice is once. Raises JuryOver.
    """
    call = lock(assignment.application.call)
    lock(assignment)
    if assignment.conflict_at is not None:
        return None
    if not assignment.reviewer.judges_at(at):
        raise JuryOver
    assignment.conflict_at, assignment.conflict_reason = at, reason
    audit.record(by, "review.conflict", assignment, at=at, event_id=call.event_id, reason=reason)
    session.flush()
    return pass_on(call, assignment.application_id, instead_of=assignment.reviewer, at=at)


def _open(assignment: Assignment, *, seen: str, at: datetime) -> PitchReview | None:
    """The review, if its reviewer may write it now.

    Raises ReviewerIsApplicant, ConflictDeclared, FileGone, JuryOver, ReviewChangedMeanwhile.
    """
    lock(assignment.application.call)  # its criteria stay what they are until the scores are stored
    lock(assignment)
    session.expire(assignment, ["review"])  # read together with the lock, it may be older than the lock
    reviewer, application = assignment.reviewer, assignment.application
    if is_own_file(reviewer, application):
        raise ReviewerIsApplicant(name=reviewer.title)
    if assignment.conflict_at is not None:
        raise ConflictDeclared(name=reviewer.title)
    if application.state not in SENT:
        raise FileGone
    if not reviewer.judges_at(at):
        raise JuryOver
    if seen_version(assignment.review) != seen:
        raise ReviewChangedMeanwhile
    return assignment.review


def _check_is_final(assignment: Assignment, *, at: datetime) -> None:
    if at < assignment.application.deadline():
        raise FileMayChange


def _checked(values: Values, scales: Mapping[int, Scale]) -> Values:
    """The values of criteria that count, each on its scale."""
    kept = {key: value for key, value in values.items() if key in scales}
    for key, value in kept.items():
        if not scales[key].lowest <= value <= scales[key].highest:
            raise ScoreOutsideScale(lowest=scales[key].lowest, highest=scales[key].highest)
    return kept


def _store(
    assignment: Assignment, review: PitchReview | None, values: Values, comment: str, *, at: datetime
) -> PitchReview:
    if review is None:
        review = PitchReview(assignment=assignment, saved_at=at)
        session.add(review)
    known = {score.criterion_id: score for score in review.scores}
    review.scores = [known.get(key) or Score(criterion_id=key) for key in sorted(values)]
    for score in review.scores:
        score.value = values[score.criterion_id]
    review.comment, review.saved_at = comment, at
    session.flush()
    return review


def _total(review: PitchReview, scales: Mapping[int, Scale]) -> float | None:
    return total_of({score.criterion_id: score.value for score in review.scores}, scales)
