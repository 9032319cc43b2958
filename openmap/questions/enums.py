"""Words of questions."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class QuestionPurpose(LabelledEnum):
    """The form a question stands in."""

    REGISTRATION = "registration", mark("Inscription")
    PITCH = "pitch", mark("Candidature à un pitch")


class QuestionKind(LabelledEnum):
    """How a question is answered."""

    TEXT = "text", mark("Texte court")
    LONG_TEXT = "long-text", mark("Texte long")
    CHOICE = "choice", mark("Un choix")
    CHOICES = "choices", mark("Plusieurs choix")
    NUMBER = "number", mark("Nombre")
    DATE = "date", mark("Date")
    YES_NO = "yes-no", mark("Oui ou non")
    FILE = "file", mark("Fichier (PDF ou image)")

    @property
    def has_choices(self) -> bool:
        """Whether the organiser lists what may be answered."""
        return self in {QuestionKind.CHOICE, QuestionKind.CHOICES}

    @property
    def has_bounds(self) -> bool:
        """Whether a smallest and a largest value make sense: a number's, or how many boxes are ticked."""
        return self in {QuestionKind.NUMBER, QuestionKind.CHOICES}
