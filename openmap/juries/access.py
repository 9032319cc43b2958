"""Whose pages these are: the reviewer's own, and the organiser's unless scores of their own are owed."""

from openmap.accounts.access import the_person
from openmap.core.clock import now
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.juries import queries
from openmap.juries.models import Assignment, Reviewer
from openmap.pitches.models import PitchCall
from openmap.pitches.queries import call_of


def call_or_404(slug: str) -> PitchCall:
    """The call of the morning `slug`, for organisers."""
    return get_or_404(call_of(event_or_404(slug)))


def reviewer_or_404(slug: str) -> Reviewer:
    """The reviewer that the person signed in is; for anybody else there is no such page, organisers included."""
    return get_or_404(queries.reviewer_for(call_or_404(slug), the_person()))


def assignment_or_404(slug: str, application_id: int) -> Assignment:
    """One of the files given to the person signed in."""
    return get_or_404(queries.assignment_of(reviewer_or_404(slug), application_id))


def sees_scores(call: PitchCall) -> bool:
    """Whether the organiser signed in may see anybody's scores yet."""
    return queries.may_see_scores(call, the_person(), at=now())
