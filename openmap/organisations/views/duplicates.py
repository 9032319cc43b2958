"""Organisations that look alike, side by side, and their merge."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.paging import list_page
from openmap.core.web import get_or_404
from openmap.organisations import merging
from openmap.organisations.directory import entries_of
from openmap.organisations.duplicates import LARGEST_GROUP, duplicate_groups, say_distinct
from openmap.organisations.forms import MergeForm, key_in
from openmap.organisations.queries import find_organisation
from openmap.organisations.views.blueprint import blueprint

GROUPS_A_PAGE = 10


@blueprint.get("/manage/duplicates")
@organiser_required
def duplicates() -> ResponseReturnValue:
    """The organisations that may be one, the surest first."""
    page = list_page(duplicate_groups(), page=request.args.get("page", 1, type=int), size=GROUPS_A_PAGE)
    entries = entries_of([one for group in page.items for one in group.ids])
    groups = [(group, [entries[one] for one in group.ids]) for group in page.items]
    return render_template("organisations/duplicates.html", page=page, groups=groups)


@blueprint.post("/manage/duplicates/distinct")
@organiser_required
def distinct() -> ResponseReturnValue:
    """Remember that these are not the same."""
    keys = [key_in(text) for text in request.values.getlist("id")[:LARGEST_GROUP]]
    organisations = [get_or_404(find_organisation(key)) for key in keys]
    if len(organisations) < 2:
        abort(404)
    with unit_of_work():
        say_distinct(organisations, by=the_person(), at=now())
    flash(_("C’est noté : ces organismes ne vous seront plus proposés ensemble."), "success")
    return redirect(url_for("organisations.duplicates"))


@blueprint.route("/manage/organisations/<int:kept_id>/merge/<int:other_id>", methods=["GET", "POST"])
@organiser_required
def merge(kept_id: int, other_id: int) -> ResponseReturnValue:
    """Say what would move and what forbids it; the button merges."""
    kept, other = get_or_404(find_organisation(kept_id)), get_or_404(find_organisation(other_id))
    try:
        preview = merging.preview_merge(kept, other)
    except merging.NotOneBody:
        abort(404)  # no page of ours leads here
    form = MergeForm(seen=preview.fingerprint)
    if request.method != "POST":
        return _merge_page(preview, form)
    if not form.validate_on_submit():
        return _merge_page(preview, form), 422
    name = other.name
    try:
        with unit_of_work():
            merging.merge(kept, other, seen=form.seen.data or "", by=the_person(), at=now())
    except RuleBroken as broken:
        again = merging.preview_merge(kept, other)
        form.seen.data = again.fingerprint
        form.show(broken)
        return _merge_page(again, form), broken.status
    flash(_("« %(other)s » est maintenant réuni à « %(kept)s ».", other=name, kept=kept.name), "success")
    return redirect(url_for("organisations.contacts", organisation_id=kept.id))


def _merge_page(preview: merging.Preview, form: MergeForm) -> str:
    entries = entries_of([preview.kept.id, preview.other.id])
    return render_template("organisations/merge.html", preview=preview, form=form, entries=entries)
