"""The logo and the documents of a profile."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.downloads import file_answer
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form
from openmap.core.uploads import accepts_files
from openmap.core.web import get_or_404
from openmap.organisations.models import Organisation
from openmap.profiles import queries
from openmap.profiles.completeness import completeness
from openmap.profiles.enums import Part
from openmap.profiles.forms import DocumentForm, LogoForm
from openmap.profiles.operations import DOCUMENT_LIMIT, add_document, remove_document, remove_logo, set_logo
from openmap.profiles.sheets import sheet_of
from openmap.profiles.views.blueprint import blueprint, organisation_or_404, profile_path


@blueprint.route("/logo", methods=["GET", "POST"])
@person_required
@accepts_files
def logo(organisation_id: int) -> ResponseReturnValue:
    """Show the logo, or send another."""
    organisation = organisation_or_404(organisation_id, Part.LOGO)
    sheet = sheet_of(queries.profile_of(organisation))
    form = LogoForm(data={"alt": sheet.logo_alt})
    if request.method != "POST":
        return _page("profiles/logo.html", organisation, form)
    if not form.validate_on_submit():
        return _page("profiles/logo.html", organisation, form), 422
    if form.logo.checked is None and sheet.logo_id is None:
        form.logo.errors = [_("Choisissez une image.")]
        return _page("profiles/logo.html", organisation, form), 422
    with unit_of_work():
        set_logo(organisation, form.logo.checked, alt=form.alt.data or "", by=the_person(), at=now())
    flash(_("Votre logo est enregistré."), "success")
    return redirect(profile_path(organisation))


@blueprint.get("/logo/file")
@person_required
def logo_file(organisation_id: int) -> ResponseReturnValue:
    """The picture itself, for the people of the organisation."""
    profile = get_or_404(queries.profile_of(organisation_or_404(organisation_id, Part.LOGO)))
    return file_answer(get_or_404(profile.logo))


@blueprint.post("/logo/remove")
@person_required
def drop_logo(organisation_id: int) -> ResponseReturnValue:
    """Stop showing the logo."""
    organisation = organisation_or_404(organisation_id, Part.LOGO)
    with unit_of_work():
        remove_logo(organisation, by=the_person(), at=now())
    flash(_("Le logo est retiré."), "success")
    return redirect(profile_path(organisation))


@blueprint.route("/documents", methods=["GET", "POST"])
@person_required
@accepts_files
def documents(organisation_id: int) -> ResponseReturnValue:
    """List the documents, or add one."""
    organisation = organisation_or_404(organisation_id, Part.DOCUMENTS)
    form = DocumentForm()
    if request.method != "POST":
        return _page("profiles/documents.html", organisation, form)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit() or form.document.checked is None:
        return _page("profiles/documents.html", organisation, form), 422
    answer = url_for("profiles.documents", organisation_id=organisation_id)
    try:
        with unit_of_work():
            add_document(organisation, form.document.checked, title=form.title.data or "", by=the_person(), at=now())
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page("profiles/documents.html", organisation, form), broken.status
    flash(_("Le document est ajouté à votre fiche."), "success")
    return redirect(answer)


@blueprint.get("/documents/<int:document_id>")
@person_required
def document(organisation_id: int, document_id: int) -> ResponseReturnValue:
    """One document, for the people of the organisation."""
    organisation = organisation_or_404(organisation_id, Part.DOCUMENTS)
    return file_answer(get_or_404(queries.find_document(organisation, document_id)).file)


@blueprint.post("/documents/<int:document_id>/remove")
@person_required
def drop_document(organisation_id: int, document_id: int) -> ResponseReturnValue:
    """Stop showing one document."""
    organisation = organisation_or_404(organisation_id, Part.DOCUMENTS)
    found = get_or_404(queries.find_document(organisation, document_id))
    title = found.title
    with unit_of_work():
        remove_document(found, by=the_person(), at=now())
    flash(_("« %(title)s » n’est plus sur votre fiche.", title=title), "success")
    return redirect(url_for("profiles.documents", organisation_id=organisation_id))


def _page(template: str, organisation: Organisation, form: Form) -> str:
    sheet = sheet_of(queries.profile_of(organisation))
    return render_template(
        template,
        organisation=organisation,
        form=form,
        sheet=sheet,
        level=completeness(sheet, organisation.kind),
        limit=DOCUMENT_LIMIT,
    )
