"""What leaves by itself: reminders to structures that asked nobody, digests to desks, groups whose time is over.

Mails are rendered before the write lock is taken, and queued in one unit of work; their keys let none leave twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from openmap.accounts.models import Person
from openmap.core import audit, outbox
from openmap.core.db import lock, session, unit_of_work
from openmap.core.outbox import Mail, OutboxMail
from openmap.core.recurring import recurring
from openmap.events.models import Event
from openmap.meeting_requests import emails, groups, queries
from openmap.meeting_requests.enums import InvitationState, MemberState, RequestState
from openmap.meeting_requests.models import DeskDigest, MeetingInvitation, MeetingRequest, RequestMember
from openmap.organisations.enums import OrganisationKind
from openmap.organisations.models import Contact
from openmap.registrations.enums import RegistrationState
from openmap.registrations.models import Desk, Registration

BEFORE_DEADLINE = timedelta(days=3)
REST = timedelta(days=3)  # between two reminders to the same structure
DIGEST_HOUR = 8  # of the morning's own time zone: nobody is written to at night
FEW_MINUTES = timedelta(minutes=5)


def silent_structures(event: Event) -> Sequence[Registration]:
    """Approved structures that ask nobody, come with nobody and were invited by nobody, in the order of their refs."""
    asks = exists().where(MeetingRequest.requester_id == Registration.id, MeetingRequest.rank.is_not(None))
    joins = exists().where(
        RequestMember.registration_id == Registration.id, RequestMember.state == MemberState.ACCEPTED
    )
    invited = exists().where(
        MeetingInvitation.registration_id == Registration.id, MeetingInvitation.state == InvitationState.SENT
    )
    rows = (
        select(Registration)
        .filter_by(event_id=event.id, kind=OrganisationKind.STRUCTURE, state=RegistrationState.APPROVED)
        .where(~asks, ~joins, ~invited)
        .options(joinedload(Registration.contact).joinedload(Contact.person))
        .order_by(Registration.ref)
    )
    return session.scalars(rows).unique().all()


def due_reminders(event: Event, *, at: datetime) -> list[Registration]:
    """Those of them that were not reminded lately: whom a reminder would go to now; none once requests are closed."""
    if not event.requests_open(at):
        return []
    lately = session.scalars(
        select(OutboxMail.recipient).where(
            OutboxMail.kind == "requests_reminder",
            OutboxMail.key.startswith(f"event:{event.id}:"),
            OutboxMail.created_at > at - REST,
        )
    )
    reminded = set(lately)
    return [each for each in silent_structures(event) if each.contact.person.email not in reminded]


def reminder_mails(event: Event, *, at: datetime, only: Sequence[Registration] | None = None) -> list[Mail]:
    """The reminders that would leave now, rendered; or those to `only` some of them, for a preview."""
    key = f"event:{event.id}:{at.astimezone(event.zone):%Y-%m-%d}"
    due = due_reminders(event, at=at) if only is None else only
    return [emails.requests_reminder(each, event=event, key=key) for each in due]


def send_reminders(event: Event, mails: Sequence[Mail], *, by: Person | None, at: datetime) -> int:
    """Queue rendered reminders, except those that became needless meanwhile; returns how many left."""
    lock(event)
    due = {each.contact.person.email for each in due_reminders(event, at=at)}
    left = [mail for mail in mails if mail.recipient in due]
    if left:
        outbox.enqueue_all(left, at=at)
        audit.record(by, "requests.reminded", event, at=at, event_id=event.id, count=len(left))
    return len(left)


@recurring("requests.reminders", every=FEW_MINUTES)
def remind(at: datetime) -> None:
    """Remind the structures that have asked nobody, three days before the requests of their morning close."""
    soon = select(Event).where(Event.requests_close_at > at, Event.requests_close_at <= at + BEFORE_DEADLINE)
    for event in session.scalars(soon.order_by(Event.id)).all():
        if not _was_reminded(event) and (mails := reminder_mails(event, at=at)):
            with unit_of_work():
                send_reminders(event, mails, by=None, at=at)


@recurring("requests.digests", every=FEW_MINUTES)
def send_digests(at: datetime) -> None:
    """Tell each desk, once a day at most, what it was asked since it was last told."""
    answerable = session.scalars(select(Event).where(Event.answers_close_at > at).order_by(Event.id)).all()
    for event in answerable:
        local = at.astimezone(event.zone)
        if local.hour < DIGEST_HOUR:
            continue
        today = local.replace(hour=0, minute=0, second=0, microsecond=0)
        mails = {desk.id: emails.desk_digest(desk, new, day=local.date()) for desk, new in _news(event, before=today)}
        if mails:
            with unit_of_work():
                _queue_digests(mails, at=at)


@recurring("requests.late-groups", every=FEW_MINUTES)
def close_groups(at: datetime) -> None:
    """Send what was still proposed when the requests closed, with those who had accepted."""
    if queries.late_groups(at):
        with unit_of_work():
            groups.send_what_is_late(queries.late_groups(at), at=at)


RECURRING = (remind, send_digests, close_groups)


def _was_reminded(event: Event) -> bool:
    """Whether the automatic reminder of this morning left already: it does so once."""
    earliest = event.requests_close_at - BEFORE_DEADLINE
    left = select(OutboxMail.id).where(
        OutboxMail.kind == "requests_reminder",
        OutboxMail.key.startswith(f"event:{event.id}:"),
        OutboxMail.created_at >= earliest,
    )
    return session.scalar(left.limit(1)) is not None


def _news(event: Event, *, before: datetime) -> list[tuple[Desk, list[MeetingRequest]]]:
    """Each desk that was not told since `before`, with the unanswered requests that came since it was; two queries."""
    rows = session.execute(
        select(MeetingRequest, DeskDigest.sent_at)
        .outerjoin(DeskDigest, DeskDigest.desk_id == MeetingRequest.desk_id)
        .where(
            MeetingRequest.event_id == event.id,
            MeetingRequest.state == RequestState.SENT,
            or_(DeskDigest.sent_at.is_(None), DeskDigest.sent_at < MeetingRequest.sent_at),
            or_(DeskDigest.sent_at.is_(None), DeskDigest.sent_at < before),
        )
        .options(
            joinedload(MeetingRequest.requester),
            joinedload(MeetingRequest.desk)
            .joinedload(Desk.registration)
            .joinedload(Registration.contact)
            .joinedload(Contact.person),
        )
        .order_by(MeetingRequest.desk_id, MeetingRequest.sent_at, MeetingRequest.id)
    ).unique()
    news: dict[int, tuple[Desk, list[MeetingRequest]]] = {}
    for request, _sent_at in rows:
        news.setdefault(request.desk_id, (request.desk, []))[1].append(request)
    return list(news.values())


def _queue_digests(mails: dict[int, Mail], *, at: datetime) -> None:
    known = {row.desk_id: row for row in session.scalars(select(DeskDigest).where(DeskDigest.desk_id.in_(mails)))}
    for desk_id in mails:
        digest = known.get(desk_id) or DeskDigest(desk_id=desk_id)
        digest.sent_at = at
        session.add(digest)
    outbox.enqueue_all(list(mails.values()), at=at)
