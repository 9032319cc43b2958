"""What the jury says, for organisers: never before they gave scores of their own, if any are asked of them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.forms import Form
from openmap.core.paging import list_page
from openmap.core.spreadsheets import csv_bytes
from openmap.core.text import plain
from openmap.juries import operations, queries
from openmap.juries.access import call_or_404, sees_scores
from openmap.juries.ranking import ORDERS, Row, in_order, ranked
from openmap.juries.sheets import Table, as_typed, results_table, scores_table, workbook
from openmap.juries.verdicts import DISPUTED_SPREAD, FEWEST_FILES
from openmap.juries.views.blueprint import blueprint
from openmap.pitches.models import PitchCall
from openmap.pitches.queries import find_application, submitted_applications

ROWS_A_PAGE = 20
TYPES: Mapping[str, str] = MappingProxyType(
    {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
)


@blueprint.get("/manage/<slug>/jury/results")
@organiser_required
def results(slug: str) -> ResponseReturnValue:
    """The files as the jury ranks them, with how far its members agree."""
    call = call_or_404(slug)
    if not sees_scores(call):
        return render_template("juries/not_yet.html", event=call.event, call=call)
    rows = _rows(call)
    order = request.args.get("order", "rank")
    words = plain(request.args.get("q", "")[:100])
    shown = [row for row in in_order(rows, order) if words in plain(f"{row.file.title} {row.name}")]
    return render_template(
        "juries/results.html",
        event=call.event,
        call=call,
        page=list_page(shown, page=request.args.get("page", 1, type=int), size=ROWS_A_PAGE),
        rows=rows,
        scored_count=sum(row.verdict.review_count > 0 for row in rows),
        disputed_count=sum(row.verdict.is_disputed for row in rows),
        moved_count=sum(row.plain_rank != row.normalised_rank for row in rows),
        order=order if order in ORDERS else "rank",
        orders=ORDERS,
        q=request.args.get("q", "")[:100],
        threshold=int(DISPUTED_SPREAD),
        fewest=FEWEST_FILES,
        form=Form(),
    )


@blueprint.get("/manage/<slug>/jury/results/<int:application_id>")
@organiser_required
def result(slug: str, application_id: int) -> ResponseReturnValue:
    """What each reviewer said of one file."""
    call = call_or_404(slug)
    if not sees_scores(call):
        return render_template("juries/not_yet.html", event=call.event, call=call)
    found = find_application(call, application_id)
    row = next((one for one in _rows(call) if found is not None and one.file.id == found.id), None)
    if row is None:
        return redirect(url_for("juries.results", slug=slug))
    return render_template(
        "juries/result.html",
        event=call.event,
        call=call,
        row=row,
        reviews=queries.reviews_of(call, application_id),
        criteria=queries.criteria_by_id(call),
    )


@blueprint.get("/manage/<slug>/jury/results.csv")
@organiser_required
def export(slug: str) -> ResponseReturnValue:
    """The results, one line a file."""
    return _handed_out(slug, lambda call: _csv(results_table(_rows(call))), "csv")


@blueprint.get("/manage/<slug>/jury/scores.csv")
@organiser_required
def export_scores(slug: str) -> ResponseReturnValue:
    """Every score, one line a review."""
    return _handed_out(slug, lambda call: _csv(scores_table(call, _rows(call))), "csv", "scores")


@blueprint.get("/manage/<slug>/jury/results.xlsx")
@organiser_required
def export_workbook(slug: str) -> ResponseReturnValue:
    """The results and every score, a sheet each."""

    def both(call: PitchCall) -> bytes:
        rows = _rows(call)
        return workbook([results_table(rows), scores_table(call, rows)])

    return _handed_out(slug, both, "xlsx")


def _handed_out(slug: str, write: Callable[[PitchCall], bytes], kind: str, name: str = "jury") -> ResponseReturnValue:
    """A file for organisers who may see the scores; the others read why not yet."""
    call = call_or_404(slug)
    if not sees_scores(call):
        return redirect(url_for("juries.results", slug=slug))
    answer = Response(write(call), mimetype=TYPES[kind])
    answer.headers["Content-Disposition"] = f"attachment; filename={name}-{call.event.slug}.{kind}"
    return answer


def _csv(table: Table) -> bytes:
    return csv_bytes(table.headings, as_typed(table))


@blueprint.post("/manage/<slug>/jury/normalise")
@organiser_required
def normalise(slug: str) -> ResponseReturnValue:
    """Rank by normalised scores, or by plain ones."""
    call = call_or_404(slug)
    is_normalised = request.form.get("normalised") == "yes"
    with unit_of_work():
        operations.set_normalised(call, is_normalised=is_normalised, by=the_person(), at=now())
    flash(
        _("Le classement tient compte de la sévérité de chacun.")
        if is_normalised
        else _("Le classement suit les notes telles qu’elles sont données."),
        "success",
    )
    return redirect(url_for("juries.results", slug=slug))


def _rows(call: PitchCall) -> list[Row]:
    return list(ranked(call, submitted_applications(call), queries.verdicts(call)))
