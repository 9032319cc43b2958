"""The blueprint of the selection, which only organisers who may see the scores enter."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.juries.queries import may_see_scores
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.pitches.queries import application_of, call_of
from openmap.registrations.queries import find_registration
from openmap.selections import (
    models,  # noqa: F401 - its tables
    queries,
    wording,
)

blueprint = Blueprint("selections", __name__)

for function in (
    wording.constraint_words,
    wording.rule_words,
    wording.short_value,
    wording.value_points,
    wording.points,
    wording.outcome_words,
    wording.rank_words,
    wording.change_title,
):
    blueprint.add_app_template_filter(function)
blueprint.add_app_template_global(wording.value_words)
blueprint.add_app_template_global(wording.rule_state)
blueprint.add_app_template_global(wording.change_words)
blueprint.add_app_template_global(wording.move_words)
blueprint.add_app_template_global(queries.confirmed_pitches)

View = Callable[..., ResponseReturnValue]


def board_required(view: View) -> View:
    """Give organisers the call of the morning; one who still owes the jury scores waits, as the jury was promised."""

    @wraps(view)
    @organiser_required
    def checked(slug: str, **rest: object) -> ResponseReturnValue:
        call = get_or_404(call_of(event_or_404(slug)))
        if not may_see_scores(call, the_person(), at=now()):
            return render_template("selections/owed.html", event=call.event, call=call)
        return view(call, **rest)

    return checked


def file_or_404(call: PitchCall, ref: str) -> PitchApplication:
    """The file that the structure `ref` sent, whatever became of it."""
    registration = get_or_404(find_registration(call.event, ref))
    application = get_or_404(application_of(call, registration))
    return get_or_404(application if application.submitted_at is not None else None)
