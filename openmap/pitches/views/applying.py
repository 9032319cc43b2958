"""A structure's own file: typed, kept, sent, looked at, withdrawn."""

from collections.abc import Sequence

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import lock, unit_of_work
from openmap.core.downloads import file_answer
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form
from openmap.core.uploads import accepts_files
from openmap.core.web import get_or_404
from openmap.pitches import operations, queries
from openmap.pitches.access import applicant_or_404, application_or_404
from openmap.pitches.enums import ApplicationState
from openmap.pitches.forms import ApplicationForm, application_form
from openmap.pitches.lacking import file_lacks
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.pitches.reading import file_of
from openmap.pitches.refusals import Incomplete, TooLate
from openmap.pitches.views.blueprint import blueprint
from openmap.profiles.queries import profile_of
from openmap.questions.enums import QuestionPurpose
from openmap.questions.models import Answer
from openmap.questions.queries import answers_on, find_answer, questions_for
from openmap.registrations.access import is_on_behalf
from openmap.registrations.models import Registration

SEND = "send"


@blueprint.route("/events/<slug>/pitches/<ref>", methods=["GET", "POST"])
@person_required
@accepts_files
def apply(slug: str, ref: str) -> ResponseReturnValue:
    """Fill in a file; each sending keeps it, one of the two buttons gives it to the jury."""
    call, registration = applicant_or_404(slug, ref)
    form = _form(call, registration)
    if request.method != "POST":
        return _page(call, registration, form)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        form.ask_files_again()
        return _page(call, registration, form), 422
    try:
        _keep(call, registration, form, sends=request.form.get("action") == SEND)
    except RuleBroken as broken:
        return _refused(call, registration, form, broken)
    return redirect(_path(slug, ref))


def _refused(
    call: PitchCall, registration: Registration, form: ApplicationForm, broken: RuleBroken
) -> ResponseReturnValue:
    """The page with what was typed, and where each thing is missing."""
    application = queries.application_of(call, registration)
    if not isinstance(broken, Incomplete) or (application and application.state in queries.SENT):
        form.ask_files_again()  # what was typed to a draft is kept, a file that was sent stays as the jury reads it
    match broken:
        case Incomplete():
            form.show_missing(broken.missing)
        case TooLate():
            return _page(call, registration, form, late=broken), broken.status
        case _:
            form.show(broken)
    return _page(call, registration, form), broken.status


def _keep(call: PitchCall, registration: Registration, form: ApplicationForm, *, sends: bool) -> None:
    """Keep what was typed in a unit of work of its own, so that a file that cannot be sent is not lost."""
    at, by, where = now(), the_person(), _path(call.event.slug, registration.ref)
    with unit_of_work():
        lock(call)  # a twin of this sending waits here, then finds its answer
        if receipts.first_answer(form.receipt):
            return
        application = operations.save_application(call, registration, form.content(), by=by, at=at)
        was_sent, is_late = application.state in queries.SENT, at >= application.deadline()
        if was_sent or not sends:
            receipts.keep_answer(form.receipt, where, at=at)
    if sends and not was_sent:
        with unit_of_work():
            operations.submit_application(application, by=by, at=at)
            receipts.keep_answer(form.receipt, where, at=at)
        to = registration.contact.person.email
        flash(_("Votre dossier est envoyé au jury. Un courriel le confirme à %(email)s.", email=to), "success")
    elif is_late:
        flash(_("Votre brouillon est gardé, mais le délai est passé : il n’est pas envoyé."), "warning")
    elif application.state is ApplicationState.WITHDRAWN:
        flash(_("Vos mots sont gardés, mais ce dossier est retiré : reprenez-le pour l’envoyer."), "warning")
    elif was_sent:
        flash(_("Vos changements sont enregistrés : c’est ce dossier que le jury lira."), "success")
    else:
        where_kept = _("Votre brouillon est enregistré : retrouvez-le dans « Mon espace ».")
        flash(where_kept + " " + _("Le jury ne le lit pas encore."), "success")


@blueprint.get("/events/<slug>/pitches/<ref>/preview")
@person_required
def preview(slug: str, ref: str) -> ResponseReturnValue:
    """The file exactly as the jury reads it."""
    application = application_or_404(slug, ref)
    call, form = application.call, _form(application.call, application.registration)
    return render_template(
        "pitches/preview.html",
        event=call.event,
        call=call,
        registration=application.registration,
        application=application,
        sheet=file_of(application, blind=call.is_blind),
        missing=[str(form[name].label.text) for name in file_lacks(application)],
        on_behalf=is_on_behalf(application.registration),
    )


