"""Drafts, as browsers, links and the purge find them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.events.models import Event
from openmap.registrations.models import (
    DraftFile,
    RegistrationDraft,
)


def find_draft(event: Event, draft_id: int, *, at: datetime) -> RegistrationDraft | None:
    """One draft of a morning that is neither sent nor too old; whose it is, the caller checks."""
    own = select(RegistrationDraft).filter_by(event_id=event.id, id=draft_id, sent_at=None)
    return session.scalars(own.where(RegistrationDraft.expires_at > at)).one_or_none()


def sent_draft(event: Event, draft_id: int) -> RegistrationDraft | None:
    """One draft of a morning that was sent."""
    own = select(RegistrationDraft).filter_by(event_id=event.id, id=draft_id)
    return session.scalars(own.where(RegistrationDraft.sent_at.is_not(None))).one_or_none()


def draft_of_link(link_hash: str, *, at: datetime) -> RegistrationDraft | None:
    """The draft that this mailed link still opens."""
    found = select(RegistrationDraft).filter_by(link_hash=link_hash, sent_at=None)
    return session.scalars(found.where(RegistrationDraft.expires_at > at)).one_or_none()


def drafts_of(person: Person, *, at: datetime) -> Sequence[RegistrationDraft]:
    """The drafts under a person's own address, the latest first; sign-in has proven that the address is theirs."""
    own = select(RegistrationDraft).filter_by(email=person.email, sent_at=None, entered_by_id=None)
    rows = own.where(RegistrationDraft.expires_at > at).options(joinedload(RegistrationDraft.event))
    return session.scalars(rows.order_by(RegistrationDraft.saved_at.desc())).all()


def forgotten_drafts(*, saved_before: datetime, at: datetime) -> Sequence[RegistrationDraft]:
    """Drafts left half filled by people with an address whom nobody wrote to yet, where one may still register."""
    rows = (
        select(RegistrationDraft)
        .filter_by(sent_at=None, reminded_at=None, entered_by_id=None)
        .join(RegistrationDraft.event)
        .where(
            RegistrationDraft.email != "",
            RegistrationDraft.saved_at <= saved_before,
            RegistrationDraft.expires_at > at,
            Event.registration_closes_at > at,
        )
        .order_by(RegistrationDraft.id)
        .limit(100)
    )
    return session.scalars(rows).all()


def expired_drafts(at: datetime) -> Sequence[RegistrationDraft]:
    """Drafts whose time is over, sent ones included: nothing of them is needed any more."""
    over = select(RegistrationDraft).where(RegistrationDraft.expires_at <= at).order_by(RegistrationDraft.id)
    files = selectinload(RegistrationDraft.files).joinedload(DraftFile.file)
    return session.scalars(over.options(files, joinedload(RegistrationDraft.event))).all()
