"""One participant's day: their meetings, whom they meet, and the programme around."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from openmap.agendas.models import Feed
from openmap.coaching.entries import booked_by, changes_of
from openmap.coaching.models import CoachingBooking
from openmap.core.db import session
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, ScheduleVersion
from openmap.meetings.queries import current_version, dropped_meetings_of, meetings_of
from openmap.programme.queries import OnStage, changed_at, stage_times
from openmap.registrations.models import Registration

NONCE_LENGTH = 32  # characters of a feed's public half


@dataclass(frozen=True, slots=True)
class Appointment:
    """One meeting as one participant sees it: `others` are everyone else at the table."""

    meeting: Meeting
    others: tuple[Registration, ...]

    @property
    def title(self) -> str:
        """Whom to meet: « Ville de Paris – DSI »."""
        return ", ".join(other.title for other in self.others)

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.meeting.slot.starts_at

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off after its publication."""
        return self.meeting.outcome is MeetingOutcome.CANCELLED


@dataclass(frozen=True, slots=True)
class StageTime:
    """When this participant is on stage, and in which line of the programme."""

    item: ProgrammeItem
    one: OnStage

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.one.starts_at


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the meetings of some participants of one morning: stage and coaching, by registration."""

    on_stage: Mapping[int, tuple[StageTime, ...]]
    coaching: Mapping[int, CoachingBooking]
    coaching_changed_at: Mapping[int, datetime]
    programme_changed_at: datetime | None

    def changed_at(self, registration: Registration) -> datetime:
        """When any of it last changed for one participant; its registration if never."""
        known = (self.programme_changed_at, self.coaching_changed_at.get(registration.id), registration.created_at)
        return max(moment for moment in known if moment is not None)


@dataclass(frozen=True, slots=True)
class Agenda:
    """One participant's day in one version; `version` is None before the first publication.

    `dropped` are meetings of earlier versions that no longer take place.
    """

    registration: Registration
    version: ScheduleVersion | None
    appointments: tuple[Appointment, ...]
    dropped: tuple[Appointment, ...]
    programme: tuple[ProgrammeItem, ...]
    on_stage: tuple[StageTime, ...]
    coaching: CoachingBooking | None
    surroundings_changed_at: datetime

    @property
    def lines(self) -> list[Appointment | ProgrammeItem | StageTime]:
        """Meetings, programme and one's own times on stage together, as the day runs."""
        return sorted([*self.appointments, *self.programme, *self.on_stage], key=lambda line: line.starts_at)

    def next_appointment(self, at: datetime) -> Appointment | None:
        """The first one, not cancelled, that is not over at `at`."""
        coming = (one for one in self.appointments if not one.is_cancelled and one.meeting.slot.ends_at > at)
        return next(coming, None)


def agenda_of(registration: Registration) -> Agenda:
    """The day of one participant as it is published now."""
    return agenda_in(
        registration,
        version=current_version(registration.event),
        meetings=meetings_of(registration),
        dropped=dropped_meetings_of(registration),
        around=surroundings_of(registration.event, [registration.id]),
    )


def surroundings_of(event: Event, registration_ids: Collection[int]) -> Surroundings:
    """What stands around the meetings of these participants, in as many queries for many as for one."""
    return Surroundings(
        on_stage={key: tuple(StageTime(item, one) for item, one in times) for key, times in stage_times(event).items()},
        coaching=booked_by(registration_ids),
        coaching_changed_at=changes_of(registration_ids),
        programme_changed_at=changed_at(event),
    )


def agenda_in(
    registration: Registration,
    *,
    version: ScheduleVersion | None,
    meetings: Sequence[Meeting],
    dropped: Sequence[Meeting] = (),
    around: Surroundings,
) -> Agenda:
    """The day of one participant with these meetings, whatever is published."""
    lines = [item for item in registration.event.programme if item.kind is not ProgrammeKind.MEETINGS]
    return Agenda(
        registration=registration,
        version=version,
        appointments=tuple(_seen_by(registration, meeting) for meeting in meetings),
        dropped=tuple(_seen_by(registration, meeting) for meeting in dropped),
        programme=tuple(lines),
        on_stage=around.on_stage.get(registration.id, ()),
        coaching=around.coaching.get(registration.id),
        surroundings_changed_at=around.changed_at(registration),
    )


def _seen_by(registration: Registration, meeting: Meeting) -> Appointment:
    others = (one.registration for one in meeting.participants if one.registration_id != registration.id)
    return Appointment(meeting, tuple(sorted(others, key=lambda other: other.ref)))


def active_feed(registration: Registration) -> Feed | None:
    """The calendar address of a participant that still answers, if there is one."""
    return session.scalars(select(Feed).filter_by(registration_id=registration.id, revoked_at=None)).first()


def find_feed(nonce: str) -> Feed | None:
    """The feed of this public half, unless it was revoked."""
    return session.scalars(select(Feed).filter_by(nonce=nonce, revoked_at=None)).one_or_none()
