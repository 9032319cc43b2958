"""How far each reviewer is with each file, and which of that makes a file judged."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from openmap.core.db import session
from openmap.juries.applicants import own_files
from openmap.juries.enums import FileState
from openmap.juries.models import Assignment, PitchReview, Reviewer
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.pitches.queries import SENT

DONE = {FileState.GIVEN, FileState.ABSTAINED}
OWED = {FileState.TO_READ, FileState.DRAFT}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one reviewer is with one file."""

    assignment_id: int
    reviewer_id: int
    application_id: int
    state: FileState


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one reviewer is: files given to them that they judge, and those whose review they gave."""

    reviewer: Reviewer
    file_count: int
    done_count: int
    draft_count: int

    @property
    def owed_count(self) -> int:
        """How many reviews are still to come."""
        return self.file_count - self.done_count


def standings(call: PitchCall, *, reviewer: Reviewer | None = None) -> Sequence[Standing]:
    """Every file given to somebody, oldest first; two queries. One's own file is set aside, whatever came first."""
    own = own_files(call, reviewer=reviewer)
    rows = (
        select(
            Assignment.id,
            Assignment.reviewer_id,
            Assignment.application_id,
            Assignment.conflict_at,
            PitchApplication.state,
            PitchReview.id,
            PitchReview.submitted_at,
            PitchReview.is_abstention,
        )
        .join(Assignment.application)
        .outerjoin(Assignment.review)
        .where(PitchApplication.call_id == call.id)
        .order_by(Assignment.id)
    )
    if reviewer is not None:
        rows = rows.where(Assignment.reviewer_id == reviewer.id)
    found = []
    for key, reviewer_id, application_id, conflict_at, state, review_id, submitted_at, is_abstention in session.execute(
        rows
    ):
        if conflict_at is not None or (reviewer_id, application_id) in own:
            stands = FileState.SET_ASIDE
        elif state not in SENT:
            stands = FileState.WITHDRAWN
        else:
            stands = _review_state(review_id, submitted_at, is_abstention)
        found.append(Standing(key, reviewer_id, application_id, stands))
    return found


def _review_state(review_id: int | None, submitted_at: datetime | None, is_abstention: bool | None) -> FileState:  # noqa: FBT001 - a column of a row
    if review_id is None:
        return FileState.TO_READ
    if submitted_at is None:
        return FileState.DRAFT
    return FileState.ABSTAINED if is_abstention else FileState.GIVEN


def that_count(call: PitchCall, found: Sequence[Standing], reviewers: Sequence[Reviewer]) -> Sequence[Standing]:
    """The standings that make a file judged: of those in the jury, and what others gave before they left it."""
    active = {reviewer.id for reviewer in reviewers if reviewer.is_active}
    return [one for one in found if one.state in DONE or (one.state in OWED and one.reviewer_id in active)]


def progress_of(reviewers: Sequence[Reviewer], found: Sequence[Standing]) -> Sequence[Progress]:
    """How far each reviewer is, in the order given."""
    states: dict[int, list[FileState]] = defaultdict(list)
    for one in found:
        states[one.reviewer_id].append(one.state)
    return [
        Progress(
            reviewer,
            file_count=sum(state in DONE | OWED for state in states[reviewer.id]),
            done_count=sum(state in DONE for state in states[reviewer.id]),
            draft_count=states[reviewer.id].count(FileState.DRAFT),
        )
        for reviewer in reviewers
    ]


def progress_in(reviewers: Sequence[Reviewer]) -> Sequence[Progress]:
    """How far one person is in each jury of theirs."""
    return [progress_of([reviewer], standings(reviewer.call, reviewer=reviewer))[0] for reviewer in reviewers]
