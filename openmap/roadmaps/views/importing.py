"""Needs from a spreadsheet: sent, looked at under a mapping that can be corrected, then stored as a whole."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from openmap.accounts.access import person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.spreadsheets import read_sheet
from openmap.core.uploads import accepts_files
from openmap.core.web import get_or_404
from openmap.roadmaps import operations, queries
from openmap.roadmaps.access import own_roadmap_or_404
from openmap.roadmaps.forms import MappingForm, SheetForm
from openmap.roadmaps.models import NeedSheet
from openmap.roadmaps.sheets import COLUMNS, REQUIRED, guessed_mapping, missing_columns
from openmap.roadmaps.template_file import template_workbook
from openmap.roadmaps.views.blueprint import blueprint, today

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 20  # troubles, changes and new needs; the rest is counted


@blueprint.get("/roadmaps/<slug>/import/needs.xlsx")
@person_required
def template(slug: str) -> ResponseReturnValue:
    """A workbook to fill, with its lists of words and an example."""
    own_roadmap_or_404(slug)
    answer = Response(template_workbook(today()), mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{_('modele-besoins')}.xlsx")
    return answer


@blueprint.route("/roadmaps/<slug>/import", methods=["GET", "POST"])
@person_required
@accepts_files
def send_sheet(slug: str) -> ResponseReturnValue:
    """Send a spreadsheet: nothing is stored as a need yet."""
    roadmap = own_roadmap_or_404(slug)
    form = SheetForm()
    if request.method != "POST":
        return render_template("roadmaps/send_sheet.html", roadmap=roadmap, form=form)
    if not form.validate_on_submit():
        return render_template("roadmaps/send_sheet.html", roadmap=roadmap, form=form), 422
    try:
        sheet = read_sheet(form.file.data.stream, form.file.data.filename)
        with unit_of_work():
            name = form.file.data.filename
            sheet_id = operations.keep_sheet(roadmap, sheet, filename=name, by=the_person(), at=now()).id
    except RuleBroken as broken:
        form.show(broken)
        return render_template("roadmaps/send_sheet.html", roadmap=roadmap, form=form), broken.status
    return redirect(url_for("roadmaps.map_sheet", slug=slug, sheet_id=sheet_id))


@blueprint.get("/roadmaps/<slug>/import/<int:sheet_id>")
@person_required
def map_sheet(slug: str, sheet_id: int) -> ResponseReturnValue:
    """What the sheet would do; the columns chosen are in the address."""
    sheet = _sheet_or_404(slug, sheet_id)
    chosen = (
        request.args if any(name in COLUMNS for name in request.args) else MultiDict(guessed_mapping(sheet.headers))
    )
    return _preview_page(sheet, _mapping_form(sheet, chosen))


@blueprint.post("/roadmaps/<slug>/import/<int:sheet_id>")
@person_required
def store_sheet(slug: str, sheet_id: int) -> ResponseReturnValue:
    """Store every line, or none."""
    sheet = _sheet_or_404(slug, sheet_id)
    form = _mapping_form(sheet, request.form)
    if not form.validate_on_submit() or missing_columns(form.mapping):
        return _preview_page(sheet, form), 422
    found = operations.preview_of(sheet, form.mapping, at=now())
    try:
        with unit_of_work():
            new, changed = operations.import_needs(
                sheet, found, seen=form.seen.data or "", is_published=form.is_published.data, by=the_person(), at=now()
            )
    except operations.SheetStored as stored:
        flash(told(stored), "warning")
        return redirect(url_for("roadmaps.edit", slug=slug))
    except RuleBroken as broken:
        form.show(broken)
        return _preview_page(sheet, form), broken.status
    added = ngettext("%(num)d besoin ajouté", "%(num)d besoins ajoutés", new)
    renewed = ngettext("%(num)d mis à jour", "%(num)d mis à jour", changed)
    flash(_("Import terminé : %(added)s, %(renewed)s.", added=added, renewed=renewed), "success")
    return redirect(url_for("roadmaps.edit", slug=slug))


def _sheet_or_404(slug: str, sheet_id: int) -> NeedSheet:
    return get_or_404(queries.sheet_of(own_roadmap_or_404(slug), sheet_id))


def _mapping_form(sheet: NeedSheet, chosen: MultiDict[str, str]) -> MappingForm:
    return MappingForm(sheet.headers, chosen, sheet.rows[0])


def _preview_page(sheet: NeedSheet, form: MappingForm) -> str:
    missing = missing_columns(form.mapping)
    found = None if missing else operations.preview_of(sheet, form.mapping, at=now())
    if found is not None:
        form.seen.data = found.fingerprint
    return render_template(
        "roadmaps/map_sheet.html",
        sheet=sheet,
        roadmap=sheet.roadmap,
        form=form,
        columns=COLUMNS,
        required=REQUIRED,
        missing=missing,
        found=found,
        shown=SHOWN,
        told=told,
    )
