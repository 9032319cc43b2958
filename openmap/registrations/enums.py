"""Where a registration stands, and what a participant may consent to."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class RegistrationState(LabelledEnum):
    """pending → approved, refused or waiting for a place, by the organiser; cancelled by the participant."""

    PENDING = "pending", mark("En attente de validation")
    WAITING = "waiting", mark("Sur liste d’attente")
    APPROVED = "approved", mark("Validée")
    REFUSED = "refused", mark("Refusée")
    CANCELLED = "cancelled", mark("Annulée")


class ConsentPurpose(LabelledEnum):
    """What someone agrees to, each on its own."""

    TERMS = "terms", mark("Utilisation des informations pour la matinale")
    DIRECTORY = "directory", mark("Annuaire public")
    PHOTO = "photo", mark("Photos de la matinale")
