"""The very words people agree to; a change of words is a new version, and what was agreed keeps its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from openmap.core.text import mark
from openmap.organisations.enums import OrganisationKind
from openmap.registrations.enums import ConsentPurpose


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One text: its version, its words, and what it changes for whoever agrees or not."""

    version: str
    text: str
    consequence: str


CONSENT_TEXTS: Mapping[ConsentPurpose, ConsentText] = MappingProxyType(
    {
        ConsentPurpose.TERMS: ConsentText(
            "2026-11",
            mark(
                "J’accepte que l’organisateur utilise ces informations pour organiser la matinale et en faire le bilan."
            ),
            mark("Nécessaire pour participer. Vous pouvez les faire corriger ou effacer à tout moment."),
        ),
        ConsentPurpose.DIRECTORY: ConsentText(
            "2026-11",
            mark(
                "J’accepte que la présentation de mon organisme soit publiée dans l’annuaire public de la matinale, "
                "sans mon nom ni mes coordonnées."
            ),
            mark("Facultatif. Sans cet accord, seuls les participants de la matinale voient la présentation."),
        ),
        ConsentPurpose.PHOTO: ConsentText(
            "2026-11",
            mark(
                "J’accepte d’apparaître sur les photos de la matinale, publiées dans son bilan et sur le site de "
                "l’organisateur."
            ),
            mark("Facultatif. Sans cet accord, un badge l’indique au photographe."),
        ),
    }
)

NEEDED = ConsentPurpose.TERMS


def purposes_for(kind: OrganisationKind) -> tuple[ConsentPurpose, ...]:
    """What each kind of participant is asked; a visitor of the plenary has no page in the directory."""
    left_out = {ConsentPurpose.DIRECTORY} if kind is OrganisationKind.VISITOR else set()
    return tuple(purpose for purpose in ConsentPurpose if purpose not in left_out)
