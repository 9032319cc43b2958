"""The dates of a copy as fields: each shown where it goes, and changed before the draft is made."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import StopValidation

from openmap.events.models import Event
from openmap.series.enums import Part
from openmap.series.forms.instants import InstantField
from openmap.series.moving import Span
from openmap.series.plan import MovedDate, moved_dates

if TYPE_CHECKING:
    from openmap.series.forms.editions import CopyForm

STARTS, ENDS = "starts", "ends"


def date_fields(source: Event) -> dict[str, Field]:
    """A field for each date of a morning that may be chosen otherwise, by its name in the form."""
    fields: dict[str, Field] = {}
    for each in _choosable(moved_dates(source, source.held_on, list(Part))):
        what = f"{_(each.what)} – {each.title}" if each.title else _(each.what)
        if each.before[1] is None:
            fields[f"{each.name}_{STARTS}"] = _field(what)
        else:
            fields[f"{each.name}_{STARTS}"] = _field(_("%(what)s, début", what=what))
            fields[f"{each.name}_{ENDS}"] = _field(_("%(what)s, fin", what=what))
    return fields


def typed_dates(form: "CopyForm", source: Event, day: date) -> dict[str, Span]:
    """The dates that were typed, by name: one left as the page showed it follows the morning to its new day."""
    parts = form.chosen_parts()
    new = _choosable(moved_dates(source, day, parts))
    shown = {each.name: each for each in moved_dates(source, form.shown_day or day, parts)}
    found: dict[str, Span] = {}
    for each in new:
        start = _typed(form, f"{each.name}_{STARTS}", shown[each.name].after[0], each.after[0], source)
        end = _typed(form, f"{each.name}_{ENDS}", shown[each.name].after[1], each.after[1], source)
        if start is not None and (start, end) != each.after:
            found[each.name] = (start, end)
    return found


def show_dates(form: "CopyForm", dates: Sequence[MovedDate]) -> None:
    """Fill the fields with where each date goes now; one that could not be read stays as it was typed."""
    for each in _choosable(dates):
        for name, instant in ((f"{each.name}_{STARTS}", each.after[0]), (f"{each.name}_{ENDS}", each.after[1])):
            field = form[name] if instant else None
            if field is not None and instant is not None and not field.errors:
                field.data, field.raw_data = instant.astimezone(each.move.zone).replace(tzinfo=None), None


def show_troubles(form: "CopyForm", troubles: Mapping[str, str]) -> None:
    """Put each sentence at the date that it is about: at its end, if it has one."""
    for name, sentence in troubles.items():
        field = form[f"{name}_{ENDS}"] if f"{name}_{ENDS}" in form else form[f"{name}_{STARTS}"]
        field.errors = [*field.errors, _(sentence)]


def has_every_date(form: "CopyForm", dates: Sequence[MovedDate]) -> bool:
    """Whether the page showed all of these before it was sent."""
    return all(form[f"{each.name}_{STARTS}"].raw_data for each in _choosable(dates))


def _choosable(dates: Sequence[MovedDate]) -> list[MovedDate]:
    return [each for each in dates if each.name]


def _field(label: str) -> Any:
    return InstantField(label, [_unless_not_shown])


def _unless_not_shown(_form: Any, field: Field) -> None:
    """A date of a part that was not ticked has no field on the page; one that was emptied is asked for."""
    if field.raw_data and not field.raw_data[0].strip():
        field.errors = []
        raise StopValidation(_("Choisissez un jour et une heure."))
    if not field.raw_data:
        raise StopValidation


def _typed(
    form: "CopyForm", name: str, shown: datetime | None, moved: datetime | None, source: Event
) -> datetime | None:
    """What stands in a field as an instant, `moved` where nobody changed what was `shown`."""
    if moved is None or shown is None or name not in form or form[name].data is None:
        return moved
    as_shown = shown.astimezone(source.zone).replace(tzinfo=None, second=0, microsecond=0)
    typed: datetime = form[name].data
    return moved if typed == as_shown else typed.replace(tzinfo=source.zone).astimezone(UTC)
