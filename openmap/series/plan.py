"""Where every date of a morning goes when its settings are taken over to another day: read before it happens."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from openmap.core.text import mark
from openmap.events.models import Event
from openmap.series.enums import Part
from openmap.series.moving import Dates, Move, Span
from openmap.series.settings import call_of, coaching_of, exhibition_of

WEEKEND = (5, 6)
REGISTRATION, REQUESTS, ANSWERS = DEADLINES = ("registration", "requests", "answers")
CALL, JURY, CONFIRM = "call", "jury", "confirm"
DEADLINES_FOLLOW = mark("Les dates limites se suivent : inscriptions, puis demandes, puis réponses.")
ANSWERS_BY_THE_DAY = mark("Les réponses se ferment au plus tard le jour de la matinale.")
IS_OVER = mark("Cette date serait déjà passée. Choisissez-en une à venir.")
ENDS_FIRST = mark("La fin doit venir après le début.")
JURY_FIRST = mark("Le jury finit de noter après la fin de l’appel à pitchs.")


@dataclass(frozen=True, slots=True)
class MovedDate:
    """One date, or a beginning with its end, before and after; `what` is marked for translation, `title` is not.

    `name` is there where the organiser may choose another date; whatever takes place on the day itself follows it.
    """

    what: str
    title: str
    before: Span
    after: Span
    move: Move
    part: Part | None = None
    name: str = ""

    @property
    def on_weekend(self) -> bool:
        """Whether it would fall on a Saturday or Sunday."""
        return self.after[0].astimezone(self.move.zone).weekday() in WEEKEND

    @property
    def is_that_day(self) -> bool:
        """Whether it is on the morning's own day, with nothing to choose."""
        return not self.name and self.after[0].astimezone(self.move.zone).date() == self.move.to_day

    def is_over(self, at: datetime) -> bool:
        """Whether it would be past already."""
        return self.after[0] <= at

    def is_too_late(self, at: datetime) -> bool:
        """Whether nobody could keep it: a deadline or a session gone by, a call that is closed; one may be open."""
        start, end = self.after
        return (end if self.name == CALL and end else start) <= at


def deadlines_of(event: Event) -> dict[str, datetime]:
    """The three deadlines of a morning, by name, in their order."""
    instants = event.registration_closes_at, event.requests_close_at, event.answers_close_at
    return dict(zip(DEADLINES, instants, strict=True))


def coaching_name(session_id: int) -> str:
    """The name of one coaching session's date."""
    return f"coaching_{session_id}"


def moved_dates(
    event: Event, to_day: date, parts: Collection[Part], typed: Mapping[str, Span] | None = None
) -> list[MovedDate]:
    """Every date that the next edition would have, those of deadlines first; `typed` are the organiser's, by name."""
    dates = Dates(Move(event.held_on, to_day, event.zone), typed or {})
    return [
        *_deadlines(event, dates),
        *(_meetings(event, dates) if Part.SLOTS in parts else ()),
        *(_programme(event, dates) if Part.PROGRAMME in parts else ()),
        *(_call(event, dates) if Part.PITCHES in parts else ()),
        *(_coaching(event, dates) if Part.COACHING in parts else ()),
        *(_exhibition(event, dates) if Part.EXHIBITION in parts else ()),
    ]


def on_the_day(dates: Iterable[MovedDate]) -> list[MovedDate]:
    """Those of the morning's own day, as the day goes."""
    return sorted((date for date in dates if date.is_that_day), key=lambda date: date.after[0])


def troubles(dates: Iterable[MovedDate], at: datetime) -> dict[str, str]:
    """What is wrong with dates that may be chosen, by name, as marked sentences: nothing is in the past unseen."""
    chosen = {each.name: each for each in dates if each.name}
    found = {name: IS_OVER for name, each in chosen.items() if each.is_too_late(at)}
    found |= {name: ENDS_FIRST for name, each in chosen.items() if each.after[1] and each.after[1] <= each.after[0]}
    for first, then in ((REGISTRATION, REQUESTS), (REQUESTS, ANSWERS)):
        if chosen[first].after[0] > chosen[then].after[0]:
            found[then] = DEADLINES_FOLLOW
    answers = chosen[ANSWERS]
    if answers.after[0].astimezone(answers.move.zone).date() > answers.move.to_day:
        found[ANSWERS] = ANSWERS_BY_THE_DAY
    if CALL in chosen and chosen[JURY].after[0] < (chosen[CALL].after[1] or chosen[CALL].after[0]):
        found[JURY] = JURY_FIRST
    return found


def _one(what: str, name: str, instant: datetime, dates: Dates, part: Part) -> MovedDate:
    return MovedDate(what, "", (instant, None), (dates.instant(name, instant), None), dates.move, part, name)


def _span(
    what: str, title: str, starts_at: datetime, ends_at: datetime, dates: Dates, part: Part, name: str = ""
) -> MovedDate:
    after = dates.span(name, starts_at, ends_at)
    return MovedDate(what, title, (starts_at, ends_at), after, dates.move, part, name)


def _deadlines(event: Event, dates: Dates) -> Iterator[MovedDate]:
    names = (mark("Fin des inscriptions"), mark("Fin des demandes"), mark("Fin des réponses"))
    before = deadlines_of(event)
    after = dates.deadlines(before)
    for what, name in zip(names, DEADLINES, strict=True):
        yield MovedDate(what, "", (before[name], None), (after[name], None), dates.move, None, name)


def _meetings(event: Event, dates: Dates) -> Iterator[MovedDate]:
    for each in event.meeting_sessions:
        if each.slots:
            start, end = each.slots[0].starts_at, each.slots[-1].ends_at
            yield _span(mark("Créneaux de rendez-vous"), "", start, end, dates, Part.SLOTS)


def _programme(event: Event, dates: Dates) -> Iterator[MovedDate]:
    for item in event.programme:
        yield _span(mark("Programme"), item.title, item.starts_at, item.ends_at, dates, Part.PROGRAMME)


def _call(event: Event, dates: Dates) -> Iterator[MovedDate]:
    call = call_of(event)
    if call is not None:
        row = call.row
        yield _span(mark("Appel à pitchs"), "", row.opens_at, row.closes_at, dates, Part.PITCHES, CALL)
        yield _one(mark("Fin des notes du jury"), JURY, row.jury_closes_at, dates, Part.PITCHES)
        if row.confirm_before:
            yield _one(mark("Confirmation des structures retenues"), CONFIRM, row.confirm_before, dates, Part.PITCHES)


def _coaching(event: Event, dates: Dates) -> Iterator[MovedDate]:
    for each in coaching_of(event):
        name = coaching_name(each.id)
        yield _span(mark("Coaching"), each.place, each.starts_at, each.ends_at, dates, Part.COACHING, name)


def _exhibition(event: Event, dates: Dates) -> Iterator[MovedDate]:
    hall = exhibition_of(event)
    if hall is not None:
        yield _span(mark("Exposition"), hall.room, hall.opens_at, hall.closes_at, dates, Part.EXHIBITION)
