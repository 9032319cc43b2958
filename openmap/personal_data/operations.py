"""Correct one's name, phone and address; be forgotten, at once or after the mornings that still count on one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Table, delete, func, select, update

from openmap.accounts.models import LoginSession, Person
from openmap.accounts.queries import person_with_email
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.files import StoredFile
from openmap.core.models import Base
from openmap.core.outbox import MailState, OutboxMail
from openmap.core.text import mark
from openmap.core.tokens import fingerprint, random_token
from openmap.organisations.contacts import leave_organisation, make_main
from openmap.organisations.models import Contact
from openmap.organisations.queries import contacts_of
from openmap.personal_data import emails, queries
from openmap.personal_data.inventory import OnErasure
from openmap.personal_data.mentions import forget_mentions, forget_own_bodies
from openmap.personal_data.models import Erasure, MailChange
from openmap.personal_data.queries import Holding
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from openmap.registrations.operations.deciding import cancel_registration
from openmap.registrations.queries import end_of

LINK_LIFETIME = timedelta(hours=24)
LEAVING = (RegistrationState.PENDING, RegistrationState.WAITING, RegistrationState.APPROVED)


class AddressTaken(RuleBroken):
    """Someone else signs in with it."""

    message = mark("Cette adresse sert déjà à un autre compte.")
    field = "email"


class LinkNoLongerValid(RuleBroken):
    """The link was used, is too old, or never existed."""

    message = mark("Ce lien n’est plus valable : il a déjà servi, ou il est trop ancien. Demandez-en un nouveau.")
    status = 410


class LastOrganiser(RuleBroken):
    """Nobody could organise any more."""

    message = mark("Vous êtes seul à organiser : nommez d’abord quelqu’un d’autre.")


def correct_details(person: Person, *, name: str, phone: str, locale: str, by: Person, at: datetime) -> None:
    """Change the name, the language of mails, and the phone number given for every body one speaks for."""
    person.name, person.locale = name, locale
    for contact in session.scalars(select(Contact).filter_by(person_id=person.id, left_at=None)):
        contact.phone = phone
    audit.record(by, "person.corrected", person, at=at)


def ask_mail_change(person: Person, *, email: str, secret_key: str, at: datetime) -> None:
    """Mail a link to the new address and a word to the present one; raises AddressTaken."""
    if person_with_email(email):
        raise AddressTaken
    token = random_token()
    change = MailChange(
        person_id=person.id,
        email=email.lower(),
        link_hash=fingerprint(token, key=secret_key),
        created_at=at,
        expires_at=at + LINK_LIFETIME,
    )
    session.add(change)
    session.flush()
    outbox.enqueue(emails.confirm_address(change, person, token=token), at=at)
    outbox.enqueue(emails.address_changing(change, person), at=at)
    audit.record(person, "person.asked_address", person, at=at)


def change_address(token: str, *, secret_key: str, at: datetime) -> Person:
    """Sign in with the new address from now on; raises LinkNoLongerValid, AddressTaken."""
    change = queries.mail_change(fingerprint(token, key=secret_key), at=at)
    if change is None:
        raise LinkNoLongerValid
    if person_with_email(change.email):
        raise AddressTaken
    change.used_at = at
    change.person.email = change.email
    audit.record(change.person, "person.changed_address", change.person, at=at)
    return change.person


def coming_registrations(person: Person, *, at: datetime) -> Sequence[Registration]:
    """The registrations that name this person and whose morning is still to come."""
    rows = (
        select(Registration)
        .join(Registration.contact)
        .where(Contact.person_id == person.id, Registration.state.in_(LEAVING))
        .order_by(Registration.id)
    )
    mine = session.scalars(rows).unique()
    return [each for each in mine if each.event.held_on >= at.astimezone(each.event.zone).date()]


def ask_erasure(person: Person, *, after_mornings: bool, at: datetime) -> Erasure:
    """Note that a person wants to be forgotten: now, or the day after the last morning that counts on them.

    Asking again changes the day. Raises LastOrganiser.
    """
    _check_someone_organises_after(person)
    coming = coming_registrations(person, at=at) if after_mornings else ()
    due_at = max((end_of(each.event) for each in coming), default=at)
    erasure = queries.erasure_of(person)
    if erasure is None:
        erasure = Erasure(person_id=person.id, asked_at=at, due_at=due_at)
        session.add(erasure)
    erasure.due_at = due_at
    audit.record(person, "person.asked_erasure", person, at=at)
    return erasure


def keep_after_all(erasure: Erasure, *, at: datetime) -> None:
    """Take back an erasure that is not done yet."""
    audit.record(erasure.person, "person.kept", erasure.person, at=at)
    session.delete(erasure)


def erase(erasure: Erasure, *, at: datetime) -> None:
    """Forget a person: what is theirs goes, what others need stays without a name; twice is once.

    Colleagues take over; registrations to come that nobody takes over are cancelled. Raises LastOrganiser.
    """
    if erasure.done_at:
        return
    person = lock(erasure.person)
    _check_someone_organises_after(person)
    for contact in session.scalars(select(Contact).filter_by(person_id=person.id, left_at=None)):
        _leave(contact, at=at)
    for registration in coming_registrations(person, at=at):
        cancel_registration(registration, by=person, at=at)
    session.flush()
    unsent = OutboxMail.state.in_((MailState.QUEUED, MailState.RETRY, MailState.PARKED))
    session.execute(delete(OutboxMail).where(OutboxMail.recipient == person.email, unsent))
    forget_own_bodies(person)
    forget_mentions(email=person.email, name=person.name)
    for held in reversed(queries.holdings_about(person)):
        _forget(held)
    session.expire_all()
    erasure.done_at = at
    audit.record(None, "person.erased", person, at=at)


def end_sessions(person: Person) -> None:
    """Close every browser a person is signed in with."""
    session.execute(delete(LoginSession).where(LoginSession.person_id == person.id))


def _leave(contact: Contact, *, at: datetime) -> None:
    """Hand over to the colleague who speaks for the body, else to the first one; alone, stay as a name without one."""
    others = [one for one in contacts_of(contact.organisation) if one.left_at is None and one.id != contact.id]
    if not others:
        return
    successor = next((one for one in others if one.is_main), others[0])
    if contact.is_main:
        make_main(successor, by=contact.person, at=at)
    leave_organisation(contact, successor=successor, by=contact.person, at=at)


def _forget(held: Holding) -> None:
    table: Table = Base.metadata.tables[held.table]
    ids = [row["id"] for row in held.rows]
    if held.kept.on_erasure is OnErasure.DELETE:
        files = {row["file_id"] for row in held.rows if row.get("file_id")}
        session.execute(delete(table).where(table.c.id.in_(ids)))
        session.execute(delete(StoredFile).where(StoredFile.id.in_(files)))
    elif held.kept.on_erasure is OnErasure.BLANK:
        for row_id in ids:
            values = {
                name: value.format(id=row_id) if isinstance(value, str) else value
                for name, value in held.kept.blanks.items()
            }
            session.execute(update(table).where(table.c.id == row_id).values(values))


def _check_someone_organises_after(person: Person) -> None:
    others = select(func.count()).select_from(Person).where(Person.is_organiser, Person.id != person.id)
    if person.is_organiser and not session.scalar(others):
        raise LastOrganiser
