"""Everyone's own page: what to do now, programme, requests."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from openmap.accounts.access import person_required, the_person
from openmap.allocation.wording import unlock_sentence, unmet_sentence
from openmap.core.clock import now
from openmap.my_space import queries
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE

blueprint = Blueprint("my_space", __name__)


@blueprint.get("/my-space")
@person_required
def show() -> ResponseReturnValue:
    """Show what one person has to do, then each of their mornings."""
    person = the_person()
    mornings = queries.mornings_of(person)
    return render_template(
        "my_space/show.html",
        person=person,
        mornings=mornings,
        tasks=queries.tasks(mornings, now()),
        departements=ILE_DE_FRANCE | ELSEWHERE,
        unmet_sentence=unmet_sentence,
        unlock_sentence=unlock_sentence,
        at=now(),
    )
