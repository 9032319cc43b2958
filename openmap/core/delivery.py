"""Sending the outbox: lease a row, send it outside any transaction, then say what became of it."""

import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from openmap.core.db import session, unit_of_work
from openmap.core.outbox import MailState, OutboxMail
from openmap.core.smtp import Letter, NotSent, Post, ServerAway

LEASE = timedelta(minutes=5)  # a mail takes seconds, its server's time limits included
TRY_LIMIT = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)

log = logging.getLogger(__name__)


def deliver_due(post: Post, *, worker: str, now: Callable[[], datetime], stopped: Callable[[], bool]) -> int:
    """Send every mail that is due, one lease each, until none is left or `stopped`; return how many left.

    What one mail does never stops the next. Raises ServerAway, which counts against no mail.
    """
    sent_count = 0
    while not stopped():
        letter = lease_next(worker=worker, at=now())
        if letter is None:
            break
        sent_count += _deliver(letter, post, worker=worker, now=now)
    return sent_count


def lease_next(*, worker: str, at: datetime) -> Letter | None:
    """Take the mail that waits longest; nobody else gets it until its lease ends."""
    due = select(OutboxMail.id).where(_is_due(at)).order_by(OutboxMail.next_try_at, OutboxMail.id).limit(1)
    nothing_due = session.scalar(due) is None
    session.rollback()
    if nothing_due:  # known without the write lock
        return None
    waits_longest = due.with_for_update(skip_locked=True).scalar_subquery()
    lease = (
        update(OutboxMail)
        .where(OutboxMail.id == waits_longest, _is_due(at))
        .values(state=MailState.LEASED, leased_by=worker, leased_until=at + LEASE, tries=OutboxMail.tries + 1)
        .returning(*(getattr(OutboxMail, name) for name in Letter.__dataclass_fields__))
        .execution_options(synchronize_session=False)
    )
    with unit_of_work():
        row = session.execute(lease).one_or_none()
    return Letter(*row) if row else None


def release_leases_of_the_dead(*, worker: str, at: datetime) -> None:
    """Let go of what killed workers of this machine held, so that their mails need not wait for the lease's end.

    `worker` is the name of the caller: HOST:PID:CHANCE, as every worker's is.
    """
    holders = session.scalars(select(OutboxMail.leased_by).filter_by(state=MailState.LEASED).distinct()).all()
    session.rollback()
    dead = [holder for holder in holders if holder and _is_dead(holder, worker)]
    if dead:
        held = update(OutboxMail).where(OutboxMail.state == MailState.LEASED, OutboxMail.leased_by.in_(dead))
        with unit_of_work():
            session.execute(held.values(leased_until=at).execution_options(synchronize_session=False))


def _is_dead(holder: str, worker: str) -> bool:
    host, _, pid = holder.rpartition(":")[0].rpartition(":")
    own_host, _, own_pid = worker.rpartition(":")[0].rpartition(":")
    if host != own_host or holder == worker or not pid.isdecimal():
        return False  # another machine's, or no worker at all: its lease tells
    if pid == own_pid:
        return True  # a worker before us, in a container where numbers start again
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _is_due(at: datetime) -> ColumnElement[bool]:
    """Waiting and its time has come, or leased by a worker that was never heard of again.

    A time too far ahead was written under another clock (a demonstration that starts again): it holds nobody back.
    """
    waits = OutboxMail.state.in_([MailState.QUEUED, MailState.RETRY])
    its_time = or_(OutboxMail.next_try_at <= at, OutboxMail.next_try_at > at + LONGEST_WAIT)
    lease_over = or_(OutboxMail.leased_until <= at, OutboxMail.leased_until > at + LEASE)
    return or_(and_(waits, its_time), and_(OutboxMail.state == MailState.LEASED, lease_over))


def _deliver(letter: Letter, post: Post, *, worker: str, now: Callable[[], datetime]) -> bool:
    """Send one leased mail and note the outcome; true when it left."""
    try:
        if letter.tries > TRY_LIMIT:
            raise NotSent("its worker ended at every try", permanent=True)  # noqa: TRY301 - one place says what became of it
        post.send(letter)
    except NotSent as failure:
        _note_failure(letter, failure, worker=worker, at=now())
        return False
    except ServerAway as trouble:
        first = letter.tries == 1
        _note(
            letter,
            worker,
            state=MailState.QUEUED if first else MailState.RETRY,
            tries=letter.tries - 1,
            last_error=str(trouble),
        )
        raise
    except Exception as error:
        log.exception("mail %s", letter.id)  # a fault of ours: the mail waits, the next ones leave
        _note_failure(letter, NotSent(repr(error), permanent=False), worker=worker, at=now())
        return False
    _note(letter, worker, state=MailState.SENT, sent_at=now(), last_error=None)
    return True


def _note_failure(letter: Letter, failure: NotSent, *, worker: str, at: datetime) -> None:
    if failure.permanent or letter.tries >= TRY_LIMIT:
        log.error("mail %s given up after %s tries: %s", letter.id, letter.tries, failure)
        _note(letter, worker, state=MailState.PARKED, last_error=str(failure))
    else:
        log.warning("mail %s waits after try %s: %s", letter.id, letter.tries, failure)
        _note(letter, worker, state=MailState.RETRY, last_error=str(failure), next_try_at=at + wait_after(letter.tries))


def wait_after(tries: int) -> timedelta:
    """1, 4, 16, 64 minutes … and 12 hours at most: quick at first, in all more than a day before giving up."""
    return min(FIRST_WAIT * int(4 ** (tries - 1)), LONGEST_WAIT)


def _note(letter: Letter, worker: str, **values: object) -> None:
    """Write the outcome, unless the lease ended and another worker holds the mail now."""
    held = update(OutboxMail).where(
        OutboxMail.id == letter.id, OutboxMail.state == MailState.LEASED, OutboxMail.leased_by == worker
    )
    values |= {"leased_by": None, "leased_until": None}
    with unit_of_work():
        session.execute(held.values(values).execution_options(synchronize_session=False))
