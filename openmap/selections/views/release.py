"""The release: every mail is read as it will leave, then all decisions are told at once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from openmap.accounts.access import the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.paging import list_page
from openmap.core.web import get_or_404
from openmap.pitches.models import PitchCall
from openmap.selections import emails, operations, queries
from openmap.selections.forms import BoardForm, DeadlineForm, LetterForm, ReadForm, WordsForm
from openmap.selections.models import Decision
from openmap.selections.operations import Release
from openmap.selections.views.blueprint import blueprint, board_required, file_or_404

LETTERS_A_PAGE = 20
ROOT = "/manage/<slug>/selection/release"


@blueprint.get(ROOT)
@board_required
def release(call: PitchCall) -> ResponseReturnValue:
    """What changes for whom, which mails are read, and what still stands in the way."""
    return _page(call, operations.prepare_release(call))


@blueprint.post(f"{ROOT}/send")
@board_required
def publish(call: PitchCall) -> ResponseReturnValue:
    """Tell everybody."""
    form = BoardForm()
    prepared = operations.prepare_release(call)
    if not form.validate_on_submit():
        return _page(call, prepared), 422
    if form.seen != prepared.version:
        return _page(
            call, prepared, broken=_("Le tableau a changé. Relisez ce qui part, puis annoncez de nouveau.")
        ), 409
    count = len(prepared.letters)  # rendered before the write lock is taken
    try:
        with unit_of_work():
            operations.release_decisions(call, prepared, by=the_person(), at=now())
    except RuleBroken as broken:
        return _page(call, operations.prepare_release(call), broken=told(broken)), broken.status
    flash(
        ngettext("C’est annoncé : %(num)d courriel part.", "C’est annoncé : %(num)d courriels partent.", count),
        "success",
    )
    return redirect(url_for("selections.board", slug=call.event.slug))


@blueprint.post(f"{ROOT}/deadline")
@board_required
def deadline(call: PitchCall) -> ResponseReturnValue:
    """Until when the selected answer."""
    form = DeadlineForm()
    if not form.validate_on_submit():
        return _page(call, operations.prepare_release(call), deadline_form=form), 422
    try:
        with unit_of_work():
            operations.set_deadline(call, form.moment(call.event), by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(call, operations.prepare_release(call), deadline_form=form), broken.status
    flash(
        _("La date de confirmation est enregistrée ; elle figure dans les courriels des structures retenues."),
        "success",
    )
    return redirect(url_for("selections.release", slug=call.event.slug))


@blueprint.get(f"{ROOT}/<ref>")
@board_required
def letter(call: PitchCall, ref: str) -> ResponseReturnValue:
    """One mail as it will leave, with what can still be written into it."""
    return _letter_page(call, ref)


@blueprint.post(f"{ROOT}/<ref>/words")
@board_required
def write(call: PitchCall, ref: str) -> ResponseReturnValue:
    """The organiser's own words, and comments of the jury chosen and reworded."""
    decision = _decision_or_404(call, ref)
    form = LetterForm()
    chosen = _chosen_comments(decision)
    if not form.validate_on_submit() or chosen is None:
        if chosen is None:
            form.form_errors.append(
                _("Un commentaire choisi est vide ou trop long : écrivez-le en 2 000 signes au plus.")
            )
        return _letter_page(call, ref, form=form), 422
    try:
        with unit_of_work():
            operations.write_letter(
                decision, call, message=form.message.data or "", feedback=chosen, by=the_person(), at=now()
            )
    except RuleBroken as broken:
        form.show(broken)
        return _letter_page(call, ref, form=form), broken.status
    flash(_("Le courriel est enregistré. Relisez-le tel qu’il partira."), "success")
    return redirect(url_for("selections.letter", slug=call.event.slug, ref=ref, _anchor="courriel"))


