"""Where a registration stands."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class RegistrationState(LabelledEnum):
    """pending → approved or refused, by the organiser; cancelled by the participant."""

    PENDING = "pending", mark("En attente de validation")
    APPROVED = "approved", mark("Validée")
    REFUSED = "refused", mark("Refusée")
    CANCELLED = "cancelled", mark("Annulée")
