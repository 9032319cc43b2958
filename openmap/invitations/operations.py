"""Inviting guests, reminding them, and what they answer; mails are rendered before the write lock is taken."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import delete, insert, select, update

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.outbox import Mail
from openmap.core.spreadsheets import Sheet
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.invitations import emails, queries
from openmap.invitations.enums import InvitationState
from openmap.invitations.models import GuestSheet, Invitation, InvitationOptOut, ReminderRule
from openmap.invitations.reading import Guest
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.models import RegistrationDraft
from openmap.registrations.operations import start_draft
from openmap.registrations.operations.drafting import hand_over

SHEET_LIFETIME = timedelta(days=1)


class InvitationsClosed(RuleBroken):
    """Nobody can register any more."""

    message = mark("Les inscriptions à cette matinale sont closes : une invitation ne mènerait nulle part.")


class NobodyToInvite(Conflict):
    """Everyone on the list is invited or registered already."""

    message = mark("Il n’y a personne à inviter : toutes ces personnes sont déjà invitées ou inscrites.")


class InvitationOver(Conflict):
    """The guest registered, or the invitation was withdrawn."""

    message = mark("Cette invitation n’attend plus de réponse. Rien n’a été modifié ; relisez la liste.")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that needs no invitation, with the reason as a sentence marked for translation."""

    guest: Guest
    reason: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """An invitation ready to be stored, with its mail."""

    guest: Guest
    nonce: str
    locale: str
    mail: Mail


@dataclass(frozen=True, slots=True)
class PreparedReminder:
    """A reminder ready to leave, `number` being the count with it."""

    invitation_id: int
    number: int
    mail: Mail


def keep_sheet(event: Event, sheet: Sheet, *, name: str, by: Person, at: datetime) -> GuestSheet:
    """Keep what was read until the organiser confirms it; the file itself is not kept."""
    kept = GuestSheet(event_id=event.id, sent_by_id=by.id, name=name[:200], content=asdict(sheet), created_at=at)
    session.add(kept)
    session.flush()
    return kept


def drop_sheet(kept: GuestSheet) -> None:
    """Forget a list."""
    session.delete(kept)


def purge_sheets(*, at: datetime) -> int:
    """Forget the lists that nobody confirmed within a day; returns how many."""
    old = delete(GuestSheet).where(GuestSheet.created_at <= at - SHEET_LIFETIME)
    return len(session.scalars(old.returning(GuestSheet.id)).all())


def sift(event: Event, guests: Iterable[Guest]) -> tuple[list[Guest], list[Skipped]]:
    """Who is to be invited, and who needs no invitation: twice in the list, invited, registered, or unwilling."""
    known, new, skipped = queries.known_at(event), dict[str, Guest](), list[Skipped]()
    for guest in guests:
        reason = _needless(guest, known) or (mark("deux fois dans la liste") if guest.email in new else "")
        if reason:
            skipped.append(Skipped(guest, reason))
        else:
            new[guest.email] = guest
    return list(new.values()), skipped


