"""The organiser says what a series is."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404
from openmap.events.models import Series
from openmap.events.queries import find_series
from openmap.series.forms import SeriesForm
from openmap.series.operations.describing import describe_series
from openmap.series.views.blueprint import blueprint


@blueprint.route("/series/<slug>/edit", methods=["GET", "POST"])
@organiser_required
def edit(slug: str) -> ResponseReturnValue:
    """Name and text of a series."""
    series = get_or_404(find_series(slug))
    if request.method != "POST":
        return _page(series, SeriesForm.of(series))
    form = SeriesForm()
    if not form.validate_on_submit():
        return _page(series, form), 422
    try:
        with unit_of_work():
            name, description = form.name.data or "", form.description.data or ""
            describe_series(
                series, name=name, description=description, seen=form.seen.data or "", by=the_person(), at=now()
            )
    except RuleBroken as broken:
        form.show(broken)
        return _page(series, form), broken.status
    flash(_("La présentation de la série est enregistrée."), "success")
    return redirect(url_for("series.show", slug=slug))


def _page(series: Series, form: SeriesForm) -> str:
    return render_template("series/edit.html", series=series, form=form)
