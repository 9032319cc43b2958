"""How long to search, and from where."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import NumberInput

from openmap.core.choices import choices_from
from openmap.core.forms import Form

TIME_LIMITS = (
    (10, _l("10 secondes, pour un premier aperçu")),
    (30, _l("30 secondes")),
    (120, _l("2 minutes, pour réduire encore les attentes")),
    (600, _l("10 minutes, pour une très grande matinale")),
)
MANY_MORE = 12  # slots, or tables, that may be supposed beyond today's


class RunForm(Form):
    """Start a run."""

    time_limit_s = RadioField(
        _l("Temps de recherche au plus"), choices=choices_from(TIME_LIMITS), coerce=int, default=30
    )
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


class WhatIfForm(PlainForm):
    """What is supposed; it lives in the address, so nothing is posted, and what it cannot mean is today's, and said."""

    misread: tuple[str, ...] = ()  # the labels of what could mean nothing

    slots = IntegerField(_l("Créneaux"))
    tables = IntegerField(_l("Tables par créneau"))
    absent = SelectField(_l("Délégation absente"))
    doubled = SelectField(_l("Délégation dédoublée"))
    length = SelectField(_l("Durée d’un rendez-vous"), coerce=int)
    most = SelectField(_l("Rendez-vous par structure"), coerce=int)

    def __init__(self, args: MultiDict[str, str], *, slots: int, tables: int, desks: Sequence[tuple[str, str]]) -> None:
        super().__init__(args, slots=slots, tables=tables, absent="", doubled="", length=1, most=0)
        for counted, today in ((self.slots, slots), (self.tables, tables)):
            counted.validators = [NumberRange(1, today + MANY_MORE)]
            counted.description = _("Aujourd’hui : %(count)s.", count=today)
            counted.widget = NumberInput(min=1, max=today + MANY_MORE)
        self.absent.choices = choices_from([("", _("personne")), *desks])
        self.doubled.choices = choices_from([("", _("aucune")), *desks])
        lengths = [(count, ngettext("%(num)d créneau", "%(num)d créneaux", count)) for count in (2, 3)]
        self.length.choices = choices_from([(1, _("un créneau (aujourd’hui)")), *lengths])
        limits = [(count, ngettext("%(num)d au plus", "%(num)d au plus", count)) for count in (1, 2, 3, 4)]
        self.most.choices = choices_from([(0, _("sans limite (aujourd’hui)")), *limits])
        if not self.validate():
            self.misread = tuple(str(field.label.text) for field in self if field.errors)
            for field in self:
                if field.errors:
                    field.data, field.errors = field.object_data, []
