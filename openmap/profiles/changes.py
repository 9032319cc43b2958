"""What a colleague changed in one part of a profile, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from openmap.core.models import LabelledEnum
from openmap.core.text import mark
from openmap.organisations.departements import departement_label
from openmap.profiles.enums import Part
from openmap.profiles.models import Profile
from openmap.profiles.operations import sheet_seen
from openmap.profiles.sheets import FIELDS, sheet_of

LABELS = {
    "summary": mark("Le paragraphe"),
    "services": mark("Les services"),
    "sectors": mark("Les secteurs"),
    "area": mark("La zone"),
    "departements": mark("Les départements"),
    "staff_count": mark("L’effectif total"),
    "insertion_count": mark("Les personnes en insertion ou en situation de handicap"),
    "references": mark("Les références"),
    "labels": mark("Les labels"),
    "other_labels": mark("Les autres labels"),
    "networks": mark("Les réseaux"),
    "other_networks": mark("Les autres réseaux"),
    "legal_form": mark("La forme juridique"),
    "website": mark("Le site internet"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what the page showed, what is saved now."""

    label: str
    before: str
    now: str


def changes_since(profile: Profile | None, part: Part, seen: int) -> tuple[Change, ...]:
    """What differs in `part` between the version `seen` and today."""
    if profile is None:
        return ()
    before, today = sheet_seen(profile, seen), sheet_of(profile)
    return tuple(
        Change(_(LABELS[field]), _said(getattr(before, field)), _said(getattr(today, field)))
        for field in FIELDS[part]
        if getattr(before, field) != getattr(today, field)
    )


def _said(value: object) -> str:
    if value in {None, "", ()}:
        return str(_("rien"))
    if isinstance(value, LabelledEnum):
        return str(_(value.label))
    if isinstance(value, tuple):
        return ", ".join(_each(value))
    return str(value)


def _each(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        yield str(_(value.label)) if isinstance(value, LabelledEnum) else departement_label(str(value))
