"""Run, cancel, pin; see `storing` for a solution that comes back and `publication` for what is done with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from openmap.accounts.models import Person
from openmap.allocation import problem, queries
from openmap.allocation.models import Allocation, Pin, Run
from openmap.allocation.publication import ProposalNotReady, PublicationOutdated, publish_run
from openmap.allocation.storing import store_solution
from openmap.core import audit, jobs
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.jobs import JobState
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.meeting_requests.models import MeetingRequest
from scheduler import InvalidInput

__all__ = [
    "NothingToSolve",
    "PinImpossible",
    "ProposalNotReady",
    "PublicationOutdated",
    "RunAlreadyActive",
    "RunSettings",
    "cancel_run",
    "pin_meeting",
    "publish_run",
    "start_run",
    "store_solution",
    "unpin_meeting",
]

JOB_KIND = "solve"


class RunAlreadyActive(Conflict):
    """One solve at a time for a morning."""

    message = mark("Un calcul est déjà en cours pour cette matinale. Attendez sa fin, ou arrêtez-le.")


class NothingToSolve(RuleBroken):
    """No slot, no table or no request that may be scheduled."""

    message = mark(
        "Il n’y a rien à répartir pour l’instant : il faut des créneaux, des tables et au moins une demande de "
        "rendez-vous entre participants validés."
    )


class PinImpossible(Conflict):
    """The slot is no longer free for both sides, or all its tables are taken by other pins."""

    message = mark(
        "Ce rendez-vous ne peut pas être figé à ce créneau : un autre rendez-vous figé ou une indisponibilité "
        "l’empêche."
    )


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How long to search, in seconds, and from which seed: the same ones give the same proposal."""

    time_limit_s: int = 20
    seed: int = 0
    policy: str = "draft"


def start_run(event: Event, settings: RunSettings, *, by: Person | None, at: datetime) -> Run:
    """Freeze today's question of a morning and queue its solve; raises RunAlreadyActive, NothingToSolve."""
    lock(event)
    if queries.active_run(event):
        raise RunAlreadyActive
    try:
        instance = problem.build_instance(event)
    except InvalidInput:
        raise NothingToSolve from None
    if not instance.requests or not instance.tables:
        raise NothingToSolve
    text, fingerprint = problem.frozen(instance)
    number = queries.latest_run_number(event) + 1
    run = Run(
        event_id=event.id,
        number=number,
        instance=text,
        instance_sha256=fingerprint,
        policy=settings.policy,
        time_limit_s=settings.time_limit_s,
        seed=settings.seed,
        created_by_id=by.id if by else None,
        created_at=at,
    )
    run.job = _queue(event, number, at=at)
    session.add(run)
    session.flush()
    run.job.subject_id = run.id
    audit.record(by, "run.started", run, at=at, event_id=event.id, number=number, time_limit_s=settings.time_limit_s)
    return run


def _queue(event: Event, number: int, *, at: datetime) -> jobs.Job:
    """Queue the job before its run, which needs its key; the caller names the run before anyone can claim it."""
    try:
        return jobs.enqueue(JOB_KIND, subject_id=number, exclusive_key=f"solve:event:{event.id}", at=at)
    except IntegrityError:
        raise RunAlreadyActive from None


def cancel_run(run: Run, *, by: Person | None, at: datetime) -> None:
    """Ask the worker to stop; a run that waits for its turn is over at once, one that is over stays as it is."""
    job = lock(run.job)
    if job.state is JobState.QUEUED:
        job.state = JobState.CANCELLED
        job.finished_at = at
    elif job.state is JobState.RUNNING:
        job.cancel_requested_at = job.cancel_requested_at or at
    else:
        return
    audit.record(by, "run.cancelled", run, at=at, event_id=run.event_id)


def pin_meeting(proposed: Allocation, *, by: Person | None, at: datetime) -> Pin:
    """Fix a proposed meeting to its slot in every later run; raises PinImpossible."""
    run, request = proposed.run, proposed.request
    event = lock(run.event)
    others = [pin for pin in queries.pins_of(event) if pin.request_id != request.id and pin.slot_id == proposed.slot_id]
    sides = {side.id for side in request.parties}
    taken = {side.id for pin in others for side in pin.request.parties}
    if taken & sides or len(others) >= len(event.tables) or queries.busy_among(sides, slot_id=proposed.slot_id):
        raise PinImpossible
    pin = queries.find_pin(event, request)
    if pin is None:
        pin = Pin(event_id=event.id, request_id=request.id)
        session.add(pin)
    pin.slot_id, pin.created_by_id, pin.created_at = proposed.slot_id, by.id if by else None, at
    audit.record(by, "meeting.pinned", request, at=at, event_id=event.id, slot=proposed.slot.position)
    return pin


def unpin_meeting(event: Event, request: MeetingRequest, *, by: Person | None, at: datetime) -> None:
    """Let later runs move or drop a meeting again; one that was not fixed stays as it is."""
    pin = queries.find_pin(event, request)
    if pin is not None:
        session.delete(pin)
        audit.record(by, "meeting.unpinned", request, at=at, event_id=event.id)
