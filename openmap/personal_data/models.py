"""A new mail address waiting for its proof, and an erasure that was asked for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.models import Base


class MailChange(Base):
    """A new address someone gave; the link mailed there proves that it is theirs."""

    __tablename__ = "mail_change"
    __table_args__ = (
        UniqueConstraint("link_hash"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    link_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Erasure(Base):
    """An erasure someone asked for, carried out from `due_at` on; the row stays, as the proof that it was done."""

    __tablename__ = "erasure"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
