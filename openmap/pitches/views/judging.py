"""The organiser writes what the jury judges."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404
from openmap.pitches import operations, queries
from openmap.pitches.forms import CriterionForm
from openmap.pitches.holding import score_counts
from openmap.pitches.models import Criterion, PitchCall
from openmap.pitches.views.blueprint import blueprint
from openmap.pitches.views.calling import managed_call_or_404

DIRECTIONS = {"up": -1, "down": 1}


@blueprint.route("/manage/<slug>/pitches/criteria/new", methods=["GET", "POST"])
@organiser_required
def add_criterion(slug: str) -> ResponseReturnValue:
    """Judge by one thing more."""
    call, form = managed_call_or_404(slug), CriterionForm()
    if request.method != "POST":
        return _page(call, form)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _page(call, form), 422
    try:
        with unit_of_work():
            operations.add_criterion(call, form.details(), by=the_person(), at=now())
            receipts.keep_answer(form.receipt, _path(slug), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(call, form), broken.status
    flash(_("Le critère est ajouté."), "success")
    return redirect(_path(slug))


@blueprint.route("/manage/<slug>/pitches/criteria/<int:criterion_id>", methods=["GET", "POST"])
@organiser_required
def edit_criterion(slug: str, criterion_id: int) -> ResponseReturnValue:
    """Say it better; what was given on it stays."""
    call = managed_call_or_404(slug)
    criterion = _criterion_or_404(call, criterion_id)
    if request.method != "POST":
        return _page(call, CriterionForm.of(criterion), criterion)
    form = CriterionForm()
    if not form.validate_on_submit():
        return _page(call, form, criterion), 422
    try:
        with unit_of_work():
            confirms = bool(form.confirms.data)
            operations.edit_criterion(criterion, form.details(), confirms=confirms, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(call, form, criterion), broken.status
    flash(_("Le critère est enregistré."), "success")
    return redirect(_path(slug))


@blueprint.post("/manage/<slug>/pitches/criteria/<int:criterion_id>/move")
@organiser_required
def move_criterion(slug: str, criterion_id: int) -> ResponseReturnValue:
    """One place up or down."""
    criterion = _criterion_or_404(managed_call_or_404(slug), criterion_id)
    with unit_of_work():
        places = DIRECTIONS.get(request.form.get("direction", ""), 0)
        operations.move_criterion(criterion, places=places, by=the_person(), at=now())
    return redirect(_path(slug, anchor=f"criterion-{criterion_id}"))


@blueprint.post("/manage/<slug>/pitches/criteria/<int:criterion_id>/retire")
@organiser_required
def retire_criterion(slug: str, criterion_id: int) -> ResponseReturnValue:
    """Judge by it no more; a broken rule answers with its own page."""
    criterion = _criterion_or_404(managed_call_or_404(slug), criterion_id)
    with unit_of_work():
        operations.retire_criterion(criterion, by=the_person(), at=now())
    flash(_("Le jury ne juge plus ce critère."), "success")
    return redirect(_path(slug))


@blueprint.post("/manage/<slug>/pitches/criteria/<int:criterion_id>/restore")
@organiser_required
def restore_criterion(slug: str, criterion_id: int) -> ResponseReturnValue:
    """Judge by it again; a broken rule answers with its own page."""
    criterion = _criterion_or_404(managed_call_or_404(slug), criterion_id)
    with unit_of_work():
        operations.restore_criterion(criterion, by=the_person(), at=now())
    flash(_("Le jury juge de nouveau ce critère."), "success")
    return redirect(_path(slug))


def _criterion_or_404(call: PitchCall, criterion_id: int) -> Criterion:
    return get_or_404(queries.find_criterion(call, criterion_id))


def _page(call: PitchCall, form: CriterionForm, criterion: Criterion | None = None) -> str:
    count = score_counts([criterion.id])[criterion.id] if criterion else 0
    return render_template(
        "pitches/criterion.html", event=call.event, call=call, form=form, criterion=criterion, score_count=count
    )


def _path(slug: str, *, anchor: str = "criteria") -> str:
    return url_for("pitches.call", slug=slug, _anchor=anchor)
