"""What the room’s screen and the organiser’s remote show at one moment: the line that runs, the next, the timer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from openmap.core.models import LabelledEnum
from openmap.core.text import mark, plain
from openmap.events.enums import ProgrammeKind
from openmap.events.models import Event, ProgrammeItem
from openmap.programme.models import StageClock
from openmap.programme.queries import Line, OnStage, clock_of, programme_of

LAST_MINUTE_S = 60
MINUTE_S = 60
FORGOTTEN_S = 15 * MINUTE_S  # beyond its end: nobody speaks so long over time, somebody forgot to stop the timer


class Pace(LabelledEnum):
    """How much time is left, in a word."""

    PAUSED = "paused", mark("En pause")
    RUNNING = "running", mark("Temps restant")
    LAST_MINUTE = "last-minute", mark("Dernière minute")
    OVER = "over", mark("Temps dépassé")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the timer can count: a pitch of a length, or a whole line with people on its stage."""

    item: ProgrammeItem
    one: OnStage | None
    seconds: int

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.item.id}-{self.one.appearance.id if self.one else 0}"

    @property
    def title(self) -> str:
        """What is announced."""
        return (self.one.appearance.title if self.one else "") or self.item.title


@dataclass(frozen=True, slots=True)
class Countdown:
    """The timer at one moment; `left_s` is below 0 when the time is over."""

    clock: StageClock
    step: Step
    left_s: int

    @property
    def pace(self) -> Pace:
        """Paused, running, in its last minute, or over."""
        if self.left_s <= 0:
            return Pace.OVER
        if self.clock.paused_at is not None:
            return Pace.PAUSED
        return Pace.LAST_MINUTE if self.left_s <= LAST_MINUTE_S else Pace.RUNNING

    @property
    def is_forgotten(self) -> bool:
        """Whether it has been over for so long that the room is better served by the programme."""
        return self.left_s < -FORGOTTEN_S

    @property
    def figures(self) -> str:
        """« 4:05 », « +1:10 » when it is over."""
        minutes, seconds = divmod(abs(self.left_s), MINUTE_S)
        return f"{'+' if self.left_s < 0 else ''}{minutes}:{seconds:02d}"

    @property
    def state(self) -> str:
        """What an organiser saw of the timer, to be compared when they press a button."""
        return state_of(self.clock)


@dataclass(frozen=True, slots=True)
class Moment:
    """What happens now in the house or in one room: the lines that run, those that follow, the timer if it counts.

    `following` begin together; `rooms` are all rooms of the programme, `room` the one looked at, "" for all of them.
    """

    running: tuple[Line, ...]
    following: tuple[Line, ...]
    countdown: Countdown | None
    steps: tuple[Step, ...]
    rooms: tuple[str, ...] = ()
    room: str = ""

    @property
    def next_step(self) -> Step | None:
        """What comes on stage after what the timer counts now."""
        if self.countdown is None:
            return None
        keys = [step.key for step in self.steps]
        after = keys.index(self.countdown.step.key) + 1 if self.countdown.step.key in keys else len(keys)
        return self.steps[after] if after < len(keys) else None


def moment_of(event: Event, at: datetime, room: str = "") -> Moment:
    """Read the programme and the timer at `at`; four queries.

    With the name of a room, what is said to be elsewhere is left out; a room that no line names is no room.
    """
    programme = programme_of(event)
    rooms = {plain(line.item.room): line.item.room for line in reversed(programme) if line.item.room}
    here = plain(room) if plain(room) in rooms else ""
    lines = [line for line in programme if not here or plain(line.item.room) in {here, ""}]
    steps = tuple(run_sheet(lines))
    clock = clock_of(event)
    if clock is not None and clock.item_id not in {line.item.id for line in lines}:
        clock = None
    begins = min((line.item.starts_at for line in lines if line.item.starts_at > at), default=None)
    return Moment(
        running=tuple(line for line in lines if line.item.starts_at <= at < line.item.ends_at),
        following=tuple(line for line in lines if line.item.starts_at == begins),
        countdown=_countdown(clock, steps, at),
        steps=steps,
        rooms=tuple(reversed(rooms.values())),
        room=rooms.get(here, ""),
    )


def run_sheet(lines: Sequence[Line]) -> list[Step]:
    """Everything the timer can count, in order."""
    steps: list[Step] = []
    for line in lines:
        if line.item.kind is ProgrammeKind.MEETINGS or not line.on_stage:
            continue
        timed = [one for one in line.on_stage if one.is_timed]
        if timed:
            steps += [Step(line.item, one, (one.appearance.minutes or 1) * MINUTE_S) for one in timed]
        else:
            steps.append(Step(line.item, None, line.minutes * MINUTE_S))
    return steps


def state_of(clock: StageClock | None) -> str:
    """A timer's state as a word; "" for none."""
    if clock is None:
        return ""
    paused = clock.paused_at.isoformat() if clock.paused_at else ""
    return f"{clock.item_id}-{clock.appearance_id or 0}|{clock.started_at.isoformat()}|{paused}|{clock.seconds}"


def _countdown(clock: StageClock | None, steps: Sequence[Step], at: datetime) -> Countdown | None:
    if clock is None:
        return None
    key = f"{clock.item_id}-{clock.appearance_id or 0}"
    step = next((step for step in steps if step.key == key), Step(clock.item, None, clock.seconds))
    elapsed = (clock.paused_at or at) - clock.started_at
    return Countdown(clock, step, clock.seconds - elapsed // timedelta(seconds=1))
