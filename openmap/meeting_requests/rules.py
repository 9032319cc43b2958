"""The organiser's rules on who may ask whom, and how often; a morning without any has the plain ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, Enum, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.db import session
from openmap.core.models import Base, LabelledEnum
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.meeting_requests.enums import GroupQuota
from openmap.organisations.enums import OrganisationKind, Sector, StructureKind
from openmap.registrations.models import Registration

ANY_STRUCTURE = mark("toute structure")
ANYBODY = mark("tout participant")
Words = tuple[LabelledEnum | str, ...]


class RequestRules(Base):
    """What one morning allows; no row means the defaults of the columns."""

    __tablename__ = "request_rules"
    __table_args__ = (
        UniqueConstraint("event_id"),
        CheckConstraint("group_size BETWEEN 2 AND 3", name="two_or_three_structures"),
        CheckConstraint("invitation_limit >= 0", name="invitations_are_counted"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    motive_required: Mapped[bool] = mapped_column(default=True)
    groups_allowed: Mapped[bool] = mapped_column(default=False)
    group_size: Mapped[int] = mapped_column(default=3)  # structures, the one that leads included
    group_quota: Mapped[GroupQuota] = mapped_column(default=GroupQuota.EVERYONE)
    peers_allowed: Mapped[bool] = mapped_column(default=False)  # a structure may ask a structure
    invitation_limit: Mapped[int] = mapped_column(default=3)  # that a desk may send
    invitations_count: Mapped[bool] = mapped_column(default=False)  # in the quota of the structure that accepts

    event: Mapped[Event] = relationship()


class RequestBan(Base):
    """Who may not ask whom; an empty part means all."""

    __tablename__ = "request_ban"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    structure_kind: Mapped[StructureKind | None]
    sector: Mapped[Sector | None]
    asked_kind: Mapped[OrganisationKind | None]
    asked_sector: Mapped[Sector | None] = mapped_column(  # a constraint of its own name: `sector` has one too
        Enum(
            Sector,
            name="askedsector",
            native_enum=False,
            create_constraint=True,
            length=40,
            values_callable=lambda kind: [str(member) for member in kind],
        )
    )
    created_at: Mapped[datetime]

    @property
    def who(self) -> Words:
        """Those who may not ask, as labels to translate."""
        return tuple(part for part in (self.structure_kind, self.sector) if part) or (ANY_STRUCTURE,)

    @property
    def whom(self) -> Words:
        """Those who may not be asked, as labels to translate."""
        return tuple(part for part in (self.asked_kind, self.asked_sector) if part) or (ANYBODY,)

    def stops(self, requester: Registration, asked: Registration) -> bool:
        """Whether this line is about these two."""
        return (
            self.structure_kind in {None, requester.organisation.structure_kind}
            and self.sector in {None, requester.sector}
            and self.asked_kind in {None, asked.kind}
            and self.asked_sector in {None, asked.sector}
        )


class RequestQuota(Base):
    """How many requests structures of one kind may send, where that differs from the morning's own number."""

    __tablename__ = "request_quota"
    __table_args__ = (
        UniqueConstraint("event_id", "structure_kind"),
        CheckConstraint("quota >= 0", name="quota_is_counted"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    structure_kind: Mapped[StructureKind]
    quota: Mapped[int]


@dataclass(frozen=True, slots=True)
class Rules:
    """All the rules of a morning, read once."""

    event: Event
    settings: RequestRules
    bans: Sequence[RequestBan]
    quotas: Mapping[StructureKind, int]

    def quota_for(self, requester: Registration) -> int:
        """How many requests this structure may send."""
        kind = requester.organisation.structure_kind
        return self.quotas.get(kind, self.event.request_quota) if kind else self.event.request_quota

    def ban_on(self, requester: Registration, asked: Registration) -> RequestBan | None:
        """The first line that keeps one from asking the other."""
        return next((ban for ban in self.bans if ban.stops(requester, asked)), None)


def rules_of(event: Event) -> Rules:
    """Read the rules of a morning; three queries."""
    settings = session.scalars(select(RequestRules).filter_by(event_id=event.id)).one_or_none()
    bans = session.scalars(select(RequestBan).filter_by(event_id=event.id).order_by(RequestBan.id)).all()
    quotas = session.scalars(select(RequestQuota).filter_by(event_id=event.id))
    return Rules(event, settings or plain_rules(event), bans, {row.structure_kind: row.quota for row in quotas})


def plain_rules(event: Event) -> RequestRules:
    """What a morning allows as long as the organiser chose nothing; not in the database."""
    return RequestRules(
        event_id=event.id,
        motive_required=True,
        groups_allowed=False,
        group_size=3,
        group_quota=GroupQuota.EVERYONE,
        peers_allowed=False,
        invitation_limit=3,
        invitations_count=False,
    )
