"""A series for everybody: what it is, its next morning, and what came of the past ones."""

from flask import render_template
from flask.typing import ResponseReturnValue

from openmap.core.clock import now
from openmap.core.web import get_or_404
from openmap.events.queries import find_series
from openmap.series import queries
from openmap.series.views.blueprint import blueprint


@blueprint.get("/series/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """The next edition first, then the past ones in a row with their figures."""
    series = get_or_404(find_series(slug))
    return render_template("series/show.html", page=queries.series_page(series, now()), at=now())
