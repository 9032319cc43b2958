"""One's own registration: where it stands, what was agreed to, what was answered."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.downloads import file_answer
from openmap.core.web import get_or_404
from openmap.questions.queries import answers_on, find_answer
from openmap.registrations import operations, queries
from openmap.registrations.access import is_on_behalf, participant_or_404
from openmap.registrations.consent_texts import CONSENT_TEXTS, NEEDED, purposes_for
from openmap.registrations.enums import ConsentPurpose
from openmap.registrations.models import Registration
from openmap.registrations.operations import GivenConsent
from openmap.registrations.views.blueprint import blueprint


@blueprint.get("/<ref>")
@person_required
def show(slug: str, ref: str) -> ResponseReturnValue:
    """Show one registration to those whose it is."""
    registration = participant_or_404(slug, ref)
    sheet_id = registration.answer_sheet_id
    return render_template(
        "registrations/show.html",
        event=registration.event,
        registration=registration,
        place=queries.waiting_position(registration),
        answers=answers_on([sheet_id]).get(sheet_id, []) if sheet_id else [],
        purposes=purposes_for(registration.kind),
        texts=CONSENT_TEXTS,
        needed=NEEDED,
        on_behalf=is_on_behalf(registration),
        at=now(),
    )


@blueprint.post("/<ref>/consents/<purpose>")
@person_required
def consent(slug: str, ref: str, purpose: str) -> ResponseReturnValue:
    """Give a consent or take it back; a broken rule answers with its own page."""
    registration = participant_or_404(slug, ref)
    wanted = get_or_404(next((each for each in purposes_for(registration.kind) if each == purpose), None))
    with unit_of_work():
        _change(registration, wanted, gives=request.form.get("answer") == "give")
    flash(_("Votre choix est enregistré."), "success")
    return redirect(url_for("registrations.show", slug=slug, ref=ref, _anchor="consents"))


def _change(registration: Registration, purpose: ConsentPurpose, *, gives: bool) -> None:
    text = CONSENT_TEXTS[purpose]
    if gives:
        given = GivenConsent(purpose, text.version, _(text.text))
        operations.give_consent(registration, given, by=the_person(), at=now())
    else:
        operations.withdraw_consent(registration, purpose, by=the_person(), at=now())


@blueprint.get("/<ref>/files/<int:answer_id>")
@person_required
def answer_file(slug: str, ref: str, answer_id: int) -> ResponseReturnValue:
    """The file that answers a question."""
    registration = participant_or_404(slug, ref)
    answer = get_or_404(find_answer(registration.answer_sheet_id, answer_id))
    return file_answer(get_or_404(answer.file))
