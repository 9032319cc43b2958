"""A structure reads its decision, and says whether it comes."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form
from openmap.core.web import get_or_404
from openmap.pitches.access import application_or_404
from openmap.pitches.models import PitchApplication
from openmap.selections import operations, queries
from openmap.selections.forms import DeclineForm
from openmap.selections.operations.following import NO_ANSWER
from openmap.selections.refusals import ReasonMissing
from openmap.selections.views.blueprint import blueprint

ROOT = "/events/<slug>/pitches/<ref>/answer"


@blueprint.get(ROOT)
@person_required
def answer(slug: str, ref: str) -> ResponseReturnValue:
    """What was decided, what the jury says, and what is asked now."""
    return _page(_released_or_404(slug, ref))


@blueprint.post(f"{ROOT}/confirm")
@person_required
def confirm(slug: str, ref: str) -> ResponseReturnValue:
    """Yes."""
    application = _released_or_404(slug, ref)
    form = Form()
    if not form.validate_on_submit():
        return _page(application, confirm_form=form), 422
    try:
        with unit_of_work():
            operations.confirm_pitch(application, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(application, confirm_form=form), broken.status
    flash(_("C’est confirmé : vous présentez votre pitch. À bientôt !"), "success")
    return redirect(url_for("selections.answer", slug=slug, ref=ref))


@blueprint.post(f"{ROOT}/decline")
@person_required
def decline(slug: str, ref: str) -> ResponseReturnValue:
    """No, and why."""
    application = _released_or_404(slug, ref)
    form = DeclineForm()
    if not form.validate_on_submit():
        return _page(application, decline_form=form), 422
    try:
        with unit_of_work():
            if not form.reason.data:
                raise ReasonMissing
            operations.decline_pitch(application, reason=form.reason.data, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(application, decline_form=form), broken.status
    flash(_("C’est noté : votre place est proposée à une autre structure. Merci de l’avoir dit."), "success")
    return redirect(url_for("selections.answer", slug=slug, ref=ref))


def _released_or_404(slug: str, ref: str) -> PitchApplication:
    """The file, once its decision is told; before, there is no such page."""
    application = application_or_404(slug, ref)
    get_or_404(queries.released_decision(application))
    return application


def _page(
    application: PitchApplication, *, confirm_form: Form | None = None, decline_form: DeclineForm | None = None
) -> str:
    registration = application.registration
    return render_template(
        "selections/answer.html",
        event=application.call.event,
        call=application.call,
        application=application,
        registration=registration,
        decision=queries.released_decision(application),
        feedback=queries.feedback_for(application),
        confirm_form=confirm_form or Form(formdata=None),
        decline_form=decline_form or DeclineForm(formdata=None),
        was_freed=application.decline_reason == NO_ANSWER,
        on_behalf=registration.contact.person_id != the_person().id,
        at=now(),
    )
