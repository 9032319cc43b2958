"""Everything one person has at hand: their registrations morning by morning, and what to do now."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.agendas.queries import Agenda, Appointment, active_feed, agenda_of
from openmap.allocation.models import UnmetRequest
from openmap.allocation.queries import published_unmet_requests
from openmap.events.models import Event
from openmap.meeting_requests.enums import RequestState
from openmap.meeting_requests.models import MeetingRequest
from openmap.meeting_requests.queries import answer_counts, requests_of
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.models import Registration
from openmap.registrations.queries import registrations_of

TASKS_SHOWN = 3


class TaskKind(enum.StrEnum):
    """What someone can do now, the most pressing kind first."""

    ANSWER = "answer"
    ASK = "ask"
    REPLACE = "replace"
    SUBSCRIBE = "subscribe"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do; `count` says how many, `due_at` until when."""

    kind: TaskKind
    registration: Registration
    count: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """One request of a structure and what came of it in the published schedule."""

    request: MeetingRequest
    appointment: Appointment | None
    unmet: UnmetRequest | None


@dataclass(frozen=True, slots=True)
class Part:
    """One registration: its day, and either its wishes (structure) or its answers (desk)."""

    registration: Registration
    agenda: Agenda
    wishes: tuple[Wish, ...]
    answered: int
    received: int
    has_feed: bool

    @property
    def declined(self) -> int:
        """How many of its requests were declined."""
        return sum(wish.request.state is RequestState.DECLINED for wish in self.wishes)


@dataclass(frozen=True, slots=True)
class Morning:
    """One morning with every part the person plays in it."""

    event: Event
    parts: tuple[Part, ...]


def mornings_of(person: Person) -> list[Morning]:
    """The mornings a person takes part in, the latest first."""
    parts: dict[int, list[Part]] = {}
    for registration in registrations_of(person):
        parts.setdefault(registration.event_id, []).append(_part(registration))
    return [Morning(theirs[0].registration.event, tuple(theirs)) for theirs in parts.values()]


def tasks(mornings: Sequence[Morning], at: datetime) -> list[Task]:
    """At most three things to do now: the most pressing kind first, then what closes first."""
    order = list(TaskKind)
    found = [task for morning in mornings for part in morning.parts for task in _tasks_of(part, at)]
    return sorted(found, key=lambda task: (order.index(task.kind), task.due_at))[:TASKS_SHOWN]


def _part(registration: Registration) -> Part:
    desk = registration.desk
    answered, received = answer_counts(desk) if desk else (0, 0)
    agenda = agenda_of(registration)
    is_structure = registration.kind is OrganisationKind.STRUCTURE
    return Part(
        registration=registration,
        agenda=agenda,
        wishes=_wishes(registration, agenda) if is_structure else (),
        answered=answered,
        received=received,
        has_feed=active_feed(registration) is not None,
    )


def _wishes(registration: Registration, agenda: Agenda) -> tuple[Wish, ...]:
    met = {one.meeting.request_id: one for one in agenda.appointments}
    unmet = {each.request_id: each for each in published_unmet_requests(registration)}
    return tuple(
        Wish(request, met.get(request.id), unmet.get(request.id) if request.id not in met else None)
        for request in requests_of(registration)
    )


def _tasks_of(part: Part, at: datetime) -> Iterator[Task]:
    registration, event = part.registration, part.registration.event
    if not registration.is_approved:
        return
    waiting = part.received - part.answered
    if waiting and event.answers_open(at):
        yield Task(TaskKind.ANSWER, registration, waiting, event.answers_close_at)
    if registration.kind is OrganisationKind.STRUCTURE and event.requests_open(at):
        left = event.request_quota - len(part.wishes)
        if not part.wishes:
            yield Task(TaskKind.ASK, registration, event.request_quota, event.requests_close_at)
        elif part.declined:
            yield Task(TaskKind.REPLACE, registration, part.declined, event.requests_close_at)
        elif left > 0:
            yield Task(TaskKind.COMPLETE, registration, left, event.requests_close_at)
    coming = part.agenda.next_appointment(at)
    if coming and not part.has_feed:
        yield Task(TaskKind.SUBSCRIBE, registration, len(part.agenda.appointments), coming.starts_at)
