"""One file as the organiser decides on it: what the jury says, where it stands, and changes after the release."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form
from openmap.core.web import get_or_404
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.selections import operations, queries
from openmap.selections.board import Board
from openmap.selections.emails import Words, decision_mail
from openmap.selections.enums import Outcome
from openmap.selections.forms import ChangeForm, GiveUpForm, PromoteForm
from openmap.selections.operations import Succession
from openmap.selections.refusals import ReasonMissing
from openmap.selections.views.blueprint import blueprint, board_required, file_or_404
from openmap.selections.wording import rule_words

ROOT = "/manage/<slug>/selection/files/<ref>"


@blueprint.get(ROOT)
@board_required
def file(call: PitchCall, ref: str) -> ResponseReturnValue:
    """One file."""
    return _page(call, file_or_404(call, ref))


@blueprint.post(f"{ROOT}/change")
@board_required
def change(call: PitchCall, ref: str) -> ResponseReturnValue:
    """Decide otherwise after the release; the mail shown on the page leaves."""
    application = file_or_404(call, ref)
    form = ChangeForm()
    if not form.validate_on_submit():
        return _page(call, application, change_form=form), 422
    try:
        with unit_of_work():
            operations.change_released(
                application,
                form.chosen(),
                message=form.message.data or "",
                seen=form.seen,
                by=the_person(),
                at=now(),
            )
    except RuleBroken as broken:
        form.show(broken)
        return _page(call, application, change_form=form), broken.status
    flash(_("C’est changé, et %(structure)s en est prévenue.", structure=application.registration.title), "success")
    return _to_file(call, ref)


@blueprint.post(f"{ROOT}/promote")
@board_required
def promote(call: PitchCall, ref: str) -> ResponseReturnValue:
    """Choose from the reserve."""
    application = file_or_404(call, ref)
    form = PromoteForm()
    if not form.validate_on_submit():
        return _page(call, application, promote_form=form), 422
    try:
        with unit_of_work():
            operations.promote(
                application, overrules=bool(form.overrules.data), seen=form.seen, by=the_person(), at=now()
            )
    except RuleBroken as broken:
        form.show(broken)
        return _page(call, application, promote_form=form), broken.status
    flash(_("%(structure)s est retenue et reçoit son courriel.", structure=application.registration.title), "success")
    return _to_file(call, ref)


@blueprint.post(f"{ROOT}/decline")
@board_required
def give_up(call: PitchCall, ref: str) -> ResponseReturnValue:
    """Note what a structure said on the telephone: it gives its pitch up."""
    application = file_or_404(call, ref)
    form = GiveUpForm()
    if not form.validate_on_submit():
        return _page(call, application, decline_form=form), 422
    try:
        with unit_of_work():
            if not form.reason.data:
                raise ReasonMissing
            came = operations.decline_pitch(application, reason=form.reason.data, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(call, application, decline_form=form), broken.status
    flash(succession_words(came), "success")
    return _to_file(call, ref)


@blueprint.post(f"{ROOT}/free")
@board_required
def free(call: PitchCall, ref: str) -> ResponseReturnValue:
    """Nobody answered in time: the place goes to the reserve."""
    application = file_or_404(call, ref)
    form = Form()
    if not form.validate_on_submit():
        return _page(call, application, free_form=form), 422
    try:
        with unit_of_work():
            came = operations.free_unanswered(application, by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(call, application, free_form=form), broken.status
    flash(succession_words(came), "success")
    return _to_file(call, ref)


def succession_words(came: Succession) -> str:
    """Who takes the place, who was passed over and why."""
    if came.heir is not None:
        said = [_("La place revient à %(structure)s, qui en est prévenue.", structure=came.heir.registration.title)]
    else:
        said = [_("La place reste libre.")]
    for application, rule in came.skipped:
        title = application.registration.title
        if rule is None:
            said.append(_("%(structure)s a été passée : son inscription n’est pas validée.", structure=title))
        else:
            words = rule_words(rule)
            said.append(_("%(structure)s a été passée, à cause de la règle « %(rule)s ».", structure=title, rule=words))
    return " ".join(str(each) for each in said)


def _to_file(call: PitchCall, ref: str) -> ResponseReturnValue:
    return redirect(url_for("selections.file", slug=call.event.slug, ref=ref))


def _page(
    call: PitchCall,
    application: PitchApplication,
    *,
    change_form: ChangeForm | None = None,
    promote_form: PromoteForm | None = None,
    decline_form: GiveUpForm | None = None,
    free_form: Form | None = None,
) -> str:
    found = queries.candidates(call)
    candidate = next((each for each in found if each.application.id == application.id), None)
    board = queries.board_of(call, [each.application for each in found])
    get_or_404(call)
    return render_template(
        "selections/file.html",
        event=call.event,
        call=call,
        at=now(),
        application=application,
        registration=application.registration,
        candidate=candidate,
        file_count=len(found),
        place=board.place_of(application.id),
        board=board,
        comments=queries.comments_on(application),
        decision=queries.decision_on(application),
        outcomes=_possible(call, application, board),
        previews=_previews(call, application, board, change_form),
        change_form=change_form or ChangeForm(formdata=None, data={"version": call.board_version}),
        promote_form=promote_form or PromoteForm(formdata=None, data={"version": call.board_version}),
        decline_form=decline_form or GiveUpForm(formdata=None),
        free_form=free_form or Form(formdata=None),
    )


def _possible(call: PitchCall, application: PitchApplication, board: Board) -> list[Outcome]:
    """What a released file can still become; a withdrawn one nothing."""
    if not call.released_at or application.state not in queries.SENT:
        return []
    return [each for each in Outcome if each is not board.place_of(application.id).outcome]


def _previews(
    call: PitchCall, application: PitchApplication, board: Board, form: ChangeForm | None
) -> dict[Outcome, object]:
    """The mails of the possible changes, as they would leave with the message typed."""
    message = (form.message.data or "") if form else ""
    rank = len(board.reserve) + 1
    return {
        outcome: decision_mail(
            application, outcome, Words(message, rank=rank if outcome is Outcome.RESERVE else None), key="preview"
        )
        for outcome in _possible(call, application, board)
    }
