"""Who had better not judge which file: applicants, declared conflicts of interest, people of the same house."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.core.text import plain
from openmap.juries.applicants import own_files
from openmap.juries.enums import Obstacle
from openmap.juries.evenly import Pair
from openmap.juries.models import Assignment, Reviewer
from openmap.organisations.models import Contact, Organisation
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.registrations.models import Registration

# Mail that anybody can have; a domain that three applicants share belongs to nobody either.
_PROVIDERS = """
    aliceadsl.fr aol.com bbox.fr club-internet.fr free.fr gmail.com gmx.com gmx.fr hotmail.com hotmail.fr icloud.com
    laposte.net live.com live.fr mac.com me.com mailo.com msn.com neuf.fr numericable.fr orange.fr outlook.com
    outlook.fr proton.me protonmail.com sfr.fr tutanota.com wanadoo.fr yahoo.com yahoo.fr ymail.com
"""
COMMON_PROVIDERS = frozenset(_PROVIDERS.split())
SHARED_BY = 3


def obstacles(call: PitchCall) -> Mapping[Pair, Obstacle]:
    """The pairs (reviewer, application) that stand in the way, the gravest reason of each; four queries."""
    found = dict.fromkeys(_same_house(call), Obstacle.SAME_BODY)
    declared = (
        select(Assignment.reviewer_id, Assignment.application_id)
        .join(Assignment.reviewer)
        .where(Reviewer.call_id == call.id, Assignment.conflict_at.is_not(None))
    )
    found |= {(row[0], row[1]): Obstacle.DECLARED for row in session.execute(declared)}
    return found | dict.fromkeys(own_files(call), Obstacle.APPLICANT)


def forbids(obstacle: Obstacle | None) -> bool:
    """Whether nobody may go over it, not even an organiser who knows better."""
    return obstacle in {Obstacle.APPLICANT, Obstacle.DECLARED}


def _same_house(call: PitchCall) -> set[Pair]:
    reviewers = session.execute(
        select(Reviewer.id, Reviewer.email, Reviewer.body).where(
            Reviewer.call_id == call.id, Reviewer.removed_at.is_(None)
        )
    ).all()
    rows = session.execute(
        select(PitchApplication.id, Organisation.name, Person.email)
        .join(PitchApplication.registration)
        .join(Organisation, Organisation.id == Registration.organisation_id)
        .join(Contact, Contact.organisation_id == Organisation.id)
        .join(Contact.person)
        .where(PitchApplication.call_id == call.id)
    ).all()
    domains = _own_domains([(row[0], row[2]) for row in rows])
    names = {row[0]: plain(row[1]) for row in rows}
    return {
        (reviewer_id, application_id)
        for reviewer_id, email, body in reviewers
        for application_id, name in names.items()
        if _domain(email) in domains[application_id] or (body and plain(body) == name)
    }


def _own_domains(mailboxes: Sequence[tuple[int, str]]) -> Mapping[int, set[str]]:
    """The mail domains of each applicant that tell whose house it is."""
    applicants: dict[str, set[int]] = defaultdict(set)
    for application_id, email in mailboxes:
        applicants[_domain(email)].add(application_id)
    own: dict[int, set[str]] = defaultdict(set)
    for domain, ids in applicants.items():
        if domain not in COMMON_PROVIDERS and len(ids) < SHARED_BY:
            for application_id in ids:
                own[application_id].add(domain)
    return own


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()
