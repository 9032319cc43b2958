"""Whom to let act, or for whom to ask; until when."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import DataRequired, Optional, ValidationError

from openmap.core.choices import choices_from
from openmap.core.forms import Form, TextField
from openmap.organisations.models import Organisation
from openmap.organisations.siret import read_siret


class LetActForm(Form):
    """A structure chooses its facilitator."""

    other = SelectField(_l("Facilitateur"), coerce=int)
    ends_on = DateField(_l("Jusqu’au (facultatif)"), [Optional()])

    def offer(self, facilitators: list[Organisation]) -> "LetActForm":
        """Name those who may be chosen."""
        self.other.choices = choices_from((each.id, each.name) for each in facilitators)
        return self


class AskForm(Form):
    """A facilitator names a structure by its number."""

    other = TextField(_l("SIRET de la structure"), [DataRequired(_l("Écrivez le SIRET."))], maximum=40)
    ends_on = DateField(_l("Jusqu’au (facultatif)"), [Optional()])

    def validate_other(self, field: TextField) -> None:
        """Fourteen digits with the right key."""
        siret = read_siret(field.data or "")
        if siret is None:
            raise ValidationError(_l("Vérifiez le SIRET : 14 chiffres."))
        field.data = siret
