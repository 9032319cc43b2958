"""Dates that follow a morning to another day: as many days before or after it, at the same time of the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime | None]  # a beginning, and its end if it has one


@dataclass(frozen=True, slots=True)
class Move:
    """From the day of one morning to that of another, in their time zone: summer or winter, 10 h 30 stays 10 h 30."""

    from_day: date
    to_day: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        """How many days later, negative for earlier."""
        return (self.to_day - self.from_day).days

    def instant(self, instant: datetime) -> datetime:
        """The same time of the clock, as many days from the new morning as it was from the old one; in UTC."""
        local = instant.astimezone(self.zone)
        return datetime.combine(local.date() + timedelta(days=self.days), local.time(), self.zone).astimezone(UTC)

    def span(self, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        """A beginning and its end; where the clocks leave no time between them, it lasts as long as it did."""
        start, end = self.instant(starts_at), self.instant(ends_at)
        return start, end if end > start else start + (ends_at - starts_at)

    def in_order(self, *instants: datetime) -> tuple[datetime, ...]:
        """Deadlines that follow each other, and still do."""
        moved: list[datetime] = []
        for instant in instants:
            moved.append(max([self.instant(instant), *moved[-1:]]))
        return tuple(moved)


@dataclass(frozen=True, slots=True)
class Dates:
    """Where the dates of a copy go: with the morning, but for those that the organiser `typed`, by name."""

    move: Move
    typed: Mapping[str, Span] = field(default_factory=dict)

    def instant(self, name: str, instant: datetime) -> datetime:
        """One date, as typed or else moved."""
        return self.typed[name][0] if name in self.typed else self.move.instant(instant)

    def span(self, name: str, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        """A beginning and its end, as typed or else moved."""
        start, end = self.typed.get(name, (starts_at, None))
        return (start, end) if end is not None else self.move.span(starts_at, ends_at)

    def deadlines(self, before: Mapping[str, datetime]) -> dict[str, datetime]:
        """Deadlines that follow each other, by name, unless typed otherwise."""
        moved = dict(zip(before, self.move.in_order(*before.values()), strict=True))
        return {name: self.typed[name][0] if name in self.typed else instant for name, instant in moved.items()}
