"""The two mornings as the demonstration tells them; what it changes is said here, `import-morning` changes nothing.

- The files number their made-up mail addresses each from 1, so two bodies would share a person: those of the open
  morning get addresses of their own (`contact001.ess@exemple.fr`).
- In the open morning the requests of the last third of the structures have no answer yet: desks have something to do.
- Registrations, all of one moment in an import, are spread over the month before (`operations.add_morning`).
- Structures say what they offer, in the words of their sector: the files have no column for it.
- Files for a pitch say something too, judged by three criteria (`pitches`): theirs have a number for a title.
"""

from dataclasses import replace
from pathlib import Path

from openmap.demo.pitches import with_pitches
from openmap.meeting_requests.enums import RequestState
from openmap.mornings.files import Morning, read_morning
from openmap.organisations.enums import Sector

DATA = Path(__file__).resolve().parent / "data" / "mornings"
PUBLISHED, OPEN = "numeriques-2015-04-17", "ess-2017-11-16"

OFFERS = {
    Sector.IT: "Développement, hébergement et reprise de services en ligne, logiciels libres de préférence.",
    Sector.COMMUNICATION: "Sites, lettres et campagnes accessibles, de l’idée à la mise en ligne.",
    Sector.CONSULTING: "Conseil et formation des services à la donnée et aux usages numériques.",
    Sector.WASTE: "Collecte sur site, tri et démantèlement ; suivi des tonnages remis chaque mois.",
    Sector.RECYCLING: "Réemploi de mobilier et de matériaux, vente en ressourcerie, ateliers pour les agents.",
    Sector.CLEANING: "Propreté de bureaux et d’écoles, remise en état de locaux, produits sans danger.",
    Sector.TRANSPORT: "Livraison à vélo et petit transport, déménagement de services, navettes de courrier.",
}


def published_morning() -> Morning:
    """The morning of 2015, long past: to be solved and published."""
    return with_pitches(_with_offers(read_morning(DATA / PUBLISHED)))


def open_morning() -> Morning:
    """The morning two weeks ahead, open for registrations, requests and answers."""
    morning = _with_offers(read_morning(DATA / OPEN))
    unanswered = {line.ref for line in morning.structures[len(morning.structures) * 2 // 3 :]}
    told = replace(
        morning,
        desks=tuple(replace(line, email=_own_address(line.email)) for line in morning.desks),
        structures=tuple(replace(line, email=_own_address(line.email)) for line in morning.structures),
        requests=tuple(
            replace(line, answer=RequestState.SENT) if line.structure in unanswered else line
            for line in morning.requests
        ),
    )
    return with_pitches(told)


def _with_offers(morning: Morning) -> Morning:
    structures = (replace(line, offer=OFFERS.get(line.sector, "")) for line in morning.structures)
    partners = (
        replace(line, email=f"partenaire{number:02d}.{morning.event.held_on.year}@exemple.fr")
        for number, line in enumerate(morning.partners, start=1)
    )
    return replace(morning, structures=tuple(structures), partners=tuple(partners))


def _own_address(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local}.ess@{domain}"
