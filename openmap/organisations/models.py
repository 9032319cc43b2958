"""Legal bodies and the people who speak for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.models import Base
from openmap.organisations.enums import BuyerKind, OrganisationKind, PartnerKind, StructureKind


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


class Contact(Base):
    """A person of an organisation."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    phone: Mapped[str] = mapped_column(String(30), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="contacts")
    person: Mapped[Person] = relationship()
