"""Where a need stands, and what social clause its contract will have."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class NeedState(LabelledEnum):
    """draft → published → archived; each way back is open."""

    DRAFT = "draft", mark("Brouillon")
    PUBLISHED = "published", mark("Publié")
    ARCHIVED = "archived", mark("Archivé")


class SocialClause(LabelledEnum):
    """How the contract will give work to people far from it; articles of the public procurement code."""

    INSERTION = "insertion", mark("Clause sociale d’insertion (L.2112-2)")
    RESERVED = "reserved", mark("Marché réservé (L.2113-12 ou L.2113-13)")
    CRITERION = "criterion", mark("Critère d’attribution social")
    NONE = "none", mark("Sans clause sociale")
    TO_STUDY = "to-study", mark("À étudier")


class AmountBand(LabelledEnum):
    """Amounts before tax by which a list of needs is narrowed."""

    SMALL = "small", mark("Moins de 40 000 €")
    MEDIUM = "medium", mark("De 40 000 à 90 000 €")
    LARGE = "large", mark("De 90 000 à 220 000 €")
    VERY_LARGE = "very-large", mark("Plus de 220 000 €")

    @property
    def limits(self) -> tuple[int, int]:
        """The lowest and the highest amount of the band, in euros."""
        return _LIMITS[self]


_LIMITS = {
    AmountBand.SMALL: (0, 39_999),
    AmountBand.MEDIUM: (40_000, 89_999),
    AmountBand.LARGE: (90_000, 219_999),
    AmountBand.VERY_LARGE: (220_000, 2**31 - 1),
}
