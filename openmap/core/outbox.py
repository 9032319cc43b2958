"""A mail is a row of the business transaction before it is a message: none is lost, each can be read first."""

import enum
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from openmap.core.db import session
from openmap.core.models import Base


class MailState(enum.StrEnum):
    """Where a mail stands: only `sent` and `parked` (given up, an organiser must look) are final."""

    QUEUED = "queued"
    LEASED = "leased"
    RETRY = "retry"
    PARKED = "parked"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to leave: rendered, in one language, for one recipient.

    `key` names the fact it tells ("request:12"); a second mail of the same kind, key and recipient is never queued.
    `unsubscribe` is the full address that ends such mails when a mail program posts to it (RFC 8058).
    """

    kind: str
    key: str
    recipient: str
    subject: str
    text: str
    html: str
    locale: str = "fr"
    calendar: str | None = None
    unsubscribe: str | None = None


class OutboxMail(Base):
    """One mail on its way, leased by one worker at a time."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        UniqueConstraint("kind", "key", "recipient"),
        Index("ix_outbox_mail_due", "state", "next_try_at"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120))
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(5))
    calendar: Mapped[str | None] = mapped_column(Text)
    unsubscribe: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


def enqueue(mail: Mail, *, at: datetime) -> OutboxMail:
    """Queue `mail` in the current unit of work; the same fact to the same person gives back the first row."""
    same = select(OutboxMail).filter_by(kind=mail.kind, key=mail.key, recipient=mail.recipient)
    first = session.scalars(same).one_or_none()
    if first is not None:
        return first
    row = OutboxMail(**_columns(mail, at))
    session.add(row)
    return row


def enqueue_all(mails: Sequence[Mail], *, at: datetime) -> None:
    """Queue many mails in two statements, since the write lock is held; what is queued already stays as it is."""
    kinds, keys = {mail.kind for mail in mails}, {mail.key for mail in mails}
    known = select(OutboxMail.kind, OutboxMail.key, OutboxMail.recipient).where(
        OutboxMail.kind.in_(kinds), OutboxMail.key.in_(keys)
    )
    first = {tuple(row) for row in session.execute(known)}
    new = {(mail.kind, mail.key, mail.recipient): mail for mail in mails}
    rows = [_columns(mail, at) for identity, mail in new.items() if identity not in first]
    if rows:
        session.execute(insert(OutboxMail), rows)


def _columns(mail: Mail, at: datetime) -> dict[str, Any]:
    return asdict(mail) | {"created_at": at, "next_try_at": at}
