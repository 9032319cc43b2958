"""Who speaks for an organisation: asking colleagues, giving roles, leaving for another body."""

from collections.abc import Collection
from datetime import datetime, timedelta

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.core.tokens import fingerprint, random_token
from openmap.organisations import emails, queries
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import ColleagueInvitation, Contact, GivenRole, Organisation
from openmap.organisations.operations import ContactDetails, find_or_add_contact
from openmap.organisations.references import Move, carry_out, counts_to, moves

LINK_LIFETIME = timedelta(days=14)
OWN_TABLES = ("contact_role",)  # goes with the contact that leaves


class AlreadyContact(Conflict):
    """This mailbox is a contact's already."""

    message = mark("%(name)s est déjà un contact de cet organisme. Modifiez ses rôles dans la liste.")
    field = "email"


class NobodyTakesOver(RuleBroken):
    """What this contact looks after would be without anybody."""

    message = mark("Choisissez la personne qui reprend ce que ce contact suivait : rien ne doit rester sans contact.")
    field = "successor"


class MainContactStays(Conflict):
    """The main contact gives the task over first."""

    message = mark("Le contact principal a tous les rôles. Désignez d’abord un autre contact principal.")


class SameOrganisation(RuleBroken):
    """Someone can't move to where they are."""

    message = mark("C’est l’organisme que cette personne quitte. Écrivez le nouveau.")
    field = "destination"


class ColleagueLinkOver(RuleBroken):
    """The link was used, withdrawn, is too old, or never existed."""

    message = mark("Ce lien n’est plus valable : il a déjà servi, il a été retiré, ou il est trop ancien.")
    status = 410


def invite_colleague(
    organisation: Organisation,
    *,
    email: str,
    name: str,
    roles: Collection[ContactRole],
    secret_key: str,
    by: Person,
    at: datetime,
) -> ColleagueInvitation:
    """Mail a link by which a colleague becomes a contact; an earlier link to the same mailbox opens nothing any more.

    Raises AlreadyContact.
    """
    lock(organisation)
    _check_is_new(organisation, email)
    for earlier in queries.open_colleague_invitations(organisation, at=at):
        if earlier.email == email.lower():
            earlier.withdrawn_at = at
    token = random_token()
    invitation = ColleagueInvitation(
        organisation=organisation,
        email=email.lower(),
        name=name,
        roles=[str(role) for role in ContactRole if role in roles],
        token_hash=fingerprint(token, key=secret_key),
        invited_by=by,
        created_at=at,
        expires_at=at + LINK_LIFETIME,
    )
    session.add(invitation)
    audit.record(by, "contact.invited", invitation, at=at, organisation=organisation.id)
    outbox.enqueue(emails.colleague_invited(invitation, token=token), at=at)
    return invitation


def withdraw_colleague_invitation(invitation: ColleagueInvitation, *, by: Person, at: datetime) -> None:
    """Close the link; one that is closed stays closed."""
    lock(invitation)
    if invitation.accepted_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = at
        audit.record(by, "contact.invitation_withdrawn", invitation, at=at, organisation=invitation.organisation_id)


def accept_colleague_invitation(token: str, *, name: str, locale: str, secret_key: str, at: datetime) -> Contact:
    """Become a contact through the mailed link, which is used up; raises ColleagueLinkOver."""
    invitation = queries.colleague_invitation(fingerprint(token, key=secret_key), at=at, locked=True)
    if invitation is None:
        raise ColleagueLinkOver
    invitation.accepted_at = at
    organisation = queries.surviving(invitation.organisation)
    details = ContactDetails(name=name, email=invitation.email, locale=locale)
    contact = find_or_add_contact(organisation, details, at=at)
    _give(contact, {role for role in ContactRole if role in invitation.roles})
    audit.record(contact.person, "contact.joined", contact, at=at, organisation=organisation.id)
    return contact


