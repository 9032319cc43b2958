"""What people type to register, and what an organiser types to decide; shape only, the operations hold the rules."""

from collections.abc import Iterator
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Email, Length, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from openmap.core.formats import clock_time
from openmap.core.forms import Form, LongTextField, TextField
from openmap.core.models import LabelledEnum
from openmap.core.text import clean_text
from openmap.core.web import select_language
from openmap.events.models import Event
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE
from openmap.organisations.enums import BuyerKind, OrganisationKind, Sector, StructureKind
from openmap.organisations.operations import BuyerProfile, ContactDetails, StructureProfile
from openmap.organisations.siret import read_siret
from openmap.registrations.enums import RegistrationState
from openmap.registrations.operations import RegistrationDetails
from openmap.registrations.queries import Filters

Label = TypeVar("Label", bound=LabelledEnum)

PAGE_ORDER = (
    "siret", "body", "name", "kind", "departement", "desk", "sector", "offer",
    "contact_name", "email", "phone", "unavailable", "consent",
)  # fmt: skip
PHONE_SHAPE = r"^$|^\+?[0-9][0-9 .()\-]{7,28}$"


def choices(kind: type[LabelledEnum], first: str) -> list[tuple[str, str]]:
    """The values of `kind` with their labels in the page's language, after the empty choice `first`."""
    return [("", first), *((str(member), _(member.label)) for member in kind)]


def _departements() -> dict[str, list[tuple[str, str]]]:
    """Île-de-France first, since that is where most come from."""
    groups = {_("Île-de-France"): ILE_DE_FRANCE, _("Autres départements"): ELSEWHERE}
    chosen = {name: [(code, f"{code} – {label}") for code, label in group.items()] for name, group in groups.items()}
    return {_("À choisir"): [("", _("Choisissez un département"))]} | chosen


def typed(field: StringField) -> str:
    """What was typed in a text field, "" when it was not even sent."""
    return field.data or ""


class RegistrationForm(Form):
    """What structures and buyers are both asked."""

    departement = SelectField(
        _l("Département"), [DataRequired(_l("Choisissez un département."))], choices=_departements, default=""
    )
    sector = SelectField(_l("Secteur"), [DataRequired(_l("Choisissez un secteur."))], default="")
    contact_name = TextField(_l("Votre prénom et votre nom"), [DataRequired(_l("Écrivez votre nom."))], maximum=120)
    email = TextField(
        _l("Votre adresse électronique"),
        [
            DataRequired(_l("Écrivez votre adresse électronique.")),
            Email(_l("Vérifiez l’adresse : elle ressemble à nom@organisme.fr.")),
        ],
        maximum=254,
        description=_l("Pour vous connecter et recevoir votre programme. Elle n’est pas publiée."),
        render_kw={"type": "email", "inputmode": "email"},
    )
    phone = TextField(
        _l("Téléphone (facultatif)"),
        [Regexp(PHONE_SHAPE, message=_l("Écrivez un numéro comme 01 23 45 67 89, ou laissez vide."))],
        maximum=30,
        render_kw={"type": "tel"},
    )
    unavailable = SelectMultipleField(
        _l("Créneaux où vous n’êtes pas disponible"),
        coerce=int,
        choices=(),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Cochez seulement ce qui est impossible. Si vous êtes là toute la séance, ne cochez rien."),
    )
    consent = BooleanField(
        _l("J’accepte que l’organisateur utilise ces informations pour organiser la matinale."),
        [DataRequired(_l("Sans votre accord, l’organisateur ne peut pas traiter l’inscription."))],
    )

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.sector.choices = choices(Sector, _("Choisissez un secteur"))
        self.unavailable.choices = [
            (slot.position, f"{clock_time(slot.starts_at, event.zone)} – {clock_time(slot.ends_at, event.zone)}")
            for slot in event.slots
        ]

    def __iter__(self) -> Iterator[Field]:
        """The fields in the order of the page, which the summary of errors follows."""
        places = {name: place for place, name in enumerate(PAGE_ORDER)}
        return iter(sorted(self._fields.values(), key=lambda field: places.get(field.name, -1)))

    def details(self, offer: str = "") -> RegistrationDetails:
        """What was typed, as the operations take it."""
        return RegistrationDetails(
            sector=_chosen(Sector, self.sector.data),
            contact=ContactDetails(
                name=typed(self.contact_name),
                email=typed(self.email),
                phone=typed(self.phone),
                locale=select_language(),
            ),
            offer=offer,
            unavailable=frozenset(self.unavailable.data or ()),
        )


