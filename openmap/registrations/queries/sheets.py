"""The profiles that the pages of a morning show: today's until it is past, then those of that day."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from openmap.events.models import Event
from openmap.profiles.queries import current_sheets, sheets_as_of
from openmap.profiles.sheets import Sheet


def end_of(event: Event) -> datetime:
    """The midnight after a morning, in its own time zone: from then on its pages show what was said until then."""
    day: date = event.held_on + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=event.zone)


def snapshot_moment(event: Event, at: datetime) -> datetime | None:
    """The moment whose profiles are shown: None, that is today's, until the morning is past."""
    end = end_of(event)
    return end if at >= end else None


def sheets_of(event: Event, organisation_ids: Collection[int], *, at: datetime) -> Mapping[int, Sheet]:
    """Today's sheets, or those that a past morning showed; who has none is left out."""
    moment = snapshot_moment(event, at)
    return current_sheets(organisation_ids) if moment is None else sheets_as_of(organisation_ids, moment)
