"""Who is in the jury: asked by mail, saying yes or no, reminded, taken out, reopened for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from openmap.accounts.models import Person
from openmap.accounts.queries import person_with_email
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.outbox import Mail
from openmap.core.tokens import fingerprint
from openmap.juries import emails, queries
from openmap.juries.enums import ReviewerState
from openmap.juries.models import Reviewer
from openmap.juries.refusals import (
    DecisionsTold,
    InvitationAnswered,
    NewDeadlineTooEarly,
    NobodyNew,
    NobodyToRemind,
    OwnDeadline,
)
from openmap.juries.standings import progress_of, standings
from openmap.pitches.models import PitchCall

REST = timedelta(days=1)  # between two mails that remind


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to ask into the jury."""

    email: str
    name: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An invitation ready to be stored, with its mail, rendered before the write lock is taken."""

    guest: Guest
    token_hash: str
    mail: Mail


def invitation_token(call: PitchCall, email: str, *, secret_key: str) -> str:
    """The secret of one mailbox's link: drawn from the key, so that a reminder repeats it and no row holds it."""
    return fingerprint(f"jury:{call.id}:{email}", key=secret_key)


def prepare_invitations(
    call: PitchCall, guests: Sequence[Guest], *, message: str, secret_key: str, at: datetime
) -> list[Prepared]:
    """Draw the links and render the mails of `guests`, each mailbox once; nothing is stored."""
    prepared = []
    for guest in {one.email: one for one in reversed(guests)}.values():
        token = invitation_token(call, guest.email, secret_key=secret_key)
        mail = emails.jury_invited(
            call, email=guest.email, name=guest.name, token=token, message=message, is_reminder=False, at=at
        )
        prepared.append(Prepared(guest, fingerprint(token, key=secret_key), mail))
    return prepared[::-1]


def invite_reviewers(call: PitchCall, prepared: Sequence[Prepared], *, by: Person, at: datetime) -> int:
    """Ask people into the jury, those who declined or were taken out too; returns how many mails leave.

    Raises NobodyNew when everyone is asked or in the jury already.
    """
    lock(call)
    known = {reviewer.email: reviewer for reviewer in queries.reviewers_of(call)}
    waiting = {ReviewerState.INVITED, ReviewerState.ACTIVE}
    new = [
        each
        for each in prepared
        if each.guest.email not in known or queries.state_of(known[each.guest.email]) not in waiting
    ]
    if not new:
        raise NobodyNew
    for each in new:
        reviewer = known.get(each.guest.email) or Reviewer(call_id=call.id, email=each.guest.email)
        reviewer.name = each.guest.name or reviewer.name or ""
        reviewer.body = each.guest.body or reviewer.body or ""
        reviewer.token_hash, reviewer.invited_at, reviewer.reminded_at = each.token_hash, at, None
        reviewer.accepted_at = reviewer.declined_at = reviewer.removed_at = None
        session.add(reviewer)
        audit.record(by, "jury.invited", reviewer, at=at, event_id=call.event_id)
    outbox.enqueue_all([each.mail for each in new], at=at)
    return len(new)


def accept_invitation(reviewer: Reviewer, *, name: str, locale: str, at: datetime) -> Person:
    """Join the jury: whoever holds the link reads that mailbox; twice is once. Raises InvitationAnswered."""
    lock(reviewer)
    if reviewer.removed_at is not None:
        raise InvitationAnswered
    person = reviewer.person or person_with_email(reviewer.email)
    if person is None:
        person = Person(email=reviewer.email, name=name, locale=locale, created_at=at)
        session.add(person)
        session.flush()
        audit.record(person, "person.added", person, at=at)
    if reviewer.accepted_at is None:
        reviewer.person_id, reviewer.accepted_at, reviewer.declined_at = person.id, at, None
        reviewer.name = name or reviewer.name
        audit.record(person, "jury.accepted", reviewer, at=at, event_id=reviewer.call.event_id)
    return person


