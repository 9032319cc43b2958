"""A guest's answer, behind a secret address: nothing happens before a button, since mail scanners open every link."""

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from openmap.accounts.access import current_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import Form, told
from openmap.core.limits import limiter
from openmap.core.tokens import fingerprint
from openmap.core.web import select_language
from openmap.juries import operations, queries
from openmap.juries.forms import AnswerForm
from openmap.juries.models import Reviewer
from openmap.juries.views.blueprint import blueprint, secret_key

HOURLY_LIMIT = "120 per hour"  # of one address: an office is many people behind one
GONE = 410


@blueprint.get("/jury/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """What is asked, and two answers."""
    reviewer = _reviewer(token)
    return _page(reviewer, token, AnswerForm(data={"name": reviewer.title if reviewer and reviewer.name else ""}))


@blueprint.post("/jury/<token>/accept")
@limiter.limit(HOURLY_LIMIT, key_func=get_remote_address)
def accept(token: str) -> ResponseReturnValue:
    """Join the jury, then sign in as everybody does."""
    reviewer, form = _reviewer(token), AnswerForm()
    if reviewer is None:
        return _page(None, token, form)
    if not form.validate_on_submit():
        return _page(reviewer, token, form, status=422)
    try:
        with unit_of_work():
            person = operations.accept_invitation(
                reviewer, name=form.name.data or "", locale=select_language(), at=now()
            )
            person_id, slug = person.id, reviewer.call.event.slug
    except RuleBroken:
        return _page(None, token, form)
    here, signed_in = url_for("juries.mine", slug=slug), current_person()
    if signed_in is not None and signed_in.id == person_id:
        flash(_("Vous faites partie du jury. Merci !"), "success")
        return redirect(here)
    flash(_("Vous faites partie du jury. Connectez-vous avec l’adresse qui a reçu l’invitation."), "success")
    return redirect(url_for("accounts.sign_in", next=here))


@blueprint.post("/jury/<token>/decline")
@limiter.limit(HOURLY_LIMIT, key_func=get_remote_address)
def decline(token: str) -> ResponseReturnValue:
    """Say no; the link still lets one change one's mind."""
    reviewer, form = _reviewer(token), Form()
    if reviewer is None or not form.validate_on_submit():
        return _page(reviewer, token, AnswerForm(), status=422)
    try:
        with unit_of_work():
            operations.decline_invitation(reviewer, at=now())
    except RuleBroken as broken:
        flash(told(broken), "warning")
    else:
        flash(_("C’est noté, merci de votre réponse."), "success")
    return redirect(url_for("juries.invitation", token=token))


def _reviewer(token: str) -> Reviewer | None:
    found = queries.reviewer_of_token(fingerprint(token, key=secret_key()))
    return found if found is not None and found.removed_at is None else None


def _page(reviewer: Reviewer | None, token: str, form: AnswerForm, *, status: int = 200) -> ResponseReturnValue:
    answer = make_response(
        render_template(
            "juries/invitation.html",
            reviewer=reviewer,
            event=reviewer.call.event if reviewer else None,
            token=token,
            form=form,
            at=now(),
        ),
        status if reviewer else GONE,
    )
    answer.headers["Referrer-Policy"] = "strict-origin"  # the address is a secret
    return answer
