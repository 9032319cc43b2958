"""A draft as a row of steps: which there are, which are complete, what they make of a registration."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from openmap.accounts.models import Person
from openmap.core.forms import Form
from openmap.core.models import LabelledEnum
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.organisations.enums import BuyerKind, OrganisationKind, PartnerKind, Sector, StructureKind
from openmap.organisations.models import Organisation
from openmap.organisations.operations import BuyerProfile, ContactDetails, StructureProfile
from openmap.organisations.queries import main_contact
from openmap.organisations.siret import read_siret
from openmap.questions.enums import QuestionPurpose
from openmap.questions.forms import answer_form
from openmap.questions.forms.answering import AnswerForm
from openmap.questions.queries import questions_for
from openmap.registrations import queries
from openmap.registrations.forms.fields import chosen
from openmap.registrations.forms.steps import (
    BuyerOffer,
    BuyerStep,
    ConsentForm,
    ContactStep,
    PartnerOffer,
    PartnerStep,
    StructureOffer,
    StructureStep,
    VisitorStep,
    consent_form,
)
from openmap.registrations.models import Registration, RegistrationDraft
from openmap.registrations.operations import PartnerProfile, RegistrationDetails, VisitorProfile

Held = Mapping[str, Sequence[str]]
Profile = StructureProfile | BuyerProfile | PartnerProfile | VisitorProfile


class Step(LabelledEnum):
    """One page of the form; the word stands in its address."""

    ORGANISATION = "organisation", mark("Votre organisme")
    CONTACT = "contact", mark("Vous")
    OFFER = "offer", mark("Votre offre")
    QUESTIONS = "questions", mark("Questions")
    CONSENTS = "consents", mark("Vos accords")
    CHECK = "check", mark("Relire et envoyer")


ORGANISATION_FORMS: Mapping[OrganisationKind, type[Form]] = {
    OrganisationKind.STRUCTURE: StructureStep,
    OrganisationKind.BUYER: BuyerStep,
    OrganisationKind.PARTNER: PartnerStep,
    OrganisationKind.VISITOR: VisitorStep,
}
OFFER_FORMS: Mapping[OrganisationKind, Callable[..., Form]] = {
    OrganisationKind.STRUCTURE: StructureOffer,
    OrganisationKind.BUYER: BuyerOffer,
    OrganisationKind.PARTNER: PartnerOffer,
}


class SendForm(Form):
    """The button at the end."""


@dataclass(frozen=True, slots=True)
class Part:
    """One step of one draft, with its form as the draft holds it."""

    step: Step
    form: Form
    is_complete: bool


class Steps:
    """The steps of a draft; the last one, where everything is read again, has no form."""

    def __init__(self, draft: RegistrationDraft) -> None:
        self.draft, self.event, self.kind = draft, draft.event, draft.kind
        self.files = {kept.question_id: kept.file.name for kept in draft.files}

    @cached_property
    def questions(self) -> list[Any]:
        """What this kind of participant is asked."""
        return questions_for(self.event, QuestionPurpose.REGISTRATION, self.kind)

    @cached_property
    def names(self) -> list[Step]:
        """The steps in their order."""
        return step_names(self.kind, has_questions=bool(self.questions))

    @cached_property
    def parts(self) -> list[Part]:
        """Every step but the last, with its form as the draft holds it."""
        forms = [(step, self.form_of(step)) for step in self.names[:-1]]
        return [Part(step, form, form.validate()) for step, form in forms]

    @property
    def missing(self) -> list[Part]:
        """The steps that want something."""
        return [part for part in self.parts if not part.is_complete]

    def form_of(self, step: Step) -> Form:
        """The form of a step as the draft holds it, not posted by anybody."""
        held = MultiDict((name, value) for name, values in self.draft.typed.items() for value in values)
        return self.build(step, formdata=held, meta={"csrf": False})

    def build(self, step: Step, **options: Any) -> Form:
        """The form of a step; without options, as the request posts it."""
        return build_form(step, self.event, self.kind, self.questions, self.files, **options)

    def after(self, step: Step) -> Step:
        """The step that follows."""
        return self.names[min(self.names.index(step) + 1, len(self.names) - 1)]

    def before(self, step: Step) -> Step | None:
        """The step before, None at the beginning."""
        place = self.names.index(step)
        return self.names[place - 1] if place else None

    @cached_property
    def data(self) -> dict[str, Any]:
        """What the fields of every step mean, by name."""
        return {name: value for part in self.parts for name, value in part.form.data.items()}

    def profile(self) -> Profile:
        """Who takes part, as the operations take it; every step is complete."""
        data = self.data
        match self.kind:
            case OrganisationKind.STRUCTURE:
                siret, kind = read_siret(data["siret"]) or "", chosen(StructureKind, data["kind"])
                return StructureProfile(siret, data["name"], kind, data["departement"])
            case OrganisationKind.BUYER:
                siret, kind_of_buyer = read_siret(data["siret"] or "") or "", chosen(BuyerKind, data["kind"])
                return BuyerProfile(data["body"], kind_of_buyer, data["departement"], siret)
            case OrganisationKind.PARTNER:
                siret, kind_of_partner = read_siret(data["siret"] or "") or "", chosen(PartnerKind, data["kind"])
                return PartnerProfile(data["body"], kind_of_partner, data["departement"], self.desk_name, siret)
            case OrganisationKind.VISITOR:
                return VisitorProfile(data["body"] or "", data["departement"])

    @property
    def desk_name(self) -> str:
        """The name of the desk, "" without any."""
        holds = self.kind is OrganisationKind.BUYER or self.data.get("holds_desk")
        return self.data["desk"] or "" if holds else ""

    def details(self) -> RegistrationDetails:
        """What the participant asks for, as the operations take it; every step is complete."""
        data = self.data
        answers = [part.form for part in self.parts if isinstance(part.form, AnswerForm)]
        consents = [part.form for part in self.parts if isinstance(part.form, ConsentForm)]
        contact = ContactDetails(
            name=data["contact_name"], email=data["email"], phone=data["phone"] or "", locale=self.draft.locale
        )
        return RegistrationDetails(
            sector=chosen(Sector, data["sector"]) if "sector" in data else self.event.sector,
            contact=contact,
            contact_function=data["function"] or "",
            offer=data.get("offer") or "",
            unavailable=frozenset(data.get("unavailable") or ()),
            consents=consents[0].given(),
            answers={**answers[0].words()} if answers else {},
        )


def step_names(kind: OrganisationKind, *, has_questions: bool) -> list[Step]:
    """The steps of one kind of participant in their order; those that would be empty are left out."""
    absent = {Step.QUESTIONS} if not has_questions else set()
    return [step for step in Step if step not in absent and (step is not Step.OFFER or kind in OFFER_FORMS)]


def first_names(event: Event, kind: OrganisationKind) -> list[Step]:
    """The steps that will come, before any draft."""
    return step_names(kind, has_questions=bool(questions_for(event, QuestionPurpose.REGISTRATION, kind)))


def build_form(
    step: Step,
    event: Event,
    kind: OrganisationKind,
    questions: Sequence[Any] = (),
    files: Collection[int] = (),
    **options: Any,
) -> Form:
    """The form of one step for one kind of participant."""
    match step:
        case Step.ORGANISATION:
            return ORGANISATION_FORMS[kind](**options)
        case Step.CONTACT:
            return ContactStep(**options)
        case Step.OFFER:
            return OFFER_FORMS[kind](event, **options)
        case Step.QUESTIONS:
            return answer_form(questions, kept_files=files)(**options)
        case Step.CONSENTS:
            return consent_form(kind)(**options)
        case Step.CHECK:
            return SendForm(**options)


def first_form(event: Event, kind: OrganisationKind, held: Held | None = None) -> Form:
    """The first step before any draft: as posted, or showing what is `held` already."""
    if held is None:
        return ORGANISATION_FORMS[kind]()
    shown = MultiDict((name, value) for name, values in held.items() for value in values)
    return ORGANISATION_FORMS[kind](formdata=shown, meta={"csrf": False})


def prefilled(kind: OrganisationKind, person: Person | None) -> dict[str, list[str]]:
    """What is known of a person signed in, by the name of its field: nothing of an organiser, who types for others."""
    if person is None or person.is_organiser:
        return {}
    held = {"contact_name": person.name, "email": person.email}
    last = queries.last_registration(person, kind)
    if last is not None:
        held |= about(last.organisation) | _said_in(last)
    return {name: [value] for name, value in held.items() if value}


def prefilled_for(structure: Organisation) -> dict[str, list[str]]:
    """What is known of a structure and of who speaks for it: for the facilitator whom it lets act."""
    held = about(structure)
    main, last = main_contact(structure), queries.last_registration_of(structure)
    if last is not None:
        held |= _said_in(last) | {"contact_name": last.contact.person.name, "email": last.contact.person.email}
    if main is not None:
        held |= {"contact_name": main.person.name, "email": main.person.email, "phone": main.phone}
    return {name: [value] for name, value in held.items() if value}


def _said_in(last: Registration) -> dict[str, str]:
    return {
        "phone": last.contact.phone,
        "function": last.contact_function,
        "sector": str(last.sector),
        "offer": last.offer,
    }


def about(organisation: Organisation) -> dict[str, str]:
    """What public registers say of an organisation, by the name of its field: no person, no mailbox."""
    kind = organisation.structure_kind or organisation.buyer_kind or organisation.partner_kind
    return {
        "siret": organisation.siret or "",
        "name": organisation.name,
        "body": organisation.name,
        "kind": str(kind or ""),
        "departement": organisation.departement,
    }
