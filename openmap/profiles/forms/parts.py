"""What people type into each part of a profile; shape only, the operations hold the rules."""

import re
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from openmap.core.choices import choices_from, choices_of
from openmap.core.forms import Form, LongTextField, TextField
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE
from openmap.organisations.enums import OrganisationKind, Sector, Service
from openmap.profiles.enums import AreaKind, Label, LegalForm, Network, Part
from openmap.profiles.forms.fields import Several, WholeNumber
from openmap.profiles.sheets import Sheet
from openmap.profiles.websites import read_website

LONGEST_SUMMARY = 900
LARGEST_VERSION = 10**9
_SEPARATORS = re.compile(r"[\s,;/]+")


class PartForm(Form):
    """One part of a profile; `seen` is the version that the page shows."""

    part: ClassVar[Part]
    seen = HiddenField()

    @classmethod
    def showing(cls, sheet: Sheet, kind: OrganisationKind) -> "PartForm":
        """The form with what is saved; what was just typed goes before it."""
        form = cls(data=cls.data_of(sheet))
        form.suit(kind)
        return form

    @classmethod
    def data_of(cls, sheet: Sheet) -> dict[str, Any]:
        """The sheet's values as the fields take them."""
        raise NotImplementedError  # each part says its own; a form's metaclass leaves no room for an abstract one

    def suit(self, kind: OrganisationKind) -> None:
        """Ask in the words of this kind of organisation."""

    def values(self) -> dict[str, object]:
        """What was typed, by the names of the profile."""
        raise NotImplementedError  # as above

    def version_seen(self) -> int:
        """The version that the page showed; no number means none."""
        text = str(self.seen.data or "")
        return min(int(text), LARGEST_VERSION) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


class SummaryForm(PartForm):
    """The paragraph that everybody reads."""

    part = Part.SUMMARY
    summary = LongTextField(_l("Votre offre en un paragraphe"), maximum=LONGEST_SUMMARY)

    @classmethod
    def data_of(cls, sheet: Sheet) -> dict[str, Any]:
        """As it is saved."""
        return {"summary": sheet.summary}

    def suit(self, kind: OrganisationKind) -> None:
        """A structure sells, a buyer presents itself, a partner helps."""
        labels = {
            OrganisationKind.STRUCTURE: _("Votre offre en un paragraphe"),
            OrganisationKind.BUYER: _("Votre organisme en un paragraphe"),
        }
        hints = {
            OrganisationKind.STRUCTURE: _(
                "Ce que vous faites, pour qui, et ce qui vous distingue. Par exemple : « Nous collectons et "
                "réparons le mobilier de bureau ; 40 salariés en parcours d’insertion ; enlèvement sous 10 jours. »"
            ),
            OrganisationKind.BUYER: _("Vos missions, vos achats de l’année, ce que vous attendez d’une structure."),
        }
        self.summary.label.text = labels.get(kind, _("Votre rôle en un paragraphe"))
        self.summary.description = hints.get(kind, _("Qui vous accompagnez, et quand faire appel à vous."))

    def values(self) -> dict[str, object]:
        """As they are saved."""
        return {"summary": self.summary.data or ""}


class ActivityForm(PartForm):
    """Services and sectors."""

    part = Part.ACTIVITY
    services = Several(_l("Vos services"), Service)
    sectors = Several(_l("Vos secteurs"), Sector)

    @classmethod
    def data_of(cls, sheet: Sheet) -> dict[str, Any]:
        """As they are saved."""
        return {"services": list(sheet.services), "sectors": list(sheet.sectors)}

    def suit(self, kind: OrganisationKind) -> None:
        """A buyer buys what a structure offers."""
        if kind is OrganisationKind.BUYER:
            self.services.label.text = _("Les services que vous cherchez")
            self.sectors.label.text = _("Les secteurs que vous achetez")

    def values(self) -> dict[str, object]:
        """As they are saved."""
        return {"services": self.services.chosen, "sectors": self.sectors.chosen}


