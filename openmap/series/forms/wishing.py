"""What people type to hear of the next morning; shape only, the operations hold the rules."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, Email

from openmap.core.choices import choices_of
from openmap.core.forms import Form, TextField
from openmap.organisations.enums import Sector


class WishForm(Form):
    """A mailbox and a sector, « tous » being none."""

    email = TextField(
        _l("Votre adresse électronique"),
        [DataRequired(_l("Écrivez votre adresse électronique.")), Email(_l("Vérifiez l’adresse : nom@organisme.fr"))],
        maximum=254,
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )
    sector = SelectField(_l("Secteur"), default="")

    @classmethod
    def offered(cls, *, email: str = "", sector: Sector | None = None) -> "WishForm":
        """The form of a page, empty but for what is known of its reader."""
        form = cls(formdata=None, email=email, sector=str(sector) if sector else "")
        form.offer()
        return form

    def offer(self) -> None:
        """Fill the list of sectors, all of them first."""
        self.sector.choices = choices_of(Sector, first=_("Tous les secteurs"))

    def chosen(self) -> Sector | None:
        """The sector, None for all of them."""
        return Sector.of(self.sector.data) if self.sector.data else None


class ButtonForm(Form):
    """Nothing but the button."""
