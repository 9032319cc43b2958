"""Correcting a morning: the page of its day and deadlines, and that of its slots and tables."""

from datetime import UTC, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, TimeField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from openmap.core.choices import choices_of
from openmap.core.forms import Form as WholeForm
from openmap.core.forms import LongTextField
from openmap.events.models import Event
from openmap.organisations.enums import Sector
from openmap.series.forms.editions import MorningForm
from openmap.series.forms.instants import InstantField
from openmap.series.operations.settings import Settings, settings_of, state_of
from openmap.series.operations.slotting import SLOT_LIMIT, TABLE_LIMIT, SessionPlan, sessions_of

LONGEST_INTRODUCTION = 5000
MOST_SESSIONS = 6
LONGEST_SLOT = 240


class WholeNumberField(IntegerField):
    """A small number; a long row of digits is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata([text if len(text) < 10 else "" for text in valuelist])
        except ValueError:
            raise ValueError(_("Écrivez un nombre.")) from None


def _count(label: Any, lowest: int, highest: int, **options: Any) -> WholeNumberField:
    told = _l("Écrivez un nombre de %(lowest)s à %(highest)s.", lowest=lowest, highest=highest)
    checks = [InputRequired(told), NumberRange(lowest, highest, told)]
    return WholeNumberField(label, checks, render_kw={"inputmode": "numeric"}, **options)


class SettingsForm(MorningForm):
    """The morning's identity, its day, its deadlines."""

    introduction = LongTextField(_l("Présentation"), maximum=LONGEST_INTRODUCTION)
    registration_closes_at = InstantField(_l("Fin des inscriptions"))
    requests_close_at = InstantField(_l("Fin des demandes"))
    answers_close_at = InstantField(_l("Fin des réponses des acheteurs"))
    request_quota = _count(_l("Demandes par structure"), 1, 50)
    is_agreed = BooleanField(_l("J’ai lu ce que ce changement entraîne, je le confirme"))
    seen = HiddenField()

    @classmethod
    def of(cls, event: Event) -> "SettingsForm":
        """The form as the morning is now."""
        now, zone = settings_of(event), event.zone
        local = [deadline.astimezone(zone).replace(tzinfo=None) for deadline in now.deadlines]
        form = cls(
            formdata=None,
            obj=now.identity,
            introduction=now.introduction,
            registration_closes_at=local[0],
            requests_close_at=local[1],
            answers_close_at=local[2],
            request_quota=now.request_quota,
            seen=state_of(event),
        )
        form.offer()
        return form

    def offer(self) -> None:
        """Fill the list."""
        self.sector.choices = choices_of(Sector)

    def settings(self, event: Event) -> Settings:
        """What was typed; a deadline left as it was is the very instant it was."""
        fields = (self.registration_closes_at, self.requests_close_at, self.answers_close_at)
        pairs = zip(fields, settings_of(event).deadlines, strict=True)
        registration, requests, answers = (_instant(field.data, old, event) for field, old in pairs)
        return Settings(
            identity=self.identity(event.slug),
            introduction=self.introduction.data or "",
            registration_closes_at=registration,
            requests_close_at=requests,
            answers_close_at=answers,
            request_quota=self.request_quota.data or 1,
        )


def _instant(typed: datetime | None, old: datetime, event: Event) -> datetime:
    """The instant of a typed time; browsers send no seconds, so the old one's are not lost where nothing changed."""
    shown = old.astimezone(event.zone).replace(tzinfo=None, second=0, microsecond=0)
    if typed is None or typed == shown:
        return old
    return typed.replace(tzinfo=event.zone).astimezone(UTC)


class SessionForm(PlainForm):
    """One session; left without a time, there is none."""

    starts_at = TimeField(_l("Premier créneau à"), [Optional()])
    count = WholeNumberField(_l("Créneaux"), [Optional(), NumberRange(0, SLOT_LIMIT, _l("De 0 à 100 créneaux."))])
    minutes = WholeNumberField(
        _l("Minutes chacun"), [Optional(), NumberRange(5, LONGEST_SLOT, _l("De 5 à 240 minutes."))]
    )

    def validate_starts_at(self, field: TimeField) -> None:
        """A session needs its three parts."""
        if field.data is not None and not (self.count.data is not None and self.minutes.data):
            raise ValidationError(_("Dites aussi combien de créneaux, et leur durée."))

    def plan(self) -> SessionPlan | None:
        """The session, if there is one."""
        start: time | None = self.starts_at.data
        if start is None or not self.count.data:
            return None
        return SessionPlan(start, self.count.data, self.minutes.data or 15)


class SlotsForm(WholeForm):
    """Sessions, each a stretch of consecutive slots, and the number of tables."""

    sessions = FieldList(FormField(SessionForm), max_entries=MOST_SESSIONS, label=_l("Les séances"))
    table_count = _count(_l("Tables de rendez-vous"), 0, TABLE_LIMIT)
    is_agreed = BooleanField(_l("J’ai lu ce que ce changement entraîne, je le confirme"))
    seen = HiddenField()

    @classmethod
    def of(cls, event: Event) -> "SlotsForm":
        """The form as the morning is now, with room for one session more."""
        plans: list[dict[str, object]] = [
            {"starts_at": each.starts_at, "count": each.count, "minutes": each.minutes} for each in sessions_of(event)
        ]
        if len(plans) < MOST_SESSIONS:
            plans.append({})
        return cls(formdata=None, sessions=plans, table_count=len(event.tables), seen=state_of(event))

    def plans(self) -> list[SessionPlan]:
        """The sessions that were typed."""
        return [plan for entry in self.sessions.entries if (plan := entry.form.plan())]
