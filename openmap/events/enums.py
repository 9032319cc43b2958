"""Words of a morning's programme."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class ProgrammeKind(LabelledEnum):
    """What happens at one time of the morning."""

    WELCOME = "welcome", mark("Accueil")
    ROUND_TABLE = "round-table", mark("Table ronde")
    PITCHES = "pitches", mark("Pitchs")
    MEETINGS = "meetings", mark("Rendez-vous")
    WORKSHOP = "workshop", mark("Atelier")
    EXHIBITION = "exhibition", mark("Exposition")
    BREAK = "break", mark("Pause")
    OTHER = "other", mark("Autre temps")
