"""Correct what is known about oneself; ask to be forgotten."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired, Email, InputRequired, ValidationError

from openmap.core.choices import choices_from
from openmap.core.forms import Form, TextField
from openmap.core.web import LANGUAGES
from openmap.registrations.forms.fields import PhoneField

WORD = _l("effacer")


class DetailsForm(Form):
    """Name, phone, language."""

    name = TextField(
        _l("Votre nom"),
        [DataRequired(_l("Écrivez votre nom."))],
        maximum=120,
        render_kw={"autocomplete": "name"},
    )
    phone = PhoneField(_l("Votre téléphone"), render_kw={"autocomplete": "tel"})
    locale = RadioField(_l("Langue de nos courriels"), choices=choices_from(LANGUAGES.items()))


class AddressForm(Form):
    """The new mail address."""

    email = TextField(
        _l("Votre nouvelle adresse électronique"),
        [DataRequired(_l("Écrivez votre nouvelle adresse.")), Email(_l("Vérifiez l’adresse : nom@organisme.fr"))],
        maximum=254,
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )


class ErasureForm(Form):
    """When, and a word typed so that no slip of the finger does it."""

    when = RadioField(
        _l("Quand ?"),
        [InputRequired(_l("Choisissez."))],
        choices=choices_from(
            [("after", _l("Après la matinale à laquelle je suis inscrit")), ("now", _l("Tout de suite"))]
        ),
        default="after",
    )
    word = TextField(
        _l("Pour confirmer, écrivez le mot « effacer »"), [DataRequired(_l("Écrivez « effacer »."))], maximum=30
    )

    def validate_word(self, field: TextField) -> None:
        """The word, in the reader's language or in French."""
        if (field.data or "").casefold() not in {"effacer", str(WORD).casefold()}:
            raise ValidationError(_l("Écrivez « effacer »."))
