"""How long to search, and from where."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms import IntegerField, RadioField, SelectField
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


class WhatIfForm(PlainForm):
    """What is supposed; it lives in the address, so nothing is posted, and what it cannot mean is today's."""

    slots = SelectField(_l("Créneaux"), coerce=int)
    tables = SelectField(_l("Tables"), coerce=int)
    absent = SelectField(_l("Délégation absente"))
    length = SelectField(_l("Durée d’un rendez-vous"), coerce=int)
    most = SelectField(_l("Rendez-vous par structure"), coerce=int)

    def __init__(self, args: MultiDict[str, str], *, slots: int, tables: int, desks: Iterable[tuple[str, str]]) -> None:
        super().__init__(args, slots=slots, tables=tables, absent="", length=1, most=0)
        self.slots.choices = [(count, _of_today(count, slots)) for count in _around(slots)]
        self.tables.choices = [(count, _of_today(count, tables)) for count in _around(tables)]
        self.absent.choices = [("", _("personne")), *desks]
        self.length.choices = [
            (1, _("un créneau (aujourd’hui)")),
            *((count, ngettext("%(num)d créneau", "%(num)d créneaux", count)) for count in (2, 3)),
        ]
        self.most.choices = [
            (0, _("sans limite (aujourd’hui)")),
            *((count, ngettext("%(num)d au plus", "%(num)d au plus", count)) for count in (1, 2, 3, 4)),
        ]
        if not self.validate():
            for field in self:
                if field.errors:
                    field.data, field.errors = field.object_data, []


def _around(today: int) -> range:
    return range(max(1, today - 3), today + 4)


def _of_today(count: int, today: int) -> str:
    return _("%(count)s (aujourd’hui)", count=count) if count == today else str(count)
