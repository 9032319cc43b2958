"""The timer of the room: one pitch or line at a time; two organisers never press against each other unseen."""

from datetime import datetime, timedelta

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.programme import queries
from openmap.programme.models import StageClock
from openmap.programme.screen import MINUTE_S, Step, state_of

LONGEST_S = 12 * 3600


class ClockMoved(Conflict):
    """Another organiser pressed first."""

    message = mark(
        "Quelqu’un d’autre a déjà agi sur le minuteur. Voici où il en est ; pressez de nouveau s’il le faut."
    )


class StepGone(Conflict):
    """What was to be started is no longer in the programme."""

    message = mark("Cette intervention n’est plus au programme. Voici le déroulé d’aujourd’hui.")


class NothingRuns(RuleBroken):
    """There is no timer to pause or to give a minute."""

    message = mark("Le minuteur ne compte rien en ce moment. Lancez d’abord une intervention.")


class LongEnough(RuleBroken):
    """Nobody speaks for half a day."""

    message = mark("Le minuteur ne va pas plus loin : lancez l’intervention de nouveau.")


def start_clock(event: Event, step: Step, *, seen: str, by: Person | None, at: datetime) -> StageClock:
    """Count for `step` from now on, in place of what ran. Raises ClockMoved."""
    clock = _seen_clock(event, seen)
    if clock is None:
        clock = StageClock(event_id=event.id)
        session.add(clock)
    clock.item_id = step.item.id
    clock.appearance_id = step.one.appearance.id if step.one else None
    clock.seconds, clock.started_at, clock.paused_at = step.seconds, at, None
    audit.record(by, "stage.started", step.item, at=at, event_id=event.id, title=step.title)
    return clock


def pause_clock(event: Event, *, seen: str, by: Person | None, at: datetime) -> None:
    """Hold the time; what is held stays held. Raises ClockMoved, NothingRuns."""
    clock = _running(event, seen)
    clock.paused_at = clock.paused_at or max(at, clock.started_at)
    _noted(clock, "stage.paused", by=by, at=at)


def resume_clock(event: Event, *, seen: str, by: Person | None, at: datetime) -> None:
    """Go on from where it was held. Raises ClockMoved, NothingRuns."""
    clock = _running(event, seen)
    if clock.paused_at is not None:
        clock.started_at += max(at - clock.paused_at, timedelta())
        clock.paused_at = None
    _noted(clock, "stage.resumed", by=by, at=at)


def extend_clock(event: Event, *, seen: str, by: Person | None, at: datetime) -> None:
    """Give a minute more. Raises ClockMoved, NothingRuns, LongEnough."""
    clock = _running(event, seen)
    if clock.seconds + MINUTE_S > LONGEST_S:
        raise LongEnough
    clock.seconds += MINUTE_S
    _noted(clock, "stage.extended", by=by, at=at)


def stop_clock(event: Event, *, seen: str, by: Person | None, at: datetime) -> None:
    """Count nothing any more. Raises ClockMoved."""
    clock = _seen_clock(event, seen)
    if clock is not None:
        _noted(clock, "stage.stopped", by=by, at=at)
        session.delete(clock)


def _seen_clock(event: Event, seen: str) -> StageClock | None:
    lock(event)  # two phones at once: the second sees what the first did
    clock = queries.clock_of(event)
    if state_of(clock) != seen:
        raise ClockMoved
    return clock


def _running(event: Event, seen: str) -> StageClock:
    clock = _seen_clock(event, seen)
    if clock is None:
        raise NothingRuns
    return clock


def _noted(clock: StageClock, action: str, *, by: Person | None, at: datetime) -> None:
    audit.record(by, action, clock.item, at=at, event_id=clock.event_id, title=clock.item.title)
