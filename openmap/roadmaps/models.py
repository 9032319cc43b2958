"""A buyer's roadmap and its needs; the sheets they are read from; who follows which sectors."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.models import Base
from openmap.events.models import Event
from openmap.organisations.enums import Sector, Service
from openmap.organisations.models import Contact, Organisation
from openmap.roadmaps.enums import NeedState, SocialClause

HIGHEST_AMOUNT = 1_000_000_000
MOST_LOTS = 200


class Roadmap(Base):
    """What one buyer plans to buy; it serves every morning the buyer comes to, unless hidden there."""

    __tablename__ = "roadmap"
    __table_args__ = (UniqueConstraint("organisation_id"), UniqueConstraint("slug"))

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    slug: Mapped[str] = mapped_column(String(80))
    presentation: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="joined")


class HiddenRoadmap(Base):
    """A morning at which a buyer does not show its roadmap; no row means shown."""

    __tablename__ = "hidden_roadmap"
    __table_args__ = (UniqueConstraint("roadmap_id", "event_id"),)

    roadmap_id: Mapped[int] = mapped_column(ForeignKey("roadmap.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)

    event: Mapped[Event] = relationship()


class Need(Base):
    """One planned purchase; `quarter` as in quarters.py, amounts in euros before tax, `departement` "" for several.

    `lot_count` is 1 when the contract is not split, None while nobody knows; `words` is what searches look into;
    `published_at` is the first publication, which followers are told once.
    """

    __tablename__ = "need"
    __table_args__ = (
        UniqueConstraint("roadmap_id", "reference"),
        Index("ix_need_state_quarter", "state", "quarter"),
        Index("ix_need_published_at", "published_at"),
        CheckConstraint("amount_low >= 0 AND amount_high >= 0", name="amounts_are_positive"),
        CheckConstraint("amount_low <= amount_high", name="amounts_are_in_order"),
        CheckConstraint("lot_count >= 1", name="lots_count_from_1"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="publication_has_time"),
    )

    roadmap_id: Mapped[int] = mapped_column(ForeignKey("roadmap.id"))
    reference: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    state: Mapped[NeedState] = mapped_column(default=NeedState.DRAFT)
    title: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text, default="")
    sector: Mapped[Sector]
    service: Mapped[Service]
    amount_low: Mapped[int | None]
    amount_high: Mapped[int | None]
    quarter: Mapped[int]
    departement: Mapped[str] = mapped_column(String(3), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    lot_count: Mapped[int | None]
    clause: Mapped[SocialClause]
    is_open_to_cocontracting: Mapped[bool] = mapped_column(default=False)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    roadmap: Mapped[Roadmap] = relationship()
    contact: Mapped[Contact | None] = relationship()

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it."""
        return self.state is NeedState.PUBLISHED


class NeedSheet(Base):
    """A spreadsheet between its upload and its confirmation: what was read, not the file; purged after a day."""

    __tablename__ = "need_sheet"

    roadmap_id: Mapped[int] = mapped_column(ForeignKey("roadmap.id"), index=True)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    filename: Mapped[str] = mapped_column(String(120))
    headers: Mapped[list[Any]]
    rows: Mapped[list[Any]] = mapped_column(deferred=True)
    lines: Mapped[list[Any]] = mapped_column(deferred=True)
    created_at: Mapped[datetime] = mapped_column(index=True)

    roadmap: Mapped[Roadmap] = relationship()


class Follower(Base):
    """A person who is told of new needs; those published up to `told_until` are told."""

    __tablename__ = "follower"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    told_until: Mapped[datetime]
    last_mail_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
    followed: Mapped[list["FollowedSector"]] = relationship(
        back_populates="follower", cascade="all, delete-orphan", lazy="selectin", order_by="FollowedSector.id"
    )

    @property
    def sectors(self) -> frozenset[Sector]:
        """What this person wants to hear of."""
        return frozenset(each.sector for each in self.followed)


class FollowedSector(Base):
    """One sector of one follower, who hears of what is published from `since` on."""

    __tablename__ = "followed_sector"
    __table_args__ = (UniqueConstraint("follower_id", "sector"),)

    follower_id: Mapped[int] = mapped_column(ForeignKey("follower.id", ondelete="CASCADE"))
    sector: Mapped[Sector]
    since: Mapped[datetime]

    follower: Mapped[Follower] = relationship(back_populates="followed")
