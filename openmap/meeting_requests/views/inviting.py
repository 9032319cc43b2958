"""A desk invites structures that did not ask for it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.text import clean_text
from openmap.core.web import get_or_404
from openmap.meeting_requests import invitations, queries
from openmap.meeting_requests.filters import folded, page_of
from openmap.meeting_requests.forms import DEPARTEMENTS, InvitationForm
from openmap.meeting_requests.offers import structures_of
from openmap.meeting_requests.rules import rules_of
from openmap.meeting_requests.views.blueprint import blueprint
from openmap.registrations.access import is_on_behalf, participant_or_404
from openmap.registrations.models import Desk, Registration
from openmap.registrations.queries import find_registration


@blueprint.get("/desks/<ref>/invitations")
@person_required
def invite(slug: str, ref: str) -> ResponseReturnValue:
    """Whom the desk invites, and the structures it may still invite."""
    return _page(_desk_or_404(slug, ref))


@blueprint.post("/desks/<ref>/invitations")
@person_required
def send_invitation(slug: str, ref: str) -> ResponseReturnValue:
    """Invite one structure; the same rendered form sent twice invites once."""
    desk = _desk_or_404(slug, ref)
    form = InvitationForm()
    key = form.receipt
    if first := receipts.first_answer(key):
        return redirect(first)
    if not form.validate_on_submit():
        return _page(desk, failed=form), 422
    structure = get_or_404(find_registration(desk.registration.event, clean_text(form.structure.data or "")))
    title, location = structure.title, url_for("meeting_requests.invite", slug=slug, ref=ref)
    try:
        with unit_of_work():
            message = form.motive.data or ""
            invitations.invite_structure(desk, structure=structure, message=message, by=the_person(), at=now())
            receipts.keep_answer(key, location, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(key):
            return redirect(first)
        form.show(broken)
        return _page(desk, failed=form), broken.status
    flash(_("%(structure)s est invitée. Sa réponse viendra par courriel.", structure=title), "success")
    return redirect(location)


@blueprint.post("/desks/<ref>/invitations/<int:invitation_id>/withdraw")
@person_required
def withdraw_invitation(slug: str, ref: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    desk = _desk_or_404(slug, ref)
    invitation = get_or_404(queries.invitation_by(desk, invitation_id))
    try:
        with unit_of_work():
            invitations.withdraw_invitation(invitation, by=the_person(), at=now())
    except RuleBroken as broken:
        flash(told(broken), "warning")
    else:
        flash(_("L’invitation est retirée."), "success")
    return redirect(url_for("meeting_requests.invite", slug=slug, ref=ref))


def _desk_or_404(slug: str, ref: str) -> Desk:
    return get_or_404(participant_or_404(slug, ref).desk)


def _page(desk: Desk, *, failed: InvitationForm | None = None) -> str:
    event = desk.registration.event
    sent = queries.invitations_by(desk)
    known = {each.registration_id for each in sent} | {each.requester_id for each in queries.requests_for(desk)}
    words = folded(request.args.get("q", "")[:100])
    found = [each for each in structures_of(event) if each.id not in known and _holds(each, words)]
    limit = rules_of(event).settings.invitation_limit
    return render_template(
        "meeting_requests/invite.html",
        desk=desk,
        event=event,
        invitations=sent,
        page=page_of(found, request.args.get("page", 1, type=int)),
        words=request.args.get("q", "")[:100],
        form=InvitationForm(formdata=None),
        failed=failed,
        limit=limit,
        may_invite=event.requests_open(now()) and len(sent) < limit,
        departements=DEPARTEMENTS,
        on_behalf=is_on_behalf(desk.registration),
        at=now(),
    )


def _holds(structure: Registration, words: str) -> bool:
    text = folded(f"{structure.title} {structure.offer} {structure.sector.label}")
    return all(word in text for word in words.split())
