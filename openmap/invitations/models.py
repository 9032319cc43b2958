"""Invitations to a morning, the sheets they are read from, and those who want none."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.models import RegistrationDraft


class Invitation(Base):
    """One mailbox invited to one morning; the secret of its link is derived from `nonce`, never stored."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("event_id", "email"),
        UniqueConstraint("nonce"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint("siret IS NULL OR length(siret) = 14", name="siret_has_14_digits"),
        CheckConstraint("reminder_count >= 0", name="reminders_are_counted"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[OrganisationKind]
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    body: Mapped[str] = mapped_column(String(200), default="")
    siret: Mapped[str | None] = mapped_column(String(14))
    departement: Mapped[str] = mapped_column(String(3), default="")
    locale: Mapped[str] = mapped_column(String(5), default="fr")
    nonce: Mapped[str] = mapped_column(String(40))
    invited_at: Mapped[datetime]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    last_mail_at: Mapped[datetime]
    reminder_count: Mapped[int] = mapped_column(default=0)
    reminded_by_itself_at: Mapped[datetime | None]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("registration_draft.id", ondelete="SET NULL"), index=True)
    started_at: Mapped[datetime | None]
    registered_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    draft: Mapped[RegistrationDraft | None] = relationship()

    @property
    def title(self) -> str:
        """What pages call this guest: « Atelier Soleil », or the person where no body is known."""
        return self.body or self.name or self.email


class GuestSheet(Base):
    """A list of guests between its upload and its confirmation: what was read, not the file; purged after a day."""

    __tablename__ = "guest_sheet"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)


class ReminderRule(Base):
    """How many days before the deadline those who did not answer are reminded; no row means the usual number."""

    __tablename__ = "invitation_reminder_rule"
    __table_args__ = (
        UniqueConstraint("event_id"),
        CheckConstraint("days_before BETWEEN 1 AND 60", name="within_two_months"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    days_before: Mapped[int | None]


class InvitationOptOut(Base):
    """A mailbox that wants no invitation any more, whatever list it stands on."""

    __tablename__ = "invitation_opt_out"
    __table_args__ = (UniqueConstraint("email"),)

    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
