"""Where a pitch application stands."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class ApplicationState(LabelledEnum):
    """draft → submitted → selected, reserve or rejected; withdrawn at any time before the pitch.

    A decision stands here only once it was released; until then the board of the selection keeps it.
    """

    DRAFT = "draft", mark("Brouillon")
    SUBMITTED = "submitted", mark("Envoyée")
    WITHDRAWN = "withdrawn", mark("Retirée")
    SELECTED = "selected", mark("Retenue")
    RESERVE = "reserve", mark("Sur la liste de réserve")
    REJECTED = "rejected", mark("Non retenue")


class Confirmation(LabelledEnum):
    """What a selected structure answers."""

    ASKED = "asked", mark("Confirmation attendue")
    CONFIRMED = "confirmed", mark("Confirmée")
    DECLINED = "declined", mark("Renonce")
