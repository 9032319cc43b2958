"""Where every date of a morning goes when its settings are taken over to another day: read before it happens."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from openmap.core.text import mark
from openmap.events.models import Event
from openmap.series.enums import Part
from openmap.series.moving import Move
from openmap.series.settings import call_of, coaching_of, exhibition_of

WEEKEND = (5, 6)
Span = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class MovedDate:
    """One date, or a beginning with its end, before and after; `what` is marked for translation, `title` is not."""

    what: str
    title: str
    before: Span
    after: Span
    move: Move
    part: Part | None = None

    @property
    def on_weekend(self) -> bool:
        """Whether it would fall on a Saturday or Sunday."""
        return self.after[0].astimezone(self.move.zone).weekday() in WEEKEND

    @property
    def is_that_day(self) -> bool:
        """Whether it is on the morning's own day."""
        return self.after[0].astimezone(self.move.zone).date() == self.move.to_day

    def is_over(self, at: datetime) -> bool:
        """Whether it would be past already."""
        return self.after[0] <= at


def moved_dates(event: Event, to_day: date, parts: Collection[Part]) -> list[MovedDate]:
    """Every date that the next edition would have, those of deadlines first."""
    move = Move(event.held_on, to_day, event.zone)
    return [
        *_deadlines(event, move),
        *(_meetings(event, move) if Part.SLOTS in parts else ()),
        *(_programme(event, move) if Part.PROGRAMME in parts else ()),
        *(_call(event, move) if Part.PITCHES in parts else ()),
        *(_coaching(event, move) if Part.COACHING in parts else ()),
        *(_exhibition(event, move) if Part.EXHIBITION in parts else ()),
    ]


def on_the_day(dates: Iterable[MovedDate]) -> list[MovedDate]:
    """Those of the morning's own day, as the day goes."""
    return sorted((date for date in dates if date.is_that_day), key=lambda date: date.after[0])


def _one(what: str, instant: datetime, move: Move) -> MovedDate:
    return MovedDate(what, "", (instant, None), (move.instant(instant), None), move)


def _span(
    what: str, title: str, starts_at: datetime, ends_at: datetime, move: Move, part: Part | None = None
) -> MovedDate:
    return MovedDate(what, title, (starts_at, ends_at), move.span(starts_at, ends_at), move, part)


def _deadlines(event: Event, move: Move) -> Iterator[MovedDate]:
    names = (mark("Fin des inscriptions"), mark("Fin des demandes"), mark("Fin des réponses"))
    before = (event.registration_closes_at, event.requests_close_at, event.answers_close_at)
    for name, old, new in zip(names, before, move.in_order(*before), strict=True):
        yield MovedDate(name, "", (old, None), (new, None), move)


def _meetings(event: Event, move: Move) -> Iterator[MovedDate]:
    for each in event.meeting_sessions:
        if each.slots:
            yield _span(mark("Créneaux de rendez-vous"), "", each.slots[0].starts_at, each.slots[-1].ends_at, move)


def _programme(event: Event, move: Move) -> Iterator[MovedDate]:
    for item in event.programme:
        yield _span(mark("Programme"), item.title, item.starts_at, item.ends_at, move, Part.PROGRAMME)


def _call(event: Event, move: Move) -> Iterator[MovedDate]:
    call = call_of(event)
    if call is not None:
        yield _span(mark("Appel à pitchs"), "", call.row.opens_at, call.row.closes_at, move)
        yield _one(mark("Fin des notes du jury"), call.row.jury_closes_at, move)
        if call.row.confirm_before:
            yield _one(mark("Confirmation des structures retenues"), call.row.confirm_before, move)


def _coaching(event: Event, move: Move) -> Iterator[MovedDate]:
    for each in coaching_of(event):
        yield _span(mark("Coaching"), each.place, each.starts_at, each.ends_at, move)


def _exhibition(event: Event, move: Move) -> Iterator[MovedDate]:
    hall = exhibition_of(event)
    if hall is not None:
        yield _span(mark("Exposition"), hall.room, hall.opens_at, hall.closes_at, move)
