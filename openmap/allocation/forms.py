"""How long to search, and from where."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from openmap.core.forms import Form

TIME_LIMITS = (
    (10, _l("10 secondes, pour un premier aperçu")),
    (30, _l("30 secondes")),
    (120, _l("2 minutes, pour réduire encore les attentes")),
    (600, _l("10 minutes, pour une très grande matinale")),
)


class RunForm(Form):
    """Start a run."""

    time_limit_s = RadioField(_l("Temps de recherche au plus"), choices=TIME_LIMITS, coerce=int, default=30)
    seed = IntegerField(
        _l("Graine du hasard"),
        [
            InputRequired(message=_l("Écrivez un nombre entier, 0 par exemple.")),
            NumberRange(0, 2**31 - 1, message=_l("Écrivez un nombre entier entre 0 et 2147483647.")),
        ],
        default=0,
        description=_l("La même graine et les mêmes demandes redonnent la même proposition."),
    )


class PublishForm(Form):
    """Publish: nothing to fill in, but a key that answers a double click once."""
