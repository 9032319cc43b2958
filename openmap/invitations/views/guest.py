"""A guest's own page, behind a secret address: nothing happens before a button, since mail scanners open every link."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.limits import limiter
from openmap.core.web import select_language
from openmap.invitations import operations, queries
from openmap.invitations.enums import InvitationState
from openmap.invitations.forms import DeclineForm
from openmap.invitations.models import Invitation
from openmap.invitations.views.blueprint import blueprint, secret_key
from openmap.registrations.forms import Step
from openmap.registrations.views.blueprint import hold

HOURLY_LIMIT = "120 per hour"  # of one address: an office is many people behind one


@blueprint.get("/invitations/<token>")
def show(token: str) -> ResponseReturnValue:
    """The morning and two answers."""
    return _page("invitations/show.html", queries.invitation_of_token(token, key=secret_key()), token=token)


@blueprint.post("/invitations/<token>/start")
@limiter.limit(HOURLY_LIMIT, key_func=get_remote_address)
def start(token: str) -> ResponseReturnValue:
    """Open the form that the organiser's list has begun."""
    invitation = queries.invitation_of_token(token, key=secret_key())
    if invitation is None or queries.state_of(invitation) is InvitationState.REGISTERED:
        return _page("invitations/show.html", invitation, token=token)
    try:
        with unit_of_work():
            draft, browser_token = operations.start_registration(
                invitation, secret_key=secret_key(), locale=select_language(), at=now()
            )
    except RuleBroken as broken:
        flash(told(broken), "warning")
        return redirect(url_for("invitations.show", token=token))
    hold(draft, browser_token)
    slug = invitation.event.slug
    return redirect(url_for("registrations.step", slug=slug, draft_id=draft.id, step=Step.ORGANISATION))


@blueprint.route("/invitations/<token>/decline", methods=["GET", "POST"])
@limiter.limit(HOURLY_LIMIT, key_func=get_remote_address, methods=["POST"])
def decline(token: str) -> ResponseReturnValue:
    """Say no, for this morning or for good."""
    invitation = queries.invitation_of_token(token, key=secret_key())
    form = DeclineForm()
    if invitation is None or request.method != "POST":
        return _page("invitations/decline.html", invitation, token=token, form=form)
    if not form.validate_on_submit():
        return _page("invitations/decline.html", invitation, token=token, form=form, status=422)
    with unit_of_work():
        operations.decline_invitation(invitation, for_good=bool(form.for_good.data), at=now())
    flash(_("C’est noté, merci de votre réponse."), "success")
    return redirect(url_for("invitations.show", token=token))


def _page(
    template: str, invitation: Invitation | None, *, token: str, form: DeclineForm | None = None, status: int = 200
) -> ResponseReturnValue:
    answer = make_response(
        render_template(
            template,
            invitation=invitation,
            event=invitation.event if invitation else None,
            state=queries.state_of(invitation) if invitation else None,
            token=token,
            form=form,
            is_open=bool(invitation and invitation.event.registration_open(now())),
        ),
        status if invitation else 410,
    )
    answer.headers["Referrer-Policy"] = "strict-origin"  # the address is a secret
    return answer
