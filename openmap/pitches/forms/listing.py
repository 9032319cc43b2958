"""Search and filters of the organiser's lists, and more time for one structure."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from openmap.core.choices import choices_from, choices_of
from openmap.core.forms import TextField
from openmap.core.text import clean_text
from openmap.organisations.departements import DEPARTEMENTS
from openmap.organisations.enums import Sector, StructureKind
from openmap.pitches.enums import ApplicationState
from openmap.pitches.forms.calling import MomentsForm
from openmap.pitches.forms.fields import MomentField
from openmap.pitches.queries import Filters
from openmap.registrations.forms.fields import departements, member, typed


class FilterForm(PlainForm):
    """Search and filters of the files; they live in the address, so nothing is posted."""

    q = StringField(_l("Chercher"), [Length(max=100)])
    state = SelectField(_l("État"))
    kind = SelectField(_l("Type"))
    departement = SelectField(_l("Département"))
    sector = SelectField(_l("Secteur"))
    first = SelectField(_l("Première fois"))

    def __init__(self, args: MultiDict[str, str]) -> None:
        super().__init__(args)
        self.state.choices = choices_of(ApplicationState, first=_("Tous"))
        self.kind.choices = choices_of(StructureKind, first=_("Tous"))
        self.departement.choices = departements(_("Tous"))
        self.sector.choices = choices_of(Sector, first=_("Tous"))
        self.first.choices = choices_from([("", _("Peu importe")), ("yes", _("Oui")), ("no", _("Non"))])

    def filters(self) -> Filters:
        """What the address asks for; words it cannot mean are no filter."""
        return Filters(
            words=clean_text(typed(self.q))[:100],
            state=member(ApplicationState, self.state.data),
            kind=member(StructureKind, self.kind.data),
            departement=self.departement.data if self.departement.data in DEPARTEMENTS else "",
            sector=member(Sector, self.sector.data),
            is_first_time={"yes": True, "no": False}.get(self.first.data or ""),
        )

    def kept(self) -> dict[str, str]:
        """The filters for the address of another page of the list."""
        return {name: value for name, value in self.data.items() if value}


class SearchForm(PlainForm):
    """A word of a name."""

    q = StringField(_l("Chercher une structure"), [Length(max=100)])

    def words(self) -> str:
        """What the address asks for."""
        return clean_text(typed(self.q))[:100]


class ExtensionForm(MomentsForm):
    """More time for one structure, and why."""

    until = MomentField(_l("Son délai"), [DataRequired(_l("Choisissez une date."))])
    reason = TextField(
        _l("Raison"),
        [DataRequired(_l("Écrivez la raison : la structure la lira dans son courriel."))],
        maximum=500,
        description=_l("Elle est envoyée à la structure et reste dans le journal."),
    )
