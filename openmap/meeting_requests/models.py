"""A structure asks a desk for a meeting, and the desk answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from openmap.core.models import Base
from openmap.events.models import Event
from openmap.meeting_requests.enums import RequestState
from openmap.registrations.models import Desk, Registration


class MeetingRequest(Base):
    """One wish to meet; asked again after a withdrawal, it is the same row again."""

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
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    requester: Mapped[Registration] = relationship()
    desk: Mapped[Desk] = relationship()

    @property
    def ref(self) -> str:
        """Its id in the instance: "S001-B01"."""
        return f"{self.requester.ref}-{self.desk.registration.ref}"
