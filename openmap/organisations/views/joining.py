"""The link by which a colleague becomes a contact: a page with a button, since mail scanners open every address."""

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import current_person
from openmap.accounts.queries import person_with_email
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.tokens import fingerprint
from openmap.core.web import select_language
from openmap.organisations import contacts, queries
from openmap.organisations.enums import ContactRole
from openmap.organisations.forms import JoinForm
from openmap.organisations.models import ColleagueInvitation
from openmap.organisations.views.blueprint import blueprint


@blueprint.route("/organisations/join/<token>", methods=["GET", "POST"])
def join(token: str) -> ResponseReturnValue:
    """Show who asks and for what; only the button accepts."""
    invitation = queries.colleague_invitation(fingerprint(token, key=_secret_key()), at=now())
    if invitation is None:
        return _page(None, JoinForm(), contacts.ColleagueLinkOver.status)
    known = person_with_email(invitation.email)
    form = JoinForm(data={"name": known.name if known and known.name else invitation.name})
    if request.method != "POST":
        return _page(invitation, form, 200)
    if not form.validate_on_submit():
        return _page(invitation, form, 422)
    name, organisation_id = invitation.organisation.name, queries.surviving(invitation.organisation).id
    try:
        with unit_of_work():
            contact = contacts.accept_colleague_invitation(
                token, name=form.name.data or "", locale=select_language(), secret_key=_secret_key(), at=now()
            )
    except contacts.ColleagueLinkOver as over:  # its twin was quicker
        return _page(None, form, over.status)
    here = url_for("organisations.contacts", organisation_id=organisation_id)
    person = current_person()
    if person is not None and person.id == contact.person_id:
        flash(_("Vous êtes maintenant un contact de %(body)s.", body=name), "success")
        return redirect(here)
    flash(
        _("Vous êtes maintenant un contact de %(body)s. Connectez-vous avec l’adresse qui a reçu le lien.", body=name),
        "success",
    )
    return redirect(url_for("accounts.sign_in", next=here))


def _page(invitation: ColleagueInvitation | None, form: JoinForm, status: int) -> ResponseReturnValue:
    roles = [role for role in ContactRole if invitation and role in invitation.roles]
    answer = make_response(
        render_template("organisations/join.html", invitation=invitation, form=form, roles=roles), status
    )
    answer.headers["Referrer-Policy"] = "strict-origin"  # the address is a secret
    return answer


def _secret_key() -> str:
    return str(current_app.config["SECRET_KEY"])
