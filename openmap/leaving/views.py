"""Cancelling one's registration, and an organiser's second thoughts on an approval; both say first what it costs."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.leaving import operations, queries
from openmap.registrations.access import is_on_behalf, participant_or_404
from openmap.registrations.enums import RegistrationState
from openmap.registrations.forms import ReopeningForm, SendForm
from openmap.registrations.models import Registration
from openmap.registrations.queries import find_registration

blueprint = Blueprint("leaving", __name__, url_prefix="/events/<slug>/leaving/<ref>")
STANDING = {RegistrationState.PENDING, RegistrationState.WAITING, RegistrationState.APPROVED}


@blueprint.route("/cancel", methods=["GET", "POST"])
@person_required
def cancel(slug: str, ref: str) -> ResponseReturnValue:
    """Leave the morning, once the consequences are read."""
    registration = participant_or_404(slug, ref)
    form = SendForm()
    if request.method != "POST":
        return _page("leaving/cancel.html", registration, form)
    if not form.validate_on_submit():
        return _page("leaving/cancel.html", registration, form), 422
    try:
        with unit_of_work():
            operations.leave_morning(registration, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page("leaving/cancel.html", registration, form), broken.status
    flash(_("L’inscription de %(title)s est annulée. Un courriel le confirme.", title=registration.title), "success")
    return redirect(url_for("registrations.show", slug=slug, ref=ref))


@blueprint.route("/reopen", methods=["GET", "POST"])
@organiser_required
def reopen(slug: str, ref: str) -> ResponseReturnValue:
    """Take an approval back, with a reason."""
    registration = get_or_404(find_registration(event_or_404(slug), ref))
    form = ReopeningForm()
    if request.method != "POST":
        return _page("leaving/reopen.html", registration, form)
    if not form.validate_on_submit():
        return _page("leaving/reopen.html", registration, form), 422
    try:
        with unit_of_work():
            operations.take_approval_back(registration, reason=form.reason.data or "", by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page("leaving/reopen.html", registration, form), broken.status
    flash(
        _("%(title)s attend de nouveau votre décision. Un courriel part avec la raison.", title=registration.title),
        "success",
    )
    return redirect(url_for("registrations.review", slug=slug))


def _page(template: str, registration: Registration, form: Form) -> str:
    return render_template(
        template,
        event=registration.event,
        registration=registration,
        form=form,
        stands=registration.state in STANDING,
        found=queries.consequences_of(registration),
        on_behalf=is_on_behalf(registration),
    )
