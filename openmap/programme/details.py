"""What an organiser says of a line of the programme."""

from dataclasses import dataclass
from datetime import datetime

from openmap.events.enums import ProgrammeKind


@dataclass(frozen=True, slots=True)
class LineDetails:
    """What a line says; instants are aware, `capacity` None where nobody counts; a place in it may be reserved."""

    kind: ProgrammeKind
    title: str
    starts_at: datetime
    ends_at: datetime
    room: str = ""
    description: str = ""
    capacity: int | None = None
    is_reserved: bool = False
