"""Who wants to hear of the next morning of a series."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base
from openmap.events.models import Event, Series
from openmap.organisations.enums import Sector

_ANY_SECTOR = text("sector IS NULL")


class NextEditionWish(Base):
    """One mailbox told of the next morning of a series, of one sector or of any; no newsletter.

    Written to only once `confirmed_at` is set, and once an edition; both links' secrets are derived from `nonce`.
    """

    __tablename__ = "next_edition_wish"
    __table_args__ = (
        Index("uq_next_edition_wish", "series_id", "email", "sector", unique=True),
        Index(  # to a database two unknown sectors are not the same one
            "uq_next_edition_wish_any_sector",
            "series_id",
            "email",
            unique=True,
            sqlite_where=_ANY_SECTOR,
            postgresql_where=_ANY_SECTOR,
        ),
        UniqueConstraint("nonce"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    sector: Mapped[Sector | None]
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(5), default="fr")
    nonce: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    series: Mapped[Series] = relationship()


class EditionNews(Base):
    """One wish that was told of one morning."""

    __tablename__ = "edition_news"
    __table_args__ = (UniqueConstraint("wish_id", "event_id"),)

    wish_id: Mapped[int] = mapped_column(ForeignKey("next_edition_wish.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    told_at: Mapped[datetime]

    wish: Mapped[NextEditionWish] = relationship()
    event: Mapped[Event] = relationship()
