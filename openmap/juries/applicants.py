"""Who is too near to a file to judge it: the people of the structure, and those it lets act for it."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.juries.models import Reviewer
from openmap.organisations.delegating import Delegation
from openmap.organisations.models import Contact, Organisation
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.registrations.models import Registration

Pair = tuple[int, int]


def own_files(call: PitchCall, *, reviewer: Reviewer | None = None) -> AbstractSet[Pair]:
    """The pairs (reviewer, application) of `call` in which the reviewer speaks for the applicant, as things are now.

    A contact of the structure does, whatever their roles, and so does a contact of a facilitator it lets act.
    """
    rows = _own(call)
    if reviewer is not None:
        rows = rows.where(Reviewer.id == reviewer.id)
    return {(reviewer_id, application_id) for reviewer_id, application_id in session.execute(rows)}


def _own(call: PitchCall) -> Select[int, int]:
    contact, delegation = aliased(Contact), aliased(Delegation)
    acts_for = and_(
        delegation.structure_id == Registration.organisation_id,
        delegation.accepted_at.is_not(None),
        delegation.ended_at.is_(None),
    )
    its_people = or_(
        contact.organisation_id == Registration.organisation_id, contact.organisation_id == delegation.facilitator_id
    )
    return (
        select(Reviewer.id, PitchApplication.id)
        .select_from(PitchApplication)
        .join(Registration, Registration.id == PitchApplication.registration_id)
        .outerjoin(delegation, acts_for)
        .join(contact, and_(its_people, contact.left_at.is_(None)))
        .join(Reviewer, and_(Reviewer.call_id == PitchApplication.call_id, Reviewer.person_id == contact.person_id))
        .where(PitchApplication.call_id == call.id)
        .distinct()
    )


def mailboxes_of_applicants(call: PitchCall, emails: Collection[str]) -> Mapping[str, str]:
    """Which of these mailboxes belong to people of a structure that sent a file, with its name."""
    rows = (
        select(Person.email, Organisation.name)
        .join(Contact, and_(Contact.person_id == Person.id, Contact.left_at.is_(None)))
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .join(Registration, Registration.organisation_id == Organisation.id)
        .join(PitchApplication, PitchApplication.registration_id == Registration.id)
        .where(PitchApplication.call_id == call.id, Person.email.in_(emails))
        .order_by(Person.email)
    )
    return dict(session.execute(rows).tuples().all())


def is_own_file(reviewer: Reviewer, application: PitchApplication) -> bool:
    """Whether `reviewer` speaks for the structure that sent `application`."""
    return (reviewer.id, application.id) in own_files(application.call, reviewer=reviewer)
