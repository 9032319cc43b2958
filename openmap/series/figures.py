"""What came of mornings, in figures: counted where the rows are here, else as the morning's review published it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Select, distinct, func, select

from openmap.core.db import session
from openmap.events.models import Event, ProgrammeItem
from openmap.exhibition.models import Exhibition, Stand
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meetings.enums import MeetingOutcome
from openmap.meetings.models import Meeting, MeetingParticipant, ScheduleVersion
from openmap.organisations.enums import OrganisationKind
from openmap.programme.enums import AppearanceRole
from openmap.programme.models import Appearance
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Registration
from openmap.series.enums import FigureName

# The words of event.json's "reported", the surest first.
REPORTED: Mapping[FigureName, tuple[str, ...]] = MappingProxyType(
    {
        FigureName.PARTICIPANTS: ("participants",),
        FigureName.BUYERS: ("buyers",),
        FigureName.STRUCTURES: ("structures", "companies_registered"),
        FigureName.REQUESTS: ("meeting_requests",),
        FigureName.SCHEDULED: ("meetings_scheduled",),
        FigureName.HELD: ("meetings_held",),
        FigureName.MET: ("structures_met",),
        FigureName.PITCHES: ("pitches",),
        FigureName.EXHIBITORS: ("exhibitors",),
    }
)
TOOK_PLACE = (MeetingOutcome.PLANNED, MeetingOutcome.HELD)
Counts = dict[tuple[int, FigureName], int]


@dataclass(frozen=True, slots=True)
class Figure:
    """One count of one morning; `is_reported` where it comes from the published review."""

    name: FigureName
    value: int
    is_reported: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """One morning of a series with what is known of it, in the order of FigureName."""

    event: Event
    figures: Sequence[Figure]

    def figure(self, name: FigureName) -> Figure | None:
        """One of its figures, if it is known."""
        return next((figure for figure in self.figures if figure.name is name), None)

    @property
    def has_reported(self) -> bool:
        """Whether a figure comes from the published review."""
        return any(figure.is_reported for figure in self.figures)


def with_figures(events: Iterable[Event], *, with_reported: bool = True) -> list[Edition]:
    """Mornings with their figures, in the order given; five queries, however many mornings."""
    events = list(events)
    counts = _counts([event.id for event in events])
    return [Edition(event, _figures(event, counts, with_reported=with_reported)) for event in events]


def _figures(event: Event, counts: Counts, *, with_reported: bool) -> list[Figure]:
    found = []
    for name in FigureName:
        counted = counts.get((event.id, name), 0)
        value = counted or (_reported(event, name) if with_reported else 0)
        if value:
            found.append(Figure(name, value, is_reported=not counted))
    return found


def _reported(event: Event, name: FigureName) -> int:
    """What the review says; anything but a count says nothing."""
    said = (event.reported.get(word) for word in REPORTED[name])
    return next((value for value in said if type(value) is int and value > 0), 0)


def _counts(ids: Sequence[int]) -> Counts:
    counts = _registrations(ids) | _meetings(ids)
    for name, counted in (
        (FigureName.REQUESTS, _requests(ids)),
        (FigureName.PITCHES, _pitches(ids)),
        (FigureName.EXHIBITORS, _exhibitors(ids)),
    ):
        counts |= {(event_id, name): count for event_id, count in session.execute(counted)}
    return counts


def _registrations(ids: Sequence[int]) -> Counts:
    names = {OrganisationKind.BUYER: FigureName.BUYERS, OrganisationKind.STRUCTURE: FigureName.STRUCTURES}
    rows = (
        select(Registration.event_id, Registration.kind, func.count())
        .where(
            Registration.event_id.in_(ids),
            Registration.state == RegistrationState.APPROVED,
            Registration.kind.in_(names),
        )
        .group_by(Registration.event_id, Registration.kind)
    )
    return {(event_id, names[kind]): count for event_id, kind, count in session.execute(rows)}


def _meetings(ids: Sequence[int]) -> Counts:
    """Meetings of the published schedules, those noted as held, and the structures that sat in one."""
    is_held = Meeting.outcome == MeetingOutcome.HELD
    structure = Registration.kind == OrganisationKind.STRUCTURE
    met = structure & Meeting.outcome.in_(TOOK_PLACE)
    rows = (
        select(
            ScheduleVersion.event_id,
            func.count(distinct(Meeting.id)),
            func.count(distinct(Meeting.id)).filter(is_held),
            func.count(distinct(Registration.id)).filter(met),
        )
        .select_from(MeetingParticipant)
        .join(Meeting, Meeting.id == MeetingParticipant.meeting_id)
        .join(ScheduleVersion, ScheduleVersion.id == Meeting.version_id)
        .join(Registration, Registration.id == MeetingParticipant.registration_id)
        .where(
            ScheduleVersion.event_id.in_(ids),
            ScheduleVersion.is_current,
            Meeting.outcome != MeetingOutcome.CANCELLED,
        )
        .group_by(ScheduleVersion.event_id)
    )
    names = (FigureName.SCHEDULED, FigureName.HELD, FigureName.MET)
    return {
        (event_id, name): count
        for event_id, *found in session.execute(rows)
        for name, count in zip(names, found, strict=True)
    }


def _requests(ids: Sequence[int]) -> Select[int, int]:
    return (
        select(MeetingRequest.event_id, func.count())
        .where(MeetingRequest.event_id.in_(ids), MeetingRequest.state != RequestState.WITHDRAWN)
        .group_by(MeetingRequest.event_id)
    )


def _pitches(ids: Sequence[int]) -> Select[int, int]:
    return (
        select(ProgrammeItem.event_id, func.count())
        .select_from(Appearance)
        .join(ProgrammeItem, ProgrammeItem.id == Appearance.item_id)
        .where(ProgrammeItem.event_id.in_(ids), Appearance.role == AppearanceRole.PITCH)
        .group_by(ProgrammeItem.event_id)
    )


def _exhibitors(ids: Sequence[int]) -> Select[int, int]:
    is_held = Stand.registration_id.is_not(None) | (Stand.exhibitor != "")
    return (
        select(Exhibition.event_id, func.count())
        .select_from(Stand)
        .join(Exhibition, Exhibition.id == Stand.exhibition_id)
        .where(Exhibition.event_id.in_(ids), is_held)
        .group_by(Exhibition.event_id)
    )
