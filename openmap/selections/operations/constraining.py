"""The constraints of a balanced selection; they bind proposals and promotions, an organiser decides beside them."""

from collections.abc import Sequence
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.pitches.models import PitchCall
from openmap.selections.enums import BalanceKind
from openmap.selections.models import SelectionConstraint
from openmap.selections.queries import constraints_of
from openmap.selections.refusals import BoundsCrossed, ConstraintSaysNothing, TooManyConstraints

MOST_CONSTRAINTS = 20


def add_constraint(
    call: PitchCall,
    kind: BalanceKind,
    *,
    values: Sequence[str],
    at_least: int | None,
    at_most: int | None,
    by: Person | None,
    at: datetime,
) -> SelectionConstraint:
    """Ask for at least or at most so many files with one of `values`, or with each value on its own.

    Raises ConstraintSaysNothing, BoundsCrossed, TooManyConstraints.
    """
    lock(call)
    _check_bounds(at_least, at_most)
    known = constraints_of(call)
    if len(known) >= MOST_CONSTRAINTS:
        raise TooManyConstraints(most=MOST_CONSTRAINTS)
    constraint = SelectionConstraint(
        call_id=call.id,
        kind=kind,
        values=sorted(set(values)) if kind is not BalanceKind.FIRST_TIME else [],
        at_least=at_least,
        at_most=at_most,
        position=max((each.position for each in known), default=0) + 1,
    )
    session.add(constraint)
    _record(by, "added", constraint, call, at)
    return constraint


def edit_constraint(
    constraint: SelectionConstraint,
    call: PitchCall,
    *,
    at_least: int | None,
    at_most: int | None,
    by: Person | None,
    at: datetime,
) -> None:
    """Ask for other numbers. Raises RowGone, ConstraintSaysNothing, BoundsCrossed."""
    lock(constraint)
    _check_bounds(at_least, at_most)
    if (constraint.at_least, constraint.at_most) == (at_least, at_most):
        return
    constraint.at_least, constraint.at_most = at_least, at_most
    _record(by, "edited", constraint, call, at)


def remove_constraint(constraint: SelectionConstraint, call: PitchCall, *, by: Person | None, at: datetime) -> None:
    """Ask for it no more. Raises RowGone."""
    lock(constraint)
    _record(by, "removed", constraint, call, at)
    session.delete(constraint)


def _check_bounds(at_least: int | None, at_most: int | None) -> None:
    if at_least is None and at_most is None:
        raise ConstraintSaysNothing
    if at_least is not None and at_most is not None and at_least > at_most:
        raise BoundsCrossed


def _record(by: Person | None, what: str, constraint: SelectionConstraint, call: PitchCall, at: datetime) -> None:
    audit.record(
        by,
        f"selection_rule.{what}",
        constraint,
        at=at,
        event_id=call.event_id,
        kind=str(constraint.kind),
        values=constraint.values,
        at_least=constraint.at_least,
        at_most=constraint.at_most,
    )
