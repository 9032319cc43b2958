"""A new morning: what it is called, when and where, and what it takes over from an earlier one."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from openmap.core.choices import choices_from, choices_of
from openmap.core.forms import Form, LongTextField, TextField
from openmap.events.models import Event
from openmap.organisations.enums import Sector
from openmap.series.enums import Part
from openmap.series.forms.dating import date_fields
from openmap.series.forms.instants import LAST_YEAR
from openmap.series.operations.drafting import Identity, suggested_slug

A_YEAR = timedelta(weeks=52)  # the same day of the week
LONGEST_DESCRIPTION = 2000
PARIS = "Europe/Paris"
ZONES = {
    PARIS: _l("Paris"),
    "America/Guadeloupe": _l("Guadeloupe"),
    "America/Martinique": _l("Martinique"),
    "America/Cayenne": _l("Guyane"),
    "Indian/Reunion": _l("La Réunion"),
    "Indian/Mayotte": _l("Mayotte"),
}


class DayField(DateField):
    """A day of this century, as browsers send it."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, [InputRequired(_l("Choisissez un jour."))], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was chosen."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Écrivez le jour ainsi : 2018-05-17.")) from None

    def pre_validate(self, form: Any) -> None:
        """A year that somebody means."""
        if self.data and not 2000 <= self.data.year <= LAST_YEAR:
            raise ValidationError(_("Vérifiez l’année."))


class MorningForm(Form):
    """What any morning is called, when and where it takes place."""

    title = TextField(_l("Titre"), [DataRequired(_l("Donnez un titre à la matinale."))], maximum=200)
    held_on = DayField(_l("Jour"))
    venue = TextField(_l("Lieu"), [DataRequired(_l("Écrivez le lieu."))], maximum=200)
    address = TextField(_l("Adresse"), [DataRequired(_l("Écrivez l’adresse."))], maximum=300)
    sector = SelectField(_l("Secteur"))
    slug = TextField(
        _l("Adresse de la page"),
        maximum=80,
        description=_l("Laissez vide : elle se fera avec le nom de la série et le jour."),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )

    def identity(self, slug: str) -> Identity:
        """What was typed; `slug` stands in for one left empty."""
        return Identity(
            title=self.title.data or "",
            slug=(self.slug.data or slug).lower(),
            held_on=self.held_on.data or date.min,
            venue=self.venue.data or "",
            address=self.address.data or "",
            sector=Sector.of(self.sector.data),
        )


class CopyForm(MorningForm):
    """The next edition of a morning."""

    parts = SelectMultipleField(
        _l("Ce que la nouvelle matinale reprend"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    dates_for = HiddenField()  # the day for which the page showed where every date goes

    @classmethod
    def with_dates_of(cls, source: Event) -> "type[CopyForm]":
        """The form with a field for each date of `source` that may be chosen otherwise."""
        return type("DatedCopyForm", (cls,), date_fields(source))

    @classmethod
    def of(cls, source: Event, *, today: date) -> "CopyForm":
        """The form a year later, everything ticked; nothing is typed yet."""
        day = source.held_on + A_YEAR
        while day <= today:
            day += A_YEAR
        form = cls(
            formdata=None,
            title=source.title,
            held_on=day,
            venue=source.venue,
            address=source.address,
            sector=str(source.sector),
            parts=[str(part) for part in Part],
        )
        form.offer()
        return form

    def offer(self) -> None:
        """Fill the lists."""
        self.sector.choices = choices_of(Sector)
        self.parts.choices = choices_of(Part)

    @property
    def shown_day(self) -> date | None:
        """The day for which dates were shown; None when there is none to be read."""
        try:
            return date.fromisoformat(self.dates_for.data or "")
        except ValueError:
            return None

    def chosen_parts(self) -> list[Part]:
        """What is ticked, as far as it is known."""
        return [part for part in Part if part in (self.parts.data or ())]

    def slug_after(self, source: Event) -> str:
        """The address that was typed, or one made from the earlier one's; whatever else is wrong."""
        return self.slug.data or suggested_slug(source.series, self.held_on.data or source.held_on, source)

    def identity_after(self, source: Event) -> Identity:
        """What was typed, once it is right."""
        return self.identity(self.slug_after(source))


class StartForm(MorningForm):
    """The first morning of a series, or one that resembles none."""

    series = TextField(
        _l("Série"),
        [DataRequired(_l("Nommez la série."))],
        maximum=120,
        description=_l("Un nom déjà connu ajoute la matinale à sa série."),
    )
    description = LongTextField(
        _l("La série en quelques phrases"),
        maximum=LONGEST_DESCRIPTION,
        description=_l("Pour la page publique d’une nouvelle série : pour qui, pourquoi."),
    )
    timezone = SelectField(_l("Fuseau horaire"), default=PARIS)

    def offer(self) -> None:
        """Fill the lists."""
        self.sector.choices = choices_of(Sector)
        self.timezone.choices = choices_from(ZONES.items())

    @property
    def zone(self) -> ZoneInfo:
        """The time zone chosen."""
        return ZoneInfo(self.timezone.data or PARIS)
