"""Values with their labels, as fields offer them."""

from typing import TypeVar

from flask_babel import gettext as _

from openmap.core.models import LabelledEnum

Label = TypeVar("Label", bound=LabelledEnum)
Choices = list[tuple[str, str]]


def choices(kind: type[LabelledEnum]) -> Choices:
    """The values of `kind` with their labels in the page's language."""
    return [(str(member), _(member.label)) for member in kind]


def member(kind: type[Label], value: object) -> Label | None:
    """The value of `kind` that an address or a form names, if it does."""
    return next((each for each in kind if each == value), None)
