"""The scores that a file knows: one reviewer a column, of whom it tells no name."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.juries.models import Assignment, PitchReview, Reviewer, Score
from openmap.mornings.files import PitchLine
from openmap.pitches.models import PitchCall
from openmap.pitches.queries import criteria_of, submitted_applications
from openmap.registrations.models import Registration


def add_scores(
    call: PitchCall, lines: Sequence[PitchLine], structures: Mapping[str, Registration], *, at: datetime
) -> None:
    """Store the reviews of an imported call, each score on every criterion; an empty cell gave nobody a file.

    The reviewers have addresses at which nobody is (.invalid): an organiser invites the real ones, if they come.
    """
    given_at = min(at, call.jury_closes_at)
    columns = max((len(line.scores) for line in lines), default=0)
    reviewers = [_reviewer(call, number, at=given_at) for number in range(1, columns + 1)]
    files = {file.registration_id: file for file in submitted_applications(call)}
    criteria = criteria_of(call)
    for line in lines:
        file = files[structures[line.structure].id]
        for reviewer, value in zip(reviewers, line.scores, strict=False):
            if value is not None:
                review = PitchReview(saved_at=given_at, submitted_at=given_at)
                review.scores = [Score(criterion_id=criterion.id, value=value) for criterion in criteria]
                session.add(
                    Assignment(reviewer_id=reviewer.id, application_id=file.id, assigned_at=given_at, review=review)
                )
    session.flush()


def _reviewer(call: PitchCall, number: int, *, at: datetime) -> Reviewer:
    person = Person(email=f"jury{number}@{call.event.slug}.invalid", name=f"Jury {number}", created_at=at)
    session.add(person)
    session.flush()
    reviewer = Reviewer(
        call_id=call.id,
        person_id=person.id,
        email=person.email,
        name=person.name,
        token_hash=f"imported-{call.id}-{number}",  # no link leads here: no keyed hash looks like this
        invited_at=at,
        accepted_at=at,
    )
    session.add(reviewer)
    session.flush()
    return reviewer
