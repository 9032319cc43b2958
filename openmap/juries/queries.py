"""Reviewers, their files, and what they gave; who may see it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.juries.applicants import own_files
from openmap.juries.models import Assignment, PitchReview, Reviewer, Score
from openmap.juries.verdicts import GivenReview, Scale, Verdict, total_of, verdicts_of
from openmap.pitches.models import Criterion, PitchCall


def verdicts(call: PitchCall) -> Mapping[int, Verdict]:
    """What the jury says of each file that somebody gave a review of, by application id; three queries.

    Drafts do not count, nor do files set aside for a conflict of interest or judged by their own applicant.
    """
    return verdicts_of(given_reviews(call))


def given_reviews(call: PitchCall) -> Sequence[GivenReview]:
    """Every review that counts."""
    scales, own = scales_of(call), own_files(call)
    rows = (
        select(
            Assignment.application_id,
            Assignment.reviewer_id,
            PitchReview.is_abstention,
            Score.criterion_id,
            Score.value,
        )
        .select_from(PitchReview)
        .join(PitchReview.assignment)
        .join(Assignment.reviewer)
        .outerjoin(Score, Score.review_id == PitchReview.id)
        .where(Reviewer.call_id == call.id, PitchReview.submitted_at.is_not(None), Assignment.conflict_at.is_(None))
        .order_by(Assignment.id, Score.criterion_id)
    )
    abstained = set[tuple[int, int]]()
    values: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for application_id, reviewer_id, is_abstention, criterion_id, value in session.execute(rows):
        pair = (reviewer_id, application_id)
        if pair in own:
            continue
        if is_abstention:
            abstained.add(pair)
        elif criterion_id is not None:
            values[pair][criterion_id] = value
    return list(_given(abstained, values, scales))


def _given(
    abstained: Collection[tuple[int, int]],
    values: Mapping[tuple[int, int], Mapping[int, int]],
    scales: Mapping[int, Scale],
) -> Iterator[GivenReview]:
    for reviewer_id, application_id in abstained:
        yield GivenReview(application_id, reviewer_id, None)
    for (reviewer_id, application_id), scored in values.items():
        total = total_of(scored, scales)
        if total is not None:
            yield GivenReview(application_id, reviewer_id, total)


def scales_of(call: PitchCall) -> Mapping[int, Scale]:
    """The scales that count, by criterion: those not retired."""
    rows = select(Criterion.id, Criterion.lowest, Criterion.highest, Criterion.weight).where(
        Criterion.call_id == call.id, Criterion.retired_at.is_(None)
    )
    return {key: Scale(lowest, highest, weight) for key, lowest, highest, weight in session.execute(rows)}


def ranking_value(call: PitchCall, verdict: Verdict) -> float | None:
    """By what the files of `call` are ranked, from 0 to 100; None for a file that nobody scored."""
    return verdict.normalised if call.is_normalised else verdict.mean


def score_counts(criterion_ids: Collection[int]) -> Mapping[int, int]:
    """How many scores stand on each of these criteria, drafts included, since changing a scale would lose them too."""
    rows = (
        select(Score.criterion_id, func.count())
        .where(Score.criterion_id.in_(criterion_ids))
        .group_by(Score.criterion_id)
    )
    counts = {row[0]: row[1] for row in session.execute(rows)}
    return {criterion_id: counts.get(criterion_id, 0) for criterion_id in criterion_ids}


def may_see_scores(call: PitchCall, person: Person, *, at: datetime) -> bool:
    """Whether an organiser may see anybody's scores yet: not while their own are owed to the jury.

    One who abstained could still score, and waits for the end of the jury too.
    """
    owed = (
        select(Assignment)
        .join(Assignment.reviewer)
        .outerjoin(Assignment.review)
        .where(
            Reviewer.call_id == call.id,
            Reviewer.person_id == person.id,
            Reviewer.accepted_at.is_not(None),
            Reviewer.removed_at.is_(None),
            Assignment.conflict_at.is_(None),
            or_(PitchReview.submitted_at.is_(None), PitchReview.is_abstention),
        )
        .options(joinedload(Assignment.reviewer))
    )
    return not any(assignment.reviewer.judges_at(at) for assignment in session.scalars(owed))