def prepare_invitations(
    event: Event, guests: Iterable[Guest], *, message: str, locale: str, secret_key: str
) -> list[Prepared]:
    """Draw the links and render the mails of `guests`; nothing is stored."""
    blank_name, blank_token = (secrets.token_hex(16) for _ in range(2))  # in nobody's name or message

    @cache
    def rendered(kind: OrganisationKind, name: str) -> tuple[Guest, Mail]:
        blank = Guest(0, kind, "", name=name)
        mail = emails.guest_invited(event, blank, nonce="", token=blank_token, message=message, locale=locale)
        return blank, mail

    prepared = []
    for guest in guests:
        nonce = secrets.token_hex(queries.NONCE_LENGTH // 2)
        token = queries.guest_token(nonce, key=secret_key)
        blank, mail = rendered(guest.kind, blank_name if guest.name else "")
        own = emails.personal(mail, guest, nonce=nonce, token=token, blank=blank, blank_token=blank_token)
        prepared.append(Prepared(guest, nonce, locale, own))
    return prepared


def invite_guests(event: Event, prepared: Sequence[Prepared], *, by: Person, at: datetime) -> int:
    """Store the invitations with their mails, all of them but those that became needless; returns how many.

    Raises InvitationsClosed, NobodyToInvite.
    """
    lock(event)
    if not event.registration_open(at):
        raise InvitationsClosed
    known = queries.known_at(event)
    new = {each.guest.email: each for each in prepared if not _needless(each.guest, known)}
    if not new:
        raise NobodyToInvite
    session.execute(insert(Invitation), [_row(event, each, by=by, at=at) for each in new.values()])
    outbox.enqueue_all([each.mail for each in new.values()], at=at)
    audit.record(by, "guests.invited", event, at=at, event_id=event.id, guests=len(new))
    return len(new)


def withdraw_invitation(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """Take an invitation back: its link opens nothing and no reminder leaves; twice is once.

    Raises InvitationOver when the guest has registered.
    """
    lock(invitation)
    state = queries.state_of(invitation)
    if state is InvitationState.WITHDRAWN:
        return
    if state is InvitationState.REGISTERED:
        raise InvitationOver
    invitation.withdrawn_at = at
    audit.record(by, "invitation.withdrawn", invitation, at=at, event_id=invitation.event_id)


def restore_invitation(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """Let the link of a withdrawn invitation open again; twice is once."""
    lock(invitation)
    if invitation.withdrawn_at is not None:
        invitation.withdrawn_at = None
        audit.record(by, "invitation.restored", invitation, at=at, event_id=invitation.event_id)


def decline_invitation(invitation: Invitation, *, for_good: bool, at: datetime) -> None:
    """Note that a guest will not come, or wants no invitation at all any more; twice is once."""
    lock(invitation)
    if invitation.declined_at is None:
        invitation.declined_at = at
        audit.record(None, "invitation.declined", invitation, at=at, event_id=invitation.event_id)
    if for_good and not session.scalar(select(InvitationOptOut.id).filter_by(email=invitation.email)):
        session.add(InvitationOptOut(email=invitation.email, created_at=at))


def start_registration(
    invitation: Invitation, *, secret_key: str, locale: str, at: datetime
) -> tuple[RegistrationDraft, str]:
    """Open the form that the organiser's list has begun, or the one that this guest left half filled.

    Returns the draft and the token of the browser that it moves to. Raises InvitationsClosed.
    """
    lock(invitation)
    if not invitation.event.registration_open(at):
        raise InvitationsClosed
    draft = invitation.draft
    if draft is not None and draft.sent_at is None and draft.expires_at > at:
        return draft, hand_over(draft, secret_key=secret_key)
    draft, token = start_draft(
        invitation.event, invitation.kind, _typed(invitation), secret_key=secret_key, locale=locale, at=at
    )
    invitation.draft_id = draft.id
    invitation.started_at, invitation.declined_at = invitation.started_at or at, None
    return draft, token


def prepare_reminders(targets: Iterable[Invitation], *, secret_key: str, at: datetime) -> list[PreparedReminder]:
    """Render the reminders of `targets`; nothing is stored."""
    prepared = []
    for each in targets:
        mail = emails.guest_reminded(each, token=queries.guest_token(each.nonce, key=secret_key), at=at)
        prepared.append(PreparedReminder(each.id, each.reminder_count + 1, mail))
    return prepared


def remind_guests(event: Event, prepared: Sequence[PreparedReminder], *, by: Person | None, at: datetime) -> int:
    """Send the reminders to those who still have not answered; returns how many. `by` is None for the service itself.

    Raises InvitationsClosed.
    """
    lock(event)
    if not event.registration_open(at):
        raise InvitationsClosed
    numbers = {each.invitation_id: each.number for each in prepared}
    still = [
        each for each in queries.reminders(event, at=at).targets if numbers.get(each.id) == each.reminder_count + 1
    ]
    for each in still:
        each.reminder_count += 1
        each.last_mail_at = at
        each.reminded_by_itself_at = each.reminded_by_itself_at if by else at
    ids = {each.id for each in still}
    outbox.enqueue_all([each.mail for each in prepared if each.invitation_id in ids], at=at)
    if still:
        audit.record(by, "guests.reminded", event, at=at, event_id=event.id, guests=len(still))
    return len(still)


def set_reminder(event: Event, days_before: int | None, *, by: Person, at: datetime) -> None:
    """Say how many days before the deadline the automatic reminder leaves, None for never."""
    lock(event)
    rule = queries.reminder_rule(event)
    if rule is None:
        rule = ReminderRule(event_id=event.id)
        session.add(rule)
    rule.days_before = days_before
    audit.record(by, "invitations.reminder_set", event, at=at, event_id=event.id, days_before=days_before)


def note_what_became(*, at: datetime) -> None:
    """Note the mailboxes that refuse mails, and the guests whose form was sent."""
    refused = queries.refused_nonces()
    session.execute(
        update(Invitation).where(Invitation.nonce.in_(refused), Invitation.bounced_at.is_(None)).values(bounced_at=at)
    )
    sent = select(RegistrationDraft.id).where(RegistrationDraft.sent_at.is_not(None))
    session.execute(
        update(Invitation)
        .where(Invitation.draft_id.in_(sent), Invitation.registered_at.is_(None))
        .values(registered_at=at)
    )


def _needless(guest: Guest, known: queries.Known) -> str:
    if guest.email in known.invited:
        return mark("déjà invitée")
    if guest.email in known.registered or (guest.siret in known.sirets and guest.kind is OrganisationKind.STRUCTURE):
        return mark("déjà inscrite")
    if guest.email in known.opted_out:
        return mark("ne veut plus d’invitation")
    return ""


def _row(event: Event, each: Prepared, *, by: Person, at: datetime) -> Mapping[str, object]:
    guest = asdict(each.guest)
    del guest["line"]
    return guest | {
        "event_id": event.id,
        "locale": each.locale,
        "nonce": each.nonce,
        "invited_at": at,
        "invited_by_id": by.id,
        "last_mail_at": at,
        "reminder_count": 0,
    }


def _typed(invitation: Invitation) -> dict[str, list[str]]:
    body = "name" if invitation.kind is OrganisationKind.STRUCTURE else "body"
    known = {
        "siret": invitation.siret if invitation.kind is OrganisationKind.STRUCTURE else None,
        body: invitation.body,
        "departement": invitation.departement,
        "contact_name": invitation.name,
        "email": invitation.email,
        "phone": invitation.phone,
    }
    return {name: [value] for name, value in known.items() if value}
