"""The organiser asks reviewers, follows them, reminds, takes out, reopens."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form, told
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.juries import operations, queries
from openmap.juries.access import call_or_404, sees_scores
from openmap.juries.applicants import mailboxes_of_applicants
from openmap.juries.enums import FileState, Obstacle
from openmap.juries.forms import InviteForm, ReopenForm
from openmap.juries.models import Reviewer
from openmap.juries.obstacles import forbids, obstacles
from openmap.juries.standings import DONE, progress_of, standings, that_count
from openmap.juries.views.blueprint import blueprint, secret_key
from openmap.pitches.models import PitchCall
from openmap.pitches.queries import call_of, criteria_of, submitted_applications


@blueprint.get("/manage/<slug>/jury")
@organiser_required
def index(slug: str) -> ResponseReturnValue:
    """Who judges, how far everyone is, and what to do next."""
    event = event_or_404(slug)
    call = call_of(event)
    if call is None:
        return render_template("juries/no_call.html", event=event)
    reviewers, found = queries.reviewers_of(call), standings(call)
    counted = that_count(call, found, reviewers)
    files = submitted_applications(call)
    covered = {one.application_id for one in counted}
    return render_template(
        "juries/index.html",
        event=event,
        call=call,
        progress=progress_of(reviewers, found),
        state_of=queries.state_of,
        file_count=len(files),
        review_count=len(counted),
        done_count=sum(one.state in DONE for one in counted),
        bare_count=sum(file.id not in covered for file in files),
        conflicts=queries.conflicts_of(call),
        criteria=criteria_of(call),
        own=queries.reviewer_for(call, the_person()),
        form=Form(),
        at=now(),
    )


@blueprint.route("/manage/<slug>/jury/invite", methods=["GET", "POST"])
@organiser_required
def invite(slug: str) -> ResponseReturnValue:
    """Ask people into the jury, one a line."""
    call, form = call_or_404(slug), InviteForm()
    if request.method != "POST":
        return _invite_page(call, form)
    answer = url_for("juries.index", slug=slug)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _invite_page(call, form), 422
    guests, _troubles = form.guests()
    at = now()
    prepared = operations.prepare_invitations(
        call, guests, message=form.message.data or "", secret_key=secret_key(), at=at
    )
    try:
        with unit_of_work():
            count = operations.invite_reviewers(call, prepared, by=the_person(), at=at)
            receipts.keep_answer(form.receipt, answer, at=at)
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):  # its twin was quicker
            return redirect(first)
        form.show(broken)
        return _invite_page(call, form), broken.status
    flash(ngettext("%(num)d invitation part.", "%(num)d invitations partent.", count), "success")
    for email, structure in mailboxes_of_applicants(call, [guest.email for guest in guests]).items():
        flash(
            _(
                "%(who)s parle pour %(structure)s, qui candidate : son dossier ira à d’autres.",
                who=email,
                structure=structure,
            ),
            "warning",
        )
    return redirect(answer)


@blueprint.post("/manage/<slug>/jury/remind")
@organiser_required
def remind(slug: str) -> ResponseReturnValue:
    """Write to whoever has not answered or owes reviews, or to one of them."""
    call, wanted = call_or_404(slug), request.form.get("reviewer", type=int)
    at = now()
    reviewers = [one for one in queries.reviewers_of(call) if wanted in {None, one.id}]
    prepared = operations.prepare_reminders(call, reviewers, secret_key=secret_key(), at=at)
    try:
        with unit_of_work():
            count = operations.remind_reviewers(call, prepared, by=the_person(), at=at)
    except RuleBroken as broken:
        flash(told(broken), "warning")
    else:
        flash(ngettext("%(num)d rappel part.", "%(num)d rappels partent.", count), "success")
    return redirect(url_for("juries.index", slug=slug))


@blueprint.get("/manage/<slug>/jury/<int:reviewer_id>")
@organiser_required
def reviewer(slug: str, reviewer_id: int) -> ResponseReturnValue:
    """One reviewer: the files they have, those they could have, and what an organiser can do for them."""
    call = call_or_404(slug)
    return _reviewer_page(call, _one(call, reviewer_id), ReopenForm())


@blueprint.post("/manage/<slug>/jury/<int:reviewer_id>/remove")
@organiser_required
def remove(slug: str, reviewer_id: int) -> ResponseReturnValue:
    """Take somebody out of the jury; what they gave stays."""
    call = call_or_404(slug)
    wanted = _one(call, reviewer_id)
    with unit_of_work():
        operations.remove_reviewer(wanted, by=the_person(), at=now())
        title = wanted.title
    flash(_("%(name)s n’est plus dans le jury. Les avis déjà donnés restent et comptent.", name=title), "success")
    return redirect(url_for("juries.index", slug=slug))


@blueprint.post("/manage/<slug>/jury/<int:reviewer_id>/reopen")
@organiser_required
def reopen(slug: str, reviewer_id: int) -> ResponseReturnValue:
    """Let one reviewer give scores after the deadline, on record."""
    call, form = call_or_404(slug), ReopenForm()
    wanted = _one(call, reviewer_id)
    if not form.validate_on_submit():
        return _reviewer_page(call, wanted, form), 422
    try:
        with unit_of_work():
            operations.reopen_for(
                wanted,
                until=form.instant(call.event.zone),
                reason=form.reason.data or "",
                by=the_person(),
                at=now(),
            )
            title = wanted.title
    except RuleBroken as broken:
        form.show(broken)
        return _reviewer_page(call, wanted, form), broken.status
    flash(_("Le jury est rouvert pour %(name)s, qui reçoit un courriel.", name=title), "success")
    return redirect(url_for("juries.reviewer", slug=slug, reviewer_id=reviewer_id))


def _one(call: PitchCall, reviewer_id: int) -> Reviewer:
    return get_or_404(queries.find_reviewer(call, reviewer_id))


def _invite_page(call: PitchCall, form: InviteForm) -> str:
    return render_template("juries/invite.html", event=call.event, call=call, form=form)


def _reviewer_page(call: PitchCall, wanted: Reviewer, form: ReopenForm) -> str:
    states = {one.application_id: one.state for one in standings(call, reviewer=wanted)}
    in_the_way = {file: why for (who, file), why in obstacles(call).items() if who == wanted.id}
    files = submitted_applications(call)
    return render_template(
        "juries/reviewer.html",
        event=call.event,
        call=call,
        reviewer=wanted,
        state=queries.state_of(wanted),
        given=[file for file in files if file.id in states],
        others=[file for file in files if file.id not in states],
        states=states,
        in_the_way=in_the_way,
        forbids=forbids,
        FileState=FileState,
        Obstacle=Obstacle,
        sees_scores=sees_scores(call),
        form=form,
        at=now(),
    )
