"""What a series is called and what is said of it."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired

from openmap.core.forms import Form, LongTextField, TextField
from openmap.events.models import Series
from openmap.series.operations.describing import words_of


class SeriesForm(Form):
    """Name and text of a series."""

    name = TextField(_l("Nom de la série"), [DataRequired(_l("Écrivez le nom de la série."))], maximum=120)
    description = LongTextField(_l("Présentation"), maximum=2000)
    seen = HiddenField()

    @classmethod
    def of(cls, series: Series) -> "SeriesForm":
        """The form as the series is now."""
        return cls(formdata=None, obj=series, seen=words_of(series))
