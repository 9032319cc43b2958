"""What the files for a pitch say in a demonstration: made from the sector of who sends them, the same at each start."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.core.files import MEDIA_TYPES, CheckedFile, keep_file
from openmap.demo.people import name_of
from openmap.demo.profiles import leaflet
from openmap.events.models import Event
from openmap.mornings.files import Morning, PitchLine
from openmap.organisations.enums import Sector
from openmap.pitches.models import ApplicationDocument, PitchApplication, PitchCall
from openmap.pitches.operations import CriterionDetails
from openmap.pitches.queries import call_of, submitted_applications
from openmap.questions.enums import QuestionKind, QuestionPurpose
from openmap.questions.operations import Wording, add_question, keep_answers

CRITERIA = (
    CriterionDetails("Intérêt pour un acheteur public", "Répond-on à un besoin que des services ont vraiment ?", 3),
    CriterionDetails("Utilité sociale et environnementale", "Qui en profite, et comment le sait-on ?", 2),
    CriterionDetails("Clarté", "Comprend-on tout en cinq minutes ?", 1),
)
GUIDANCE = (
    "Cinq minutes, sans diapositives obligatoires. Les acheteurs veulent savoir :\n"
    "- ce que vous faites, dit simplement ;\n"
    "- pour qui vous l’avez déjà fait ;\n"
    "- comment vous acheter quelque chose demain.\n"
    "\n"
    "Un dossier court vaut mieux qu’un dossier complet : le jury en lit une trentaine."
)
QUESTIONS = (
    Wording(
        QuestionKind.TEXT,
        "Un client que nous pouvons appeler",
        help_text="Une collectivité ou une entreprise, et ce que vous avez fait pour elle.",
    ),
    Wording(
        QuestionKind.CHOICE,
        "Comment peut-on vous acheter cela\u00a0?",
        is_required=True,
        choices=(
            "Par petite commande, sans marché",
            "Par un marché réservé",
            "En sous-traitance",
            "Nous ne savons pas",
        ),
    ),
)
CLIENTS = (
    "La médiathèque de notre ville, depuis deux ans",
    "Un lycée et deux collèges du département",
    "Un bailleur social, pour douze résidences",
    "L’établissement public territorial voisin",
    "Une communauté d’agglomération, à l’essai",
)
TITLES: Mapping[Sector, Sequence[str]] = {
    Sector.IT: (
        "Le wiki que vos agents remplissent vraiment",
        "La carte du chantier, à jour chaque matin",
        "Trouver une salle de réunion en dix secondes",
        "Vos serveurs chez vous, sans équipe de nuit",
        "Une application mobile que l’on garde",
        "Signer sans imprimer, même à la mairie annexe",
        "Vos courriels triés avant le café",
        "Le guichet qui comprend ce qu’on lui écrit",
        "Sauvegardé cette nuit, vérifié ce matin",
        "L’accès à distance sans mot de passe à retenir",
        "Un annuaire des services toujours juste",
        "Réparer le parc informatique au lieu de le jeter",
    ),
    Sector.COMMUNICATION: (
        "Un site de ville lu jusqu’au bout",
        "L’enquête publique que l’on a envie de remplir",
        "Vos vidéos sous-titrées le jour même",
        "Parler aux habitants qui ne lisent pas le bulletin",
        "La lettre du maire en français facile",
        "Une visite du musée depuis le bus",
        "Le budget expliqué en une image",
        "Des réunions publiques où chacun parle",
        "Accessible à tous, dès la première page",
        "Raconter les travaux avant qu’ils dérangent",
        "Un journal de quartier fait par le quartier",
        "Vos formulaires sans jargon",
        "La signalétique que l’on suit sans y penser",
    ),
    Sector.CONSULTING: (
        "Ouvrir ses données sans ouvrir une boîte de Pandore",
        "Former cent agents en dix matinées",
        "Choisir un logiciel sans le regretter",
        "Compter les vélos pour placer les pistes",
        "Le marché public relu par ceux qui répondent",
        "Prévoir les cantines au repas près",
        "Mesurer ce que change une politique",
        "La donnée au service des pompiers",
        "Votre démarche en ligne testée par vingt habitants",
        "Moins de tableaux, plus de décisions",
        "Des clauses sociales suivies sans tableur",
        "Passer au logiciel libre sans heurt",
    ),
    Sector.WASTE: (
        "Vos biodéchets compostés à moins de cinq kilomètres",
        "Démanteler les écrans, pièce par pièce",
        "Zéro benne le jour du déménagement",
        "Le tri expliqué par ceux qui trient",
        "Une collecte de papier dans chaque école",
        "Vos encombrants retrouvés avant la décharge",
    ),
    Sector.RECYCLING: (
        "Le mobilier de vos bureaux, une deuxième fois",
        "Du bois de chantier aux bancs du parc",
        "La matériauthèque ouverte aux services techniques",
        "Des vélos de service remis en selle",
        "Vos bâches deviennent des sacs",
        "Une ressourcerie dans votre hôtel de ville",
    ),
    Sector.CLEANING: (
        "Des écoles propres avec trois produits",
        "Le ménage de jour, que l’on voit et que l’on salue",
        "Remettre un local en état en une semaine",
        "Les vitres sans nacelle",
        "Laver moins d’eau, laver mieux",
        "Une équipe formée à deux pas de vos bureaux",
    ),
    Sector.TRANSPORT: (
        "Vos plis et vos repas à vélo",
        "Déménager un service en un week-end",
        "La navette du courrier, sans moteur",
        "Livrer les crèches avant huit heures",
        "Les archives transportées et rangées",
        "Une tournée, trois communes, un seul camion",
    ),
}
PRESENTED = (
    "Nous partons d’une gêne que tous les services connaissent, et nous montrons ce que nous avons fait pour elle.",
    "Nous raconterons une journée de notre équipe chez un client, du premier appel à la facture.",
    "Nous présentons une solution déjà en place dans deux communes, avec ses chiffres et ses ratés.",
    "Nous avons commencé petit, avec un seul service ; voici ce qui a changé en un an.",
)
FOR_WHOM = (
    "Pour les services qui ont peu de temps et pas de budget d’étude.",
    "Pour les acheteurs qui cherchent près de chez eux et n’ont trouvé personne.",
    "Pour les directions qui veulent essayer avant de s’engager.",
    "Pour les écoles, les crèches et tout ce qui ouvre tôt.",
)
PROOFS = (
    "- Douze personnes en poste, dont huit en parcours\n- Trois clients publics\n- Un devis sous deux jours",
    "- Essai gratuit de deux semaines\n- Un interlocuteur unique\n- Bilan chiffré à la fin",
    "- Deux ans de recul\n- Moins de dix kilomètres parcourus\n- Prix affichés",
    "- Une équipe formée sur place\n- Des délais tenus, mois par mois\n- Une référence à appeler",
)
FUNCTIONS = ("direction", "responsable du développement", "responsable des partenariats")
SECOND_HALF = timedelta(days=9)  # how long the open morning's call had been open when it closed
DOCUMENT_EVERY = 4  # files, the first of them with a document
CLOSED_SINCE, JURY_FOR = timedelta(days=3), timedelta(days=5)
OPENED, CLOSED, JUDGED = 56, 28, 18  # days before a past morning: time is left to tell, to confirm and to be coached


def with_pitches(morning: Morning) -> Morning:
    """The morning with files that say something, and a jury that judges by three criteria."""
    sectors = {line.ref: line.sector for line in morning.structures}
    emails = {line.ref: line.email for line in morning.structures}
    seen: Counter[Sector] = Counter()
    told = []
    for number, line in enumerate(morning.pitches):
        sector = sectors[line.structure]
        told.append(_told(line, sector, seen[sector], number, name_of(emails[line.structure])))
        seen[sector] += 1
    return replace(morning, pitches=tuple(told), criteria=CRITERIA)


def _told(line: PitchLine, sector: Sector, nth: int, number: int, speaker: str) -> PitchLine:
    titles = TITLES[sector]
    parts = (PRESENTED[number % len(PRESENTED)], FOR_WHOM[(number // 2) % len(FOR_WHOM)], PROOFS[number % len(PROOFS)])
    return replace(
        line,
        title=titles[nth % len(titles)],
        summary="\n\n".join(parts),
        speaker=f"{speaker}, {FUNCTIONS[number % len(FUNCTIONS)]}",
        is_first_time=number % 5 < 3,
    )


def add_call(event: Event, *, by: Person, at: datetime) -> None:
    """Give a morning's call its dates, its words, its questions and their answers; a coming one has just closed."""
    call = call_of(event)
    if call is None or call.guidance:
        return
    call.guidance = GUIDANCE
    if event.is_past(at):
        _close_early(call, event)
    else:
        _close_lately(call, at=at)
    questions = [add_question(event, QuestionPurpose.PITCH, each, by=by, at=call.opens_at) for each in QUESTIONS]
    for number, application in enumerate(submitted_applications(call)):
        _spread(call, application, number)
        given = {questions[0].id: CLIENTS[number % len(CLIENTS)], questions[1].id: QUESTIONS[1].choices[number % 4]}
        sheet = keep_answers(None, event=event, purpose=QuestionPurpose.PITCH, given=given, at=application.edited_at)
        application.answer_sheet_id = sheet.id
        if number % DOCUMENT_EVERY == 0:
            _enclose(application)
    session.flush()


