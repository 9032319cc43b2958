"""What is asked around needs: a presentation, a spreadsheet and its columns, the sectors to follow."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from openmap.core.choices import choices_of
from openmap.core.forms import Form, LongTextField
from openmap.organisations.enums import Sector
from openmap.roadmaps import cells
from openmap.roadmaps.forms.choices import Choices, choices
from openmap.roadmaps.sheets import COLUMNS, FIXED, SAME


class PresentationForm(Form):
    """How this buyer buys."""

    presentation = LongTextField(
        _l("Présentation (facultatif)"),
        maximum=2000,
        description=_l("Quelques phrases : qui vous êtes, comment vous achetez, comment vous contacter."),
    )


class StateForm(Form):
    """One tap: nothing travels but the tokens."""


class BuyerForm(Form):
    """For which buyer to begin a roadmap."""

    organisation = HiddenField()

    def organisation_id(self) -> int:
        """The buyer's id; 0 when the page is not one of ours."""
        text = self.organisation.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class SheetForm(Form):
    """A spreadsheet of needs."""

    file = FileField(
        _l("Votre tableau"),
        description=_l("Un fichier .xlsx ou .csv de 5 Mo et 5 000 lignes au plus, avec une ligne de titres."),
        render_kw={"accept": ".xlsx,.csv,text/csv"},
    )

    def validate_file(self, field: FileField) -> None:
        """Some file."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError(_("Choisissez un fichier."))


class MappingForm(Form):
    """Which column is what, and whether the lines are published at once."""

    is_published = BooleanField(_l("Publier tout de suite les nouveaux besoins. Sinon, ils restent en brouillon."))
    seen = HiddenField()

    def __init__(self, headers: Sequence[str], chosen: Any, sample: Sequence[str]) -> None:
        super().__init__()
        self.sources = {name: _source(name, headers, sample) for name in COLUMNS}
        known = {
            name: {value for group in groups.values() for value, _label in group}
            for name, groups in self.sources.items()
        }
        self.mapping = {name: chosen.get(name, "") for name in COLUMNS if chosen.get(name, "") in known[name]}


def _source(name: str, headers: Sequence[str], sample: Sequence[str]) -> dict[str, Choices]:
    """Where a field may come from: a column, one value for all lines, or nowhere."""
    columns = [(str(number), _column(number, header, sample[number])) for number, header in enumerate(headers)]
    groups = {_("Sans colonne"): [("", _("Pas dans le fichier"))], _("Colonnes du fichier"): columns}
    if name in FIXED:
        groups[_("Le même pour toutes les lignes")] = [
            (f"{SAME}{value}", label) for value, label in choices(FIXED[name])
        ]
    return groups


def _column(number: int, header: str, sample: str) -> str:
    letter = chr(65 + number) if number < 26 else chr(64 + number // 26) + chr(65 + number % 26)
    title = cells.said(header) or _("sans titre")
    example = f" ({cells.said(sample)})" if sample else ""
    return f"{letter} – {title}{example}"


class FollowForm(Form):
    """The sectors a person wants to hear of."""

    sectors = SelectMultipleField(
        _l("Secteurs suivis"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.sectors.choices = choices_of(Sector)

    def chosen(self) -> list[Sector]:
        """The sectors ticked."""
        return [sector for sector in Sector if sector in (self.sectors.data or ())]
