"""Fields that several parts of a profile share."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, NumberInput

from openmap.core.choices import choices_of
from openmap.core.models import LabelledEnum

LARGEST_STAFF = 100_000
_NOT_A_NUMBER = _l("Écrivez un nombre entier, sans virgule ni mot.")


class Several(SelectMultipleField):
    """Boxes to tick, one for each value of an enum, in the page's language."""

    def __init__(self, label: Any, kind: type[LabelledEnum], **options: Any) -> None:
        super().__init__(
            label,
            choices=lambda: choices_of(kind),
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
            **options,
        )
        self.enum = kind

    @property
    def chosen(self) -> frozenset[Any]:
        """The ticked values, as the enum's members."""
        return frozenset(self.enum.of(word) for word in self.data or ())


class WholeNumber(IntegerField):
    """A number of people, or nothing."""

    def __init__(self, label: Any, **options: Any) -> None:
        limits = NumberRange(0, LARGEST_STAFF, _l("Écrivez un nombre entre 0 et 100 000."))
        super().__init__(label, [Optional(), limits], widget=NumberInput(min=0, max=LARGEST_STAFF), **options)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read digits; whatever else was typed is told in the page's language."""
        try:
            super().process_formdata(list(valuelist))
        except ValueError:
            raise ValueError(_NOT_A_NUMBER) from None
