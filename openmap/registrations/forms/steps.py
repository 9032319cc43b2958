"""The steps of a registration: who you are, you, what you offer or buy, your consents; shape only."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Email, ValidationError

from openmap.core.choices import choices_of
from openmap.core.forms import Form, LongTextField, TextField
from openmap.events.models import Event
from openmap.organisations.enums import BuyerKind, OrganisationKind, PartnerKind, Sector, StructureKind
from openmap.organisations.siret import read_siret
from openmap.registrations.consent_texts import CONSENT_TEXTS, NEEDED, purposes_for
from openmap.registrations.forms.fields import (
    PhoneField,
    departements,
    slot_choices,
    unavailable_field,
)
from openmap.registrations.operations import GivenConsent

NOT_A_SIRET = _l("Ce numéro n’est pas un SIRET : il faut 14 chiffres, et le dernier les contrôle. Relisez-le.")


def _departement_field() -> Any:
    needed = DataRequired(_l("Choisissez un département."))
    return SelectField(_l("Département"), [needed], choices=departements, default="")


def _kind_field(label: Any) -> Any:
    return SelectField(label, [DataRequired(_l("Choisissez un type."))], default="")


def _sector_field() -> Any:
    return SelectField(_l("Secteur"), [DataRequired(_l("Choisissez un secteur."))], default="")


class OrganisationForm(Form):
    """Who takes part; `kinds` are the families to choose from."""

    kinds: ClassVar[Any] = None

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if self.kinds is not None:
            self["kind"].choices = choices_of(self.kinds, first=_("Choisissez un type"))


class StructureStep(OrganisationForm):
    """A structure, known by its SIRET."""

    kinds = StructureKind
    siret = TextField(
        _l("Numéro SIRET"),
        [DataRequired(_l("Écrivez le SIRET : 14 chiffres."))],
        maximum=40,
        description=_l("14 chiffres, avec ou sans espaces. Il est sur vos factures et sur votre avis de situation."),
        render_kw={"inputmode": "numeric"},
    )
    name = TextField(
        _l("Nom de la structure"),
        [DataRequired(_l("Écrivez le nom de la structure."))],
        maximum=200,
        render_kw={"autocomplete": "organization"},
    )
    kind = _kind_field(_l("Type de structure"))
    departement = _departement_field()

    def validate_siret(self, field: StringField) -> None:
        """14 digits with their key, La Poste's exception included."""
        if read_siret(field.data or "") is None:
            raise ValidationError(NOT_A_SIRET)


class OptionalSiretForm(OrganisationForm):
    """A body known by its name, and by its SIRET if it gives one."""

    siret = TextField(
        _l("Numéro SIRET (facultatif)"),
        maximum=40,
        description=_l("14 chiffres. Il nous évite de vous confondre avec un organisme au nom proche."),
        render_kw={"inputmode": "numeric"},
    )

    def validate_siret(self, field: StringField) -> None:
        """Nothing, or 14 digits with their key."""
        if field.data and read_siret(field.data) is None:
            raise ValidationError(NOT_A_SIRET)


class BuyerStep(OptionalSiretForm):
    """A public buyer."""

    kinds = BuyerKind
    body = TextField(
        _l("Nom de l’organisme public"),
        [DataRequired(_l("Écrivez le nom de l’organisme."))],
        maximum=200,
        description=_l("Par exemple : Ville de Paris."),
        render_kw={"autocomplete": "organization"},
    )
    kind = _kind_field(_l("Type d’acheteur"))
    departement = _departement_field()


class PartnerStep(OptionalSiretForm):
    """A partner or facilitator."""

    kinds = PartnerKind
    body = TextField(
        _l("Nom de l’organisme"),
        [DataRequired(_l("Écrivez le nom de l’organisme."))],
        maximum=200,
        render_kw={"autocomplete": "organization"},
    )
    kind = _kind_field(_l("Type de partenaire"))
    departement = _departement_field()


class VisitorStep(OrganisationForm):
    """Where a visitor comes from."""

    body = TextField(
        _l("Votre organisme (facultatif)"),
        maximum=200,
        description=_l("Laissez vide si vous venez à titre personnel."),
        render_kw={"autocomplete": "organization"},
    )
    departement = _departement_field()


