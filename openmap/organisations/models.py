"""Legal bodies and the people who speak for them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.models import Base
from openmap.organisations.enums import BuyerKind, ContactRole, OrganisationKind, PartnerKind, StructureKind


class Organisation(Base):
    """A legal body: a public buyer, a structure or a partner, with the kind its family uses."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("siret"),
        CheckConstraint("(kind = 'buyer') = (buyer_kind IS NOT NULL)", name="buyer_has_its_kind"),
        CheckConstraint("(kind = 'structure') = (structure_kind IS NOT NULL)", name="structure_has_its_kind"),
        CheckConstraint("(kind = 'partner') = (partner_kind IS NOT NULL)", name="partner_has_its_kind"),
        CheckConstraint("kind <> 'structure' OR siret IS NOT NULL", name="structure_has_a_siret"),
        CheckConstraint("siret IS NULL OR length(siret) = 14", name="siret_has_14_digits"),
    )

    kind: Mapped[OrganisationKind]
    name: Mapped[str] = mapped_column(String(200), index=True)
    siret: Mapped[str | None] = mapped_column(String(14))
    departement: Mapped[str] = mapped_column(String(3))
    buyer_kind: Mapped[BuyerKind | None]
    structure_kind: Mapped[StructureKind | None]
    partner_kind: Mapped[PartnerKind | None]
    created_at: Mapped[datetime]

    contacts: Mapped[list["Contact"]] = relationship(back_populates="organisation")

    @property
    def kind_label(self) -> str:
        """The French label of its kind within its family, a message of the catalogues."""
        kind = self.structure_kind or self.buyer_kind or self.partner_kind or self.kind
        return kind.label


_IS_MAIN = text("is_main")


class Contact(Base):
    """A person of an organisation; the main one speaks for all of it, the others within their roles.

    Someone who left keeps the row, without any role: the history stays, the way in is closed.
    """

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id"),
        Index("uq_contact_one_main", "organisation_id", unique=True, sqlite_where=_IS_MAIN, postgresql_where=_IS_MAIN),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    phone: Mapped[str] = mapped_column(String(30), default="")
    is_main: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(back_populates="contacts")
    person: Mapped[Person] = relationship()
    given_roles: Mapped[list["GivenRole"]] = relationship(
        back_populates="contact", cascade="all, delete-orphan", order_by="GivenRole.id"
    )

    @property
    def roles(self) -> frozenset[ContactRole]:
        """What this contact may do for the organisation."""
        return frozenset(ContactRole) if self.is_main else frozenset(given.role for given in self.given_roles)


class GivenRole(Base):
    """One role of one contact; only the main contact or an organiser gives it."""

    __tablename__ = "contact_role"
    __table_args__ = (UniqueConstraint("contact_id", "role"),)

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    role: Mapped[ContactRole]

    contact: Mapped[Contact] = relationship(back_populates="given_roles")


class ColleagueInvitation(Base):
    """A colleague asked by mail to become a contact; the secret of the link is stored hashed and used once."""

    __tablename__ = "colleague_invitation"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="ends_once"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="")
    roles: Mapped[list[Any]]
    token_hash: Mapped[str] = mapped_column(String(64))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    invited_by: Mapped[Person] = relationship()


class MergedOrganisation(Base):
    """An organisation that turned out to be another one: its number and name lead there from now on."""

    __tablename__ = "merged_organisation"
    __table_args__ = (UniqueConstraint("organisation_id"), CheckConstraint("organisation_id <> into_id", name="two"))

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DistinctOrganisations(Base):
    """Two organisations that look alike and are not the same: an organiser said so."""

    __tablename__ = "distinct_organisations"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
    )

    first_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    said_at: Mapped[datetime]
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
