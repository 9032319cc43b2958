"""What an organiser writes to ask a question."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectMultipleField
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from openmap.core.choices import choices_of
from openmap.core.forms import Form, LongTextField, TextField
from openmap.organisations.enums import OrganisationKind
from openmap.questions.enums import QuestionKind
from openmap.questions.models import Question
from openmap.questions.operations import Wording

CHOICE_LIMIT, LONGEST_CHOICE = 30, 120
NUMBER_LIMIT = 1_000_000_000
LONGEST_RETENTION = 3650


class QuestionEditForm(Form):
    """One question: how it is answered, in which words, by whom, and how long its answers are kept."""

    label = TextField(_l("Votre question"), [DataRequired(_l("Écrivez la question."))], maximum=200)
    help_text = TextField(
        _l("Aide sous la question (facultatif)"),
        maximum=500,
        description=_l("Une phrase : pourquoi vous le demandez, ou un exemple de réponse."),
    )
    kind = RadioField(_l("Comment répond-on ?"), default=str(QuestionKind.TEXT))
    choices = LongTextField(
        _l("Réponses proposées, une par ligne"),
        maximum=(LONGEST_CHOICE + 1) * CHOICE_LIMIT,
        description=_l("Pour « Un choix » et « Plusieurs choix ». De deux à trente lignes."),
        render_kw={"rows": 5},
    )
    smallest = TextField(
        _l("Au moins (facultatif)"),
        maximum=12,
        description=_l("Pour un nombre : le plus petit. Pour plusieurs choix : combien de cases au moins."),
        render_kw={"inputmode": "numeric"},
    )
    largest = TextField(_l("Au plus (facultatif)"), maximum=12, render_kw={"inputmode": "numeric"})
    is_required = BooleanField(_l("La réponse est obligatoire"))
    participant_kinds = SelectMultipleField(
        _l("Qui doit répondre ?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Ne cochez rien pour poser la question à tout le monde."),
    )
    retention_days = TextField(
        _l("Effacer les réponses après la matinale (facultatif)"),
        maximum=4,
        description=_l("En jours. Par exemple 30 pour un régime alimentaire. Vide : gardées avec l’inscription."),
        render_kw={"inputmode": "numeric"},
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kind.choices = choices_of(QuestionKind)
        self.participant_kinds.choices = choices_of(OrganisationKind)

    @classmethod
    def of(cls, question: Question) -> "QuestionEditForm":
        """The form filled with a question as it is."""
        numbers = ("smallest", "largest", "retention_days")
        shown = {name: "" if getattr(question, name) is None else str(getattr(question, name)) for name in numbers}
        return cls(
            data=shown
            | {
                "label": question.label,
                "help_text": question.help_text,
                "kind": str(question.kind),
                "choices": "\n".join(question.choices),
                "is_required": question.is_required,
                "participant_kinds": list(question.participant_kinds),
            }
        )

    def validate_choices(self, field: Field) -> None:
        """Two to thirty different short lines, where there is something to choose."""
        if not _kind(self.kind.data).has_choices:
            return
        lines = _lines(field.data)
        if not 2 <= len(lines) <= CHOICE_LIMIT:
            raise ValidationError(_("Écrivez de deux à trente réponses, une par ligne."))
        if len({line.casefold() for line in lines}) < len(lines):
            raise ValidationError(_("Deux réponses sont les mêmes : gardez-en une."))
        if any(len(line) > LONGEST_CHOICE for line in lines):
            raise ValidationError(_("Écrivez des réponses de %(limit)s caractères au plus.", limit=LONGEST_CHOICE))

    def validate_smallest(self, field: Field) -> None:
        """A whole number."""
        _number(field, NUMBER_LIMIT)

    def validate_largest(self, field: Field) -> None:
        """A whole number, not below the smallest."""
        largest, smallest = _number(field, NUMBER_LIMIT), _read(self.smallest.data)
        if largest is not None and smallest is not None and largest < smallest:
            raise ValidationError(_("Ce nombre est plus petit que l’autre : échangez-les."))

    def validate_retention_days(self, field: Field) -> None:
        """A number of days, ten years at most."""
        days = _number(field, LONGEST_RETENTION)
        if days is not None and days < 0:
            raise ValidationError(_("Écrivez un nombre de jours."))

    def wording(self) -> Wording:
        """What was typed, as the operations take it."""
        return Wording(
            kind=_kind(self.kind.data),
            label=self.label.data or "",
            help_text=self.help_text.data or "",
            is_required=bool(self.is_required.data),
            participant_kinds=tuple(self.participant_kinds.data or ()),
            choices=tuple(_lines(self.choices.data)),
            smallest=_read(self.smallest.data),
            largest=_read(self.largest.data),
            retention_days=_read(self.retention_days.data),
        )


def _kind(value: str | None) -> QuestionKind:
    return next((kind for kind in QuestionKind if kind == value), QuestionKind.TEXT)


def _lines(typed: str | None) -> list[str]:
    return [" ".join(line.split()) for line in (typed or "").split("\n") if line.strip()]


def _read(typed: str | None) -> int | None:
    text = "".join((typed or "").split())
    unsigned = text.removeprefix("-")
    return int(text) if unsigned.isascii() and unsigned.isdecimal() and len(unsigned) < 12 else None


def _number(field: Field, limit: int) -> int | None:
    number = _read(field.data)
    if field.data and (number is None or abs(number) > limit):
        raise ValidationError(_("Écrivez un nombre entier."))
    return number