def add_contact(
    organisation: Organisation,
    details: ContactDetails,
    *,
    roles: Collection[ContactRole],
    by: Person,
    at: datetime,
) -> Contact:
    """Note a contact that an organiser knows from a call; raises AlreadyContact."""
    lock(organisation)
    _check_is_new(organisation, details.email)
    contact = find_or_add_contact(organisation, details, at=at)
    _give(contact, roles)
    audit.record(by, "contact.added", contact, at=at, organisation=organisation.id)
    return contact


def vouch_for(contact: Contact) -> None:
    """Let the only contact of an organisation speak for it, once an organiser let them in; others wait to be named."""
    organisation = lock(contact.organisation)
    present = [one for one in queries.contacts_of(organisation) if one.left_at is None]
    if present == [contact]:
        contact.is_main = True


def give_roles(contact: Contact, roles: Collection[ContactRole], *, by: Person, at: datetime) -> None:
    """Say what a contact may do for the whole organisation; raises MainContactStays."""
    lock(contact)
    if contact.is_main:
        raise MainContactStays
    if contact.roles != frozenset(roles):
        _give(contact, roles)
        audit.record(
            by, "contact.roles_given", contact, at=at, organisation=contact.organisation_id, roles=sorted(roles)
        )


def make_main(contact: Contact, *, by: Person, at: datetime) -> None:
    """Let `contact` speak for the organisation; the one who did keeps every role."""
    organisation = lock(contact.organisation)
    former = queries.main_contact(organisation)
    if former is not None and former.id != contact.id:
        former.is_main = False
        _give(former, list(ContactRole))
        session.flush()  # one main contact at a time
    if former is None or former.id != contact.id:
        contact.is_main = True
        _give(contact, ())
        audit.record(by, "contact.made_main", contact, at=at, organisation=organisation.id)


def followed_count(contact: Contact) -> int:
    """How many things name this contact: registrations first of all."""
    return counts_to(Contact.metadata.tables["contact"], [contact.id], without=OWN_TABLES)[contact.id].total()


def leave_organisation(
    contact: Contact, *, successor: Contact | None, to: Organisation | None = None, by: Person, at: datetime
) -> Contact | None:
    """End a contact's part in an organisation once `successor` has what they looked after; join `to`, if named.

    What the old body knows is closed to them from now on. Raises MainContactStays, NobodyTakesOver, SameOrganisation.
    """
    organisation = lock(contact.organisation)
    lock(contact)
    if to is not None and to.id == organisation.id:
        raise SameOrganisation
    others = [one for one in queries.contacts_of(organisation) if one.left_at is None and one.id != contact.id]
    if contact.is_main and others:
        raise MainContactStays
    if successor is None and followed_count(contact):
        raise NobodyTakesOver
    handed = _hand_over(contact, successor) if successor else {}
    contact.is_main, contact.left_at = False, at
    _give(contact, ())
    new = _join(contact, to, at=at) if to else None
    audit.record(
        by,
        "contact.moved" if to else "contact.left",
        contact,
        at=at,
        organisation=organisation.id,
        successor=successor.id if successor else None,
        to=to.id if to else None,
        handed=handed,
    )
    return new


def _hand_over(contact: Contact, successor: Contact) -> dict[str, list[int]]:
    steps = list(moves(Contact.metadata.tables["contact"], contact.id, successor.id, without=OWN_TABLES))
    carry_out(steps)
    return {step.table.name: list(step.ids) for step in steps if isinstance(step, Move)}


def _join(contact: Contact, to: Organisation, *, at: datetime) -> Contact:
    person = contact.person
    return find_or_add_contact(to, ContactDetails(person.name, person.email, phone=contact.phone), at=at)


def _give(contact: Contact, roles: Collection[ContactRole]) -> None:
    known = {given.role: given for given in contact.given_roles}
    contact.given_roles = [known.get(role) or GivenRole(role=role) for role in ContactRole if role in roles]
    session.flush()


def _check_is_new(organisation: Organisation, email: str) -> None:
    for contact in queries.contacts_of(organisation):
        if contact.left_at is None and contact.person.email == email.lower() and contact.roles:
            raise AlreadyContact(name=contact.person.display_name)
