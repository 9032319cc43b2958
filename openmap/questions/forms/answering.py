"""A form made of the questions that an organiser wrote: one field a question, its answers as words and files."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Field, RadioField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from openmap.core.choices import choices_from
from openmap.core.files import CheckedFile, FileType
from openmap.core.forms import Form, LongTextField, TextField
from openmap.core.uploads import UploadField
from openmap.questions.enums import QuestionKind
from openmap.questions.models import Question

LONGEST_TEXT, LONGEST_LONG_TEXT = 200, 3000
NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,4})?", re.ASCII)


class OneChoiceField(RadioField):
    """One choice, or none when the question may stay open."""

    def pre_validate(self, form: BaseForm) -> None:
        """Nothing chosen is not a wrong choice."""
        if self.data:
            super().pre_validate(form)


class AnswerForm(Form):
    """The fields of `questions`; made by `answer_form`."""

    questions: ClassVar[Sequence[Question]] = ()

    def words(self) -> dict[int, str]:
        """What was answered in words, by question; several choices stand one a line."""
        found = {}
        for question in self.questions:
            data = self._fields[question.field_name].data
            if question.kind is not QuestionKind.FILE and data:
                found[question.id] = "\n".join(data) if isinstance(data, list) else str(data)
        return found

    def uploads(self) -> dict[int, CheckedFile]:
        """The files that came, by question."""
        fields = {question.id: self._fields[question.field_name] for question in self.questions}
        return {key: field.checked for key, field in fields.items() if isinstance(field, UploadField) and field.checked}


def answer_form(
    questions: Sequence[Question],
    *,
    kept_files: Collection[int] = (),
    is_draft: bool = False,
    base: type[AnswerForm] = AnswerForm,
) -> type[AnswerForm]:
    """The form that asks `questions` after the fields of `base`; a draft may leave them all open.

    Those of `kept_files` have their file already, so none need come.
    """
    fields = {
        question.field_name: _field(
            question, needed=question.is_required and question.id not in kept_files, now=not is_draft
        )
        for question in questions
    }
    return type("AnswersForm", (base,), {"questions": tuple(questions), **fields})


def _field(question: Question, *, needed: bool, now: bool) -> Any:
    validators: list[Any] = []
    if needed:
        validators = [DataRequired(unanswered(question.kind)) if now else Needed()]
    return _FIELDS[question.kind](question, validators, {"description": _hint(question)})


class Needed:
    """Says at the field that an answer will be needed; a draft may do without."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: PlainForm, _field: Field) -> None:
        """Nothing is wrong yet."""


def _hint(question: Question) -> str:
    """The organiser's help, and how long the answer is kept where that ends before the registration."""
    days = question.retention_days
    if days is None:
        return question.help_text
    erased = ngettext(
        "Réponse effacée %(num)d jour après la matinale", "Réponse effacée %(num)d jours après la matinale", days
    )
    return " · ".join(filter(None, (question.help_text, erased)))


def _text(question: Question, validators: list[Any], options: dict[str, Any]) -> Any:
    return TextField(question.label, validators, maximum=LONGEST_TEXT, **options)


def _long_text(question: Question, validators: list[Any], options: dict[str, Any]) -> Any:
    return LongTextField(question.label, validators, maximum=LONGEST_LONG_TEXT, **options)


def _choice(question: Question, validators: list[Any], options: dict[str, Any]) -> Any:
    return OneChoiceField(
        question.label, validators, choices=choices_from((word, word) for word in question.choices), **options
    )


def _yes_no(question: Question, validators: list[Any], options: dict[str, Any]) -> Any:
    return OneChoiceField(
        question.label, validators, choices=choices_from([("yes", _("Oui")), ("no", _("Non"))]), **options
    )


def _choices(question: Question, validators: list[Any], options: dict[str, Any]) -> Any:
    boxes: dict[str, Any] = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    ticked = [*validators, _Ticked(question)]
    return SelectMultipleField(
        question.label, ticked, choices=choices_from((word, word) for word in question.choices), **boxes, **options
    )


def _number(question: Question, validators: list[Any], options: dict[str, Any]) -> Any:
    keys: dict[str, Any] = {"render_kw": {"inputmode": "decimal"}}
    return TextField(question.label, [*validators, _Number(question)], maximum=30, **keys, **options)


def _date(question: Question, validators: list[Any], options: dict[str, Any]) -> Any:
    return TextField(question.label, [*validators, _is_date], maximum=30, render_kw={"type": "date"}, **options)


def _file(question: Question, validators: list[Any], options: dict[str, Any]) -> Any:
    return UploadField(question.label, validators, kinds=(FileType.PDF, FileType.IMAGE), **options)


_FIELDS: Mapping[QuestionKind, Callable[[Question, list[Any], dict[str, Any]], Any]] = {
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: _choices,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.FILE: _file,
}


def unanswered(kind: QuestionKind) -> str:
    """What is said at a field that needs an answer and has none."""
    if kind is QuestionKind.FILE:
        return str(_("Ajoutez un fichier."))
    return str(_("Choisissez une réponse.") if kind.has_choices else _("Répondez à cette question."))


class _Number:
    """A number, decimals allowed, within the bounds of its question."""

    def __init__(self, question: Question) -> None:
        self.smallest, self.largest = question.smallest, question.largest

    def __call__(self, _form: PlainForm, field: Field) -> None:
        typed = "".join((field.data or "").split())
        if not typed:
            return
        try:
            number = Decimal(typed.replace(",", ".")) if NUMBER.fullmatch(typed) else None
        except InvalidOperation:
            number = None
        if number is None:
            raise ValidationError(_("Écrivez un nombre, par exemple 12 ou 3,5."))
        if self.smallest is not None and number < self.smallest:
            raise ValidationError(_("Écrivez un nombre à partir de %(number)s.", number=self.smallest))
        if self.largest is not None and number > self.largest:
            raise ValidationError(_("Écrivez un nombre jusqu’à %(number)s.", number=self.largest))


class _Ticked:
    """As many boxes as its question wants."""

    def __init__(self, question: Question) -> None:
        self.smallest, self.largest = question.smallest, question.largest

    def __call__(self, _form: PlainForm, field: Field) -> None:
        count = len(field.data or ())
        if count and self.smallest is not None and count < self.smallest:
            raise ValidationError(
                ngettext("Cochez au moins %(num)d réponse.", "Cochez au moins %(num)d réponses.", self.smallest)
            )
        if self.largest is not None and count > self.largest:
            raise ValidationError(
                ngettext("Cochez %(num)d réponse au plus.", "Cochez %(num)d réponses au plus.", self.largest)
            )


def _is_date(_form: PlainForm, field: Field) -> None:
    if not field.data:
        return
    try:
        date.fromisoformat(field.data)
    except ValueError:
        raise ValidationError(_("Écrivez une date comme 2026-05-18.")) from None
