"""The organiser's proposals: start, follow, read, pin, and publish one."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.allocation import operations, problem, publication, queries, wording
from openmap.allocation.forms import PublishForm, RunForm, WhatIfForm
from openmap.allocation.models import Run
from openmap.allocation.proposal import FAMILIES, read_proposal
from openmap.allocation.reading import PreviewFilter, UnmetFilter
from openmap.allocation.what_if import Question, read_morning
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event

blueprint = Blueprint("allocation", __name__, url_prefix="/events/<slug>/allocation")


@blueprint.get("")
@organiser_required
def index(slug: str) -> ResponseReturnValue:
    """The proposals of a morning, and the form that starts one more."""
    return _index(event_or_404(slug), RunForm())


@blueprint.post("")
@organiser_required
def start(slug: str) -> ResponseReturnValue:
    """Start a run."""
    event, form = event_or_404(slug), RunForm()
    if not form.validate_on_submit():
        return _index(event, form), 422
    if (path := receipts.first_answer(form.receipt)) is not None:
        return redirect(path)
    settings = operations.RunSettings(time_limit_s=form.time_limit_s.data, seed=form.seed.data or 0)
    try:
        with unit_of_work():
            run = operations.start_run(event, settings, by=the_person(), at=now())
            path = url_for("allocation.show", slug=slug, number=run.number)
            receipts.keep_answer(form.receipt, path, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):  # two clicks at once: the other one was first
            return redirect(first)
        form.show(broken)
        return _index(event, form), broken.status
    return redirect(path)


def _index(event: Event, form: RunForm) -> str:
    return render_template("allocation/index.html", event=event, form=form, runs=queries.runs_of(event))


@blueprint.get("/what-if")
@organiser_required
def what_if(slug: str) -> ResponseReturnValue:
    """What a slot more, a table less or an absence would give; answered at once, nothing is written."""
    event = event_or_404(slug)
    morning = read_morning(event)
    if morning is None:
        return render_template("allocation/what_if.html", event=event, form=None)
    desks = [(ref, desk.title) for ref, desk in morning.desks.items()]
    form = WhatIfForm(request.args, slots=morning.instance.slots, tables=morning.tables, desks=desks)
    question = Question(**form.data)
    answer = morning.answer(question)
    return render_template("allocation/what_if.html", event=event, form=form, question=question, answer=answer)


@blueprint.get("/<int:number>")
@organiser_required
def show(slug: str, number: int) -> ResponseReturnValue:
    """One proposal: its progress while it is computed, then everything it says."""
    run = _run_or_404(slug, number)
    if run.status not in publication.PUBLISHABLE or not run.job.state.is_over:
        return _waiting(run)
    return _proposal(run)


def _waiting(run: Run) -> str:
    conflict = wording.conflict_sentences(
        problem.conflict_of(run.solution), run.event, queries.participants_of(run.event)
    )
    return render_template(
        "allocation/waiting.html", event=run.event, run=run, at=now(), wording=wording, conflict=conflict
    )


def _proposal(run: Run, broken: RuleBroken | None = None) -> str:
    proposal = read_proposal(run)
    return render_template(
        "allocation/show.html",
        event=run.event,
        run=run,
        proposal=proposal,
        families=FAMILIES,
        desk=next((each for each in proposal.desks if each.ref == request.args.get("desk")), None),
        unmet=UnmetFilter.read(request.args, proposal.unmet),
        outdated=None if run.version else publication.outdated(run),
        broken=broken,
        told=told,
        wording=wording,
    )


@blueprint.get("/<int:number>/progress")
@organiser_required
def progress(slug: str, number: int) -> ResponseReturnValue:
    """How far a run is: the part of the page that is asked for again every second."""
    run = _run_or_404(slug, number)
    answer = make_response(
        render_template("allocation/progress.html", event=run.event, run=run, at=now(), wording=wording)
    )
    if run.job.state.is_over:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/<int:number>/cancel")
@organiser_required
def cancel(slug: str, number: int) -> ResponseReturnValue:
    """Stop a run."""
    run = _run_or_404(slug, number)
    with unit_of_work():
        operations.cancel_run(run, by=the_person(), at=now())
    flash(_("L’arrêt du calcul est demandé."), "success")
    return redirect(url_for("allocation.show", slug=slug, number=number))


@blueprint.post("/<int:number>/pins/<int:request_id>")
@organiser_required
def pin(slug: str, number: int, request_id: int) -> ResponseReturnValue:
    """Fix a proposed meeting to its slot."""
    run = _run_or_404(slug, number)
    proposed = get_or_404(queries.find_allocation(run, request_id))
    try:
        with unit_of_work():
            operations.pin_meeting(proposed, by=the_person(), at=now())
    except RuleBroken as broken:
        return _proposal(run, broken), broken.status
    flash(_("Ce rendez-vous est figé : les prochains calculs le gardent à ce créneau."), "success")
    return _back_to_desk(run, proposed.request.desk.registration.ref)


@blueprint.post("/<int:number>/pins/<int:request_id>/remove")
@organiser_required
def unpin(slug: str, number: int, request_id: int) -> ResponseReturnValue:
    """Let later runs move a meeting again."""
    run = _run_or_404(slug, number)
    proposed = get_or_404(queries.find_allocation(run, request_id))
    with unit_of_work():
        operations.unpin_meeting(run.event, proposed.request, by=the_person(), at=now())
    flash(_("Ce rendez-vous n’est plus figé."), "success")
    return _back_to_desk(run, proposed.request.desk.registration.ref)


def _back_to_desk(run: Run, ref: str) -> Response:
    path = url_for("allocation.show", slug=run.event.slug, number=run.number, desk=ref, _anchor="desk")
    return make_response(redirect(path))


@blueprint.get("/<int:number>/publish")
@organiser_required
def preview(slug: str, number: int) -> ResponseReturnValue:
    """What publishing would change for whom, and the mails that would leave."""
    return _preview(_run_or_404(slug, number), PublishForm())


@blueprint.post("/<int:number>/publish")
@organiser_required
def publish(slug: str, number: int) -> ResponseReturnValue:
    """Publish; the mails are rendered before the write lock is taken."""
    run, form = _run_or_404(slug, number), PublishForm()
    if not form.validate_on_submit():
        return _preview(run, form), 422
    if (path := receipts.first_answer(form.receipt)) is not None:
        return redirect(path)
    path, at = url_for("allocation.show", slug=slug, number=number), now()
    try:
        prepared = publication.prepared_mails(run, by=the_person(), at=at)
        with unit_of_work():
            version = operations.publish_run(run, by=the_person(), at=at, prepared=prepared)
            receipts.keep_answer(form.receipt, path, at=at)
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):  # two clicks at once: the other one was first
            return redirect(first)
        form.show(broken)
        return _preview(run, form), broken.status
    flash(_("La version %(number)s est publiée. Les courriels partent maintenant.", number=version.number), "success")
    return redirect(path)


def _preview(run: Run, form: PublishForm) -> str:
    broken = publication.obstacle(run)
    if broken is not None and not form.errors:
        form.show(broken)
    draft = publication.draft_publication(run, by=the_person(), at=now()) if broken is None else None
    return render_template(
        "allocation/preview.html",
        event=run.event,
        run=run,
        form=form,
        draft=draft,
        mails=PreviewFilter.read(request.args, draft) if draft else None,
    )


def _run_or_404(slug: str, number: int) -> Run:
    return get_or_404(queries.find_run(event_or_404(slug), number))
