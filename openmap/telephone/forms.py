"""What is typed while somebody speaks."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from openmap.core.choices import choices_of
from openmap.core.forms import Form, LongTextField, TextField
from openmap.meeting_requests.enums import DeclineCause

LONGEST_LINE = 400


class RequestsForm(Form):
    """A structure's wishes."""

    line = TextField(_l("Délégations demandées, la plus importante d’abord"), maximum=LONGEST_LINE)
    motive = LongTextField(
        _l("Motif, le même pour toutes"), maximum=1000, default=lambda: _("Demande faite par téléphone.")
    )
    caller = TextField(_l("Qui appelle ? (facultatif)"), maximum=120)


class AnswersForm(Form):
    """A desk's answers."""

    line = TextField(_l("Réponses"), maximum=LONGEST_LINE)
    cause = SelectField(_l("Pourquoi non ? (pour les refus)"))
    reason = TextField(_l("En quelques mots (facultatif)"), maximum=300)
    caller = TextField(_l("Qui appelle ? (facultatif)"), maximum=120)

    def offer_causes(self) -> "AnswersForm":
        """Name the causes in the reader's language."""
        self.cause.choices = choices_of(DeclineCause, first=_("Aucun refus"))
        return self
