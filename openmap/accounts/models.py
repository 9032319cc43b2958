"""People, the messages they sign in with, and their sessions on the server."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base


class Person(Base):
    """A human being who can sign in, known by a mail address kept in lower case."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="")
    locale: Mapped[str] = mapped_column(String(5), default="fr")
    is_organiser: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    @property
    def display_name(self) -> str:
        """The name, or the mail address of someone who gave none."""
        return self.name or self.email


class SignInChallenge(Base):
    """One mailed link and its six-digit code: stored hashed, used once, limited in tries."""

    __tablename__ = "sign_in_challenge"
    __table_args__ = (UniqueConstraint("link_hash"), CheckConstraint("tries >= 0", name="tries_are_counted"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    link_hash: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    next_path: Mapped[str] = mapped_column(String(500), default="")
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class LoginSession(Base):
    """One signed-in browser; ending it here ends it everywhere, whatever cookie still exists."""

    __tablename__ = "login_session"
    __table_args__ = (UniqueConstraint("key_hash"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")
