"""Who appears in which line of the programme, who has a place in it, and how the room's screen follows it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base
from openmap.events.models import ProgrammeItem
from openmap.programme.enums import AppearanceRole
from openmap.registrations.models import Registration

_IS_REGISTERED = text("registration_id IS NOT NULL")


class Appearance(Base):
    """Somebody on stage; whoever is registered cannot meet anybody while the line lasts.

    `position` counts from 1 in the line; `minutes` is how long a pitch lasts, None where only the line's end counts;
    `person_name` may be empty where a structure has not said who comes.
    """

    __tablename__ = "appearance"
    __table_args__ = (
        UniqueConstraint("item_id", "position"),
        Index(
            "uq_appearance_once_a_line",
            "item_id",
            "registration_id",
            unique=True,
            sqlite_where=_IS_REGISTERED,
            postgresql_where=_IS_REGISTERED,
        ),
        CheckConstraint("registration_id IS NOT NULL OR person_name <> ''", name="somebody_appears"),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_are_counted"),
        CheckConstraint("position > 0", name="position_counts_from_1"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("programme_item.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    role: Mapped[AppearanceRole]
    person_name: Mapped[str] = mapped_column(String(120), default="")
    function: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    minutes: Mapped[int | None]
    position: Mapped[int]

    item: Mapped[ProgrammeItem] = relationship()
    registration: Mapped[Registration | None] = relationship()


class LineReservation(Base):
    """A participant's place in a line of the programme; it waits for one while `given_at` is None."""

    __tablename__ = "line_reservation"
    __table_args__ = (
        UniqueConstraint("item_id", "registration_id"),
        CheckConstraint("given_at IS NULL OR given_at >= asked_at", name="given_after_it_was_asked"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("programme_item.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    asked_at: Mapped[datetime]
    given_at: Mapped[datetime | None]

    item: Mapped[ProgrammeItem] = relationship()
    registration: Mapped[Registration] = relationship()


class StageClock(Base):
    """What the room's timer counts: one pitch or line at a time, begun and ended by an organiser."""

    __tablename__ = "stage_clock"
    __table_args__ = (
        UniqueConstraint("event_id"),
        CheckConstraint("seconds > 0", name="seconds_are_counted"),
        CheckConstraint("(paused_at IS NULL) OR (paused_at >= started_at)", name="paused_after_its_start"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("programme_item.id"))
    appearance_id: Mapped[int | None] = mapped_column(ForeignKey("appearance.id", ondelete="CASCADE"))
    seconds: Mapped[int]
    started_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]

    item: Mapped[ProgrammeItem] = relationship()
    appearance: Mapped[Appearance | None] = relationship()
