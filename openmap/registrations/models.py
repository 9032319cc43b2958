"""Who takes part in a morning; a buyer or facilitator through desks, each registered on its own."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.files import StoredFile
from openmap.core.models import Base
from openmap.events.models import Event, Table, TimeSlot
from openmap.organisations.enums import OrganisationKind, Sector
from openmap.organisations.models import Contact, Organisation
from openmap.questions.models import AnswerSheet
from openmap.registrations.enums import ConsentPurpose, RegistrationState

_IS_STRUCTURE = text("kind = 'structure'")
_STANDS = text("withdrawn_at IS NULL")
_IS_SAID = text("item_id IS NULL")


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
        CheckConstraint("(state = 'waiting') = (waiting_since IS NOT NULL)", name="waiting_has_its_place"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_time"),
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
    contact_function: Mapped[str] = mapped_column(String(120), default="")
    waiting_since: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    answer_sheet_id: Mapped[int | None] = mapped_column(ForeignKey("answer_sheet.id"), index=True)

    event: Mapped[Event] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    contact: Mapped[Contact] = relationship()
    decided_by: Mapped[Person | None] = relationship()
    desk: Mapped["Desk | None"] = relationship(  # a structure's own meeting place is found by its requests alone
        back_populates="registration",
        lazy="joined",
        primaryjoin="and_(Registration.id == foreign(Desk.registration_id), Registration.kind != 'structure')",
    )
    unavailabilities: Mapped[list["Unavailability"]] = relationship(
        back_populates="registration", cascade="all, delete-orphan"
    )
    answer_sheet: Mapped[AnswerSheet | None] = relationship()
    consents: Mapped[list["Consent"]] = relationship(back_populates="registration", order_by="Consent.id")

    @property
    def title(self) -> str:
        """What pages call this participant: « XWiki SAS », or « Ville de Paris – DSI »."""
        return f"{self.organisation.name} – {self.desk.name}" if self.desk else self.organisation.name

    @property
    def is_approved(self) -> bool:
        """Whether the organiser let this participant in."""
        return self.state is RegistrationState.APPROVED

    @property
    def said_slots(self) -> list[TimeSlot]:
        """The slots this participant said it cannot do, in their order."""
        return sorted(
            (row.slot for row in self.unavailabilities if row.item_id is None), key=lambda slot: slot.position
        )

    @property
    def stage_slots(self) -> list[TimeSlot]:
        """The slots in which it is on stage, each once, in their order."""
        slots = {row.slot_id: row.slot for row in self.unavailabilities if row.item_id is not None}
        return sorted(slots.values(), key=lambda slot: slot.position)

    def consent_to(self, purpose: ConsentPurpose) -> "Consent | None":
        """The consent that stands, if there is one."""
        return next((one for one in self.consents if one.purpose is purpose and one.withdrawn_at is None), None)


class Desk(Base):
    """One meeting place of a buyer: one table, one meeting at a time.

    A structure that other structures ask has one too, without name or table.
    """

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
        """« Ville de Paris – DSI »; a structure's is called as the structure."""
        name = self.registration.organisation.name
        return f"{name} – {self.name}" if self.name else name


class Unavailability(Base):
    """A slot a participant cannot do; no row means free.

    `item_id` is the line of the programme in which the participant speaks then; None: the participant said so.
    """

    __tablename__ = "unavailability"
    __table_args__ = (
        UniqueConstraint("registration_id", "slot_id", "item_id"),
        Index(
            "uq_unavailability_said_once",
            "registration_id",
            "slot_id",
            unique=True,
            sqlite_where=_IS_SAID,
            postgresql_where=_IS_SAID,
        ),
    )

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("time_slot.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("programme_item.id"), index=True)

    registration: Mapped[Registration] = relationship(back_populates="unavailabilities")
    slot: Mapped[TimeSlot] = relationship()


class Consent(Base):
    """One consent as it was given: the very words, and since when it no longer stands; at most one of each stands."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_standing",
            "registration_id",
            "purpose",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        CheckConstraint("text <> ''", name="consent_has_its_words"),
    )

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    purpose: Mapped[ConsentPurpose]
    text_version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # an organiser, on the phone
    withdrawn_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(back_populates="consents")
    noted_by: Mapped[Person | None] = relationship()


class Capacity(Base):
    """How many of one kind a morning takes; no row means as many as come."""

    __tablename__ = "registration_capacity"
    __table_args__ = (
        UniqueConstraint("event_id", "kind"),
        CheckConstraint("places >= 0", name="places_are_counted"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[OrganisationKind]
    places: Mapped[int]


class RegistrationDraft(Base):
    """A registration being typed; `typed` is what each field holds, and only whoever has a token reads it.

    One token lives in the browser that began it, another in the mailed link. Sent, it keeps nothing of what was typed.
    """

    __tablename__ = "registration_draft"
    __table_args__ = (UniqueConstraint("browser_hash"), UniqueConstraint("link_hash"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    kind: Mapped[OrganisationKind]
    browser_hash: Mapped[str] = mapped_column(String(64))
    link_hash: Mapped[str | None] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    locale: Mapped[str] = mapped_column(String(5), default="fr")
    typed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # an organiser, on the phone
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    files: Mapped[list["DraftFile"]] = relationship(back_populates="draft", cascade="all, delete-orphan")


class DraftFile(Base):
    """A file that answers a question of a draft."""

    __tablename__ = "draft_file"
    __table_args__ = (UniqueConstraint("draft_id", "question_id"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("registration_draft.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)

    draft: Mapped[RegistrationDraft] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()
