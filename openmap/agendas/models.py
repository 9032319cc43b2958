"""Secret addresses of personal calendars."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base
from openmap.registrations.models import Registration


class Feed(Base):
    """One calendar address of one participant; its secret is derived from `nonce`, never stored."""

    __tablename__ = "feed"
    __table_args__ = (UniqueConstraint("nonce"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship()
