"""One profile an organisation, its state at each saving, its documents, and who sits where."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import CheckConstraint, Dialect, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from openmap.accounts.models import Person
from openmap.core.files import StoredFile
from openmap.core.models import Base, LabelledEnum
from openmap.organisations.departements import DEPARTEMENTS, ILE_DE_FRANCE
from openmap.organisations.enums import Sector, Service
from openmap.organisations.models import Contact, Organisation
from openmap.profiles.enums import AreaKind, Label, LegalForm, Network

Word = TypeVar("Word", bound=LabelledEnum)


class Words(TypeDecorator[frozenset[Word]], Generic[Word]):
    """Several values of one enum, kept as " it waste " so that one of them is found by LIKE '% it %'."""

    impl = String(500)
    cache_ok = True

    def __init__(self, kind: type[Word]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Iterable[Word] | None, dialect: Dialect) -> str:
        """Keep known words only; an unknown one is a fault of the program (ValueError)."""
        return spelled(self.kind.of(word) for word in value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Word]:
        """Give the set back."""
        return frozenset(self.kind.of(word) for word in (value or "").split())


class Codes(TypeDecorator[frozenset[str]]):
    """Several codes of départements, kept alike."""

    impl = String(500)
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        """Keep codes of the official list only; another is a fault of the program (ValueError)."""
        codes = frozenset(value or ())
        if not codes <= DEPARTEMENTS.keys():
            raise ValueError(f"no départements: {sorted(codes - DEPARTEMENTS.keys())}")
        return spelled(codes)

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str]:
        """Give the set back."""
        return frozenset((value or "").split())


def spelled(words: Iterable[str]) -> str:
    """ " a b ", in order, "" for none."""
    kept = sorted(str(word) for word in words)
    return f" {' '.join(kept)} " if kept else ""


class Profile(Base):
    """What an organisation says of itself today; `version` counts its savings, the first being 1."""

    __tablename__ = "profile"
    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("staff_count IS NULL OR staff_count >= 0", name="staff_is_counted"),
        CheckConstraint(
            "insertion_count IS NULL OR (insertion_count >= 0 AND insertion_count <= staff_count)",
            name="insertion_is_part_of_staff",
        ),
        CheckConstraint("version >= 0", name="savings_are_counted"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
    summary: Mapped[str] = mapped_column(Text, default="")
    services: Mapped[frozenset[Service]] = mapped_column(Words(Service), default=frozenset)
    sectors: Mapped[frozenset[Sector]] = mapped_column(Words(Sector), default=frozenset)
    area: Mapped[AreaKind | None]
    departements: Mapped[frozenset[str]] = mapped_column(Codes, default=frozenset)
    legal_form: Mapped[LegalForm | None]
    website: Mapped[str] = mapped_column(String(300), default="")
    staff_count: Mapped[int | None]
    insertion_count: Mapped[int | None]
    references: Mapped[str] = mapped_column("past_work", Text, default="")  # the plain word is SQL's
    labels: Mapped[frozenset[Label]] = mapped_column(Words(Label), default=frozenset)
    other_labels: Mapped[str] = mapped_column(String(300), default="")
    networks: Mapped[frozenset[Network]] = mapped_column(Words(Network), default=frozenset)
    other_networks: Mapped[str] = mapped_column(String(300), default="")
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    logo_alt: Mapped[str] = mapped_column(String(200), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation] = relationship()
    logo: Mapped[StoredFile | None] = relationship()
    desks: Mapped[list["ProfileDesk"]] = relationship(
        back_populates="profile", cascade="all, delete-orphan", order_by="ProfileDesk.name"
    )
    documents: Mapped[list["ProfileDocument"]] = relationship(
        back_populates="profile", cascade="all, delete-orphan", order_by="ProfileDocument.id"
    )

    @property
    def reach(self) -> frozenset[str]:
        """The départements in which the organisation works, those of a whole region included."""
        if self.area is AreaKind.REGION:
            return frozenset(ILE_DE_FRANCE)
        return frozenset(DEPARTEMENTS) if self.area is AreaKind.COUNTRY else self.departements

    @property
    def current_documents(self) -> list["ProfileDocument"]:
        """The documents that are shown today."""
        return [document for document in self.documents if document.removed_at is None]


class ProfileVersion(Base):
    """A profile as it was saved once: what a past morning shows, and what a colleague had changed."""

    __tablename__ = "profile_version"
    __table_args__ = (UniqueConstraint("profile_id", "number"),)

    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    number: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    content: Mapped[dict[str, Any]]

    saved_by: Mapped[Person | None] = relationship()


class ProfileDocument(Base):
    """A PDF beside the profile; removed, it stays with the mornings that showed it."""

    __tablename__ = "profile_document"
    __table_args__ = (CheckConstraint("title <> ''", name="document_has_a_title"),)

    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    profile: Mapped[Profile] = relationship(back_populates="documents")
    file: Mapped[StoredFile] = relationship()


class ProfileDesk(Base):
    """A service of a buyer that holds a desk at mornings, what it buys, and who sits there."""

    __tablename__ = "profile_desk"
    __table_args__ = (UniqueConstraint("profile_id", "name"), CheckConstraint("name <> ''", name="desk_has_a_name"))

    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    sectors: Mapped[frozenset[Sector]] = mapped_column(Words(Sector), default=frozenset)

    profile: Mapped[Profile] = relationship(back_populates="desks")
    seats: Mapped[list["DeskSeat"]] = relationship(
        back_populates="desk", cascade="all, delete-orphan", order_by="DeskSeat.id"
    )


class DeskSeat(Base):
    """One contact who sits at one desk of the body."""

    __tablename__ = "profile_desk_seat"
    __table_args__ = (UniqueConstraint("desk_id", "contact_id"),)

    desk_id: Mapped[int] = mapped_column(ForeignKey("profile_desk.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)

    desk: Mapped[ProfileDesk] = relationship(back_populates="seats")
    contact: Mapped[Contact] = relationship()
