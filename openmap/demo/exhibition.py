"""What the eight exhibitors of the coming morning say of their stands: made up, but for who they are."""

from collections.abc import Mapping

from openmap.core.db import session
from openmap.demo.people import name_of
from openmap.events.models import Event
from openmap.exhibition.models import Stand
from openmap.exhibition.queries import exhibition_of, in_order
from openmap.exhibition.queries import name_of as exhibitor_of

ROOM = "Hall d’accueil, à gauche de la scène"
INTRODUCTION = "Entre deux rendez-vous, faites le tour : réseaux, services de l’État et financeurs vous répondent."
WORDS: Mapping[str, str] = {
    "GRAFIE": "Le réseau de l’insertion par l’activité économique en Île-de-France. Trouvez une structure voisine.",
    "FEI": "Les entreprises d’insertion : secteurs, clauses sociales, exemples de marchés réussis.",
    "UNEA": "Les entreprises adaptées : ce qu’elles font, et comment leur réserver un marché.",
    "CRESS Île-de-France": "L’annuaire de l’économie sociale et solidaire, et de quoi en parler à vos élus.",
    "DIRECCTE Île-de-France": "Agréments, aides au poste, clauses : posez vos questions à l’administration.",
    "Conseil régional d'Île-de-France": "Les aides de la Région aux structures et aux acheteurs.",
    "Ecologic": "La collecte et le réemploi des équipements électriques, du bureau à l’atelier.",
    "GIP Maximilien": "Le portail des marchés publics franciliens : une démonstration en cinq minutes.",
}
WITH_CONTACT = 5  # the others want to be met at the stand


def dress_stands(event: Event) -> None:
    """Give a morning's stands their words, the same at each start."""
    exhibition = exhibition_of(event)
    if exhibition is None or exhibition.room:
        return
    exhibition.room, exhibition.introduction = ROOM, INTRODUCTION
    for number, stand in enumerate(in_order(exhibition.stands)):
        _dress(stand, number)
    exhibition.stands.append(Stand(label="B6", x=15, y=4, width=3, depth=2))
    session.flush()


def _dress(stand: Stand, number: int) -> None:
    stand.description = WORDS.get(exhibitor_of(stand), "")
    if number < WITH_CONTACT:
        email = f"stand{number + 1}@exemple.fr"
        stand.contact_name, stand.contact_email = name_of(email), email
