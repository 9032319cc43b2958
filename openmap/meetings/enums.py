"""What became of a meeting."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class MeetingOutcome(LabelledEnum):
    """planned → held, no-show or cancelled."""

    PLANNED = "planned", mark("Prévu")
    HELD = "held", mark("Tenu")
    NO_SHOW = "no-show", mark("Absence")
    CANCELLED = "cancelled", mark("Annulé")