class AreaForm(PartForm):
    """How far an organisation works."""

    part = Part.AREA
    area = RadioField(
        _l("Où travaillez-vous ?"),
        [InputRequired(_l("Choisissez une réponse."))],
        choices=lambda: choices_of(AreaKind),
    )
    nearby = SelectMultipleField(
        _l("En Île-de-France"),
        choices=lambda: choices_from((code, f"{code} – {name}") for code, name in ILE_DE_FRANCE.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    elsewhere = TextField(
        _l("Autres départements"),
        maximum=400,
        description=_l("Leurs numéros, séparés par une virgule. Par exemple : 60, 45, 2A."),
    )

    @classmethod
    def data_of(cls, sheet: Sheet) -> dict[str, Any]:
        """As they are saved, those outside of the region written one after the other."""
        return {
            "area": sheet.area,
            "nearby": [code for code in sheet.departements if code in ILE_DE_FRANCE],
            "elsewhere": ", ".join(code for code in sheet.departements if code in ELSEWHERE),
        }

    def validate_elsewhere(self, field: StringField) -> None:
        """Numbers of départements, each known."""
        unknown = [code for code in _codes(field.data) if code not in ELSEWHERE and code not in ILE_DE_FRANCE]
        if unknown:
            raise ValidationError(_("Je ne connais pas le département « %(code)s ».", code=unknown[0][:20]))
        if self.area.data == AreaKind.DEPARTEMENTS and not self._chosen():
            raise ValidationError(_("Cochez au moins un département, ou écrivez son numéro."))

    def values(self) -> dict[str, object]:
        """As they are saved; a whole region needs no list."""
        area = AreaKind.of(self.area.data)
        return {"area": area, "departements": self._chosen() if area is AreaKind.DEPARTEMENTS else frozenset()}

    def _chosen(self) -> frozenset[str]:
        return frozenset(self.nearby.data or ()) | frozenset(_codes(self.elsewhere.data))


class TeamForm(PartForm):
    """How many work there."""

    part = Part.TEAM
    staff_count = WholeNumber(_l("Effectif total"), description=_l("Toutes les personnes qui travaillent chez vous."))
    insertion_count = WholeNumber(
        _l("Dont personnes en insertion ou en situation de handicap"),
        description=_l("Salariés en parcours d’insertion, ou travailleurs reconnus handicapés."),
    )

    @classmethod
    def data_of(cls, sheet: Sheet) -> dict[str, Any]:
        """As they are saved."""
        return {"staff_count": sheet.staff_count, "insertion_count": sheet.insertion_count}

    def values(self) -> dict[str, object]:
        """As they are saved."""
        return {"staff_count": self.staff_count.data, "insertion_count": self.insertion_count.data}


class ReferencesForm(PartForm):
    """Work already done."""

    part = Part.REFERENCES
    references = LongTextField(
        _l("Vos références"),
        maximum=2000,
        description=_l("Une par ligne : le client, la prestation, l’année. Deux ou trois suffisent."),
    )

    @classmethod
    def data_of(cls, sheet: Sheet) -> dict[str, Any]:
        """As they are saved."""
        return {"references": sheet.references}

    def values(self) -> dict[str, object]:
        """As they are saved."""
        return {"references": self.references.data or ""}


class RecognitionForm(PartForm):
    """Labels and networks."""

    part = Part.RECOGNITION
    labels = Several(_l("Agréments, labels et certifications"), Label)
    other_labels = TextField(_l("Autres labels"), maximum=300)
    networks = Several(_l("Réseaux dont vous êtes membre"), Network)
    other_networks = TextField(_l("Autres réseaux"), maximum=300)

    @classmethod
    def data_of(cls, sheet: Sheet) -> dict[str, Any]:
        """As they are saved."""
        return {
            "labels": list(sheet.labels),
            "other_labels": sheet.other_labels,
            "networks": list(sheet.networks),
            "other_networks": sheet.other_networks,
        }

    def values(self) -> dict[str, object]:
        """As they are saved."""
        return {
            "labels": self.labels.chosen,
            "other_labels": self.other_labels.data or "",
            "networks": self.networks.chosen,
            "other_networks": self.other_networks.data or "",
        }


class IdentityForm(PartForm):
    """What the law calls the organisation, and its site."""

    part = Part.IDENTITY
    legal_form = SelectField(
        _l("Forme juridique"),
        choices=lambda: choices_of(LegalForm, first=_("Je préfère ne pas répondre")),
        default="",
    )
    website = TextField(
        _l("Site internet"),
        maximum=300,
        description=_l("Par exemple : www.exemple.fr"),
        render_kw={"inputmode": "url", "autocomplete": "url"},
    )

    @classmethod
    def data_of(cls, sheet: Sheet) -> dict[str, Any]:
        """As they are saved."""
        return {"legal_form": sheet.legal_form or "", "website": sheet.website}

    def validate_website(self, field: StringField) -> None:
        """An address that a browser opens."""
        if field.data and read_website(field.data) is None:
            raise ValidationError(_("Cette adresse ne s’ouvre pas. Écrivez-la comme www.exemple.fr."))

    def values(self) -> dict[str, object]:
        """As they are saved."""
        return {
            "legal_form": LegalForm.of(self.legal_form.data) if self.legal_form.data else None,
            "website": read_website(self.website.data or "") or "" if self.website.data else "",
        }


PART_FORMS: dict[Part, type[PartForm]] = {
    form.part: form
    for form in (SummaryForm, ActivityForm, AreaForm, TeamForm, ReferencesForm, RecognitionForm, IdentityForm)
}


def _codes(text: str | None) -> list[str]:
    return [code.upper() for code in _SEPARATORS.split(text or "") if code]
