"""Drafts: what is typed is kept at each step, and found again by its browser or by a mailed link."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.files import CheckedFile, StoredFile, keep_file
from openmap.core.text import mark
from openmap.core.tokens import fingerprint, random_token
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind
from openmap.registrations import emails, queries
from openmap.registrations.models import DraftFile, RegistrationDraft

Typed = Mapping[str, Sequence[str]]
LIFETIME = timedelta(days=30)
FORGOTTEN_AFTER = timedelta(hours=2)


class DraftGone(RuleBroken):
    """The draft was sent or thrown away, or is too old; or its link never existed."""

    message = mark("Ce brouillon n’existe plus : il a été envoyé, effacé, ou il est trop ancien.")
    status = 410


def start_draft(
    event: Event,
    kind: OrganisationKind,
    typed: Typed,
    *,
    secret_key: str,
    entered_by: Person | None = None,
    locale: str = "fr",
    at: datetime,
) -> tuple[RegistrationDraft, str]:
    """Begin a registration with what is known, by the name of its field; returns it with its browser's token.

    `entered_by` is the organiser who types it for somebody on the phone.
    """
    token = random_token()
    draft = RegistrationDraft(
        event_id=event.id,
        kind=kind,
        browser_hash=fingerprint(token, key=secret_key),
        email=_mailbox(typed),
        locale=locale,
        typed={name: list(values) for name, values in typed.items()},
        entered_by_id=entered_by.id if entered_by else None,
        created_at=at,
        saved_at=at,
        expires_at=at + LIFETIME,
    )
    session.add(draft)
    session.flush()
    return draft, token


def save_draft(draft: RegistrationDraft, typed: Typed, *, at: datetime) -> None:
    """Keep what one step holds; the fields of other steps stay. Raises DraftGone."""
    _check_open(draft, at)
    kept = draft.typed | {name: list(values) for name, values in typed.items()}
    draft.typed = {name: values for name, values in kept.items() if values}
    draft.email = _mailbox(draft.typed)
    draft.saved_at, draft.expires_at = at, at + LIFETIME


def keep_draft_file(draft: RegistrationDraft, question_id: int, checked: CheckedFile | None, *, at: datetime) -> None:
    """Keep the file that answers a question in place of the one before, or none. Raises DraftGone."""
    _check_open(draft, at)
    for before in [one for one in draft.files if one.question_id == question_id]:
        _drop_file(before)
    if checked is not None:
        session.add(DraftFile(draft_id=draft.id, question_id=question_id, file_id=keep_file(checked, at=at).id))
    session.flush()
    session.expire(draft, ["files"])


def mail_draft_link(draft: RegistrationDraft, *, secret_key: str, at: datetime) -> None:
    """Mail the link that opens the draft again, in place of the link before. Raises DraftGone."""
    _check_open(draft, at)
    token = random_token()
    draft.link_hash, draft.reminded_at = fingerprint(token, key=secret_key), at
    outbox.enqueue(emails.draft_link(draft, token=token, at=at), at=at)


def resume_draft(token: str, *, secret_key: str, at: datetime) -> tuple[RegistrationDraft, str]:
    """Open a draft by its mailed link, which stays good; returns it with the token of the browser it moves to.

    Raises DraftGone.
    """
    draft = queries.draft_of_link(fingerprint(token, key=secret_key), at=at)
    if draft is None:
        raise DraftGone
    _check_open(draft, at)
    return draft, hand_over(draft, secret_key=secret_key)


def hand_over(draft: RegistrationDraft, *, secret_key: str) -> str:
    """Give the draft to another browser; returns its token."""
    token = random_token()
    draft.browser_hash = fingerprint(token, key=secret_key)
    return token


def close_draft(draft: RegistrationDraft, *, at: datetime) -> dict[int, StoredFile]:
    """Empty a draft that is being sent; returns its files, by question, for the registration. Raises DraftGone."""
    _check_open(draft, at)
    files = {one.question_id: one.file for one in draft.files}
    for kept in list(draft.files):
        session.delete(kept)
    draft.typed, draft.email, draft.link_hash, draft.sent_at = {}, "", None, at
    session.flush()
    return files


def discard_draft(draft: RegistrationDraft, *, at: datetime) -> None:
    """Throw a draft away with its files. Raises DraftGone."""
    _check_open(draft, at)
    _erase(draft)


def mail_forgotten_drafts(*, secret_key: str, at: datetime) -> int:
    """Mail their link, once, to those who left a form half filled two hours ago; returns how many."""
    forgotten = queries.forgotten_drafts(saved_before=at - FORGOTTEN_AFTER, at=at)
    for draft in forgotten:
        mail_draft_link(draft, secret_key=secret_key, at=at)
    return len(forgotten)


def purge_drafts(*, at: datetime) -> int:
    """Erase the drafts whose time is over; returns how many there were."""
    over = queries.expired_drafts(at)
    for draft in over:
        _erase(draft)
    if over:
        for event in {draft.event_id: draft.event for draft in over}.values():
            count = sum(draft.event_id == event.id for draft in over)
            audit.record(None, "drafts.purged", event, at=at, event_id=event.id, drafts=count)
    return len(over)


def _mailbox(typed: Typed) -> str:
    [email] = list(typed.get("email", ()))[:1] or [""]
    return email.strip().lower() if "@" in email and len(email) <= 254 else ""


def _check_open(draft: RegistrationDraft, at: datetime) -> None:
    lock(draft)
    if draft.sent_at is not None or draft.expires_at <= at:
        raise DraftGone


def _erase(draft: RegistrationDraft) -> None:
    for kept in list(draft.files):
        _drop_file(kept)
    session.expire(draft, ["files"])
    session.delete(draft)
    session.flush()


def _drop_file(kept: DraftFile) -> None:
    file = kept.file
    session.delete(kept)
    session.flush()
    session.delete(file)
