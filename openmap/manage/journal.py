"""Who did what at one morning, in words: the audit trail as an organiser reads it, the latest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from openmap.accounts.models import Person
from openmap.core.audit import AuditEntry
from openmap.core.db import page_of, session
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.meeting_requests.models import MeetingRequest
from openmap.registrations.models import Desk, Registration

ENTRIES_A_PAGE = 20

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "coaching.asked": mark("Rappels de réserver un coaching envoyés"),
        "coaching.attended": mark("Présence au coaching notée"),
        "coaching.booked": mark("Coaching réservé"),
        "coaching.cancelled": mark("Place de coaching rendue"),
        "coaching_note.removed": mark("Note de coaching retirée"),
        "coaching_note.written": mark("Note de coaching écrite"),
        "coaching_session.added": mark("Séance de coaching ouverte"),
        "coaching_session.cancelled": mark("Séance de coaching annulée"),
        "coaching_session.edited": mark("Séance de coaching modifiée"),
        "exhibition.edited": mark("Salle d’exposition modifiée"),
        "stand.added": mark("Stand ajouté"),
        "stand.described": mark("Présentation d’un stand modifiée"),
        "stand.edited": mark("Stand modifié"),
        "stand.removed": mark("Stand retiré"),
        "stands.aligned": mark("Stands alignés"),
        "stands.imported": mark("Stands importés"),
        "event.imported": mark("Matinale importée"),
        "event.changed": mark("Réglages de la matinale changés"),
        "event.copied": mark("Brouillon fait avec les réglages d’une autre matinale"),
        "event.published": mark("Matinale publiée"),
        "event.slots_changed": mark("Créneaux ou tables changés"),
        "event.started": mark("Brouillon de matinale commencé"),
        "series.edited": mark("Présentation de la série changée"),
        "desk_invitation.accepted": mark("Invitation d’un acheteur acceptée"),
        "desk_invitation.declined": mark("Invitation d’un acheteur déclinée"),
        "desk_invitation.sent": mark("Invitation d’un acheteur envoyée"),
        "desk_invitation.withdrawn": mark("Invitation d’un acheteur retirée"),
        "feed.created": mark("Adresse de calendrier créée"),
        "feed.revoked": mark("Adresse de calendrier fermée"),
        "guests.invited": mark("Invitations envoyées"),
        "guests.reminded": mark("Rappels envoyés"),
        "invitation.declined": mark("Invitation déclinée"),
        "invitation.restored": mark("Invitation rétablie"),
        "invitation.withdrawn": mark("Invitation retirée"),
        "invitations.reminder_set": mark("Rappel automatique réglé"),
        "jury.accepted": mark("Invitation au jury acceptée"),
        "jury.assigned": mark("Dossiers confiés au jury"),
        "jury.assignment_refused": mark("Dossier refusé à un membre du jury, pour conflit d’intérêts"),
        "jury.declined": mark("Invitation au jury déclinée"),
        "jury.invited": mark("Invitation au jury envoyée"),
        "jury.normalised": mark("Notes du jury normalisées"),
        "jury.not_normalised": mark("Notes du jury reprises telles quelles"),
        "jury.own_file": mark("Dossier retiré à un membre du jury qui parle pour la structure"),
        "jury.reminded": mark("Membre du jury relancé"),
        "jury.removed": mark("Membre retiré du jury"),
        "jury.reopened": mark("Jury rouvert pour une personne"),
        "jury.shared": mark("Dossiers partagés à parts égales"),
        "meeting.pinned": mark("Rendez-vous figé"),
        "meeting.unpinned": mark("Rendez-vous libéré"),
        "answers.purged": mark("Réponses effacées, leur durée étant passée"),
        "call.noted": mark("Appel noté"),
        "capacity.set": mark("Nombre de places changé"),
        "consent.given": mark("Accord donné"),
        "consent.withdrawn": mark("Accord retiré"),
        "drafts.purged": mark("Brouillons effacés, leur durée étant passée"),
        "pitch.extended": mark("Délai donné pour un dossier de pitch"),
        "pitch.resumed": mark("Dossier de pitch repris"),
        "pitch.saved": mark("Dossier de pitch enregistré"),
        "pitch.sent": mark("Dossier de pitch envoyé"),
        "pitch.withdrawn": mark("Dossier de pitch retiré"),
        "pitch_call.closed": mark("Appel à pitchs fermé"),
        "pitch_call.published": mark("Appel à pitchs publié"),
        "pitch_call.reopened": mark("Appel à pitchs rouvert"),
        "pitch_call.saved": mark("Appel à pitchs enregistré"),
        "pitch_criterion.added": mark("Critère du jury ajouté"),
        "pitch_criterion.edited": mark("Critère du jury modifié"),
        "pitch_criterion.moved": mark("Critère du jury déplacé"),
        "pitch_criterion.restored": mark("Critère du jury rétabli"),
        "pitch_criterion.retired": mark("Critère du jury retiré"),
        "programme.appearance_added": mark("Intervention ajoutée au programme"),
        "programme.appearance_edited": mark("Intervention modifiée"),
        "programme.appearance_moved": mark("Ordre des interventions changé"),
        "programme.appearance_removed": mark("Intervention retirée du programme"),
        "programme.line_added": mark("Ligne ajoutée au programme"),
        "programme.line_edited": mark("Ligne du programme modifiée"),
        "programme.line_removed": mark("Ligne retirée du programme"),
        "place.asked": mark("Place demandée au programme"),
        "place.given": mark("Place au programme donnée à qui attendait"),
        "place.returned": mark("Place au programme rendue"),
        "question.added": mark("Question ajoutée"),
        "question.edited": mark("Question modifiée"),
        "question.moved": mark("Question déplacée"),
        "question.restored": mark("Question posée de nouveau"),
        "question.retired": mark("Question retirée"),
        "registration.approved": mark("Inscription validée"),
        "registration.cancelled": mark("Inscription annulée"),
        "registration.refused": mark("Inscription refusée"),
        "registration.reopened": mark("Validation retirée"),
        "registration.sent": mark("Inscription envoyée"),
        "registration.waiting": mark("Inscription mise en liste d’attente"),
        "request.accepted": mark("Demande acceptée"),
        "request.answer_undone": mark("Réponse annulée"),
        "request.declined": mark("Demande déclinée"),
        "request.joined": mark("Demande commune rejointe"),
        "request.left": mark("Demande commune quittée"),
        "request.motive_edited": mark("Motif modifié"),
        "request.preferred": mark("Rendez-vous souhaité par l’acheteur"),
        "request.proposed": mark("Demande commune proposée"),
        "request.sent": mark("Demande envoyée"),
        "request.withdrawn": mark("Demande retirée"),
        "request_ban.added": mark("Règle de demande ajoutée"),
        "request_ban.removed": mark("Règle de demande retirée"),
        "request_quota.removed": mark("Nombre de demandes d’un type retiré"),
        "request_quota.set": mark("Nombre de demandes d’un type fixé"),
        "request_rules.set": mark("Règles des demandes changées"),
        "requests.ranked": mark("Liste réordonnée"),
        "requests.reminded": mark("Rappels de demander envoyés"),
        "review.abstained": mark("Abstention d’un membre du jury"),
        "review.changed": mark("Avis du jury changé"),
        "review.conflict": mark("Conflit d’intérêts déclaré"),
        "review.given": mark("Avis du jury donné"),
        "roadmap.hidden": mark("Feuille de route retirée de la matinale"),
        "roadmap.shown": mark("Feuille de route montrée à la matinale"),
        "run.cancelled": mark("Calcul arrêté"),
        "run.solved": mark("Calcul terminé"),
        "run.started": mark("Calcul lancé"),
        "stage.extended": mark("Une minute de plus au minuteur"),
        "stage.paused": mark("Minuteur mis en pause"),
        "stage.resumed": mark("Minuteur repris"),
        "stage.started": mark("Minuteur lancé"),
        "stage.stopped": mark("Minuteur arrêté"),
        "schedule.published": mark("Planning publié"),
        "selection.adopted": mark("Proposition de sélection adoptée"),
        "selection.answer_extended": mark("Délai de réponse d’une structure retenue prolongé"),
        "selection.confirmed": mark("Pitch confirmé"),
        "selection.deadline_set": mark("Date de confirmation des pitchs fixée"),
        "selection.decided": mark("Dossier de pitch déplacé sur le tableau"),
        "selection.declined": mark("Pitch rendu par la structure"),
        "selection.late": mark("Décision sur un pitch changée après l’annonce"),
        "selection.letter_written": mark("Courriel de décision complété"),
        "selection.promoted": mark("Pitch de la réserve retenu"),
        "selection.proposed": mark("Proposition de sélection calculée"),
        "selection.released": mark("Sélection des pitchs annoncée"),
        "selection.rest": mark("Dossiers restants non retenus"),
        "selection.unanswered": mark("Place de pitch libérée, faute de réponse"),
        "selection.undone": mark("Décision sur un pitch annulée"),
        "selection.withdrawn": mark("Dossier de pitch retiré par la structure"),
        "selection_rule.added": mark("Règle de sélection ajoutée"),
        "selection_rule.edited": mark("Règle de sélection modifiée"),
        "selection_rule.removed": mark("Règle de sélection retirée"),
        "wishes.told": mark("Personnes intéressées prévenues"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One action: when, who (None for the service itself), what, about whom, and in whose name if not one's own."""

    at: datetime
    who: str | None
    action: str
    about: str
    on_behalf_of: str