@blueprint.route("/events/<slug>/pitches/<ref>/withdraw", methods=["GET", "POST"])
@person_required
def withdraw(slug: str, ref: str) -> ResponseReturnValue:
    """Take the file back, once the consequence is read."""
    application = application_or_404(slug, ref)
    form = Form()
    if request.method != "POST":
        return _withdrawal_page(application, form)
    if not form.validate_on_submit():
        return _withdrawal_page(application, form), 422
    try:
        with unit_of_work():
            operations.withdraw_application(application, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _withdrawal_page(application, form), broken.status
    flash(_("Votre dossier est retiré, et un courriel le confirme. Le jury ne le lit plus."), "success")
    return redirect(_path(slug, ref))


@blueprint.post("/events/<slug>/pitches/<ref>/resume")
@person_required
def resume(slug: str, ref: str) -> ResponseReturnValue:
    """Take a withdrawn file up again; a broken rule answers with its own page."""
    application = application_or_404(slug, ref)
    with unit_of_work():
        operations.resume_application(application, by=the_person(), at=now())
    if application.state is ApplicationState.SUBMITTED:
        flash(_("C’est annulé : votre dossier est de nouveau envoyé au jury, tel qu’il était."), "success")
    else:
        flash(_("Votre dossier est de nouveau un brouillon. Relisez-le, puis envoyez-le."), "success")
    return redirect(_path(slug, ref))


@blueprint.get("/events/<slug>/pitches/<ref>/logo")
@person_required
def logo(slug: str, ref: str) -> ResponseReturnValue:
    """The structure's picture, as its file shows it."""
    profile = get_or_404(profile_of(application_or_404(slug, ref).registration.organisation))
    return file_answer(get_or_404(profile.logo))


@blueprint.get("/events/<slug>/pitches/<ref>/documents/<int:document_id>")
@person_required
def document(slug: str, ref: str, document_id: int) -> ResponseReturnValue:
    """A document of one's own file."""
    return file_answer(get_or_404(queries.find_document(application_or_404(slug, ref), document_id)).file)


@blueprint.get("/events/<slug>/pitches/<ref>/answers/<int:answer_id>")
@person_required
def answer_file(slug: str, ref: str, answer_id: int) -> ResponseReturnValue:
    """The file that answers a question of the call."""
    answer = get_or_404(find_answer(application_or_404(slug, ref).answer_sheet_id, answer_id))
    return file_answer(get_or_404(answer.file))


def _form(call: PitchCall, registration: Registration) -> ApplicationForm:
    application = queries.application_of(call, registration)
    questions = questions_for(call.event, QuestionPurpose.PITCH, registration.kind)
    return application_form(questions, application, _answers(application))


def _answers(application: PitchApplication | None) -> Sequence[Answer]:
    sheet = application.answer_sheet_id if application else None
    return answers_on([sheet]).get(sheet, []) if sheet else []


def _page(call: PitchCall, registration: Registration, form: ApplicationForm, *, late: TooLate | None = None) -> str:
    at, application = now(), queries.application_of(call, registration)
    deadline = application.deadline() if application else call.closes_at
    open_to_it = call.released_at is None and registration.state in queries.STANDING
    return render_template(
        "pitches/apply.html",
        event=call.event,
        call=call,
        registration=registration,
        application=application,
        form=form,
        late=late,
        deadline=deadline,
        may_edit=open_to_it and call.opens_at <= at < deadline,
        sheet=file_of(application, blind=call.is_blind) if application else None,
        kept_files={one.question_id: one for one in _answers(application) if one.file_id},
        document_limit=operations.DOCUMENT_LIMIT,
        on_behalf=is_on_behalf(registration),
        write_to=current_app.config["MAIL_REPLY_TO"],
        at=at,
    )


def _withdrawal_page(application: PitchApplication, form: Form) -> str:
    return render_template(
        "pitches/withdraw.html",
        event=application.call.event,
        call=application.call,
        registration=application.registration,
        application=application,
        form=form,
        on_behalf=is_on_behalf(application.registration),
        at=now(),
    )


def _path(slug: str, ref: str) -> str:
    return url_for("pitches.apply", slug=slug, ref=ref)
