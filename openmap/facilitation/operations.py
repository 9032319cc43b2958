"""Ask to act for a structure, or let a facilitator act; accept; end it, at once and by either."""

from datetime import date, datetime

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.text import mark
from openmap.facilitation import emails
from openmap.organisations.delegating import Delegation
from openmap.organisations.enums import OrganisationKind, PartnerKind
from openmap.organisations.models import Contact, Organisation
from openmap.organisations.queries import main_contact


class NotAFacilitator(RuleBroken):
    """Only facilitators of social clauses act for others."""

    message = mark("Seul un facilitateur des clauses sociales peut agir pour une structure.")
    field = "other"


class AlreadyDelegated(RuleBroken):
    """It is so already, or asked."""

    message = mark("C’est déjà le cas, ou déjà demandé.")
    field = "other"


class LastDayPast(RuleBroken):
    """The last day must be to come."""

    message = mark("Le dernier jour doit être à venir.")
    field = "ends_on"


def ask_delegation(
    structure: Organisation,
    facilitator: Organisation,
    *,
    is_from_structure: bool,
    ends_on: date | None,
    by: Person,
    at: datetime,
) -> Delegation:
    """Note that one of the two asks; a structure that asks lets the facilitator act at once.

    Raises NotAFacilitator, AlreadyDelegated, LastDayPast.
    """
    lock(structure)
    if structure.kind is not OrganisationKind.STRUCTURE or facilitator.partner_kind is not PartnerKind.FACILITATOR:
        raise NotAFacilitator
    if ends_on is not None and ends_on < at.date():
        raise LastDayPast
    same = select(Delegation).filter_by(structure_id=structure.id, facilitator_id=facilitator.id, ended_at=None)
    if session.scalars(same).first():
        raise AlreadyDelegated
    delegation = Delegation(
        structure_id=structure.id,
        facilitator_id=facilitator.id,
        asked_by_id=by.id,
        asked_at=at,
        is_from_structure=is_from_structure,
        ends_on=ends_on,
        accepted_by_id=by.id if is_from_structure else None,
        accepted_at=at if is_from_structure else None,
    )
    session.add(delegation)
    audit.record(
        by, "delegation.given" if is_from_structure else "delegation.asked", delegation, at=at, **_facts(delegation)
    )
    _tell(delegation, facilitator if is_from_structure else structure, "given" if is_from_structure else "asked", at=at)
    return delegation


def accept_delegation(delegation: Delegation, *, by: Person, at: datetime) -> None:
    """Let the facilitator that asked act from now on; twice is once."""
    lock(delegation)
    if delegation.accepted_at or delegation.ended_at:
        return
    delegation.accepted_by_id, delegation.accepted_at = by.id, at
    audit.record(by, "delegation.given", delegation, at=at, **_facts(delegation))
    _tell(delegation, delegation.facilitator, "given", at=at)


def end_delegation(delegation: Delegation, *, by: Person | None, at: datetime) -> None:
    """The facilitator may act no more; both are told; twice is once."""
    lock(delegation)
    if delegation.ended_at:
        return
    delegation.ended_by_id, delegation.ended_at = by.id if by else None, at
    audit.record(by, "delegation.ended", delegation, at=at, **_facts(delegation))
    for body in (delegation.structure, delegation.facilitator):
        _tell(delegation, body, "ended", at=at)


def _facts(delegation: Delegation) -> dict[str, int]:
    return {"structure": delegation.structure_id, "facilitator": delegation.facilitator_id}


def _tell(delegation: Delegation, body: Organisation, what: str, *, at: datetime) -> None:
    session.flush()
    contact: Contact | None = main_contact(body) or next(iter(body.contacts), None)
    if contact is not None and contact.left_at is None:
        outbox.enqueue(emails.delegation_told(delegation, contact.person, body=body, what=what), at=at)
