"""What a buyer types of one need; shape only, the operations hold the rules."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from openmap.core.choices import choices_from, choices_of
from openmap.core.forms import Form, LongTextField, TextField, told
from openmap.organisations.enums import Sector, Service
from openmap.organisations.models import Contact
from openmap.registrations.forms.fields import departements
from openmap.roadmaps import cells
from openmap.roadmaps.details import NeedDetails
from openmap.roadmaps.enums import SocialClause
from openmap.roadmaps.forms.choices import Label
from openmap.roadmaps.models import Need
from openmap.roadmaps.sheets import LONGEST_CITY, LONGEST_NOTES, LONGEST_REFERENCE, LONGEST_TITLE
from openmap.roadmaps.words import quarter_name


class NeedForm(Form):
    """One need: what, when and how much, where and how."""

    title = TextField(
        _l("Objet"),
        [DataRequired(_l("Dites en quelques mots ce que vous allez acheter."))],
        maximum=LONGEST_TITLE,
        description=_l("Par exemple : collecte et tri des papiers de bureau de trois sites."),
    )
    sector = SelectField(_l("Secteur"), [DataRequired(_l("Choisissez un secteur."))], default="")
    service = SelectField(_l("Type de prestation"), [DataRequired(_l("Choisissez un type."))], default="")
    notes = LongTextField(
        _l("Précisions (facultatif)"),
        maximum=LONGEST_NOTES,
        description=_l("Ce qui aide une structure à savoir si elle peut répondre : volumes, fréquence, contraintes."),
    )
    quarter = SelectField(
        _l("Publication prévue"), [DataRequired(_l("Choisissez un trimestre."))], default="", validate_choice=False
    )
    amount_low = TextField(
        _l("Montant minimum (facultatif)"),
        maximum=40,
        description=_l("En euros hors taxes, par exemple 40 000."),
        render_kw={"inputmode": "decimal"},
    )
    amount_high = TextField(
        _l("Montant maximum (facultatif)"),
        maximum=40,
        description=_l("Une estimation suffit : elle n’engage pas."),
        render_kw={"inputmode": "decimal"},
    )
    lot_count = TextField(
        _l("Nombre de lots (facultatif)"),
        maximum=20,
        description=_l("1 si le marché n’est pas alloti ; vide si vous ne savez pas encore."),
        render_kw={"inputmode": "numeric"},
    )
    departement = SelectField(_l("Département"), choices=lambda: departements(_("Plusieurs départements")), default="")
    city = TextField(_l("Ville ou lieu (facultatif)"), maximum=LONGEST_CITY)
    clause = SelectField(_l("Clause sociale"), default=str(SocialClause.TO_STUDY))
    is_open_to_cocontracting = BooleanField(
        _l("Ouvert à la co-traitance : plusieurs structures peuvent répondre ensemble")
    )
    contact = SelectField(_l("Contact (facultatif)"), default="")
    reference = TextField(
        _l("Votre référence (facultatif)"),
        maximum=LONGEST_REFERENCE,
        description=_l(
            "Elle retrouve ce besoin quand vous importez votre tableau à nouveau. Vide : un numéro est donné."
        ),
    )
    seen = HiddenField()

    def __init__(self, contacts: Iterable[Contact], quarters: Iterable[int], **values: Any) -> None:
        super().__init__(**values)
        self.sector.choices = choices_of(Sector, first=_("Choisissez un secteur"))
        self.service.choices = choices_of(Service, first=_("Choisissez un type"))
        self.clause.choices = choices_of(SocialClause)
        known = [(str(quarter), quarter_name(quarter)) for quarter in quarters]
        self.quarter.choices = choices_from([("", _("Choisissez un trimestre")), *known])
        named = [(str(contact.id), contact.person.display_name) for contact in contacts]
        self.contact.choices = choices_from([("", _("Personne en particulier")), *named])
        self._amounts: tuple[int | None, int | None] = (None, None)
        self._lot_count: int | None = None

    @classmethod
    def for_need(cls, need: Need, contacts: Iterable[Contact], quarters: Iterable[int]) -> "NeedForm":
        """The form as the need is now; a quarter that is over can stay."""
        kept = {name: getattr(need, name) for name in ("title", "notes", "city", "reference", "departement")}
        values = kept | {
            "sector": str(need.sector),
            "service": str(need.service),
            "clause": str(need.clause),
            "quarter": str(need.quarter),
            "amount_low": _shown(need.amount_low),
            "amount_high": _shown(need.amount_high),
            "lot_count": _shown(need.lot_count),
            "is_open_to_cocontracting": need.is_open_to_cocontracting,
            "contact": _shown(need.contact_id),
            "seen": need.updated_at.isoformat(),
        }
        return cls(contacts, sorted({*quarters, need.quarter}), **values)

    def validate_quarter(self, field: SelectField) -> None:
        """One of the quarters offered, now or when the page was opened: the rule says which may be stored."""
        if not (field.data.isascii() and field.data.isdecimal() and len(field.data) <= 5):
            raise ValidationError(_("Choisissez un trimestre."))

    def validate_amount_low(self, field: StringField) -> None:
        """An amount as people write it."""
        self._amounts = (_read(cells.read_amount, field), self._amounts[1])

    def validate_amount_high(self, field: StringField) -> None:
        """An amount as people write it, and not below the other."""
        low, high = self._amounts[0], _read(cells.read_amount, field)
        if low is not None and high is not None and low > high:
            raise ValidationError(_("Le montant maximum est plus petit que le montant minimum."))
        self._amounts = (low, high)

    def validate_lot_count(self, field: StringField) -> None:
        """A number of lots, or nothing."""
        self._lot_count = _read(cells.read_lot_count, field)

    def details(self) -> NeedDetails:
        """What was typed, once it is valid."""
        low, high = self._amounts
        return NeedDetails(
            title=self.title.data or "",
            sector=_chosen(Sector, self.sector.data),
            service=_chosen(Service, self.service.data),
            quarter=int(self.quarter.data),
            clause=_chosen(SocialClause, self.clause.data),
            reference=self.reference.data or "",
            amount_low=low,
            amount_high=high,
            departement=self.departement.data or "",
            city=self.city.data or "",
            lot_count=self._lot_count,
            is_open_to_cocontracting=bool(self.is_open_to_cocontracting.data),
            contact_id=int(self.contact.data) if self.contact.data else None,
            notes=self.notes.data or "",
        )

    def seen_at(self) -> datetime | None:
        """When the need that was on the page had been written; None when the page is not one of ours."""
        try:
            return datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None


def _chosen(kind: type[Label], value: object) -> Label:
    return next(each for each in kind if each == value)


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)


def _read(reader: Callable[[str], int | None], field: StringField) -> int | None:
    try:
        return reader(field.data or "")
    except cells.BadCell as bad:
        raise ValidationError(told(bad)) from None
