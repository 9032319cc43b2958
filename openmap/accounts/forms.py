"""The two forms of signing in."""

from flask_babel import lazy_gettext as _l
from wtforms import SubmitField
from wtforms.validators import DataRequired, Email, Regexp

from openmap.core.forms import Form, TextField


class SignInForm(Form):
    """Whose mailbox to write to."""

    email = TextField(
        _l("Votre adresse électronique"),
        [DataRequired(_l("Écrivez votre adresse électronique.")), Email(_l("Vérifiez l’adresse : nom@organisme.fr"))],
        maximum=254,
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )
    send = SubmitField(_l("Recevoir un lien"))


class CodeForm(Form):
    """The six digits of the mail."""

    code = TextField(
        _l("Code à six chiffres"),
        [
            DataRequired(_l("Écrivez le code reçu par courriel.")),
            Regexp(r"^\d{6}$", message=_l("Le code a six chiffres.")),
        ],
        maximum=20,
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
