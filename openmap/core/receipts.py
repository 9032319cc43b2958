"""A form sent twice is answered once: each rendered form carries a key, and its first answer is kept."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from openmap.core.db import session
from openmap.core.models import Base

LONGEST_LOCATION = 500


class FormReceipt(Base):
    """The answer given to one rendered form: the path its sender was sent to."""

    __tablename__ = "form_receipt"
    __table_args__ = (UniqueConstraint("key"),)

    key: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(LONGEST_LOCATION))
    created_at: Mapped[datetime]


def first_answer(key: str) -> str | None:
    """Return where the first sending of this form led, or None when it was not sent yet."""
    return session.scalars(select(FormReceipt.location).filter_by(key=key)).one_or_none() if key else None


def keep_answer(key: str, location: str, *, at: datetime) -> None:
    """Keep the answer in the current unit of work; two at once end in an IntegrityError for the second.

    An address too long to be kept loses its query: what a page was filtered by.
    """
    if key:
        kept = location if len(location) <= LONGEST_LOCATION else location.partition("?")[0]
        session.add(FormReceipt(key=key, location=kept, created_at=at))
