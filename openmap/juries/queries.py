"""Reviewers, their files, and what they gave; who may see it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.juries.applicants import own_files
from openmap.juries.enums import ReviewerState
from openmap.juries.models import Assignment, PitchReview, Reviewer, Score
from openmap.juries.verdicts import GivenReview, Scale, Verdict, total_of, verdicts_of
from openmap.pitches.holding import counts_scores
from openmap.pitches.models import Criterion, PitchApplication, PitchCall
from openmap.pitches.queries import criteria_of


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


@counts_scores
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


def state_of(reviewer: Reviewer) -> ReviewerState:
    """What became of the invitation."""
    if reviewer.removed_at is not None:
        return ReviewerState.REMOVED
    if reviewer.accepted_at is not None:
        return ReviewerState.ACTIVE
    return ReviewerState.DECLINED if reviewer.declined_at is not None else ReviewerState.INVITED


def reviewers_of(call: PitchCall) -> Sequence[Reviewer]:
    """Everybody who was ever invited: those who judge first, then by name."""
    rows = select(Reviewer).filter_by(call_id=call.id).options(joinedload(Reviewer.person))
    order = list(ReviewerState)
    judging = [ReviewerState.ACTIVE, *(state for state in order if state is not ReviewerState.ACTIVE)]
    return sorted(session.scalars(rows), key=lambda one: (judging.index(state_of(one)), one.title.casefold(), one.id))


def find_reviewer(call: PitchCall, reviewer_id: int) -> Reviewer | None:
    """One reviewer of `call`."""
    return session.scalars(select(Reviewer).filter_by(call_id=call.id, id=reviewer_id)).one_or_none()


def reviewer_of_token(token_hash: str) -> Reviewer | None:
    """Whose invitation this link opens."""
    return session.scalars(select(Reviewer).filter_by(token_hash=token_hash)).one_or_none()


def reviewer_for(call: PitchCall, person: Person) -> Reviewer | None:
    """The reviewer that `person` is, while they are one."""
    found = select(Reviewer).where(
        Reviewer.call_id == call.id,
        Reviewer.person_id == person.id,
        Reviewer.accepted_at.is_not(None),
        Reviewer.removed_at.is_(None),
    )
    return session.scalars(found).one_or_none()


def juries_of(person: Person) -> Sequence[Reviewer]:
    """The juries in which `person` judges, the nearest deadline first."""
    rows = (
        select(Reviewer)
        .join(Reviewer.call)
        .where(
            Reviewer.person_id == person.id,
            Reviewer.accepted_at.is_not(None),
            Reviewer.removed_at.is_(None),
            PitchCall.released_at.is_(None),
        )
        .options(joinedload(Reviewer.call).joinedload(PitchCall.event))
        .order_by(PitchCall.jury_closes_at, Reviewer.id)
    )
    return session.scalars(rows).all()


def assignment_of(reviewer: Reviewer, application_id: int) -> Assignment | None:
    """One file of one reviewer, with the review and its scores."""
    rows = (
        select(Assignment)
        .filter_by(reviewer_id=reviewer.id, application_id=application_id)
        .options(
            joinedload(Assignment.review).selectinload(PitchReview.scores),
            joinedload(Assignment.application).joinedload(PitchApplication.registration),
        )
    )
    return session.scalars(rows).unique().one_or_none()


def has_open_files(reviewer: Reviewer, application_ids: Collection[int]) -> bool:
    """Whether some of these files are given to `reviewer` and not set aside yet."""
    found = select(Assignment.id).where(
        Assignment.reviewer_id == reviewer.id,
        Assignment.application_id.in_(application_ids),
        Assignment.conflict_at.is_(None),
    )
    return session.scalars(found).first() is not None


def reviews_of(call: PitchCall, application_id: int) -> Sequence[PitchReview]:
    """The given reviews of one file with their reviewers and scores, in the order given; those set aside left out."""
    own = own_files(call)
    rows = (
        select(PitchReview)
        .join(PitchReview.assignment)
        .where(
            Assignment.application_id == application_id,
            Assignment.conflict_at.is_(None),
            PitchReview.submitted_at.is_not(None),
        )
        .options(joinedload(PitchReview.assignment).joinedload(Assignment.reviewer), selectinload(PitchReview.scores))
        .order_by(PitchReview.id)
    )
    return [one for one in session.scalars(rows) if (one.assignment.reviewer_id, application_id) not in own]


def criteria_by_id(call: PitchCall) -> Mapping[int, Criterion]:
    """What is judged, by key, in its order."""
    return {criterion.id: criterion for criterion in criteria_of(call)}


def sees_the_verdict(assignment: Assignment, *, at: datetime) -> bool:
    """Whether a reviewer may read what the others said of this file: only after giving scores of their own.

    One who abstained could still score, and reads it when the jury is over for them.
    """
    review = assignment.review
    if review is None or not review.is_given or assignment.conflict_at is not None:
        return False
    return not review.is_abstention or not assignment.reviewer.judges_at(at)


def conflicts_of(call: PitchCall) -> Sequence[Assignment]:
    """The files set aside for a conflict of interest, the latest first, with who said so and whose file it is."""
    rows = (
        select(Assignment)
        .join(Assignment.reviewer)
        .where(Reviewer.call_id == call.id, Assignment.conflict_at.is_not(None))
        .options(
            joinedload(Assignment.reviewer),
            joinedload(Assignment.application).joinedload(PitchApplication.registration),
        )
        .order_by(Assignment.conflict_at.desc(), Assignment.id)
    )
    return session.scalars(rows).unique().all()
