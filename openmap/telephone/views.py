"""The telephone page: find who calls, type one line."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.events.access import event_or_404
from openmap.meeting_requests.enums import RECEIVED, DeclineCause
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.queries import requests_for, requests_of
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.access import participant_or_404
from openmap.registrations.models import Registration
from openmap.registrations.queries import approved_desks
from openmap.telephone import operations, queries
from openmap.telephone.forms import AnswersForm, RequestsForm

blueprint = Blueprint("telephone", __name__, url_prefix="/manage/<slug>/telephone")


@blueprint.get("")
@organiser_required
def find(slug: str) -> ResponseReturnValue:
    """Who calls? One answer opens at once."""
    event = event_or_404(slug)
    words = request.args.get("q", "").strip()[:100]
    found = queries.callers(event, words)
    if len(found) == 1 and "go" in request.args:
        return redirect(url_for("telephone.call", slug=slug, ref=found[0].ref))
    return render_template("telephone/find.html", event=event, words=words, found=found)


@blueprint.get("/<ref>")
@organiser_required
def call(slug: str, ref: str) -> ResponseReturnValue:
    """What the caller asked or was asked, and the line to type."""
    registration = _caller_or_404(slug, ref)
    return _page(registration, _form(registration))


@blueprint.post("/<ref>")
@organiser_required
def enter(slug: str, ref: str) -> ResponseReturnValue:
    """Enter the line, all of it or nothing."""
    registration = _caller_or_404(slug, ref)
    form = _form(registration)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _page(registration, form), 422
    try:
        with unit_of_work():
            done = _enter(registration, form)
            answer = url_for("telephone.call", slug=slug, ref=ref, done=",".join(str(each.id) for each in done))
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(registration, form), broken.status
    return redirect(answer)


@blueprint.post("/<ref>/undo")
@organiser_required
def undo(slug: str, ref: str) -> ResponseReturnValue:
    """Take the last line back."""
    registration = _caller_or_404(slug, ref)
    try:
        with unit_of_work():
            count = operations.take_back(_done(registration), of=registration, by=the_person(), at=now())
    except RuleBroken as broken:
        return _page(registration, _form(registration).show(broken)), broken.status
    flash(ngettext("%(num)d ligne reprise.", "%(num)d lignes reprises.", count), "success")
    return redirect(url_for("telephone.call", slug=slug, ref=ref))


def _caller_or_404(slug: str, ref: str) -> Registration:
    registration = participant_or_404(slug, ref)
    if not registration.is_approved or (not registration.desk and registration.kind is not OrganisationKind.STRUCTURE):
        abort(404)
    return registration


def _form(registration: Registration) -> RequestsForm | AnswersForm:
    return AnswersForm().offer_causes() if registration.desk else RequestsForm()


def _enter(registration: Registration, form: RequestsForm | AnswersForm) -> list[MeetingRequest]:
    line, caller = form.line.data or "", form.caller.data or ""
    by, at = the_person(), now()
    if isinstance(form, RequestsForm):
        motive = form.motive.data or ""
        return operations.enter_requests(registration, line, motive=motive, caller=caller, by=by, at=at)
    desk = registration.desk
    if desk is None:
        abort(404)
    cause = next((each for each in DeclineCause if each.value == form.cause.data), None)
    reason = form.reason.data or ""
    return operations.enter_answers(desk, line, cause=cause, reason=reason, caller=caller, by=by, at=at)


def _done(registration: Registration) -> list[MeetingRequest]:
    ids = [int(word) for word in request.values.get("done", "").split(",") if word.isascii() and word.isdigit()]
    return list(queries.requests_among(registration, [each for each in ids[:50] if each < 2**31]))


def _page(registration: Registration, form: RequestsForm | AnswersForm) -> str:
    event, desk = registration.event, registration.desk
    shown = [each for each in requests_for(desk) if each.state in RECEIVED] if desk else list(requests_of(registration))
    return render_template(
        "telephone/call.html",
        event=event,
        registration=registration,
        form=form,
        requests=shown,
        desks=[] if desk else [each.registration for each in approved_desks(event)],
        done=_done(registration),
        at=now(),
    )
