"""A structure answers: to another one that proposes to come along, and to a desk that invites it."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.web import get_or_404
from openmap.meeting_requests import groups, invitations, queries
from openmap.meeting_requests.forms import JoinForm
from openmap.meeting_requests.views.blueprint import blueprint, structure_or_404
from openmap.registrations.models import Registration


@blueprint.post("/requests/<ref>/groups/<int:member_id>")
@person_required
def join(slug: str, ref: str, member_id: int) -> ResponseReturnValue:
    """Come along, or not."""
    structure = structure_or_404(slug, ref)
    member = get_or_404(queries.membership_of(structure, member_id))
    form = JoinForm()
    if not form.validate_on_submit():
        return redirect(_back(structure))
    comes = form.answer.data == "accept"
    answered = groups.accept_membership if comes else groups.leave_group
    try:
        with unit_of_work():
            answered(member, by=the_person(), at=now())
    except RuleBroken as broken:
        flash(told(broken), "warning")
        return redirect(_back(structure))
    flash(_("C’est noté : vous venez.") if comes else _("C’est noté : vous ne venez pas."), "success")
    return redirect(_back(structure))


@blueprint.post("/requests/<ref>/<int:request_id>/without")
@person_required
def go_without(slug: str, ref: str, request_id: int) -> ResponseReturnValue:
    """Send a proposed request with those who have accepted."""
    structure = structure_or_404(slug, ref)
    wish = get_or_404(queries.request_of(structure, request_id))
    try:
        with unit_of_work():
            groups.go_on_without(wish, by=the_person(), at=now())
    except RuleBroken as broken:
        flash(told(broken), "warning")
    else:
        flash(_("La demande est envoyée."), "success")
    return redirect(_back(structure))


@blueprint.post("/requests/<ref>/invitations/<int:invitation_id>")
@person_required
def answer_invitation(slug: str, ref: str, invitation_id: int) -> ResponseReturnValue:
    """Say yes or no to a desk."""
    structure = structure_or_404(slug, ref)
    invitation = get_or_404(queries.invitation_to(structure, invitation_id))
    form = JoinForm()
    if not form.validate_on_submit():
        return redirect(_back(structure))
    comes = form.answer.data == "accept"
    desk = invitation.desk.title
    try:
        with unit_of_work():
            if comes:
                invitations.accept_invitation(invitation, by=the_person(), at=now())
            else:
                invitations.decline_invitation(invitation, by=the_person(), at=now())
    except RuleBroken as broken:
        flash(told(broken), "warning")
        return redirect(_back(structure))
    if comes:
        flash(_("%(desk)s est dans votre liste, comme souhaité par l’acheteur.", desk=desk), "success")
    else:
        flash(_("Votre réponse est partie à %(desk)s.", desk=desk), "success")
    return redirect(_back(structure))


def _back(structure: Registration) -> str:
    return url_for("meeting_requests.choose", slug=structure.event.slug, ref=structure.ref, _anchor="ma-liste")
