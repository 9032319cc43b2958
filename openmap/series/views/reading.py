"""A series for everybody: what it is, its next morning, and what came of the past ones."""

from flask import render_template
from flask.typing import ResponseReturnValue

from openmap.accounts.access import current_person
from openmap.core.clock import now
from openmap.core.web import get_or_404
from openmap.events.models import Series
from openmap.events.queries import find_series
from openmap.series import queries
from openmap.series.forms import WishForm
from openmap.series.views.blueprint import blueprint


@blueprint.get("/series/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """The next edition first, then the past ones in a row with their figures."""
    return series_answer(get_or_404(find_series(slug)), None)


def series_answer(series: Series, form: WishForm | None) -> str:
    """The page of a series, with the form that could not be stored as it was typed."""
    person = current_person()
    return render_template(
        "series/show.html",
        page=queries.series_page(series, now()),
        form=form or WishForm.offered(email=person.email if person else ""),
        at=now(),
    )
