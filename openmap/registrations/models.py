"""Who takes part in a morning; a buyer or facilitator through desks, each registered on its own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.models import Base
from openmap.events.models import Event, Table, TimeSlot
from openmap.organisations.enums import OrganisationKind, Sector
from openmap.organisations.models import Contact, Organisation
from openmap.registrations.enums import RegistrationState

_IS_STRUCTURE = text("kind = 'structure'")


class Registration(Base):
    """One participant of one morning: a structure, or one desk of a buyer; `ref` is its id in the instance."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("event_id", "ref"),
        Index(  # a structure takes part once; a buyer once a desk (see Desk)
            "uq_registration_structure_once",
            "event_id",
            "organisation_id",
            unique=True,
            sqlite_where=_IS_STRUCTURE,
            postgresql_where=_IS_STRUCTURE,
        ),
        CheckConstraint("(state IN ('approved', 'refused')) <= (decided_at IS NOT NULL)", name="decision_has_time"),
        CheckConstraint("state <> 'refused' OR refusal_reason <> ''", name="refusal_has_reason"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    kind: Mapped[OrganisationKind]
    ref: Mapped[str] = mapped_column(String(20))
    state: Mapped[RegistrationState] = mapped_column(default=RegistrationState.PENDING)
    sector: Mapped[Sector]
    offer: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refusal_reason: Mapped[str] = mapped_column(Text, default="")

    event: Mapped[Event] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    contact: Mapped[Contact] = relationship()
    decided_by: Mapped[Person | None] = relationship()
    desk: Mapped["Desk | None"] = relationship(back_populates="registration", lazy="joined")
    unavailabilities: Mapped[list["Unavailability"]] = relationship(
        back_populates="registration", cascade="all, delete-orphan"
    )

    @property
    def title(self) -> str:
        """What pages call this participant: « XWiki SAS », or « Ville de Paris – DSI »."""
        return f"{self.organisation.name} – {self.desk.name}" if self.desk else self.organisation.name

    @property
    def is_approved(self) -> bool:
        """Whether the organiser let this participant in."""
        return self.state is RegistrationState.APPROVED


class Desk(Base):
    """One meeting place of a buyer: one table, one meeting at a time."""

    __tablename__ = "desk"
    __table_args__ = (
        UniqueConstraint("registration_id"),
        UniqueConstraint("event_id", "organisation_id", "name"),
        UniqueConstraint("table_id"),  # tables belong to one morning, so this holds for the morning
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    name: Mapped[str] = mapped_column(String(120))
    table_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_table.id"))

    registration: Mapped[Registration] = relationship(back_populates="desk", lazy="joined")
    table: Mapped[Table | None] = relationship()

    @property
    def title(self) -> str:
        """« Ville de Paris – DSI »."""
        return f"{self.registration.organisation.name} – {self.name}"


class Unavailability(Base):
    """A slot a participant cannot do; no row means free."""

    __tablename__ = "unavailability"
    __table_args__ = (UniqueConstraint("registration_id", "slot_id"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("time_slot.id"), index=True)

    registration: Mapped[Registration] = relationship(back_populates="unavailabilities")
    slot: Mapped[TimeSlot] = relationship()
