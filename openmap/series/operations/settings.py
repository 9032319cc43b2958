"""Correcting a morning: its title, place, day and deadlines; what others already rely on is said before it changes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import Conflict, RuleBroken
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.pitches.queries import call_of as pitch_call_of
from openmap.programme.operations.unavailability import refresh
from openmap.series.moving import Move
from openmap.series.operations.drafting import Identity, check_identity
from openmap.series.plan import ANSWERS_BY_THE_DAY, DEADLINES_FOLLOW
from openmap.series.reliance import published_meeting_count, registered_count
from openmap.series.settings import coaching_of, exhibition_of


class SettingsChanged(Conflict):
    """Another organiser was here since the page was opened."""

    message = mark(
        "Quelqu’un a changé cette matinale entre-temps. Rien n’est enregistré : relisez ses réglages actuels."
    )


class AddressIsPublic(RuleBroken):
    """Links to a published morning stand in mails."""

    message = mark("La matinale est publiée : des courriels mènent à cette adresse, elle ne change plus.")
    field = "slug"


class OutOfOrder(RuleBroken):
    """Requests close after registration, answers after requests."""

    message = DEADLINES_FOLLOW
    field = "requests_close_at"


class AfterTheMorning(RuleBroken):
    """Answers must be known before meetings are given."""

    message = ANSWERS_BY_THE_DAY
    field = "answers_close_at"


class ScheduleIsPublished(RuleBroken):
    """People hold meetings at these hours of this day."""

    message = mark(
        "Le planning est publié : %(count)s rendez-vous sont dans les agendas, à ce jour et à ces heures. Ils ne "
        "peuvent pas changer sous les yeux de ceux qui les ont reçus."
    )
    field = "held_on"


class DayNotAgreed(RuleBroken):
    """Whoever registered did so for another day."""

    message = mark(
        "Inscriptions déjà faites pour l’ancien jour : %(count)s. Personne n’est prévenu par ce changement : cochez "
        "la case pour le confirmer, puis écrivez aux participants."
    )
    field = "is_agreed"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the page of settings holds; instants in UTC."""

    identity: Identity
    introduction: str
    registration_closes_at: datetime
    requests_close_at: datetime
    answers_close_at: datetime
    request_quota: int

    @property
    def deadlines(self) -> tuple[datetime, datetime, datetime]:
        """Registration, requests, answers."""
        return self.registration_closes_at, self.requests_close_at, self.answers_close_at


def settings_of(event: Event) -> Settings:
    """The settings as they are now."""
    identity = Identity(event.title, event.slug, event.held_on, event.venue, event.address, event.sector)
    deadlines = event.registration_closes_at, event.requests_close_at, event.answers_close_at
    return Settings(identity, event.introduction, *deadlines, event.request_quota)


def state_of(event: Event) -> str:
    """A short name of everything these pages change, the same as long as nobody changed any of it."""
    slots = [(slot.position, slot.starts_at.isoformat(), slot.ends_at.isoformat()) for slot in event.slots]
    known = (settings_of(event), slots, [table.number for table in event.tables], event.is_draft)
    return hashlib.sha256(repr(known).encode()).hexdigest()[:32]


def change_settings(
    event: Event, settings: Settings, *, seen: str, is_agreed: bool, by: Person | None, at: datetime
) -> None:
    """Correct a morning; another day takes slots, programme and exhibition along, and deadlines left as they were.

    Raises SettingsChanged, AddressIsPublic, OutOfOrder, AfterTheMorning, ScheduleIsPublished, DayNotAgreed, and what
    drafting raises.
    """
    lock(event)
    if state_of(event) != seen:
        raise SettingsChanged
    before, identity = settings_of(event), settings.identity
    if identity.slug != event.slug and not event.is_draft:
        raise AddressIsPublic
    if (identity.slug, identity.held_on) != (event.slug, event.held_on):
        check_identity(identity, zone=event.zone, at=at, known=event)
    if identity.held_on != event.held_on:
        _check_day_may_change(event, is_agreed=is_agreed)
    move = Move(event.held_on, identity.held_on, event.zone)
    deadlines = _followed(before, settings, move)
    _check_deadlines(deadlines, event, settings)
    if move.days:
        _move(event, move)
    for name in ("title", "slug", "held_on", "venue", "address", "sector"):
        setattr(event, name, getattr(identity, name))
    event.introduction, event.request_quota = settings.introduction, settings.request_quota
    event.registration_closes_at, event.requests_close_at, event.answers_close_at = deadlines
    session.flush()
    audit.record(by, "event.changed", event, at=at, event_id=event.id, days=move.days)


def _check_day_may_change(event: Event, *, is_agreed: bool) -> None:
    meetings = published_meeting_count(event)
    if meetings:
        raise ScheduleIsPublished(count=meetings)
    registered = registered_count(event)
    if registered and not is_agreed:
        raise DayNotAgreed(count=registered)


def _followed(before: Settings, settings: Settings, move: Move) -> tuple[datetime, ...]:
    """The deadlines: those that were typed anew as typed, the others as far from the morning as they were."""
    pairs = zip(before.deadlines, settings.deadlines, strict=True)
    return tuple(move.instant(old) if new == old else new for old, new in pairs)


def _check_deadlines(deadlines: tuple[datetime, ...], event: Event, settings: Settings) -> None:
    if list(deadlines) != sorted(deadlines):
        raise OutOfOrder
    if deadlines[-1].astimezone(event.zone).date() > settings.identity.held_on:
        raise AfterTheMorning


def _move(event: Event, move: Move) -> None:
    """Take slots, programme and exhibition along to the new day, and of pitches what nobody was told of."""
    hall = exhibition_of(event)
    for slot in event.slots:
        slot.starts_at, slot.ends_at = move.span(slot.starts_at, slot.ends_at)
    for item in event.programme:
        item.starts_at, item.ends_at = move.span(item.starts_at, item.ends_at)
        item.sequence += 1
    if hall is not None:
        hall.opens_at, hall.closes_at = move.span(hall.opens_at, hall.closes_at)
    _move_pitches(event, move)
    session.flush()
    refresh(event)


def _move_pitches(event: Event, move: Move) -> None:
    """A call that nobody has read, and coaching sessions that are in nobody's calendar, follow too."""
    call = pitch_call_of(event)
    if call is not None and call.published_at is None:
        dates = move.in_order(call.opens_at, call.closes_at, call.jury_closes_at)
        call.opens_at, call.closes_at, call.jury_closes_at = dates
        call.confirm_before = move.instant(call.confirm_before) if call.confirm_before else None
    for each in coaching_of(event):
        if not each.coaches and not each.bookings:
            each.starts_at, each.ends_at = move.span(each.starts_at, each.ends_at)
            each.sequence += 1
