"""Where a meeting request stands, who has joined it, and why one is declined."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class RequestState(LabelledEnum):
    """sent → preferred, accepted or declined by the desk; withdrawn by the structure.

    A request of several structures is proposed first, until every one of them has accepted.
    """

    PROPOSED = "proposed", mark("Proposée à vos partenaires")
    SENT = "sent", mark("Envoyée")
    PREFERRED = "preferred", mark("Souhaitée par l’acheteur")
    ACCEPTED = "accepted", mark("Acceptée")
    DECLINED = "declined", mark("Déclinée")
    WITHDRAWN = "withdrawn", mark("Retirée")


ANSWERS = (RequestState.PREFERRED, RequestState.ACCEPTED, RequestState.DECLINED)
SCHEDULABLE = (RequestState.SENT, RequestState.PREFERRED, RequestState.ACCEPTED)
RECEIVED = (RequestState.SENT, *ANSWERS)


class MemberState(LabelledEnum):
    """invited → accepted or refused by the structure; late when the request left without its answer."""

    INVITED = "invited", mark("N’a pas encore répondu")
    ACCEPTED = "accepted", mark("Vient avec vous")
    REFUSED = "refused", mark("Ne vient pas")
    LATE = "late", mark("N’a pas répondu à temps")


class DeclineCause(LabelledEnum):
    """Why a desk says no, in words that help the structure choose better."""

    NO_NEED = "no-need", mark("Pas de besoin dans ce domaine cette année")
    UNDER_CONTRACT = "under-contract", mark("Un marché est déjà en cours pour cela")
    OTHER_SERVICE = "other-service", mark("Ce besoin relève d’un autre service que le nôtre")
    KNOWN = "known", mark("Nous nous connaissons déjà : écrivez-nous directement")
    TOO_FAR = "too-far", mark("La zone d’intervention ne correspond pas")
    OTHER = "other", mark("Autre raison")


class InvitationState(LabelledEnum):
    """sent → accepted or declined by the structure; withdrawn by the desk."""

    SENT = "sent", mark("En attente de réponse")
    ACCEPTED = "accepted", mark("Acceptée")
    DECLINED = "declined", mark("Déclinée")
    WITHDRAWN = "withdrawn", mark("Retirée")


class GroupQuota(LabelledEnum):
    """In whose list a request of several structures takes a place."""

    LEADER = "leader", mark("celle de la structure qui propose, seulement")
    EVERYONE = "everyone", mark("celle de chaque structure qui vient")
