"""One file as the organiser decides on it: what the jury says, where it stands, and changes after the release."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.formats import day_and_time
from openmap.core.forms import Form
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.selections import operations
from openmap.selections.forms import ChangeForm, ExtendForm, GiveUpForm, PromoteForm, SendForm
from openmap.selections.operations import Succession
from openmap.selections.refusals import DeadlineIsPast, ReasonMissing
from openmap.selections.views.blueprint import blueprint, board_required, file_or_404
from openmap.selections.views.file_page import (
    EXTEND,
    FREE,
    GIVE_UP,
    PROMOTE,
    change_mail,
    check_read,
    file_page,
    freed_mail,
    promotion_mail,
)
from openmap.selections.wording import rule_words

ROOT = "/manage/<slug>/selection/files/<ref>"


@blueprint.get(ROOT)
@board_required
def file(call: PitchCall, ref: str) -> ResponseReturnValue:
    """One file."""
    return file_page(call, file_or_404(call, ref))


@blueprint.post(f"{ROOT}/change")
@board_required
def change(call: PitchCall, ref: str) -> ResponseReturnValue:
    """Decide otherwise after the release; the mail shown on the page leaves."""
    application, form = file_or_404(call, ref), ChangeForm()

    def act() -> str:
        mail = change_mail(application, form)
        operations.change_released(
            application,
            form.chosen(),
            message=form.words,
            until=form.until(call.event),
            seen=form.seen,
            by=the_person(),
            at=now(),
        )
        check_read(form, mail)
        return str(_("C’est changé, et %(structure)s en est prévenue.", structure=application.registration.title))

    return _answer(call, application, form.outcome.data or "", form, act)


@blueprint.post(f"{ROOT}/promote")
@board_required
def promote(call: PitchCall, ref: str) -> ResponseReturnValue:
    """Choose from the reserve; the mail shown on the page leaves."""
    application, form = file_or_404(call, ref), PromoteForm()

    def act() -> str:
        mail, until = promotion_mail(application, form), form.until(call.event)
        if until is None:
            raise DeadlineIsPast
        operations.promote(
            application,
            until=until,
            message=form.words,
            overrules=bool(form.overrules.data),
            seen=form.seen,
            by=the_person(),
            at=now(),
        )
        check_read(form, mail)
        return str(_("%(structure)s est retenue et reçoit son courriel.", structure=application.registration.title))

    return _answer(call, application, PROMOTE, form, act)


@blueprint.post(f"{ROOT}/decline")
@board_required
def give_up(call: PitchCall, ref: str) -> ResponseReturnValue:
    """Note what a structure said on the telephone: it gives its pitch up."""
    application, form = file_or_404(call, ref), GiveUpForm()

    def act() -> str:
        if not form.reason.data:
            raise ReasonMissing
        return succession_words(
            operations.decline_pitch(application, reason=form.reason.data, by=the_person(), at=now())
        )

    return _answer(call, application, GIVE_UP, form, act)


@blueprint.post(f"{ROOT}/extend")
@board_required
def extend(call: PitchCall, ref: str) -> ResponseReturnValue:
    """Leave one structure more time to answer; a mail tells it."""
    application, form = file_or_404(call, ref), ExtendForm()

    def act() -> str:
        until = form.moment(call.event)
        operations.extend_answer(application, until, by=the_person(), at=now())
        return str(
            _(
                "%(structure)s peut répondre jusqu’au %(moment)s, et en est prévenue.",
                structure=application.registration.title,
                moment=day_and_time(until, call.event.zone),
            )
        )

    return _answer(call, application, EXTEND, form, act)


@blueprint.post(f"{ROOT}/free")
@board_required
def free(call: PitchCall, ref: str) -> ResponseReturnValue:
    """Nobody answered in time: the place goes to the reserve, and the mail shown on the page leaves."""
    application, form = file_or_404(call, ref), SendForm()

    def act() -> str:
        mail = freed_mail(application, form)
        came = operations.free_unanswered(application, message=form.words, by=the_person(), at=now())
        check_read(form, mail)
        return succession_words(came)

    return _answer(call, application, FREE, form, act)


def _answer(
    call: PitchCall, application: PitchApplication, name: str, form: Form, act: Callable[[], str]
) -> ResponseReturnValue:
    """Do it all or nothing, and say what was done; else the page with what was typed and what stands in the way."""
    if not form.validate_on_submit():
        return file_page(call, application, name=name, typed=form), 422
    try:
        with unit_of_work():
            said = act()
    except RuleBroken as broken:
        form.show(broken)
        return file_page(call, application, name=name, typed=form), broken.status
    flash(said, "success")
    return redirect(url_for("selections.file", slug=call.event.slug, ref=application.registration.ref))


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
