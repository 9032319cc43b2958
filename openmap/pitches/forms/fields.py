"""Instants in the morning's own time, and whole numbers within bounds."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, ValidationError

from openmap.core.forms import TextField
from openmap.pitches.moments import NoSuchTime, as_typed, typed_instant


class MomentField(TextField):
    """A day and a time where the morning takes place; its form sets `zone`, `instant` is what was meant."""

    zone: ZoneInfo

    def __init__(self, label: Any = None, validators: Any = (), **options: Any) -> None:
        super().__init__(label, validators, maximum=30, render_kw={"type": "datetime-local"}, **options)
        self.instant: datetime | None = None

    @property
    def meant(self) -> datetime:
        """The instant of a valid form."""
        assert self.instant is not None
        return self.instant

    def meant_after(self, before: datetime | None) -> datetime:
        """The instant of a valid form; `before`, to the second, where the minute it shows was left as it was."""
        return before if before and as_typed(before, self.zone) == self.data else self.meant

    def show_instant(self, instant: datetime) -> None:
        """Hold what a form shows for `instant`."""
        self.data = as_typed(instant, self.zone)

    def pre_validate(self, form: BaseForm) -> None:
        """Only a time that the clocks there show is one."""
        if not self.data:
            return
        try:
            self.instant = typed_instant(self.data, self.zone)
        except NoSuchTime:
            raise ValidationError(_("Ce jour-là, les horloges avancent : cette heure n’existe pas.")) from None
        except (ValueError, OverflowError):
            raise ValidationError(_("Écrivez un jour et une heure, comme 2026-05-18T18:00.")) from None


class CountField(TextField):
    """A whole number from `smallest` to `largest`."""

    def __init__(self, label: Any = None, *, smallest: int, largest: int, **options: Any) -> None:
        needed = [DataRequired(_l("Écrivez un nombre."))]
        super().__init__(label, needed, maximum=6, render_kw={"inputmode": "numeric"}, **options)
        self.smallest, self.largest = smallest, largest

    def pre_validate(self, form: BaseForm) -> None:
        """A number, and no more than makes sense."""
        if self.data and not self.smallest <= self.number <= self.largest:
            raise ValidationError(_("Écrivez un nombre de %(low)s à %(high)s.", low=self.smallest, high=self.largest))

    @property
    def number(self) -> int:
        """What was typed; what is no number lies below every bound."""
        typed = (self.data or "").strip()
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else -1