def _enclose(application: PitchApplication) -> None:
    """One page that says it at a glance, as structures send one."""
    written = CheckedFile("En une page.pdf", MEDIA_TYPES["PDF"], leaflet(application.title))
    stored = keep_file(written, at=application.edited_at)
    application.documents.append(ApplicationDocument(file_id=stored.id, added_at=application.edited_at))


def _close_lately(call: PitchCall, *, at: datetime) -> None:
    call.closes_at = at - CLOSED_SINCE
    call.opens_at = call.closes_at - SECOND_HALF
    call.published_at = call.created_at = call.opens_at
    call.jury_closes_at = at + JURY_FOR
    call.reserve_places = max(call.reserve_places, 2)


def _close_early(call: PitchCall, event: Event) -> None:
    def before(days: int, hour: time) -> datetime:
        return datetime.combine(event.held_on - timedelta(days=days), hour, event.zone)

    call.opens_at = call.published_at = call.created_at = before(OPENED, time(9))
    call.closes_at, call.jury_closes_at = before(CLOSED, time(23, 59)), before(JUDGED, time(23, 59))


def _spread(call: PitchCall, application: PitchApplication, number: int) -> None:
    """Files arrive over the days, most of them at the end."""
    hours = (call.closes_at - call.opens_at) / timedelta(hours=1)
    sent_at = call.closes_at - timedelta(hours=hours * (number * 37 % 100) / 100 * (number * 13 % 10) / 10, minutes=7)
    application.created_at = max(call.opens_at, sent_at - timedelta(days=1))
    application.edited_at = application.submitted_at = sent_at
