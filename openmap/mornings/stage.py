"""The people on stage in event.json, put into the programme once everybody is registered."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core.errors import RuleBroken
from openmap.events.models import Event
from openmap.mornings.event_file import NAME, Period, Speaker
from openmap.mornings.lines import BadMorning, Trouble
from openmap.programme.operations import Part, add_appearance
from openmap.programme.queries import items_of
from openmap.registrations.models import Registration


def unknown_speakers(programme: Iterable[Period], refs: Iterable[str]) -> list[Trouble]:
    """Those that name a participant whom no file has."""
    known = set(refs)
    return [
        Trouble(NAME, None, f"programme[{number}].speakers[{place}].ref", f"no participant {speaker.ref}")
        for number, period in enumerate(programme)
        for place, speaker in enumerate(period.speakers)
        if speaker.ref and speaker.ref not in known
    ]


def add_speakers(
    event: Event,
    programme: Iterable[Period],
    participants: Mapping[str, Registration],
    *,
    by: Person | None,
    at: datetime,
) -> None:
    """Put everybody on the stage of their line, in the order of the file. Raises BadMorning."""
    lines = {(item.starts_at, item.ends_at, item.title): item for item in items_of(event)}
    for number, period in enumerate(programme):
        item = lines[period.starts_at, period.ends_at, period.title]
        for place, speaker in enumerate(period.speakers):
            try:
                add_appearance(item, _part(speaker, participants), by=by, at=at)
            except RuleBroken as broken:
                path = f"programme[{number}].speakers[{place}]"
                raise BadMorning([Trouble(NAME, None, path, str(broken))]) from None


def _part(speaker: Speaker, participants: Mapping[str, Registration]) -> Part:
    return Part(
        role=speaker.role,
        registration=participants[speaker.ref] if speaker.ref else None,
        person_name=speaker.name,
        function=speaker.function,
        title=speaker.title,
        minutes=speaker.minutes,
    )
