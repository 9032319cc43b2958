"""Who sits where: the services of a buyer."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404
from openmap.organisations.models import Organisation
from openmap.profiles import queries
from openmap.profiles.enums import Part
from openmap.profiles.forms import DeskForm
from openmap.profiles.models import ProfileDesk
from openmap.profiles.operations import remove_desk, save_desk
from openmap.profiles.views.blueprint import blueprint, organisation_or_404, profile_path


@blueprint.route("/desks/add", methods=["GET", "POST"])
@person_required
def add_desk(organisation_id: int) -> ResponseReturnValue:
    """One more service."""
    return _edit(organisation_or_404(organisation_id, Part.DESKS), None)


@blueprint.route("/desks/<int:desk_id>", methods=["GET", "POST"])
@person_required
def edit_desk(organisation_id: int, desk_id: int) -> ResponseReturnValue:
    """A service, what it buys, who sits there."""
    organisation = organisation_or_404(organisation_id, Part.DESKS)
    return _edit(organisation, _desk_or_404(organisation, desk_id))


@blueprint.post("/desks/<int:desk_id>/remove")
@person_required
def drop_desk(organisation_id: int, desk_id: int) -> ResponseReturnValue:
    """Take a service off the profile."""
    organisation = organisation_or_404(organisation_id, Part.DESKS)
    desk = _desk_or_404(organisation, desk_id)
    name = desk.name
    with unit_of_work():
        remove_desk(desk, by=the_person(), at=now())
    flash(_("« %(name)s » n’est plus sur votre fiche.", name=name), "success")
    return redirect(profile_path(organisation, Part.DESKS))


def _desk_or_404(organisation: Organisation, desk_id: int) -> ProfileDesk:
    profile = get_or_404(queries.profile_of(organisation))
    return get_or_404(queries.find_desk(profile, desk_id))


def _edit(organisation: Organisation, desk: ProfileDesk | None) -> ResponseReturnValue:
    form = DeskForm.showing(desk, queries.current_contacts(organisation))
    page = {"organisation": organisation, "form": form, "desk": desk}
    if request.method != "POST":
        return render_template("profiles/desk.html", **page)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return render_template("profiles/desk.html", **page), 422
    answer = profile_path(organisation, Part.DESKS)
    try:
        with unit_of_work():
            save_desk(
                organisation,
                desk.id if desk else None,
                name=form.name.data or "",
                about=form.about.data or "",
                sectors=form.sectors.chosen,
                contact_ids=form.people.data or (),
                by=the_person(),
                at=now(),
            )
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return render_template("profiles/desk.html", **page), broken.status
    flash(_("La délégation est enregistrée."), "success")
    return redirect(answer)
