"""A day and a time of the clock, typed."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField
from wtforms.validators import InputRequired, ValidationError

LAST_YEAR = 2099


class InstantField(DateTimeLocalField):
    """A day and a time of the clock, as browsers send them; the morning's time zone makes it an instant.

    It is needed unless other `validators` say when it is not.
    """

    def __init__(self, label: Any, validators: list[Any] | None = None, **options: Any) -> None:
        needed: list[Any] = [InputRequired(_l("Choisissez un jour et une heure."))]
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        super().__init__(label, needed if validators is None else validators, format=formats, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was chosen."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Écrivez le jour et l’heure ainsi : 2018-05-09T23:59.")) from None

    def pre_validate(self, form: Any) -> None:
        """A year that somebody means."""
        if self.data and not 2000 <= self.data.year <= LAST_YEAR:
            raise ValidationError(_("Vérifiez l’année."))
