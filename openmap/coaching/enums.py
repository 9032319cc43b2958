"""Words of coaching sessions."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class HalfDay(LabelledEnum):
    """When a session is held; the usual hours need no typing."""

    MORNING = "morning", mark("Le matin, de 9 h à 12 h 30")
    AFTERNOON = "afternoon", mark("L’après-midi, de 14 h à 17 h 30")
    OTHER = "other", mark("À d’autres heures")
