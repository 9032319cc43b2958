"""Everyone's own page: what to do now, programme, requests."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from openmap.accounts.access import person_required, the_person
from openmap.allocation.wording import unlock_sentence, unmet_sentence
from openmap.coaching.queries import sessions_coached_by
from openmap.core.clock import now
from openmap.juries.queries import juries_of
from openmap.juries.standings import progress_in
from openmap.my_space import queries
from openmap.my_space.bodies import bodies_of
from openmap.my_space.tasks import tasks
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE
from openmap.registrations.queries import drafts_of
from openmap.roadmaps.queries import follower_of

blueprint = Blueprint("my_space", __name__)


@blueprint.get("/my-space")
@person_required
def show() -> ResponseReturnValue:
    """Show what one person has to do, then each of their mornings."""
    person = the_person()
    at = now()
    mornings, bodies = queries.mornings_of(person), bodies_of(person)
    drafts = drafts_of(person, at=at)
    return render_template(
        "my_space/show.html",
        person=person,
        mornings=mornings,
        bodies=bodies,
        coached=sessions_coached_by(person),
        judging=progress_in(juries_of(person)),
        tasks=tasks(mornings, bodies, drafts, at=at),
        follower=follower_of(person),
        departements=ILE_DE_FRANCE | ELSEWHERE,
        unmet_sentence=unmet_sentence,
        unlock_sentence=unlock_sentence,
        at=at,
    )
