"""The base of every form: text cleaned once, a key that answers a double click once, rules shown at their field."""

import hashlib
import secrets
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from openmap.core.errors import RuleBroken
from openmap.core.models import LabelledEnum
from openmap.core.text import clean_text


def _cleaned(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


class TextField(StringField):
    """One line of cleaned text, at most `maximum` characters; a longer one is refused with a sentence, never cut."""

    def __init__(self, label: Any = None, validators: Any = (), *, maximum: int = 200, **options: Any) -> None:
        super().__init__(label, [*validators, Length(max=maximum)], filters=[_cleaned, _one_line], **options)


class LongTextField(TextAreaField):
    """Several lines of cleaned text, at most `maximum` characters."""

    def __init__(self, label: Any = None, validators: Any = (), *, maximum: int = 2000, **options: Any) -> None:
        super().__init__(label, [*validators, Length(max=maximum)], filters=[_cleaned], **options)


def _one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


class Form(FlaskForm):
    """A form whose `form_key` is drawn when it is rendered: a second sending gets the answer of the first."""

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(16), validators=[Length(max=64)], filters=[_cleaned])

    @property
    def receipt(self) -> str:
        """The name under which the answer to this sending is kept, "" without a key.

        It covers what was typed too: a page gone back to and filled otherwise is another sending, not a replay.
        """
        if not self.form_key.data:
            return ""
        typed = sorted(item for item in request.form.items(multi=True) if item[0] != "csrf_token")
        return hashlib.sha256(repr((request.path, typed)).encode("utf-8", "replace")).hexdigest()

    def show(self, broken: RuleBroken) -> "Form":
        """Put the sentence of a broken rule at its field, or above the form."""
        sentence = told(broken)
        field = self._fields.get(broken.field) if broken.field else None
        if field is None:
            self.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]
        return self


def told(broken: RuleBroken) -> str:
    """Say a broken rule in the reader's language; labels among its facts are translated too."""
    return str(_(broken.message, **{name: _worded(fact) for name, fact in broken.facts.items()}))


def _worded(fact: object) -> object:
    """A label in words, and several as « ESAT, Espaces verts »."""
    if isinstance(fact, LabelledEnum):
        return _(fact.label)
    if isinstance(fact, tuple):
        return ", ".join(str(_(part.label if isinstance(part, LabelledEnum) else part)) for part in fact)
    return fact
