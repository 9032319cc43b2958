"""What a field offers to choose from: values with their labels, in the page's language."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs

from openmap.core.models import LabelledEnum


def choices_from(pairs: Iterable[tuple[Any, Any]], *, group: str | None = None) -> list[SelectChoice]:
    """Each value with its label, under the heading `group` if there is one."""
    return [SelectChoice(value, label, optgroup=group) for value, label in pairs]


def choices_of(kind: Iterable[LabelledEnum], *, first: str | None = None) -> list[SelectChoice]:
    """The members of `kind` in their order, after the empty choice `first` if there is one."""
    empty = [] if first is None else [("", first)]
    return choices_from([*empty, *((str(member), _(member.label)) for member in kind)])
