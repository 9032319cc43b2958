"""A series for everybody: what it is, its next morning, and what came of the past ones."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import current_person
from openmap.core.clock import now
from openmap.core.web import get_or_404
from openmap.events.models import Series
from openmap.events.queries import find_series
from openmap.series import exports, queries
from openmap.series.forms import WishForm
from openmap.series.views.blueprint import blueprint


@blueprint.get("/series/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """The next edition first, then the past ones in a row with their figures."""
    return series_answer(get_or_404(find_series(slug)), None)


@blueprint.get("/series/<slug>/figures.csv")
def figures(slug: str) -> ResponseReturnValue:
    """What came of the past mornings, as a table to take away."""
    page = queries.series_page(get_or_404(find_series(slug)), now())
    answer = Response(exports.figures_csv(page.past, worded=_), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{slug}-{_('chiffres')}.csv")
    return answer


def series_answer(series: Series, form: WishForm | None) -> str:
    """The page of a series, with the form that could not be stored as it was typed."""
    person, page = current_person(), queries.series_page(series, now())
    wanted = request.args.get("figure", "")
    return render_template(
        "series/show.html",
        page=page,
        drawn=next((name for name in page.charts if name == wanted), next(iter(page.charts), None)),
        form=form or WishForm.offered(email=person.email if person else ""),
        at=now(),
    )
