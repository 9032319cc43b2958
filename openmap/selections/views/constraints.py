"""The rules of a balanced selection, edited beside the board."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from openmap.accounts.access import the_person
from openmap.core.clock import now
from openmap.core.db import unit_of_work
from openmap.core.errors import RuleBroken
from openmap.core.forms import told
from openmap.core.web import get_or_404
from openmap.pitches.models import PitchCall
from openmap.selections import operations, queries
from openmap.selections.forms import BoundsForm, ConstraintForm
from openmap.selections.models import SelectionConstraint
from openmap.selections.views.blueprint import blueprint, board_required
from openmap.selections.views.board import done
from openmap.selections.views.page import board_page


@blueprint.post("/manage/<slug>/selection/rules/add")
@board_required
def add_rule(call: PitchCall) -> ResponseReturnValue:
    """One rule more."""
    form = ConstraintForm()
    form.offer(queries.sent_files(call))
    if not form.validate_on_submit():
        return board_page(call, constraint_form=form), 422
    try:
        with unit_of_work():
            operations.add_constraint(
                call,
                form.chosen_kind(),
                values=form.chosen_values(),
                at_least=form.at_least.data,
                at_most=form.at_most.data,
                by=the_person(),
                at=now(),
            )
    except RuleBroken as broken:
        form.show(broken)
        return board_page(call, constraint_form=form), broken.status
    return done(call, _("La règle est ajoutée. Elle vaut pour les propositions et pour la réserve."))


@blueprint.post("/manage/<slug>/selection/rules/<int:constraint_id>")
@board_required
def edit_rule(call: PitchCall, constraint_id: int) -> ResponseReturnValue:
    """Other numbers."""
    constraint = _constraint_or_404(call, constraint_id)
    form = BoundsForm()
    if not form.validate_on_submit():
        errors = [*form.at_least.errors, *form.at_most.errors]
        return board_page(call, broken=" ".join(str(each) for each in errors)), 422
    try:
        with unit_of_work():
            operations.edit_constraint(
                constraint,
                call,
                at_least=form.at_least.data,
                at_most=form.at_most.data,
                by=the_person(),
                at=now(),
            )
    except RuleBroken as broken:
        return board_page(call, broken=told(broken)), broken.status
    return done(call, _("La règle est changée."))


@blueprint.post("/manage/<slug>/selection/rules/<int:constraint_id>/remove")
@board_required
def remove_rule(call: PitchCall, constraint_id: int) -> ResponseReturnValue:
    """One rule less."""
    constraint = _constraint_or_404(call, constraint_id)
    with unit_of_work():
        operations.remove_constraint(constraint, call, by=the_person(), at=now())
    return done(call, _("La règle est retirée."))


def _constraint_or_404(call: PitchCall, constraint_id: int) -> SelectionConstraint:
    return get_or_404(next((each for each in queries.constraints_of(call) if each.id == constraint_id), None))
