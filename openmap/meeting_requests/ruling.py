"""The organiser writes the rules on who may ask whom; what was asked before stays as it is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from openmap.accounts.models import Person
from openmap.core import audit
from openmap.core.db import lock, session
from openmap.core.errors import RuleBroken
from openmap.core.models import LabelledEnum
from openmap.core.text import mark
from openmap.events.models import Event
from openmap.meeting_requests.rules import RequestBan, RequestQuota, RequestRules, plain_rules, rules_of
from openmap.organisations.enums import StructureKind

MOST_LINES = 50


class BanSaysEverything(RuleBroken):
    """A line about everybody would close the requests."""

    message = mark("Choisissez au moins un type ou un secteur : sinon, plus personne ne pourrait rien demander.")
    field = "structure_kind"


class TooManyLines(RuleBroken):
    """Nobody could read them any more."""

    message = mark("Cette matinale a déjà %(most)s règles de ce genre. Retirez-en une d’abord.")
    field = "structure_kind"


def set_rules(event: Event, chosen: Mapping[str, object], *, by: Person | None, at: datetime) -> RequestRules:
    """Store what the morning allows."""
    lock(event)
    stored = session.scalars(select(RequestRules).filter_by(event_id=event.id)).one_or_none()
    rules = stored or plain_rules(event)
    session.add(rules)
    for name, value in chosen.items():
        setattr(rules, name, value)
    details = {name: str(value) for name, value in chosen.items()}
    audit.record(by, "request_rules.set", rules, at=at, event_id=event.id, **details)
    return rules


def add_ban(event: Event, chosen: Mapping[str, LabelledEnum | None], *, by: Person | None, at: datetime) -> RequestBan:
    """Add a line on who may not ask whom; the same line twice is one. Raises BanSaysEverything, TooManyLines."""
    lock(event)
    if not any(chosen.values()):
        raise BanSaysEverything
    known = rules_of(event).bans
    for ban in known:
        if all(getattr(ban, name) == value for name, value in chosen.items()):
            return ban
    if len(known) >= MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    ban = RequestBan(event_id=event.id, created_at=at, **chosen)
    session.add(ban)
    details = {name: str(value) for name, value in chosen.items() if value}
    audit.record(by, "request_ban.added", ban, at=at, event_id=event.id, **details)
    return ban


def remove_ban(ban: RequestBan, *, by: Person | None, at: datetime) -> None:
    """Take a line back."""
    audit.record(by, "request_ban.removed", ban, at=at, event_id=ban.event_id)
    session.delete(ban)


def set_quota(event: Event, *, kind: StructureKind, quota: int, by: Person | None, at: datetime) -> RequestQuota:
    """Say how many requests structures of one kind may send."""
    lock(event)
    row = _quota_of(event, kind) or RequestQuota(event_id=event.id, structure_kind=kind)
    row.quota = quota
    session.add(row)
    audit.record(by, "request_quota.set", row, at=at, event_id=event.id, kind=str(kind), quota=quota)
    return row


def remove_quota(event: Event, *, kind: StructureKind, by: Person | None, at: datetime) -> None:
    """Give structures of one kind the morning's own number again."""
    row = _quota_of(event, kind)
    if row is not None:
        audit.record(by, "request_quota.removed", row, at=at, event_id=event.id, kind=str(kind))
        session.delete(row)


def _quota_of(event: Event, kind: StructureKind) -> RequestQuota | None:
    row = select(RequestQuota).filter_by(event_id=event.id, structure_kind=kind)
    return session.scalars(row).one_or_none()
