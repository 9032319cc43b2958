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


class ChangeKind(LabelledEnum):
    """What changed the board."""

    DECIDED = "decided", mark("Décision")
    REST = "rest", mark("Les dossiers restants non retenus")
    ADOPTED = "adopted", mark("Proposition adoptée")
    UNDONE = "undone", mark("Retour en arrière")
    WITHDRAWN = "withdrawn", mark("Dossier retiré par la structure")
    RELEASED = "released", mark("Décisions annoncées")
    CONFIRMED = "confirmed", mark("Pitch confirmé")
    DECLINED = "declined", mark("Pitch refusé par la structure")
    UNANSWERED = "unanswered", mark("Place libérée, faute de réponse")
    PROMOTED = "promoted", mark("Dossier de la réserve retenu")
    LATE = "late", mark("Changement après l’annonce")
