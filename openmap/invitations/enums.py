"""How far each guest has come."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class InvitationState(LabelledEnum):
    """Told from the facts that are stored, the strongest first; a registration counts however it was made."""

    REGISTERED = "registered", mark("Inscrite")
    WITHDRAWN = "withdrawn", mark("Invitation retirée")
    DECLINED = "declined", mark("Ne viendra pas")
    BOUNCED = "bounced", mark("Adresse refusée")
    STARTED = "started", mark("Formulaire commencé")
    INVITED = "invited", mark("Sans réponse")


REMINDABLE = frozenset({InvitationState.INVITED, InvitationState.STARTED})