class StructureForm(RegistrationForm):
    """A structure asks to take part."""

    siret = TextField(
        _l("Numéro SIRET"),
        [DataRequired(_l("Écrivez le SIRET : 14 chiffres."))],
        maximum=40,
        description=_l("14 chiffres, avec ou sans espaces. Il est sur vos factures et sur votre avis de situation."),
        render_kw={"inputmode": "numeric"},
    )
    name = TextField(_l("Nom de la structure"), [DataRequired(_l("Écrivez le nom de la structure."))], maximum=200)
    kind = SelectField(_l("Type de structure"), [DataRequired(_l("Choisissez un type."))], default="")
    offer = LongTextField(
        _l("Ce que vous proposez"),
        [DataRequired(_l("Décrivez en quelques phrases ce que vous proposez."))],
        maximum=2000,
        description=_l("Quelques phrases : vos produits ou services, où, pour qui. Les acheteurs les liront."),
    )

    def __init__(self, event: Event) -> None:
        super().__init__(event)
        self.kind.choices = choices(StructureKind, _("Choisissez un type"))

    def validate_siret(self, field: StringField) -> None:
        """14 digits with their key, La Poste's exception included."""
        if read_siret(field.data or "") is None:
            raise ValidationError(
                _("Ce numéro n’est pas un SIRET : il faut 14 chiffres, et le dernier les contrôle. Relisez-le.")
            )

    def profile(self) -> StructureProfile:
        """What was typed, as the operations take it."""
        return StructureProfile(
            siret=read_siret(typed(self.siret)) or "",
            name=typed(self.name),
            kind=_chosen(StructureKind, self.kind.data),
            departement=self.departement.data,
        )


class DeskForm(RegistrationForm):
    """A public buyer asks for one desk."""

    body = TextField(
        _l("Nom de l’organisme public"),
        [DataRequired(_l("Écrivez le nom de l’organisme."))],
        maximum=200,
        description=_l("Par exemple : Ville de Paris."),
    )
    kind = SelectField(_l("Type d’acheteur"), [DataRequired(_l("Choisissez un type."))], default="")
    desk = TextField(
        _l("Nom de la délégation"),
        [DataRequired(_l("Écrivez le nom de la délégation."))],
        maximum=120,
        description=_l("Le service qui reçoit, par exemple : DSI. Une délégation tient une table."),
    )
    offer = LongTextField(
        _l("Ce que vous cherchez (facultatif)"),
        maximum=2000,
        description=_l("Quelques phrases sur vos achats à venir : les structures sauront pourquoi vous rencontrer."),
    )

    def __init__(self, event: Event) -> None:
        super().__init__(event)
        self.kind.choices = choices(BuyerKind, _("Choisissez un type"))

    def profile(self) -> BuyerProfile:
        """What was typed, as the operations take it."""
        return BuyerProfile(
            name=typed(self.body), kind=_chosen(BuyerKind, self.kind.data), departement=self.departement.data
        )


class ApprovalForm(Form):
    """One tap: only the state on which the organiser decided travels."""

    seen = HiddenField()

    def seen_state(self) -> RegistrationState:
        """The state the organiser saw; anything else means that the page is not one of ours."""
        return _member(RegistrationState, self.seen.data) or RegistrationState.CANCELLED


class RefusalForm(ApprovalForm):
    """The reason that the participant will read."""

    reason = LongTextField(
        _l("Raison du refus"),
        [DataRequired(_l("Écrivez la raison : la personne inscrite la lira dans son courriel."))],
        maximum=1000,
        description=_l("Elle est envoyée telle quelle à la personne inscrite."),
    )


class FilterForm(PlainForm):
    """Search and filters of a list; they live in the address, so nothing is posted."""

    q = StringField(_l("Chercher"), [Length(max=100)])
    state = SelectField(_l("Décision"))
    kind = SelectField(_l("Qui"))

    def __init__(self, args: MultiDict[str, str]) -> None:
        super().__init__(args)
        self.state.choices = choices(RegistrationState, _("Toutes"))
        self.kind.choices = choices(OrganisationKind, _("Tout le monde"))

    def filters(self) -> Filters:
        """What the address asks for; words it cannot mean are no filter."""
        return Filters(
            words=clean_text(typed(self.q))[:100],
            state=_member(RegistrationState, self.state.data),
            kind=_member(OrganisationKind, self.kind.data),
        )

    def kept(self) -> dict[str, str]:
        """The filters for the address of another page of the list."""
        return {name: value for name, value in self.data.items() if value}


def _member(kind: type[Label], value: str | None) -> Label | None:
    return next((member for member in kind if member == value), None)


def _chosen(kind: type[Label], value: str) -> Label:
    return next(member for member in kind if member == value)
