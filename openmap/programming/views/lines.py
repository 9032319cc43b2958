"""The lines of the programme: see them all, add, change and remove one, take the last change back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.events.access import event_or_404
from openmap.events.models import Event, ProgrammeItem
from openmap.programme import operations, queries
from openmap.programme.places import reservations_in
from openmap.programming import costs, undoing
from openmap.programming.forms import ConfirmedForm, LineForm
from openmap.programming.views import keeping
from openmap.programming.views.blueprint import asked_first, blueprint, index_page, item_or_404


@blueprint.get("/programme")
@organiser_required
def index(slug: str) -> ResponseReturnValue:
    """Every line, and what cannot be as it is."""
    event = event_or_404(slug)
    return index_page(event, undo="yes" if keeping.kept(event) else "")


@blueprint.route("/programme/new", methods=["GET", "POST"])
@organiser_required
def new(slug: str) -> ResponseReturnValue:
    """Add a line; nobody is on its stage yet, so it costs nothing."""
    event = event_or_404(slug)
    form = LineForm(event)
    if request.method != "POST":
        return _edit_page(event, form)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _edit_page(event, form), 422
    try:
        with unit_of_work():
            item = operations.add_item(event, form.details(), by=the_person(), at=now())
            path = url_for("programming.index", slug=slug, _anchor=f"ligne-{item.id}")
            receipts.keep_answer(form.receipt, path, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _edit_page(event, form), broken.status
    keeping.keep(event, undoing.of_added(item))
    flash(_("La ligne est ajoutée. Dites maintenant qui intervient."), "success")
    return redirect(path)


@blueprint.route("/programme/<int:item_id>", methods=["GET", "POST"])
@organiser_required
def edit(slug: str, item_id: int) -> ResponseReturnValue:
    """Change a line; another time may cost meetings, or free some."""
    event, item = item_or_404(slug, item_id)
    if request.method != "POST":
        return _edit_page(event, LineForm.of(item, event), item)
    form = LineForm(event)
    if not form.validate_on_submit():
        return _edit_page(event, form, item), 422
    before, details = queries.details_of(item), form.details()
    try:
        operations.check_details(event, details)
        after = costs.when_moved(event, item, details.starts_at, details.ends_at)
        if (page := asked_first(event, item, after, form, back=request.path)) is not None:
            return page
        with unit_of_work():
            operations.edit_item(item, details, by=the_person(), at=now(), seen=form.seen_sequence)
    except RuleBroken as broken:
        form.show(broken)
        is_stale = isinstance(broken, operations.ProgrammeChanged)
        return _edit_page(event, form, item, is_stale=is_stale), broken.status
    keeping.keep_unless(form.confirmed.data, event, undoing.of_edited(item, before))
    flash(_("La ligne est enregistrée."), "success")
    return redirect(url_for("programming.index", slug=slug, _anchor=f"ligne-{item_id}"))


@blueprint.post("/programme/<int:item_id>/remove")
@organiser_required
def remove(slug: str, item_id: int) -> ResponseReturnValue:
    """Take a line out, with everybody on its stage."""
    event, item = item_or_404(slug, item_id)
    form, before = ConfirmedForm(), queries.details_of(item)
    is_anybodys = bool(queries.appearances_in(item) or reservations_in(item))
    back = url_for("programming.index", slug=slug)
    try:
        if (page := asked_first(event, item, costs.when_removed(event, item), form, back=back)) is not None:
            return page
        with unit_of_work():
            operations.remove_item(item, by=the_person(), at=now(), seen=form.seen_sequence)
    except RuleBroken as broken:
        form.show(broken)
        return index_page(event, form), broken.status
    if is_anybodys:
        keeping.forget()
    else:
        keeping.keep(event, undoing.of_removed(before))
    flash(_("« %(title)s » n’est plus au programme.", title=before.title), "success")
    return redirect(back)


@blueprint.post("/programme/undo")
@organiser_required
def undo(slug: str) -> ResponseReturnValue:
    """Take the last change back, if the line is still as it left it."""
    event = event_or_404(slug)
    kept, form = keeping.kept(event), ConfirmedForm()
    keeping.forget()
    if kept is None:
        return redirect(url_for("programming.index", slug=slug))
    try:
        with unit_of_work():
            undoing.undo_change(event, kept, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return index_page(event, form), broken.status
    flash(_("Le changement est annulé."), "success")
    return redirect(url_for("programming.index", slug=slug))


def _edit_page(event: Event, form: LineForm, item: ProgrammeItem | None = None, *, is_stale: bool = False) -> str:
    """`is_stale` shows beside what was typed what another stored; sent again, it is meant."""
    return render_template("programming/edit.html", event=event, form=form, item=item, is_stale=is_stale)
