"""The organiser's list of files: searched, taken away, read as the jury does, begun for somebody on the phone."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import organiser_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.spreadsheets import csv_bytes
from openmap.core.web import get_or_404
from openmap.organisations.enums import OrganisationKind
from openmap.pitches import operations, queries
from openmap.pitches.forms import ExtensionForm, FilterForm, SearchForm
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.pitches.reading import file_of
from openmap.pitches.views.blueprint import blueprint
from openmap.pitches.views.calling import managed_call_or_404
from openmap.questions.enums import QuestionPurpose
from openmap.questions.queries import answers_on, questions_of
from openmap.registrations.models import Registration
from openmap.registrations.queries import find_registration


@blueprint.get("/manage/<slug>/pitches/applications")
@organiser_required
def applications(slug: str) -> ResponseReturnValue:
    """Every file, drafts too, the last edited first."""
    call, form = managed_call_or_404(slug), FilterForm(request.args)
    return render_template(
        "pitches/applications.html",
        event=call.event,
        call=call,
        form=form,
        page=queries.applications_page(call, form.filters(), page=request.args.get("page", 1, type=int)),
        counts=queries.state_counts(call),
        at=now(),
    )


@blueprint.get("/manage/<slug>/pitches/applications.csv")
@organiser_required
def export(slug: str) -> ResponseReturnValue:
    """The list as it is filtered, with its answers, for a spreadsheet."""
    call = managed_call_or_404(slug)
    found = queries.narrowed_applications(call, FilterForm(request.args).filters())
    questions = questions_of(call.event, QuestionPurpose.PITCH, with_retired=True)
    answers = answers_on(one.answer_sheet_id for one in found if one.answer_sheet_id)
    headers = [_("Référence"), _("Structure"), _("SIRET"), _("Type"), _("Département"), _("Secteur"), _("État")]
    headers += [_("Titre"), _("Présentation"), _("Qui parlera"), _("Première fois"), _("Envoyé le"), _("Documents")]
    headers += [_("Adresse électronique"), *(question.label for question in questions)]
    rows = []
    for one in found:
        own = answers.get(one.answer_sheet_id or 0, [])
        said = {each.question_id: each.file.name if each.file else each.value for each in own}
        rows.append([*_cells(one), *(said.get(question.id, "") for question in questions)])
    answer = Response(csv_bytes(headers, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=pitchs-{call.event.slug}.csv"
    return answer


def _cells(application: PitchApplication) -> list[object]:
    registration = application.registration
    body, zone = registration.organisation, registration.event.zone
    sent = application.submitted_at
    return [
        registration.ref,
        body.name,
        body.siret or "",
        _(body.kind_label),
        body.departement,
        _(registration.sector.label),
        _(application.state.label),
        application.title,
        application.summary,
        application.speaker,
        _("Oui") if application.is_first_time else _("Non"),
        f"{sent.astimezone(zone):%Y-%m-%d %H:%M}" if sent else "",
        len(application.documents),
        registration.contact.person.email,
    ]


@blueprint.get("/manage/<slug>/pitches/applications/<int:application_id>")
@organiser_required
def read(slug: str, application_id: int) -> ResponseReturnValue:
    """One file as the jury reads it, and what the organiser may do with it."""
    call = managed_call_or_404(slug)
    application = get_or_404(queries.find_application(call, application_id))
    return render_template(
        "pitches/read.html",
        event=call.event,
        call=call,
        application=application,
        registration=application.registration,
        sheet=file_of(application, blind=False),
        at=now(),
    )


@blueprint.get("/manage/<slug>/pitches/applications/new")
@organiser_required
def begin(slug: str) -> ResponseReturnValue:
    """Structures without a file: to type one for them, or to give them more time."""
    call, form = managed_call_or_404(slug), SearchForm(request.args)
    page = queries.structures_without_file(call, form.words(), page=request.args.get("page", 1, type=int))
    return render_template("pitches/new.html", event=call.event, call=call, form=form, page=page, at=now())


@blueprint.route("/manage/<slug>/pitches/extensions/<ref>", methods=["GET", "POST"])
@organiser_required
def extend(slug: str, ref: str) -> ResponseReturnValue:
    """Give one structure more time."""
    call = managed_call_or_404(slug)
    registration = get_or_404(find_registration(call.event, ref))
    get_or_404(registration if registration.kind is OrganisationKind.STRUCTURE else None)
    form = ExtensionForm(call.event)
    if request.method != "POST":
        return _extension_page(call, registration, form)
    if not form.validate_on_submit():
        return _extension_page(call, registration, form), 422
    until, reason = form.until.meant, form.reason.data or ""
    try:
        with unit_of_work():
            operations.extend_deadline(call, registration, until=until, reason=reason, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _extension_page(call, registration, form), broken.status
    flash(_("%(title)s a un délai de plus. Un courriel le lui dit.", title=registration.title), "success")
    return redirect(url_for("pitches.applications", slug=slug))


def _extension_page(call: PitchCall, registration: Registration, form: ExtensionForm) -> str:
    return render_template(
        "pitches/extend.html",
        event=call.event,
        call=call,
        registration=registration,
        application=queries.application_of(call, registration),
        form=form,
        at=now(),
    )
