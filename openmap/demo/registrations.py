"""Consents, questions, places and the people of the plenary: what the data of a demonstration knows nothing of."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core.db import session
from openmap.demo.people import name_of
from openmap.events.models import Event
from openmap.organisations.enums import OrganisationKind, PartnerKind
from openmap.organisations.operations import ContactDetails
from openmap.questions.enums import QuestionKind, QuestionPurpose
from openmap.questions.models import Question
from openmap.questions.operations import Wording, add_question, keep_answers
from openmap.registrations.consent_texts import CONSENT_TEXTS, purposes_for
from openmap.registrations.enums import ConsentPurpose, RegistrationState
from openmap.registrations.models import Consent, Registration
from openmap.registrations.operations import (
    GivenConsent,
    PartnerProfile,
    RegistrationDetails,
    VisitorProfile,
    approve_registration,
    register_partner,
    register_visitor,
    set_capacities,
)

PLACES = {OrganisationKind.STRUCTURE: 30, OrganisationKind.VISITOR: 4, OrganisationKind.PARTNER: 20}
SHARES = {ConsentPurpose.TERMS: 100, ConsentPurpose.DIRECTORY: 70, ConsentPurpose.PHOTO: 50}  # of a hundred people
NEEDS = ("Place de stationnement réservée", "Accès en fauteuil roulant", "Interprète en langue des signes")
HEARD = ("Courriel de l’organisateur", "Réseau professionnel", "Une autre structure", "Presse")
QUESTIONS = (
    Wording(
        QuestionKind.NUMBER,
        "Combien serez-vous à votre table\u00a0?",
        help_text="De une à quatre personnes.",
        is_required=True,
        participant_kinds=(OrganisationKind.BUYER.value, OrganisationKind.STRUCTURE.value),
        smallest=1,
        largest=4,
    ),
    Wording(
        QuestionKind.CHOICES,
        "Avez-vous besoin d’un aménagement\u00a0?",
        help_text="L’organisateur vous appellera pour le préparer avec vous.",
        choices=NEEDS,
        retention_days=30,
    ),
    Wording(QuestionKind.CHOICE, "Comment avez-vous connu la matinale\u00a0?", choices=HEARD, retention_days=180),
    Wording(
        QuestionKind.FILE,
        "Votre plaquette, si vous en avez une",
        help_text="Les acheteurs pourront la lire avant la matinale.",
        participant_kinds=(OrganisationKind.STRUCTURE.value,),
    ),
)
PARTNERS = (
    ("Réseau des ressourceries franciliennes", PartnerKind.NETWORK, "75"),
    ("Facilitateurs des clauses sociales du Val-de-Marne", PartnerKind.FACILITATOR, "94"),
)
VISITORS = ("Université Paris-Est", "Mairie de Créteil", "", "Chambre de métiers", "", "Agence de l’eau")


def add_consents(event: Event, *, at: datetime) -> None:
    """Consents of everyone who takes part: all to the use of what they wrote, most to the directory, half to photos."""
    registered = session.scalars(select(Registration).filter_by(event_id=event.id).order_by(Registration.id)).unique()
    for registration in registered.all():
        for purpose in purposes_for(registration.kind):
            if _drawn(f"{registration.ref}{purpose}") < SHARES[purpose]:
                text = CONSENT_TEXTS[purpose]
                consent = Consent(registration_id=registration.id, purpose=purpose, text_version=text.version)
                consent.text, consent.given_at = text.text, min(registration.created_at, at)
                session.add(consent)


def open_registration(event: Event, *, by: Person, at: datetime) -> None:
    """The morning that is open: its questions with some answers, its places, partners, and visitors one too many."""
    questions = [add_question(event, QuestionPurpose.REGISTRATION, each, by=by, at=at) for each in QUESTIONS]
    approved = select(Registration).filter_by(event_id=event.id, state=RegistrationState.APPROVED)
    for registration in session.scalars(approved.order_by(Registration.id)).unique().all():
        given = _answers(registration, questions)
        purpose = QuestionPurpose.REGISTRATION
        sheet = keep_answers(None, event=event, purpose=purpose, given=given, at=registration.created_at)
        registration.answer_sheet_id = sheet.id
    set_capacities(event, PLACES, by=by, at=at)
    for number, (name, kind, departement) in enumerate(PARTNERS, start=1):
        profile = PartnerProfile(name, kind, departement)
        registration = register_partner(event, profile, _details(event, f"partenaire{number}"), by=None, at=at)
        approve_registration(registration, seen=registration.state, by=by, at=at)
    for number, body in enumerate(VISITORS, start=1):
        details = _details(event, f"visite{number}")
        registration = register_visitor(event, VisitorProfile(body, "94"), details, by=None, at=at)
        if registration.state is RegistrationState.PENDING:
            approve_registration(registration, seen=registration.state, by=by, at=at)


def _answers(registration: Registration, questions: Sequence[Question]) -> dict[int, str]:
    count, needs, heard, _leaflet = questions
    given = {heard.id: HEARD[_drawn(f"{registration.ref}heard") % len(HEARD)]}
    if count.is_for(registration.kind):
        given[count.id] = str(1 + _drawn(f"{registration.ref}count") % 3)
    if _drawn(f"{registration.ref}needs") < 12:
        given[needs.id] = NEEDS[_drawn(registration.ref) % len(NEEDS)]
    return given


def _details(event: Event, mailbox: str) -> RegistrationDetails:
    email = f"{mailbox}@exemple.fr"
    text = CONSENT_TEXTS[ConsentPurpose.TERMS]
    return RegistrationDetails(
        sector=event.sector,
        contact=ContactDetails(name=name_of(email), email=email),
        consents=(GivenConsent(ConsentPurpose.TERMS, text.version, text.text),),
    )


def _drawn(text: str) -> int:
    """A number under 100, always the same for a text."""
    return int.from_bytes(sha256(text.encode()).digest()[:4]) % 100
