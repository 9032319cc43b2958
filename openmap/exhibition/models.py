"""The hall and its stands, in metres from the corner at the top left of the plan."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base
from openmap.events.models import Event
from openmap.registrations.models import Registration


class Exhibition(Base):
    """One morning's hall: when it is open, how large it is (metres)."""

    __tablename__ = "exhibition"
    __table_args__ = (
        UniqueConstraint("event_id"),
        CheckConstraint("opens_at < closes_at", name="closes_after_it_opens"),
        CheckConstraint("width > 0 AND depth > 0", name="hall_has_a_size"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(120), default="")
    introduction: Mapped[str] = mapped_column(Text, default="")
    width: Mapped[int] = mapped_column(default=20)
    depth: Mapped[int] = mapped_column(default=12)
    is_public: Mapped[bool] = mapped_column(default=False)

    event: Mapped[Event] = relationship()
    stands: Mapped[list["Stand"]] = relationship(
        back_populates="exhibition", cascade="all, delete-orphan", order_by="Stand.label"
    )


class Stand(Base):
    """One stand; free while nobody holds it. `exhibitor` names who is not registered."""

    __tablename__ = "stand"
    __table_args__ = (
        UniqueConstraint("exhibition_id", "label"),
        UniqueConstraint("exhibition_id", "registration_id"),
        CheckConstraint("x >= 0 AND y >= 0 AND width > 0 AND depth > 0", name="stand_is_in_the_hall"),
    )

    exhibition_id: Mapped[int] = mapped_column(ForeignKey("exhibition.id"))
    label: Mapped[str] = mapped_column(String(10))
    x: Mapped[int]
    y: Mapped[int]
    width: Mapped[int] = mapped_column(default=3)
    depth: Mapped[int] = mapped_column(default=2)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    exhibitor: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(30), default="")

    exhibition: Mapped[Exhibition] = relationship(back_populates="stands")
    registration: Mapped[Registration | None] = relationship()
