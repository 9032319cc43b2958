"""« Et si… »: what an organiser supposes about a morning and what it would give, answered by the scheduler's flow."""

from collections.abc import Mapping
from dataclasses import dataclass

from openmap.allocation import problem, queries
from openmap.events.models import Event
from openmap.registrations.models import Registration
from scheduler import (
    Absent,
    Capacity,
    Instance,
    InvalidInput,
    LongerMeetings,
    MaxMeetings,
    Outlook,
    Point,
    Slots,
    Supposition,
    Tables,
    bottleneck,
    outlook,
    sweep,
    what_if,
)
from scheduler.supposing.changes import applied

FEWER, MORE = 4, 4  # points of the curve on either side of today's number of slots
MOST_REQUESTS_FOR_A_CURVE = 10_000  # beyond, each point takes longer than a reader waits


@dataclass(frozen=True, slots=True)
class Question:
    """What is supposed: slots, tables, a desk away or doubled, longer meetings, a limit for structures."""

    slots: int
    tables: int
    absent: str = ""
    doubled: str = ""
    length: int = 1
    most: int = 0

    def changes(self, instance: Instance, *, slots: int | None = None) -> list[Supposition]:
        """Return what differs from the instance, with another number of slots where it is given."""
        tables = instance.tables if isinstance(instance.tables, int) else self.tables
        found: list[Supposition | None] = [
            Slots((slots or self.slots) - instance.slots),
            Tables(self.tables - tables),
            Absent(self.absent) if self.absent else None,
            Capacity(self.doubled, 1) if self.doubled else None,
            MaxMeetings(None, self.most) if self.most else None,
            LongerMeetings(self.length) if self.length > 1 else None,
        ]
        return [each for each in found if each]


@dataclass(frozen=True, slots=True)
class Answer:
    """Today's outlook and the supposed one, the curve over the number of slots, and who limits the supposed one."""

    today: Outlook
    supposed: Outlook
    curve: tuple[Point, ...]
    full: tuple[Registration, ...]
    decisive: tuple[Registration, ...]
    tables_limit: bool

    @property
    def proven(self) -> bool:
        """Whether a schedule reaches the figures and none exceeds them."""
        return self.today.proven and self.supposed.proven


@dataclass(frozen=True, slots=True)
class Morning:
    """Today's question to the scheduler, and its desks by ref."""

    instance: Instance
    desks: Mapping[str, Registration]

    @property
    def tables(self) -> int:
        """How many tables each slot has."""
        return self.instance.tables if isinstance(self.instance.tables, int) else 0

    def answer(self, question: Question) -> Answer | None:
        """Answer at once, without CP-SAT; None where no slot would be left."""
        try:
            changes = question.changes(self.instance)
            answer = what_if(self.instance, changes)
            cut = bottleneck(applied(self.instance, changes))
        except InvalidInput:
            return None
        return Answer(
            today=answer.before,
            supposed=answer.after,
            curve=self._curve(question),
            full=self._desks(cut.full),
            decisive=self._desks(cut.decisive),
            tables_limit=cut.tables,
        )

    def _curve(self, question: Question) -> tuple[Point, ...]:
        """The supposed outlook over the number of slots, everything else as supposed."""
        if len(self.instance.requests) > MOST_REQUESTS_FOR_A_CURVE:
            return ()
        today = self.instance.slots
        counts = range(max(question.length, today - FEWER), today + MORE + 1)
        rest = [each for each in question.changes(self.instance) if not isinstance(each, Slots | LongerMeetings)]
        base = applied(self.instance, rest)
        if question.length == 1:
            return sweep(base, counts)
        return tuple(
            Point(count, outlook(applied(base, [Slots(count - today), LongerMeetings(question.length)])))
            for count in counts
        )

    def _desks(self, refs: tuple[str, ...]) -> tuple[Registration, ...]:
        return tuple(self.desks[ref] for ref in refs if ref in self.desks)


def read_morning(event: Event) -> Morning | None:
    """Read today's question; None where the morning has no slot or nobody asks anything yet."""
    try:
        instance = problem.build_instance(event)
    except InvalidInput:
        return None
    if not instance.requests:
        return None
    taking_part = {participant.id for participant in instance.participants}
    people = queries.participants_of(event).values()
    return Morning(instance, {each.ref: each for each in people if each.desk and each.ref in taking_part})
