"""Guests of a morning and how far each has come; what is known of mailboxes before they are invited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select

from openmap.accounts.models import Person
from openmap.core.db import page_of, session
from openmap.core.outbox import MailState, OutboxMail
from openmap.core.tokens import fingerprint, same
from openmap.events.models import Event
from openmap.invitations.enums import REMINDABLE, InvitationState
from openmap.invitations.models import GuestSheet, Invitation, InvitationOptOut, ReminderRule
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Contact, Organisation
from openmap.registrations.models import Registration, RegistrationDraft

ROWS_A_PAGE = 20
NONCE_LENGTH = 32  # characters of a link's public half
REST = timedelta(days=3)  # between two mails to one guest
MOST_REMINDERS = 3
USUAL_DAYS_BEFORE = 7
MAIL_KINDS = ("guest_invited", "guest_reminded")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; None and "" mean everything."""

    words: str = ""
    state: InvitationState | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Mailboxes and numbers that need no invitation, and why."""

    invited: frozenset[str]
    registered: frozenset[str]
    sirets: frozenset[str]
    opted_out: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reminders:
    """Who would be reminded now, and how many would not, by reason."""

    targets: tuple[Invitation, ...]
    resting_count: int
    enough_count: int


def guest_token(nonce: str, *, key: str) -> str:
    """The secret of a guest's link, drawn from its nonce and the service's key, so that it is never stored."""
    return nonce + fingerprint(f"invitation:{nonce}", key=key)[:NONCE_LENGTH]


def invitation_of_token(token: str, *, key: str) -> Invitation | None:
    """The invitation that a link opens; one that was withdrawn opens nothing."""
    nonce = token[:NONCE_LENGTH]
    if not same(token, guest_token(nonce, key=key)):
        return None
    return session.scalars(select(Invitation).filter_by(nonce=nonce, withdrawn_at=None)).one_or_none()


def find_invitation(event: Event, invitation_id: int) -> Invitation | None:
    """One invitation of a morning by its key."""
    return session.scalars(select(Invitation).filter_by(event_id=event.id, id=invitation_id)).one_or_none()


def find_sheet(event: Event, sheet_id: int) -> GuestSheet | None:
    """One list of guests of a morning that waits for its confirmation."""
    return session.scalars(select(GuestSheet).filter_by(event_id=event.id, id=sheet_id)).one_or_none()


def state_in(event: Event) -> ColumnElement[str]:
    """The state of an invitation to `event` as a column: however someone registered, it is seen."""
    taking_part = select(Registration).where(Registration.event_id == event.id)
    mails = taking_part.join(Registration.contact).join(Contact.person).with_only_columns(Person.email)
    sirets = taking_part.join(Registration.organisation).with_only_columns(Organisation.siret)
    sent = exists().where(RegistrationDraft.id == Invitation.draft_id, RegistrationDraft.sent_at.is_not(None))
    registered = or_(
        Invitation.registered_at.is_not(None),
        Invitation.email.in_(mails),
        Invitation.siret.in_(sirets.where(Organisation.siret.is_not(None))),
        sent,
    )
    return case(
        (registered, literal(str(InvitationState.REGISTERED))),
        (Invitation.withdrawn_at.is_not(None), literal(str(InvitationState.WITHDRAWN))),
        (Invitation.declined_at.is_not(None), literal(str(InvitationState.DECLINED))),
        (Invitation.bounced_at.is_not(None), literal(str(InvitationState.BOUNCED))),
        (Invitation.started_at.is_not(None), literal(str(InvitationState.STARTED))),
        else_=literal(str(InvitationState.INVITED)),
    )


def state_of(invitation: Invitation) -> InvitationState:
    """How far one guest has come."""
    said = select(state_in(invitation.event)).where(Invitation.id == invitation.id)
    return _state(session.scalars(said).one())


def invitations_page(event: Event, filters: Filters, *, page: int) -> Pagination:
    """One page of (invitation, state), those without an answer first; items are rows of both."""
    rows = guests(event, filters)
    found = page_of(rows, page=page, size=ROWS_A_PAGE)
    states = states_of(event, found.items)
    found.items = [(invitation, states[invitation.id]) for invitation in found.items]
    return found


def guests(event: Event, filters: Filters) -> Select[Invitation]:
    """The invitations of a morning, those without an answer first."""
    state = state_in(event)
    order = [InvitationState.STARTED, InvitationState.INVITED, InvitationState.BOUNCED]
    first = case(*((state == str(each), place) for place, each in enumerate(order)), else_=len(order))
    rows = select(Invitation).where(Invitation.event_id == event.id)
    if filters.state is not None:
        rows = rows.where(state == str(filters.state))
    for word in filters.words.split():
        said_in = (Invitation.body, Invitation.name, Invitation.email, Invitation.siret)
        rows = rows.where(or_(*(column.icontains(word, autoescape=True) for column in said_in)))
    return rows.order_by(first, Invitation.body, Invitation.name, Invitation.email)


def states_of(event: Event, invitations: Iterable[Invitation]) -> Mapping[int, InvitationState]:
    """How far each guest has come, by key."""
    ids = [invitation.id for invitation in invitations]
    rows = select(Invitation.id, state_in(event)).where(Invitation.id.in_(ids))
    return {one: _state(said) for one, said in session.execute(rows)}


def state_counts(event: Event) -> Mapping[InvitationState, int]:
    """How many guests are in each state; states without any are left out."""
    state = state_in(event).label("state")
    rows = select(state, func.count()).where(Invitation.event_id == event.id).group_by("state")
    return {_state(said): count for said, count in session.execute(rows)}


def known_at(event: Event) -> Known:
    """Everything that makes an invitation to `event` needless or unwanted."""
    registered = (
        select(Person.email, Organisation.siret)
        .select_from(Registration)
        .join(Registration.contact)
        .join(Contact.person)
        .join(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.event_id == event.id)
    )
    taking_part = list(
        session.execute(registered.with_only_columns(Person.email, Organisation.siret, Registration.kind))
    )
    structures = (siret for _, siret, kind in taking_part if kind is OrganisationKind.STRUCTURE and siret)
    return Known(
        invited=frozenset(session.scalars(select(Invitation.email).filter_by(event_id=event.id))),
        registered=frozenset(email for email, _, _ in taking_part),
        sirets=frozenset(structures),
        opted_out=frozenset(session.scalars(select(InvitationOptOut.email))),
    )


def reminders(event: Event, *, at: datetime) -> Reminders:
    """Whom a reminder would reach now: who neither answered nor declined, and was not written to these days."""
    waiting = select(Invitation).where(
        Invitation.event_id == event.id, state_in(event).in_([str(state) for state in REMINDABLE])
    )
    found = session.scalars(waiting.order_by(Invitation.body, Invitation.name, Invitation.email)).all()
    opted_out = set(session.scalars(select(InvitationOptOut.email)))
    willing = [each for each in found if each.email not in opted_out]
    left = [each for each in willing if each.reminder_count < MOST_REMINDERS]
    return Reminders(
        targets=tuple(each for each in left if each.last_mail_at <= at - REST),
        resting_count=sum(each.last_mail_at > at - REST for each in left),
        enough_count=len(willing) - len(left),
    )


def days_before(event: Event) -> int | None:
    """How many days before the deadline the automatic reminder leaves, None for never."""
    rule = reminder_rule(event)
    return rule.days_before if rule else USUAL_DAYS_BEFORE


def reminder_rule(event: Event) -> ReminderRule | None:
    """What an organiser said of the automatic reminder, if anything."""
    return session.scalars(select(ReminderRule).filter_by(event_id=event.id)).one_or_none()


def events_closing_soon(*, at: datetime) -> Sequence[Event]:
    """The mornings with invitations whose automatic reminder is due: the deadline is near, and not past."""
    invited = exists().where(Invitation.event_id == Event.id, Invitation.reminded_by_itself_at.is_(None))
    open_ones = session.scalars(select(Event).where(Event.registration_closes_at > at, invited).order_by(Event.id))
    due = []
    for event in open_ones:
        days = days_before(event)
        if days is not None and at >= event.registration_closes_at - timedelta(days=days):
            due.append(event)
    return due


def refused_nonces() -> Sequence[str]:
    """The invitations with a mail that was given up: their mailbox does not exist, or refuses."""
    keys = select(OutboxMail.key).where(OutboxMail.kind.in_(MAIL_KINDS), OutboxMail.state == MailState.PARKED)
    return [key.split(":")[1] for key in session.scalars(keys)]


def _state(said: str) -> InvitationState:
    return next(state for state in InvitationState if state == said)
