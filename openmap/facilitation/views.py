"""« Mes structures » for a facilitator, « Qui agit pour nous » for a structure."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import person_required, the_person
from openmap.core import receipts
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.web import get_or_404
from openmap.facilitation import operations, queries
from openmap.facilitation.forms import AskForm, LetActForm
from openmap.organisations.access import own_organisation_or_404
from openmap.organisations.delegating import Delegation, delegations_of, find_delegation
from openmap.organisations.enums import ContactRole, OrganisationKind, PartnerKind
from openmap.organisations.models import Organisation

blueprint = Blueprint("facilitation", __name__, url_prefix="/organisations/<int:organisation_id>/delegations")


@blueprint.get("")
@person_required
def index(organisation_id: int) -> ResponseReturnValue:
    """The structures a facilitator acts for, or the facilitators that act for a structure."""
    own = _body_or_404(organisation_id)
    return _page(own, _form(own))


@blueprint.post("/new")
@person_required
def ask(organisation_id: int) -> ResponseReturnValue:
    """Let a facilitator act, or ask a structure."""
    own = _body_or_404(organisation_id)
    form = _form(own)
    if first := receipts.first_answer(form.receipt):
        return redirect(first)
    if not form.validate_on_submit():
        return _page(own, form), 422
    other = _other(form)
    if other is None:
        form.other.errors = [
            _("Aucune structure de ce SIRET n’est connue ici : elle doit d’abord s’inscrire une fois.")
        ]
        return _page(own, form), 422
    answer = url_for("facilitation.index", organisation_id=own.id)
    is_structure = own.kind is OrganisationKind.STRUCTURE
    structure, facilitator = (own, other) if is_structure else (other, own)
    try:
        with unit_of_work():
            operations.ask_delegation(
                structure,
                facilitator,
                is_from_structure=is_structure,
                ends_on=form.ends_on.data,
                by=the_person(),
                at=now(),
            )
            receipts.keep_answer(form.receipt, answer, at=now())
    except RuleBroken as broken:
        form.show(broken)
        return _page(own, form), broken.status
    flash(_("C’est noté, et %(name)s est prévenu.", name=other.name), "success")
    return redirect(answer)


@blueprint.post("/<int:delegation_id>/accept")
@person_required
def accept(organisation_id: int, delegation_id: int) -> ResponseReturnValue:
    """A structure lets the facilitator that asked act."""
    own, delegation = _delegation_or_404(organisation_id, delegation_id)
    if delegation.structure_id != own.id:
        abort(404)
    with unit_of_work():
        operations.accept_delegation(delegation, by=the_person(), at=now())
    flash(_("%(name)s peut maintenant agir pour vous.", name=delegation.facilitator.name), "success")
    return redirect(url_for("facilitation.index", organisation_id=own.id))


@blueprint.post("/<int:delegation_id>/end")
@person_required
def end(organisation_id: int, delegation_id: int) -> ResponseReturnValue:
    """Either ends it."""
    own, delegation = _delegation_or_404(organisation_id, delegation_id)
    with unit_of_work():
        operations.end_delegation(delegation, by=the_person(), at=now())
    flash(_("C’est terminé : plus personne n’agit à ce titre."), "success")
    return redirect(url_for("facilitation.index", organisation_id=own.id))


def _body_or_404(organisation_id: int) -> Organisation:
    own = own_organisation_or_404(organisation_id, ContactRole.MEETINGS)
    if own.kind is not OrganisationKind.STRUCTURE and own.partner_kind is not PartnerKind.FACILITATOR:
        abort(404)
    return own


def _delegation_or_404(organisation_id: int, delegation_id: int) -> tuple[Organisation, Delegation]:
    own = _body_or_404(organisation_id)
    return own, get_or_404(find_delegation(own, delegation_id))


def _form(own: Organisation) -> LetActForm | AskForm:
    if own.kind is OrganisationKind.STRUCTURE:
        return LetActForm().offer(list(queries.facilitators()))
    return AskForm()


def _other(form: LetActForm | AskForm) -> Organisation | None:
    if isinstance(form, AskForm):
        return queries.structure_with_siret(form.other.data or "")
    return next((each for each in queries.facilitators() if each.id == form.other.data), None)


def _page(own: Organisation, form: LetActForm | AskForm) -> str:
    if own.kind is OrganisationKind.STRUCTURE:
        found = delegations_of(own)
        return render_template("facilitation/let_act.html", organisation=own, form=form, delegations=found)
    return render_template(
        "facilitation/index.html",
        organisation=own,
        form=form,
        looked_after=queries.looked_after(own, at=now()),
        events=queries.coming_events(at=now()),
        at=now(),
    )
