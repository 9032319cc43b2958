"""Who did what, when: one row an action, written in the transaction of the action itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from openmap.core.db import session
from openmap.core.models import Base


class AuditEntry(Base):
    """One action on one row; `actor_id` is null when the service acted by itself (a worker, a command)."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_type", "subject_id"),)

    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(
    by: Base | None, action: str, subject: Base, *, at: datetime, event_id: int | None = None, **details: object
) -> AuditEntry:
    """Note that the person `by` did `action` ("request.sent") to `subject`; `details` are JSON values, no secrets."""
    session.flush()  # the subject needs its key
    entry = AuditEntry(
        at=at,
        actor_id=by.id if by else None,
        action=action,
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        event_id=event_id,
        details=details,
    )
    session.add(entry)
    return entry
