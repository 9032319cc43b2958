"""The organiser's list of organisations."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from openmap.accounts.access import organiser_required
from openmap.organisations.directory import Wanted, directory_page
from openmap.organisations.forms import DirectoryForm, key_in
from openmap.organisations.queries import find_organisation
from openmap.organisations.views.blueprint import blueprint


@blueprint.get("/manage/organisations")
@organiser_required
def directory() -> ResponseReturnValue:
    """Every organisation, with the doors to its contacts; or those that one can be merged with."""
    form = DirectoryForm(request.args)
    kept = find_organisation(key_in(request.args.get("merge", "")))
    wanted = Wanted(form.words(), kept.kind if kept else form.chosen_kind(), form.show.data or "")
    page, entries = directory_page(wanted, page=request.args.get("page", 1, type=int))
    args = form.kept() | ({"merge": str(kept.id)} if kept else {})
    return render_template(
        "organisations/directory.html", form=form, page=page, entries=entries, merging=kept, args=args
    )