class ContactStep(Form):
    """The person to write to."""

    contact_name = TextField(
        _l("Votre prénom et votre nom"),
        [DataRequired(_l("Écrivez votre nom."))],
        maximum=120,
        render_kw={"autocomplete": "name"},
    )
    email = TextField(
        _l("Votre adresse électronique"),
        [
            DataRequired(_l("Écrivez votre adresse électronique.")),
            Email(_l("Vérifiez l’adresse : elle ressemble à nom@organisme.fr.")),
        ],
        maximum=254,
        description=_l("Pour vous connecter et recevoir votre programme. Elle n’est pas publiée."),
        render_kw={"type": "email", "inputmode": "email", "autocomplete": "email"},
    )
    phone = PhoneField(_l("Téléphone (facultatif)"), maximum=30, render_kw={"type": "tel", "autocomplete": "tel"})
    function = TextField(
        _l("Votre fonction (facultatif)"),
        maximum=120,
        description=_l("Par exemple : responsable commerciale, acheteur."),
        render_kw={"autocomplete": "organization-title"},
    )


class OfferForm(Form):
    """What a participant of the meetings brings; `unavailable` offers the morning's slots."""

    def __init__(self, event: Event, **options: Any) -> None:
        super().__init__(**options)
        self["sector"].choices = choices_of(Sector, first=_("Choisissez un secteur"))
        self["unavailable"].choices = slot_choices(event)


class StructureOffer(OfferForm):
    """What a structure proposes."""

    sector = _sector_field()
    offer = LongTextField(
        _l("Ce que vous proposez"),
        [DataRequired(_l("Décrivez en quelques phrases ce que vous proposez."))],
        maximum=2000,
        description=_l("Quelques phrases : vos produits ou services, où, pour qui. Les acheteurs les liront."),
        render_kw={"rows": 6},
    )
    unavailable = unavailable_field()


class BuyerOffer(OfferForm):
    """The desk and what it buys."""

    desk = TextField(
        _l("Nom de la délégation"),
        [DataRequired(_l("Écrivez le nom de la délégation."))],
        maximum=120,
        description=_l("Le service qui reçoit, par exemple : DSI. Une délégation tient une table."),
    )
    sector = _sector_field()
    offer = LongTextField(
        _l("Ce que vous cherchez (facultatif)"),
        maximum=2000,
        description=_l("Quelques phrases sur vos achats à venir : les structures sauront pourquoi vous rencontrer."),
        render_kw={"rows": 5},
    )
    unavailable = unavailable_field()


class PartnerOffer(OfferForm):
    """What a partner shows, and its desk if it holds one."""

    sector = _sector_field()
    offer = LongTextField(
        _l("Ce que vous faites (facultatif)"),
        maximum=2000,
        description=_l("Quelques phrases : les structures sauront ce que vous pouvez pour elles."),
        render_kw={"rows": 5},
    )
    holds_desk = BooleanField(_l("Nous tenons une table et recevons des structures en rendez-vous"))
    desk = TextField(
        _l("Nom de la table, si vous en tenez une"),
        maximum=120,
        description=_l("Par exemple : Clauses sociales 93."),
    )
    unavailable = unavailable_field()

    def validate_desk(self, field: StringField) -> None:
        """A desk has a name."""
        if self.holds_desk.data and not field.data:
            raise ValidationError(_("Écrivez le nom de votre table."))


class ConsentForm(Form):
    """Boxes, unticked, of what is agreed to; made by `consent_form`."""

    def given(self) -> tuple[GivenConsent, ...]:
        """What was agreed to, in the words shown."""
        ticked = ((purpose, CONSENT_TEXTS[purpose]) for purpose in CONSENT_TEXTS if self._ticked(f"consent_{purpose}"))
        return tuple(GivenConsent(purpose, text.version, _(text.text)) for purpose, text in ticked)

    def _ticked(self, name: str) -> bool:
        return name in self._fields and bool(self._fields[name].data)


def consent_form(kind: OrganisationKind) -> type[ConsentForm]:
    """The boxes for one kind of participant."""
    needed = DataRequired(_l("Sans votre accord, l’organisateur ne peut pas traiter l’inscription."))
    boxes = {
        f"consent_{purpose}": BooleanField(
            _l(CONSENT_TEXTS[purpose].text),
            [needed] if purpose is NEEDED else [],
            description=_l(CONSENT_TEXTS[purpose].consequence),
        )
        for purpose in purposes_for(kind)
    }
    return type("ConsentStep", (ConsentForm,), boxes)
