"""An organisation's own people say who speaks for it; organisers do so on their behalf, on record."""

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404, select_language
from openmap.organisations import contacts as operations
from openmap.organisations import queries
from openmap.organisations.access import own_organisation_or_404, own_to_manage_or_404, speaks_for
from openmap.organisations.enums import ContactRole
from openmap.organisations.forms import ColleagueForm, LeaveForm, RolesForm, many
from openmap.organisations.models import Contact, Organisation
from openmap.organisations.operations import ContactDetails
from openmap.organisations.views.blueprint import blueprint


@blueprint.get("/organisations/<int:organisation_id>/contacts")
@person_required
def contacts(organisation_id: int) -> ResponseReturnValue:
    """Who speaks for the organisation, and who did."""
    organisation = own_organisation_or_404(organisation_id)
    found = queries.contacts_of(organisation)
    return render_template(
        "organisations/contacts.html",
        organisation=organisation,
        present=[contact for contact in found if contact.left_at is None],
        former=[contact for contact in found if contact.left_at is not None],
        invitations=queries.open_colleague_invitations(organisation, at=now()),
        may_manage=speaks_for(organisation),
        person=the_person(),
        roles=list(ContactRole),
    )


@blueprint.route("/organisations/<int:organisation_id>/contacts/invite", methods=["GET", "POST"])
@person_required
def invite(organisation_id: int) -> ResponseReturnValue:
    """Ask a colleague by mail; an organiser may also note one at once."""
    organisation = own_to_manage_or_404(organisation_id)
    form = ColleagueForm()
    if not the_person().is_organiser:
        del form.at_once
        del form.phone
    if request.method != "POST":
        return _invite_page(organisation, form)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _invite_page(organisation, form), 422
    answer = _path(organisation)
    try:
        with unit_of_work():
            _ask(organisation, form)
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        if first := receipts.first_answer(form.receipt):  # its twin was quicker
            return redirect(first)
        form.show(broken)
        return _invite_page(organisation, form), broken.status
    email = form.email.data or ""
    if "at_once" in form and form.at_once.data:
        flash(_("%(email)s est maintenant un contact.", email=email), "success")
    else:
        flash(_("Une invitation part à %(email)s. Le lien est valable deux semaines.", email=email), "success")
    return redirect(answer)


def _ask(organisation: Organisation, form: ColleagueForm) -> None:
    email, name, roles = form.email.data or "", form.name.data or "", form.chosen_roles()
    if "at_once" in form and form.at_once.data:
        details = ContactDetails(name, email, phone=form.phone.data or "", locale=select_language())
        operations.add_contact(organisation, details, roles=roles, by=the_person(), at=now())
        return
    operations.invite_colleague(
        organisation, email=email, name=name, roles=roles, secret_key=_secret_key(), by=the_person(), at=now()
    )


@blueprint.post("/organisations/<int:organisation_id>/contacts/invitations/<int:invitation_id>/withdraw")
@person_required
def withdraw_invitation(organisation_id: int, invitation_id: int) -> ResponseReturnValue:
    """Close the link that a colleague was sent."""
    organisation = own_to_manage_or_404(organisation_id)
    found = queries.open_colleague_invitations(organisation, at=now())
    invitation = get_or_404(next((one for one in found if one.id == invitation_id), None))
    with unit_of_work():
        operations.withdraw_colleague_invitation(invitation, by=the_person(), at=now())
    flash(_("L’invitation est retirée : son lien n’ouvre plus rien."), "success")
    return redirect(_path(organisation))


@blueprint.route("/organisations/<int:organisation_id>/contacts/<int:contact_id>", methods=["GET", "POST"])
@person_required
def edit(organisation_id: int, contact_id: int) -> ResponseReturnValue:
    """Change what a contact may do."""
    organisation = own_to_manage_or_404(organisation_id)
    contact = get_or_404(queries.find_contact(organisation, contact_id))
    form = RolesForm(data={"roles": [str(role) for role in contact.roles]})
    if request.method != "POST":
        return _edit_page(contact, form)
    if not form.validate_on_submit():
        return _edit_page(contact, form), 422
    try:
        with unit_of_work():
            operations.give_roles(contact, form.chosen_roles(), by=the_person(), at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _edit_page(contact, form), broken.status
    flash(_("Les rôles de %(name)s sont enregistrés.", name=contact.person.display_name), "success")
    return redirect(_path(organisation))


@blueprint.post("/organisations/<int:organisation_id>/contacts/<int:contact_id>/main")
@person_required
def make_main(organisation_id: int, contact_id: int) -> ResponseReturnValue:
    """Let another contact speak for the whole organisation."""
    organisation = own_to_manage_or_404(organisation_id)
    contact = get_or_404(queries.find_contact(organisation, contact_id))
    with unit_of_work():
        operations.make_main(contact, by=the_person(), at=now())
    flash(_("%(name)s est maintenant le contact principal.", name=contact.person.display_name), "success")
    return redirect(_path(organisation))


@blueprint.route("/organisations/<int:organisation_id>/contacts/<int:contact_id>/leave", methods=["GET", "POST"])
@person_required
def leave(organisation_id: int, contact_id: int) -> ResponseReturnValue:
    """A contact leaves, or moves to another body; someone takes over first."""
    organisation = own_organisation_or_404(organisation_id)
    contact = get_or_404(queries.find_contact(organisation, contact_id))
    if contact.person_id != the_person().id and not speaks_for(organisation):
        abort(404)
    others = many(queries.contacts_of(organisation), without=contact)
    form = LeaveForm(others, by_organiser=the_person().is_organiser)
    if request.method != "POST":
        return _leave_page(contact, form)
    if not form.validate_on_submit():
        return _leave_page(contact, form), 422
    name, is_oneself = contact.person.display_name, contact.person_id == the_person().id
    try:
        with unit_of_work():
            operations.leave_organisation(
                contact, successor=form.chosen_successor(), to=form.found, by=the_person(), at=now()
            )
    except RuleBroken as broken:
        form.show(broken)
        return _leave_page(contact, form), broken.status
    flash(_("%(name)s n’est plus un contact de %(body)s.", name=name, body=organisation.name), "success")
    home = "my_space.show" if is_oneself and not the_person().is_organiser else None
    return redirect(url_for(home) if home else _path(organisation))


def _invite_page(organisation: Organisation, form: ColleagueForm) -> str:
    return render_template("organisations/invite.html", organisation=organisation, form=form)


def _edit_page(contact: Contact, form: RolesForm) -> str:
    return render_template("organisations/contact.html", contact=contact, organisation=contact.organisation, form=form)


def _leave_page(contact: Contact, form: LeaveForm) -> str:
    return render_template(
        "organisations/leave.html",
        contact=contact,
        organisation=contact.organisation,
        form=form,
        followed=operations.followed_count(contact),
        is_oneself=contact.person_id == the_person().id,
    )


def _path(organisation: Organisation) -> str:
    return url_for("organisations.contacts", organisation_id=organisation.id)


def _secret_key() -> str:
    return str(current_app.config["SECRET_KEY"])
