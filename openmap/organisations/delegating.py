"""A structure lets a facilitator act for it at mornings, until one of the two ends it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, or_, select, text
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.core.models import Base
from openmap.organisations.enums import ContactRole
from openmap.organisations.models import Organisation
from openmap.organisations.queries import ids_open_to, may_act

_IS_OPEN = text("ended_at IS NULL")


class Delegation(Base):
    """One structure, one facilitator: asked by either, accepted by the other, ended by either."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("structure_id <> facilitator_id", name="two_bodies"),
        Index(
            "uq_delegation_open",
            "structure_id",
            "facilitator_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    structure_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    facilitator_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    is_from_structure: Mapped[bool]
    ends_on: Mapped[date | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    structure: Mapped[Organisation] = relationship(foreign_keys=structure_id)
    facilitator: Mapped[Organisation] = relationship(foreign_keys=facilitator_id)

    @property
    def is_active(self) -> bool:
        """Whether the facilitator may act now."""
        return self.accepted_at is not None and self.ended_at is None


def ids_delegated_to(person: Person) -> Select[int]:
    """The keys of the structures that let this person's facilitating body act for them."""
    return select(Delegation.structure_id).where(
        Delegation.facilitator_id.in_(ids_open_to(person, ContactRole.MEETINGS)),
        Delegation.accepted_at.is_not(None),
        Delegation.ended_at.is_(None),
    )


def may_act_by_delegation(person: Person, organisation_id: int) -> bool:
    """Whether a structure lets this person's body act for it."""
    found = select(Organisation.id).where(
        Organisation.id == organisation_id, Organisation.id.in_(ids_delegated_to(person))
    )
    return session.scalar(found) is not None


def on_behalf_of(organisation_id: int, by: Person | None) -> dict[str, int]:
    """What the trace adds when someone acts for a body without being one of its people."""
    own = by is None or may_act(by, organisation_id)
    return {} if own else {"on_behalf_of_organisation": organisation_id}


def delegations_of(organisation: Organisation) -> Sequence[Delegation]:
    """The open delegations of a structure, or to a facilitator, by the other one's name."""
    other = aliased(Organisation)
    rows = (
        select(Delegation)
        .join(other, or_(Delegation.structure_id == other.id, Delegation.facilitator_id == other.id))
        .where(
            other.id != organisation.id,
            or_(Delegation.structure_id == organisation.id, Delegation.facilitator_id == organisation.id),
            Delegation.ended_at.is_(None),
        )
        .options(joinedload(Delegation.structure), joinedload(Delegation.facilitator))
        .order_by(other.name, Delegation.id)
    )
    return session.scalars(rows).unique().all()


def find_delegation(organisation: Organisation, delegation_id: int) -> Delegation | None:
    """One open delegation of or to this organisation."""
    return next((each for each in delegations_of(organisation) if each.id == delegation_id), None)


def keep_one_of_each(kept: Organisation, other: Organisation, *, by: Person, at: datetime) -> None:
    """End the open delegations that could not move from `other` to `kept`, which has the same; what was given stays."""
    standing = {(each.structure_id, each.facilitator_id): each for each in delegations_of(kept)}
    for each in delegations_of(other):
        structure, facilitator = (
            kept.id if one == other.id else one for one in (each.structure_id, each.facilitator_id)
        )
        same = standing[structure, facilitator]
        if each.is_active and not same.is_active:
            same.accepted_at, same.accepted_by_id, same.ends_on = each.accepted_at, each.accepted_by_id, each.ends_on
        each.ended_at, each.ended_by_id = at, by.id


def over_on(day: date) -> Sequence[Delegation]:
    """The delegations whose last day is past."""
    rows = select(Delegation).where(Delegation.ended_at.is_(None), Delegation.ends_on < day)
    return session.scalars(rows).all()
