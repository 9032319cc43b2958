"""What the forms of registration share: choices in the page's language, telephone numbers, slots."""

from collections.abc import Iterator
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from openmap.core.choices import choices_from
from openmap.core.formats import clock_time
from openmap.core.forms import Form, TextField
from openmap.core.models import LabelledEnum
from openmap.core.phones import read_phone
from openmap.core.text import clean_text
from openmap.events.models import Event
from openmap.organisations.departements import ELSEWHERE, ILE_DE_FRANCE

Label = TypeVar("Label", bound=LabelledEnum)

LONGEST_LIST = 60
LONGEST_KEPT = 5000  # of one field in a draft: more than any field takes


def departements(first: str | None = None) -> list[Any]:
    """Île-de-France first, since that is where most come from, after the empty choice `first`."""
    offered = choices_from([("", first or _("Choisissez un département"))])
    for name, group in ((_("Île-de-France"), ILE_DE_FRANCE), (_("Autres départements"), ELSEWHERE)):
        offered += choices_from(((code, f"{code} – {label}") for code, label in group.items()), group=name)
    return offered


def slot_choices(event: Event) -> list[Any]:
    """The slots of a morning by their positions."""
    zone = event.zone
    return choices_from(
        (slot.position, f"{clock_time(slot.starts_at, zone)} – {clock_time(slot.ends_at, zone)}")
        for slot in event.slots
    )


def unavailable_field() -> Any:
    """The slots that someone cannot do."""
    return SelectMultipleField(
        _l("Créneaux où vous n’êtes pas disponible"),
        coerce=int,
        choices=(),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Cochez seulement ce qui est impossible. Si vous êtes là toute la séance, ne cochez rien."),
    )


class PhoneField(TextField):
    """A telephone number, or nothing; kept as it is printed."""

    def pre_validate(self, form: BaseForm) -> None:
        """What is no number is told, the rest is written one way."""
        if not self.data:
            return
        number = read_phone(self.data)
        if number is None:
            raise ValidationError(_("Écrivez un numéro comme 01 23 45 67 89, ou laissez vide."))
        self.data = number


def held_by(form: Form) -> dict[str, list[str]]:
    """What each field holds, valid or not, as a draft keeps it; files are kept beside."""
    return {field.name: _values(field) for field in _asked(form)}


def told_by(form: Form) -> list[tuple[str, str]]:
    """Each field that holds something, in words."""
    shown = ((str(field.label.text), _words(field)) for field in _asked(form))
    return [(label, words) for label, words in shown if words]


def _asked(form: Form) -> Iterator[Field]:
    return (field for field in form if not isinstance(field, HiddenField | FileField))


def _values(field: Field) -> list[str]:
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field.data, list):
        return [clean_text(str(value))[:LONGEST_KEPT] for value in field.data[:LONGEST_LIST]]
    text = clean_text(str(field.data or ""))  # lists of choices are no text fields
    return [text] if text and len(text) <= LONGEST_KEPT else []


def _words(field: Field) -> str:
    if isinstance(field, BooleanField):
        return str(_("Oui")) if field.data else ""
    if isinstance(field, SelectField | SelectMultipleField):
        chosen = {str(value) for value in (field.data if isinstance(field.data, list) else [field.data])}
        labels = [str(label) for value, label, *_rest in field.iter_choices() if str(value) in chosen and str(value)]
        return ", ".join(labels)
    return str(field.data or "")


def typed(field: StringField) -> str:
    """What was typed in a text field, "" when it was not even sent."""
    return field.data or ""


def member(kind: type[Label], value: str | None) -> Label | None:
    """The member of `kind` with this value, if any."""
    return next((member for member in kind if member == value), None)


def chosen(kind: type[Label], value: str) -> Label:
    """The member of `kind` that a valid form chose."""
    return next(member for member in kind if member == value)