@blueprint.post(f"{ROOT}/<ref>/read")
@board_required
def read(call: PitchCall, ref: str) -> ResponseReturnValue:
    """This mail was read; on to the next one that was not."""
    decision = _decision_or_404(call, ref)
    form = ReadForm()
    now_reads = emails.digest(operations.letter_for(decision, decision.application).mail)
    if not form.validate_on_submit() or form.sha256.data != now_reads:
        form.form_errors.append(
            _("Ce courriel a changé pendant que vous le lisiez. Le voici tel qu’il est maintenant.")
        )
        return _letter_page(call, ref, read_form=form), 409
    with unit_of_work():
        operations.mark_read(decision, now_reads, by=the_person(), at=now())
    prepared = operations.prepare_release(call)
    if not prepared.unread:
        flash(_("Tous les courriels sont relus."), "success")
        return redirect(url_for("selections.release", slug=call.event.slug, _anchor="annoncer"))
    return redirect(url_for("selections.letter", slug=call.event.slug, ref=_next_unread(prepared, ref)))


def _next_unread(prepared: Release, ref: str) -> str:
    refs = _refs(prepared)
    waiting = [each.application.registration.ref for each in prepared.unread]
    after = [each for each in refs[refs.index(ref) + 1 :] if each in waiting] if ref in refs else []
    return (after or waiting)[0]


def _refs(prepared: Release) -> list[str]:
    return [each.application.registration.ref for each in prepared.rows]


def _chosen_comments(decision: Decision) -> dict[int, str] | None:
    """The comments ticked on the page, by review; None when one is empty or too long."""
    chosen: dict[int, str] = {}
    for review in queries.comments_on(decision.application):
        if f"use-{review.id}" not in request.form:
            continue
        form = WordsForm(prefix=f"review-{review.id}", meta={"csrf": False})
        if not form.validate() or not form.words.data:
            return None
        chosen[review.id] = form.words.data
    return chosen


def _decision_or_404(call: PitchCall, ref: str) -> Decision:
    decision = get_or_404(queries.decision_on(file_or_404(call, ref)))
    return get_or_404(decision if decision.released_at is None else None)


def _letter_page(
    call: PitchCall, ref: str, *, form: LetterForm | None = None, read_form: ReadForm | None = None
) -> str:
    decision = _decision_or_404(call, ref)
    prepared = operations.prepare_release(call)
    refs = _refs(prepared)
    get_or_404(ref if ref in refs else None)
    place = refs.index(ref)
    this = operations.letter_for(decision, prepared.rows[place].application)
    return render_template(
        "selections/letter.html",
        event=call.event,
        call=call,
        letter=this,
        digest=emails.digest(this.mail),
        application=decision.application,
        decision=decision,
        comments=queries.comments_on(decision.application),
        used={line.review_id: line.words for line in decision.feedback},
        form=form or LetterForm(formdata=None, data={"message": decision.message}),
        read_form=read_form or ReadForm(formdata=None),
        prepared=prepared,
        place=place + 1,
        before=refs[place - 1] if place else None,
        after=refs[place + 1] if place + 1 < len(refs) else None,
    )


def _page(call: PitchCall, prepared: Release, *, broken: str = "", deadline_form: DeadlineForm | None = None) -> str:
    event = call.event
    page = list_page(prepared.rows, page=request.args.get("page", 1, type=int), size=LETTERS_A_PAGE)
    usual = call.confirm_before.astimezone(event.zone).replace(tzinfo=None) if call.confirm_before else None
    return render_template(
        "selections/release.html",
        event=event,
        call=call,
        at=now(),
        prepared=prepared,
        page=page,
        letters=[operations.letter_for(each.decision, each.application) for each in page.items],
        obstacle=_obstacle(call, prepared),
        form=BoardForm(formdata=None, data={"version": prepared.version}),
        deadline_form=deadline_form or DeadlineForm(formdata=None, data={"confirm_before": usual}),
        broken=broken,
    )


def _obstacle(call: PitchCall, prepared: Release) -> str:
    """What still stands in the way, in words; "" when everything is ready."""
    if call.released_at:
        return ""
    try:
        operations.check_release(call, prepared, at=now())
    except RuleBroken as broken:
        return told(broken)
    return ""
