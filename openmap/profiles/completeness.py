"""How much of a profile is filled, and the one thing that is worth adding next."""

from collections.abc import Mapping
from dataclasses import dataclass

from openmap.core.text import mark
from openmap.organisations.enums import OrganisationKind
from openmap.profiles.enums import Part
from openmap.profiles.sheets import Sheet

# The most useful first: what buyers search by, then what convinces them.
PARTS: Mapping[OrganisationKind, tuple[Part, ...]] = {
    OrganisationKind.STRUCTURE: (
        Part.SUMMARY, Part.ACTIVITY, Part.AREA, Part.REFERENCES, Part.TEAM, Part.RECOGNITION, Part.DOCUMENTS,
        Part.LOGO, Part.IDENTITY,
    ),
    OrganisationKind.BUYER: (
        Part.SUMMARY, Part.ACTIVITY, Part.DESKS, Part.AREA, Part.LOGO, Part.DOCUMENTS, Part.IDENTITY,
    ),
    OrganisationKind.PARTNER: (Part.SUMMARY, Part.AREA, Part.ACTIVITY, Part.LOGO, Part.DOCUMENTS, Part.IDENTITY),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advice:
    """What to add, and what it changes for the one who adds it."""

    todo: str
    why: str


FOR_STRUCTURES: Mapping[Part, Advice] = {
    Part.SUMMARY: Advice(
        mark("Présentez votre offre en un paragraphe"),
        mark("C’est ce que les acheteurs lisent d’abord, dans le catalogue et au-dessus de votre demande."),
    ),
    Part.ACTIVITY: Advice(
        mark("Cochez vos services et vos secteurs"),
        mark("Les besoins des acheteurs sont rapprochés de vos secteurs : sans eux, vous n’êtes proposé à personne."),
    ),
    Part.AREA: Advice(
        mark("Ajoutez votre zone d’intervention"),
        mark("Les acheteurs filtrent par département : sans zone, vous n’apparaissez que dans le vôtre."),
    ),
    Part.REFERENCES: Advice(
        mark("Citez deux ou trois références"),
        mark("Un client public déjà servi rassure plus qu’un long discours."),
    ),
    Part.TEAM: Advice(
        mark("Dites combien vous êtes"),
        mark("L’acheteur estime s’il peut vous confier un lot entier, ou une part avec d’autres."),
    ),
    Part.RECOGNITION: Advice(
        mark("Indiquez vos labels et vos réseaux"),
        mark("Certains marchés demandent une preuve de qualité : un label la donne."),
    ),
    Part.DOCUMENTS: Advice(
        mark("Ajoutez une plaquette en PDF"),
        mark("L’acheteur la garde après la matinale, et la montre à ses collègues."),
    ),
    Part.LOGO: Advice(
        mark("Ajoutez votre logo"),
        mark("On vous reconnaît plus vite dans la liste et le jour de la matinale."),
    ),
    Part.IDENTITY: Advice(
        mark("Donnez votre forme juridique et votre site"),
        mark("L’acheteur vérifie à qui il a affaire avant de vous répondre."),
    ),
}

FOR_BUYERS: Mapping[Part, Advice] = {
    Part.SUMMARY: Advice(
        mark("Présentez votre organisme en un paragraphe"),
        mark("Les structures comprennent ce que vous faites, et écrivent de meilleurs motifs."),
    ),
    Part.ACTIVITY: Advice(
        mark("Cochez les secteurs que vous achetez"),
        mark("Les structures de ces secteurs vous trouvent ; les autres ne vous sollicitent pas pour rien."),
    ),
    Part.DESKS: Advice(
        mark("Dites qui tient chaque délégation"),
        mark("Une structure prépare mieux un rendez-vous quand elle sait qui elle rencontre."),
    ),
    Part.AREA: Advice(
        mark("Dites où vos marchés s’exécutent"),
        mark("Une structure trop éloignée le voit avant de demander un rendez-vous."),
    ),
    Part.LOGO: Advice(mark("Ajoutez votre logo"), mark("On vous reconnaît plus vite dans la liste.")),
    Part.DOCUMENTS: Advice(
        mark("Ajoutez votre politique d’achat en PDF"),
        mark("Les structures y lisent vos priorités et arrivent préparées."),
    ),
    Part.IDENTITY: Advice(
        mark("Donnez l’adresse de votre site"),
        mark("Les structures y trouvent vos marchés publiés."),
    ),
}

FOR_PARTNERS: Mapping[Part, Advice] = {
    **FOR_STRUCTURES,
    Part.SUMMARY: Advice(
        mark("Présentez votre rôle en un paragraphe"),
        mark("Structures et acheteurs savent quand se tourner vers vous."),
    ),
    Part.ACTIVITY: Advice(
        mark("Cochez les secteurs que vous connaissez"),
        mark("Les structures et les acheteurs de ces secteurs vous trouvent."),
    ),
    Part.AREA: Advice(
        mark("Ajoutez votre zone d’intervention"),
        mark("On cherche un facilitateur ou un réseau près de chez soi."),
    ),
}

ADVICE: Mapping[OrganisationKind, Mapping[Part, Advice]] = {
    OrganisationKind.STRUCTURE: FOR_STRUCTURES,
    OrganisationKind.BUYER: FOR_BUYERS,
    OrganisationKind.PARTNER: FOR_PARTNERS,
}


@dataclass(frozen=True, slots=True)
class Completeness:
    """`done` of `total` parts say something; `next_part` is the most useful of the others, None when all do."""

    done: int
    total: int
    next_part: Part | None
    advice: Advice | None

    @property
    def is_complete(self) -> bool:
        """Whether every part says something."""
        return self.next_part is None


def parts_of(kind: OrganisationKind) -> tuple[Part, ...]:
    """The parts that an organisation of this kind fills, the most useful first; none for a visitor."""
    return PARTS.get(kind, ())


def completeness(sheet: Sheet, kind: OrganisationKind) -> Completeness:
    """How far `sheet` is filled."""
    parts = parts_of(kind)
    missing = [part for part in parts if not sheet.has(part)]
    first = missing[0] if missing else None
    return Completeness(len(parts) - len(missing), len(parts), first, ADVICE[kind][first] if first else None)
