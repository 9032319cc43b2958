"""The needs of a list, as it is filtered, to take away: CSV, JSON, PDF."""

import hashlib
import json
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

from flask import Response, current_app, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.core.formats import long_day
from openmap.core.limits import limiter
from openmap.roadmaps import exports
from openmap.roadmaps.forms import NeedFilterForm
from openmap.roadmaps.models import Need
from openmap.roadmaps.narrowing import find_needs, needs_with
from openmap.roadmaps.printing import FONTS, MOST_PRINTED, print_needs
from openmap.roadmaps.views.blueprint import Scope, blueprint, everything, of_buyer, of_morning

PRINTS = "30 per minute"  # an address: each takes about a second of a processor


def _is_no_print() -> bool:
    return (request.view_args or {}).get("kind") != "pdf"


@blueprint.get("/roadmaps/needs.<any(csv,json,pdf):kind>")
@limiter.limit(PRINTS, exempt_when=_is_no_print)
def export_all(kind: str) -> ResponseReturnValue:
    """Every buyer's needs as a file."""
    return _file(everything(), kind)


@blueprint.get("/events/<slug>/roadmaps/needs.<any(csv,json,pdf):kind>")
@limiter.limit(PRINTS, exempt_when=_is_no_print)
def export_morning(slug: str, kind: str) -> ResponseReturnValue:
    """The needs of a morning as a file."""
    return _file(of_morning(slug), kind)


@blueprint.get("/roadmaps/<slug>/needs.<any(csv,json,pdf):kind>")
@limiter.limit(PRINTS, exempt_when=_is_no_print)
def export_buyer(slug: str, kind: str) -> ResponseReturnValue:
    """One buyer's needs as a file."""
    return _file(of_buyer(slug), kind)


def _file(scope: Scope, kind: str) -> ResponseReturnValue:
    form = NeedFilterForm(request.args)
    found = find_needs(scope.needs, form.filters)
    if kind == "pdf" and len(found.ids) > MOST_PRINTED:
        limit = _(
            "Un PDF contient %(limit)s besoins au plus : choisissez des filtres, ou prenez le tableau.",
            limit=MOST_PRINTED,
        )
        flash(limit, "warning")
        return redirect(scope.path(**form.kept))
    needs = needs_with(found.ids)
    if kind == "csv":
        answer = make_response(exports.needs_csv(needs))
        answer.mimetype = "text/csv"
    elif kind == "json":
        schema = url_for("static", filename="schemas/needs-1.json", _external=True)
        answer = make_response(json.dumps(exports.needs_document(needs, schema), ensure_ascii=False, indent=1))
        answer.mimetype = "application/json"
    else:
        answer = _pdf(scope, needs)
    if answer.status_code == HTTPStatus.OK:
        answer.headers.set("Content-Disposition", "attachment", filename=f"{_('besoins')}-{scope.name}.{kind}")
    return answer


def _pdf(scope: Scope, needs: Sequence[Need]) -> Response:
    """The same list is not set again for who has it already."""
    printed = exports.printed_facts(needs, title=_title(scope), subtitle=_subtitle(scope))
    answer = make_response()
    answer.set_etag(hashlib.sha256(printed.encode()).hexdigest())
    answer.make_conditional(request)
    if answer.status_code == HTTPStatus.OK:
        answer.data = print_needs(
            printed,
            templates=Path(current_app.template_folder or ""),
            fonts=Path(current_app.static_folder or "") / "vendor" / FONTS,
            dated=max((need.updated_at for need in needs), default=None),
        )
        answer.mimetype = "application/pdf"
    return answer


def _title(scope: Scope) -> str:
    if scope.roadmap:
        return str(_("Feuille de route achats – %(buyer)s", buyer=scope.roadmap.organisation.name))
    return str(_("Les besoins des acheteurs"))


def _subtitle(scope: Scope) -> str:
    return f"{scope.event.title}, {long_day(scope.event.held_on)}" if scope.event else ""
