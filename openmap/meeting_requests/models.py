"""A structure asks a desk for a meeting, alone or with others, and the desk answers; or the desk invites it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base
from openmap.events.models import Event
from openmap.meeting_requests.enums import DeclineCause, InvitationState, MemberState, RequestState
from openmap.registrations.models import Desk, Registration
from openmap.roadmaps.models import Need


class MeetingRequest(Base):
    """One wish to meet; asked again after a withdrawal, it is the same row again.

    `requester` leads, others may come with it (`members`); `desk` may be another structure's own meeting place.
    """

    __tablename__ = "meeting_request"
    __table_args__ = (
        UniqueConstraint("requester_id", "desk_id"),
        Index("uq_meeting_request_rank", "requester_id", "rank", unique=True),  # a withdrawn one has no rank
        CheckConstraint("(state = 'withdrawn') = (rank IS NULL)", name="withdrawn_has_no_rank"),
        CheckConstraint("rank IS NULL OR rank > 0", name="rank_counts_from_1"),
        CheckConstraint(
            "(state IN ('preferred', 'accepted', 'declined')) <= (answered_at IS NOT NULL)", name="answer_has_time"
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    requester_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"), index=True)
    rank: Mapped[int | None]  # 1 is the most wanted
    motive: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[RequestState] = mapped_column(default=RequestState.SENT)
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decline_cause: Mapped[DeclineCause | None]
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None]
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), index=True)  # what it answers to, if one
    is_outside_quota: Mapped[bool] = mapped_column(default=False, server_default=false())  # a desk invited it

    event: Mapped[Event] = relationship()
    requester: Mapped[Registration] = relationship()
    desk: Mapped[Desk] = relationship()
    need: Mapped[Need | None] = relationship()
    members: Mapped[list["RequestMember"]] = relationship(
        back_populates="request", lazy="selectin", order_by="RequestMember.id", cascade="all, delete-orphan"
    )

    @property
    def partners(self) -> list[Registration]:
        """The structures that come with the requester; one that takes no part any more comes nowhere."""
        coming = (member.registration for member in self.members if member.state is MemberState.ACCEPTED)
        return [registration for registration in coming if registration.is_approved]

    @property
    def askers(self) -> list[Registration]:
        """Every structure that asks, the one that leads first."""
        return [self.requester, *self.partners]

    @property
    def parties(self) -> list[Registration]:
        """Everybody who would sit at the table, whoever is asked last."""
        return [*self.askers, self.desk.registration]

    @property
    def askers_title(self) -> str:
        """What pages call those who ask: « Halage, Rejoué »."""
        return ", ".join(asker.title for asker in self.askers)

    @property
    def ref(self) -> str:
        """Its id in the instance: "S001-B01"."""
        return f"{self.requester.ref}-{self.desk.registration.ref}"


class RequestMember(Base):
    """A structure that is asked to come along."""

    __tablename__ = "request_member"
    __table_args__ = (
        UniqueConstraint("request_id", "registration_id"),
        CheckConstraint("(state IN ('accepted', 'refused')) = (answered_at IS NOT NULL)", name="answer_has_time"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    state: Mapped[MemberState] = mapped_column(default=MemberState.INVITED)
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    request: Mapped[MeetingRequest] = relationship(back_populates="members")
    registration: Mapped[Registration] = relationship(lazy="joined")


class MeetingInvitation(Base):
    """A desk invites a structure; accepted, it becomes a request that the desk prefers."""

    __tablename__ = "meeting_invitation"
    __table_args__ = (
        UniqueConstraint("desk_id", "registration_id"),
        CheckConstraint("(state IN ('accepted', 'declined')) = (answered_at IS NOT NULL)", name="answer_has_time"),
    )

    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    message: Mapped[str] = mapped_column(Text)
    state: Mapped[InvitationState] = mapped_column(default=InvitationState.SENT)
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    desk: Mapped[Desk] = relationship()
    registration: Mapped[Registration] = relationship()


class DeskDigest(Base):
    """When a desk was last told of new requests."""

    __tablename__ = "desk_digest"
    __table_args__ = (UniqueConstraint("desk_id"),)

    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    sent_at: Mapped[datetime]


class DemandEstimate(Base):
    """What the demand of one moment leaves to hope for one request; `low` and `high` are chances out of ten.

    `ahead` of the `asking` requests for the desk go before this one in most of the demands that were tried.
    """

    __tablename__ = "demand_estimate"
    __table_args__ = (
        UniqueConstraint("request_id"),
        CheckConstraint("0 <= low AND low <= high AND high <= 10", name="chances_out_of_ten"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id"))
    low: Mapped[int]
    high: Mapped[int]
    places: Mapped[int]
    asking: Mapped[int]
    ahead: Mapped[int]
    raised_by: Mapped[str] = mapped_column(String(20), default="")  # what would help: see `wording.RAISERS`
    fingerprint: Mapped[str] = mapped_column(String(64))  # of the demand it was computed from
    computed_at: Mapped[datetime]
