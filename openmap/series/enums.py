"""Words of series: the figures of a morning, and the parts of it that the next one may take over."""

from openmap.core.models import LabelledEnum
from openmap.core.text import mark


class FigureName(LabelledEnum):
    """What is counted of a morning, in the order in which it is told."""

    PARTICIPANTS = "participants", mark("Personnes présentes")
    BUYERS = "buyers", mark("Délégations d’acheteurs")
    STRUCTURES = "structures", mark("Structures")
    REQUESTS = "requests", mark("Demandes de rendez-vous")
    SCHEDULED = "scheduled", mark("Rendez-vous prévus")
    HELD = "held", mark("Rendez-vous tenus")
    MET = "met", mark("Structures avec au moins un rendez-vous")
    PITCHES = "pitches", mark("Pitchs")
    EXHIBITORS = "exhibitors", mark("Exposants")


class Part(LabelledEnum):
    """What of a morning's settings the next one may take over."""

    INTRODUCTION = "introduction", mark("Le texte de présentation")
    SLOTS = "slots", mark("Les créneaux de rendez-vous et les tables")
    PROGRAMME = "programme", mark("Les lignes du programme, avec leurs salles, sans les intervenants")
    QUESTIONS = "questions", mark("Les questions de l’inscription")
    PLACES = "places", mark("Le nombre de places par type de participant, et le rappel aux invités")
    RULES = "rules", mark("Qui peut demander qui")
    PITCHES = "pitches", mark("L’appel à pitchs : dates, questions, critères, équilibre")
    COACHING = "coaching", mark("Les séances de coaching, sans les coachs")
    EXHIBITION = "exhibition", mark("La salle d’exposition et ses stands, vides")
