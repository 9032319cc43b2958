"""Where a meeting request stands."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class RequestState(LabelledEnum):
    """sent → preferred, accepted or declined by the desk; withdrawn by the structure."""

    SENT = "sent", mark("Envoyée")
    PREFERRED = "preferred", mark("Souhaitée par l’acheteur")
    ACCEPTED = "accepted", mark("Acceptée")
    DECLINED = "declined", mark("Déclinée")
    WITHDRAWN = "withdrawn", mark("Retirée")


ANSWERS = (RequestState.PREFERRED, RequestState.ACCEPTED, RequestState.DECLINED)
SCHEDULABLE = (RequestState.SENT, RequestState.PREFERRED, RequestState.ACCEPTED)
