"""The jury of a demonstration: three people with names, scores told apart by criterion, words, and work left to do."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from openmap.core.db import session
from openmap.demo.people import name_of
from openmap.events.models import Event
from openmap.juries.models import Assignment, PitchReview, Reviewer
from openmap.pitches.models import PitchCall
from openmap.pitches.queries import call_of

HOUSES = ("GIP Maximilien", "Réseau GRAFIE", "CRESS Île-de-France")
NEARBY = ((0, 0, 0), (1, 0, -1), (0, -1, 1), (-1, 0, 0), (0, 1, 0))  # around the one score of the file
WORDS = (
    "Très concret : on voit tout de suite ce qu’un service achèterait.",
    "De bonnes références, mais le prix n’est jamais dit.",
    "On comprend mal qui fait quoi ; à clarifier avant de monter sur scène.",
    "Une équipe solide. Le récit gagnerait à être plus court.",
    "Convaincant pour une petite commande, moins pour un marché.",
    "L’utilité sociale est forte et bien racontée.",
)
LEFT = 4  # reviews that the last reviewer of a coming morning still owes; one of them is begun


def add_jury(event: Event, *, at: datetime) -> None:
    """Give the imported reviewers names, words and nuances; before a coming morning some reviews are missing; once."""
    call = call_of(event)
    reviewers = _reviewers(call) if call else []
    if call is None or not reviewers or not reviewers[0].email.endswith(".invalid"):
        return
    for number, reviewer in enumerate(reviewers, start=1):
        _name(reviewer, number, event)
        for place, assignment in enumerate(_assignments(reviewer)):
            _nuance(assignment, number + place)
    if not event.is_past(at):
        _leave_work(call, reviewers, at=at)
    session.flush()


def _reviewers(call: PitchCall) -> Sequence[Reviewer]:
    return session.scalars(select(Reviewer).filter_by(call_id=call.id).order_by(Reviewer.id)).all()


def _assignments(reviewer: Reviewer) -> Sequence[Assignment]:
    rows = select(Assignment).filter_by(reviewer_id=reviewer.id).order_by(Assignment.application_id)
    return session.scalars(rows.options(selectinload(Assignment.review).selectinload(PitchReview.scores))).all()


def _name(reviewer: Reviewer, number: int, event: Event) -> None:
    assert reviewer.person is not None  # the import made one
    reviewer.email = reviewer.person.email = f"jury{number}.{event.held_on.year}@exemple.fr"
    reviewer.name = reviewer.person.name = name_of(reviewer.email)
    reviewer.body = HOUSES[(number - 1) % len(HOUSES)]


def _nuance(assignment: Assignment, number: int) -> None:
    review = assignment.review
    assert review is not None  # the import gave one
    criteria = {criterion.id: criterion for criterion in assignment.reviewer.call.criteria}
    for score, step in zip(review.scores, NEARBY[number % len(NEARBY)], strict=False):
        criterion = criteria[score.criterion_id]
        score.value = min(criterion.highest, max(criterion.lowest, score.value + step))
    review.comment = WORDS[number % len(WORDS)] if number % 3 else ""


def _leave_work(call: PitchCall, reviewers: Sequence[Reviewer], *, at: datetime) -> None:
    """One abstains from one file; the last one has files to read and one that is begun."""
    for number, reviewer in enumerate(reviewers):
        reviewer.invited_at = reviewer.accepted_at = call.closes_at
        for place, assignment in enumerate(_assignments(reviewer)):
            review = assignment.review
            assert review is not None
            assignment.assigned_at = call.closes_at
            review.saved_at = review.submitted_at = at - timedelta(hours=5 + 3 * place)
            if number == 1 and place == 2:
                review.is_abstention, review.scores, review.comment = True, [], "Je connais mal ce métier."
            if number == len(reviewers) - 1 and place == LEFT - 1:
                review.submitted_at, review.scores = None, review.scores[:1]
            elif number == len(reviewers) - 1 and place < LEFT:
                session.delete(review)
