"""What one person can do now: at most three things, the most pressing first, each with one button."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from openmap.my_space.bodies import Body
from openmap.my_space.queries import Morning, Part
from openmap.organisations.enums import OrganisationKind
from openmap.pitches.enums import Confirmation
from openmap.registrations.models import Registration, RegistrationDraft

TASKS_SHOWN = 3


class TaskKind(enum.StrEnum):
    """What someone can do now, the most pressing kind first."""

    ANSWER = "answer"
    JOIN = "join"
    INVITED = "invited"
    CONFIRM_PITCH = "confirm_pitch"
    SEND_PITCH = "send_pitch"
    COACH = "coach"
    LET_ACT = "let_act"
    RESUME = "resume"
    ASK = "ask"
    REPLACE = "replace"
    PITCH = "pitch"
    SUBSCRIBE = "subscribe"
    PROFILE = "profile"
    COMPLETE = "complete"


ORDER = list(TaskKind)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, for a registration, a body or a draft; `count` says how many, `due_at` until when, if ever."""

    kind: TaskKind
    count: int = 1
    due_at: datetime | None = None
    registration: Registration | None = None
    body: Body | None = None
    draft: RegistrationDraft | None = None


def tasks(
    mornings: Sequence[Morning], bodies: Sequence[Body], drafts: Sequence[RegistrationDraft], *, at: datetime
) -> list[Task]:
    """The most pressing kind first, then what closes first, then what closes never."""
    found = [task for morning in mornings for part in morning.parts for task in _for_part(part, at)]
    found += [Task(TaskKind.RESUME, draft=draft, due_at=draft.event.registration_closes_at) for draft in drafts]
    found += [task for body in bodies for task in _for_body(body)]
    last = max((task.due_at for task in found if task.due_at), default=at)
    return sorted(found, key=lambda task: (ORDER.index(task.kind), task.due_at or last))[:TASKS_SHOWN]


def _for_part(part: Part, at: datetime) -> Iterator[Task]:
    registration, event = part.registration, part.registration.event
    until = part.pitch.sendable_until(at) if part.pitch else None
    if part.pitch and until is not None:
        yield Task(TaskKind.SEND_PITCH if part.pitch.application else TaskKind.PITCH, 1, until, registration)
    own = part.pitch.application if part.pitch else None
    if own is not None and own.confirmation is Confirmation.ASKED:
        yield Task(TaskKind.CONFIRM_PITCH, 1, own.confirm_before, registration)
    if not registration.is_approved:
        return
    waiting = part.received - part.answered
    if waiting and event.answers_open(at):
        yield Task(TaskKind.ANSWER, waiting, event.answers_close_at, registration)
    if registration.kind is OrganisationKind.STRUCTURE and event.requests_open(at):
        yield from _for_list(part)
    until = part.coaching.bookable_until(at) if part.coaching else None
    if until is not None:
        yield Task(TaskKind.COACH, due_at=until, registration=registration)
    coming = part.agenda.next_appointment(at)
    if coming and not part.has_feed:
        yield Task(TaskKind.SUBSCRIBE, len(part.agenda.appointments), coming.starts_at, registration)


def _for_list(part: Part) -> Iterator[Task]:
    """What a structure can still do about its requests."""
    registration, event = part.registration, part.registration.event
    until, left = event.requests_close_at, event.request_quota - len(part.wishes)
    if part.unanswered_groups:
        yield Task(TaskKind.JOIN, len(part.unanswered_groups), until, registration)
    if part.invitations:
        yield Task(TaskKind.INVITED, len(part.invitations), until, registration)
    if not part.wishes:
        yield Task(TaskKind.ASK, event.request_quota, until, registration)
    elif part.declined:
        yield Task(TaskKind.REPLACE, part.declined, until, registration)
    elif left > 0:
        yield Task(TaskKind.COMPLETE, left, until, registration)


def _for_body(body: Body) -> Iterator[Task]:
    if body.asked:
        yield Task(TaskKind.LET_ACT, len(body.asked), body=body)
    if body.progress.next_part is not None:
        yield Task(TaskKind.PROFILE, body=body)
