"""Instants as an organiser types them and as a rule tells them: local time, where clocks may jump."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """The clock jumped over this time in spring."""


def spelled(instant: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """« 16/11/2017 à 23:59 », for a sentence in any language; with `seconds` where one of them decides."""
    local = instant.astimezone(zone)
    return f"{local:%d/%m/%Y} {local:%H:%M:%S}" if seconds else f"{local:%d/%m/%Y} {local:%H:%M}"


def ends_after(instant: datetime, day: date, zone: ZoneInfo) -> bool:
    """Whether `instant` comes after the last minute of `day` in `zone`."""
    return instant.astimezone(zone).date() > day


def typed_instant(typed: str, zone: ZoneInfo) -> datetime:
    """The instant of « 2017-11-16T23:59 » in `zone`; of an hour that comes twice in autumn, the second one.

    A deadline told so holds until the later of both, so that nobody is refused early. Raises NoSuchTime, ValueError.
    """
    naive = datetime.fromisoformat(typed)
    if naive.tzinfo is not None or not 2000 <= naive.year <= 2100:
        raise ValueError(typed)
    instant = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != naive:
        raise NoSuchTime(typed)
    return instant


def as_typed(instant: datetime, zone: ZoneInfo) -> str:
    """What a field of date and time holds for `instant`."""
    return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}"