def decline_invitation(reviewer: Reviewer, *, at: datetime) -> None:
    """Say no; twice is once, and one may still accept afterwards. Raises InvitationAnswered from the jury itself."""
    lock(reviewer)
    if reviewer.removed_at is not None or reviewer.accepted_at is not None:
        raise InvitationAnswered
    if reviewer.declined_at is None:
        reviewer.declined_at = at
        audit.record(None, "jury.declined", reviewer, at=at, event_id=reviewer.call.event_id)


def prepare_reminders(
    call: PitchCall, reviewers: Sequence[Reviewer], *, secret_key: str, at: datetime
) -> dict[int, Mail]:
    """The mails to those who have not answered, or owe reviews, and were not written to today; nothing is stored."""
    owed = {each.reviewer.id: each.owed_count for each in progress_of(reviewers, standings(call))}
    prepared = {}
    for reviewer in reviewers:
        if max(reviewer.invited_at, reviewer.reminded_at or reviewer.invited_at) > at - REST:
            continue
        if queries.state_of(reviewer) is ReviewerState.INVITED:
            token = invitation_token(call, reviewer.email, secret_key=secret_key)
            prepared[reviewer.id] = emails.jury_invited(
                call, email=reviewer.email, name=reviewer.name, token=token, message="", is_reminder=True, at=at
            )
        elif reviewer.judges_at(at) and owed[reviewer.id]:
            prepared[reviewer.id] = emails.jury_reminded(reviewer, file_count=owed[reviewer.id], at=at)
    return prepared


def remind_reviewers(call: PitchCall, prepared: dict[int, Mail], *, by: Person, at: datetime) -> int:
    """Send prepared reminders; returns how many. Raises NobodyToRemind."""
    lock(call)
    fresh = [
        one
        for one in queries.reviewers_of(call)
        if one.id in prepared and (one.reminded_at is None or one.reminded_at <= at - REST)
    ]
    if not fresh:
        raise NobodyToRemind
    for reviewer in fresh:
        reviewer.reminded_at = at
        audit.record(by, "jury.reminded", reviewer, at=at, event_id=call.event_id)
    outbox.enqueue_all([prepared[reviewer.id] for reviewer in fresh], at=at)
    return len(fresh)


def remove_reviewer(reviewer: Reviewer, *, by: Person, at: datetime) -> None:
    """Take somebody out of the jury: what they gave stays and counts, what they owed waits for others; twice is once.

    Their drafts are kept: invited again, they find them.
    """
    lock(reviewer)
    if reviewer.removed_at is None:
        reviewer.removed_at = at
        audit.record(by, "jury.removed", reviewer, at=at, event_id=reviewer.call.event_id)


def reopen_for(reviewer: Reviewer, *, until: datetime, reason: str, by: Person, at: datetime) -> None:
    """Let one reviewer give and change scores until `until`, with the reason on record; a mail tells them.

    Raises NewDeadlineTooEarly, OwnDeadline, DecisionsTold.
    """
    lock(reviewer)
    if reviewer.call.released_at is not None:
        raise DecisionsTold
    if reviewer.person_id == by.id and at >= reviewer.deadline():
        raise OwnDeadline
    if until <= at:
        raise NewDeadlineTooEarly
    reviewer.extended_until, reviewer.extension_reason = until, reason
    audit.record(
        by,
        "jury.reopened",
        reviewer,
        at=at,
        event_id=reviewer.call.event_id,
        until=until.isoformat(),
        reason=reason,
    )
    outbox.enqueue(emails.jury_reopened(reviewer, at=at), at=at)


def set_normalised(call: PitchCall, *, is_normalised: bool, by: Person, at: datetime) -> None:
    """Say whether files are ranked by normalised scores; the same twice is once."""
    lock(call)
    if call.is_normalised is not is_normalised:
        call.is_normalised = is_normalised
        action = "jury.normalised" if is_normalised else "jury.not_normalised"
        audit.record(by, action, call, at=at, event_id=call.event_id)
