"""The one place that reads the time."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    """Return the current instant, aware, in UTC; in a demonstration, on the demonstration's day."""
    return datetime.now(UTC) + _offset


def shift(offset: timedelta) -> None:
    """Set the clock `offset` away from real time: a demonstration of a past morning stays on its day."""
    global _offset  # noqa: PLW0603 - a process has one clock
    _offset = offset