def journal_page(event: Event, *, action: str, page: int) -> tuple[Pagination, list[Line]]:
    """One page of a morning's trail, of one kind of action or of all."""
    rows = (
        select(AuditEntry).where(AuditEntry.event_id == event.id).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    if action in ACTIONS:
        rows = rows.where(AuditEntry.action == action)
    found = page_of(rows, page=page, size=ENTRIES_A_PAGE)
    return found, _in_words(event, found.items)


def _in_words(event: Event, entries: Iterable[AuditEntry]) -> list[Line]:
    entries = list(entries)
    people = _names({entry.actor_id for entry in entries if entry.actor_id})
    titles = _titles(event, entries)
    return [
        Line(
            at=entry.at,
            who=people.get(entry.actor_id) if entry.actor_id else None,
            action=ACTIONS.get(entry.action, entry.action),
            about=titles.get((entry.subject_type, entry.subject_id)) or _named_by_itself(entry),
            on_behalf_of=titles.get(("ref", entry.details.get("on_behalf_of")), ""),
        )
        for entry in entries
    ]


def _named_by_itself(entry: AuditEntry) -> str:
    """The line of the programme an entry names: it may be gone since."""
    return str(entry.details.get("title", "")) if entry.action.startswith(("programme.", "stage.")) else ""


def _names(ids: set[int]) -> dict[int, str]:
    return {person.id: person.display_name for person in session.scalars(select(Person).where(Person.id.in_(ids)))}


def _titles(event: Event, entries: list[AuditEntry]) -> dict[tuple[str, object], str]:
    """What the entries are about, by table and key, and the participants they name by ref."""
    titles: dict[tuple[str, object], str] = {}
    requests = _ids(entries, MeetingRequest.__tablename__)
    asked = select(MeetingRequest).where(MeetingRequest.id.in_(requests))
    whole = (joinedload(MeetingRequest.requester), joinedload(MeetingRequest.desk).joinedload(Desk.registration))
    for request in session.scalars(asked.options(*whole)):
        titles[MeetingRequest.__tablename__, request.id] = f"{request.requester.title} → {request.desk.title}"
    refs = {entry.details["on_behalf_of"] for entry in entries if "on_behalf_of" in entry.details}
    registrations = _ids(entries, Registration.__tablename__)
    named = select(Registration).where(
        Registration.event_id == event.id, Registration.id.in_(registrations) | Registration.ref.in_(refs)
    )
    for registration in session.scalars(named).unique():
        titles[Registration.__tablename__, registration.id] = registration.title
        titles["ref", registration.ref] = registration.title
    return titles


def _ids(entries: list[AuditEntry], table: str) -> set[int]:
    return {entry.subject_id for entry in entries if entry.subject_type == table}
