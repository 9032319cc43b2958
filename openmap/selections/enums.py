"""Words of a selection."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class Outcome(LabelledEnum):
    """What is decided of a file, before and after it is told."""

    SELECTED = "selected", mark("Retenir")
    RESERVE = "reserve", mark("Mettre en réserve")
    REJECTED = "rejected", mark("Ne pas retenir")


class BalanceKind(LabelledEnum):
    """What a selection is balanced by."""

    STRUCTURE_KIND = "structure-kind", mark("Type de structure")
    DEPARTEMENT = "departement", mark("Département")
    SECTOR = "sector", mark("Secteur")
    FIRST_TIME = "first-time", mark("Premier pitch")
