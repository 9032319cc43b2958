"""From a spreadsheet, pasted lines or one person to invitations: read, looked at, corrected, confirmed at once."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import organiser_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.spreadsheets import Sheet, read_sheet
from openmap.core.uploads import accepts_files
from openmap.core.web import get_or_404
from openmap.events.access import event_or_404
from openmap.events.models import Event
from openmap.invitations import emails, operations, queries
from openmap.invitations.forms import ConfirmForm, FileForm, GuestForm, MappingForm, PasteForm
from openmap.invitations.models import GuestSheet
from openmap.invitations.reading import MOST_GUESTS, Guest, read_guests
from openmap.invitations.views.blueprint import blueprint, secret_key

WAYS = {"file": FileForm, "paste": PasteForm, "one": GuestForm}
TROUBLES_SHOWN = 30
GUESTS_SHOWN = 5
LANGUAGE = "fr"  # guests choose another on the page


@blueprint.route("/manage/<slug>/invitations/new/<way>", methods=["GET", "POST"])
@organiser_required
@accepts_files
def new(slug: str, way: str) -> ResponseReturnValue:
    """Take a list in one of three ways; nobody is invited before the next page is confirmed."""
    event = event_or_404(slug)
    form = WAYS.get(way, abort_form)()
    if request.method != "POST":
        return _new_page(event, way, form)
    if not form.validate_on_submit():
        return _new_page(event, way, form), 422
    try:
        sheet, name = _sheet_of(form)
    except RuleBroken as broken:
        form.show(broken)
        return _new_page(event, way, form), broken.status
    with unit_of_work():
        kept = operations.keep_sheet(event, sheet, name=name, by=the_person(), at=now())
        answer = url_for("invitations.preview", slug=slug, sheet_id=kept.id)
    return redirect(answer)


def abort_form() -> FileForm:
    """There is no such way."""
    abort(404)


def _sheet_of(form: FileForm | PasteForm | GuestForm) -> tuple[Sheet, str]:
    if not isinstance(form, FileForm):
        return form.sheet(), ""
    upload = form.upload
    if upload is None:
        abort(422)
    name = upload.filename or ""
    return read_sheet(upload.stream, name, max_rows=MOST_GUESTS), name


@blueprint.get("/manage/<slug>/invitations/sheets/<int:sheet_id>")
@organiser_required
def preview(slug: str, sheet_id: int) -> ResponseReturnValue:
    """What would be sent to whom, and what stands in the way."""
    event = event_or_404(slug)
    kept = get_or_404(queries.find_sheet(event, sheet_id))
    return _preview_page(event, kept, ConfirmForm())


@blueprint.post("/manage/<slug>/invitations/sheets/<int:sheet_id>")
@organiser_required
def confirm(slug: str, sheet_id: int) -> ResponseReturnValue:
    """Invite everyone on the list at once, or nobody while a line is wrong."""
    event, form = event_or_404(slug), ConfirmForm()
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    kept = get_or_404(queries.find_sheet(event, sheet_id))
    columns = MappingForm(Sheet(**kept.content), request.form)
    guests, troubles = read_guests(Sheet(**kept.content), columns.mapping, usual_kind=columns.chosen_kind)
    if not form.validate_on_submit() or troubles:
        return _preview_page(event, kept, form), 422
    answer = url_for("invitations.index", slug=slug)
    try:
        new_ones, _skipped = operations.sift(event, guests)
        prepared = operations.prepare_invitations(
            event, new_ones, message=form.message.data or "", locale=LANGUAGE, secret_key=secret_key()
        )
        with unit_of_work():
            count = operations.invite_guests(event, prepared, by=the_person(), at=now())
            operations.drop_sheet(kept)
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):  # its twin was quicker
            return redirect(first)
        form.show(broken)
        return _preview_page(event, kept, form), broken.status
    flash(ngettext("%(num)d invitation part.", "%(num)d invitations partent.", count), "success")
    return redirect(answer)


@blueprint.post("/manage/<slug>/invitations/discard/<int:sheet_id>")
@organiser_required
def discard(slug: str, sheet_id: int) -> ResponseReturnValue:
    """Forget a list."""
    event = event_or_404(slug)
    kept = get_or_404(queries.find_sheet(event, sheet_id))
    with unit_of_work():
        operations.drop_sheet(kept)
    flash(_("La liste est effacée. Personne n’a été invité."), "success")
    return redirect(url_for("invitations.index", slug=slug))


def _new_page(event: Event, way: str, form: FileForm | PasteForm | GuestForm) -> str:
    return render_template(
        "invitations/new.html", event=event, way=way, form=form, is_open=event.registration_open(now())
    )


def _preview_page(event: Event, kept: GuestSheet, form: ConfirmForm) -> str:
    sheet = Sheet(**kept.content)
    columns = MappingForm(sheet, request.values)
    guests, troubles = read_guests(sheet, columns.mapping, usual_kind=columns.chosen_kind)
    new_ones, skipped = operations.sift(event, guests)
    return render_template(
        "invitations/preview.html",
        event=event,
        kept=kept,
        columns=columns,
        form=form,
        guests=new_ones,
        guests_shown=GUESTS_SHOWN,
        skipped=skipped,
        troubles=troubles[:TROUBLES_SHOWN],
        trouble_count=len(troubles),
        bad_line_count=len({trouble.line for trouble in troubles}),
        mail=_sample(event, new_ones, form) if new_ones else None,
        is_open=event.registration_open(now()),
    )


def _sample(event: Event, guests: list[Guest], form: ConfirmForm) -> object:
    said = form.message.data or ""
    token = _("lien-personnel")
    return emails.guest_invited(event, guests[0], nonce="", token=token, message=said, locale=LANGUAGE)
