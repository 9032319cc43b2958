"""After the release: confirmations, refusals, silence and withdrawals, each of which may free a place."""

from datetime import datetime

from openmap.accounts.models import Person
from openmap.core import outbox
from openmap.core.db import session
from openmap.core.text import mark
from openmap.pitches.enums import ApplicationState, Confirmation
from openmap.pitches.holding import follows_withdrawals
from openmap.pitches.models import PitchApplication, PitchCall
from openmap.selections import emails, queries
from openmap.selections.deadlines import is_silent
from openmap.selections.emails import Words, moment
from openmap.selections.enums import ChangeKind, Outcome
from openmap.selections.operations.changing import hold, note_change
from openmap.selections.operations.deciding import drop_withdrawn
from openmap.selections.operations.releasing import check_anonymous
from openmap.selections.operations.succession import Succession, close_ranks, hand_on
from openmap.selections.refusals import NothingToAnswer, StillTime

NO_ANSWER = mark("Sans réponse avant l’échéance.")


def confirm_pitch(application: PitchApplication, *, by: Person | None, at: datetime) -> None:
    """Say yes; twice is once, and late is welcome as long as the place was not given away. Raises NothingToAnswer."""
    call = hold(application.call)
    check_asked(application)
    if application.confirmation is Confirmation.CONFIRMED:
        return
    application.confirmation, application.confirmed_at = Confirmation.CONFIRMED, at
    board = queries.board_of(call)
    note_change(call, ChangeKind.CONFIRMED, before=board, after=board, by=by, at=at, note=_title(application))


def decline_pitch(application: PitchApplication, *, reason: str, by: Person | None, at: datetime) -> Succession:
    """Say no, or no more: the first of the reserve that keeps the rules moves up. Raises NothingToAnswer."""
    call = hold(application.call)
    check_asked(application)
    return _leave(call, application, ChangeKind.DECLINED, reason=reason, by=by, at=at)


def free_unanswered(application: PitchApplication, *, message: str = "", by: Person | None, at: datetime) -> Succession:
    """Give the place of a structure that did not answer in time to the reserve; it reads so, with `message`.

    Raises NothingToAnswer, StillTime, ReviewerNamed.
    """
    call = hold(application.call)
    check_asked(application)
    if application.confirmation is not Confirmation.ASKED:
        raise NothingToAnswer
    if application.confirm_before and not is_silent(application, at=at):
        raise StillTime(moment=f"{application.confirm_before.astimezone(call.event.zone):%d/%m/%Y %H:%M}")
    check_anonymous(call, message)
    mail = emails.freed(application, Words(message), key=f"pitch:{application.id}:{moment(at)}")
    outbox.enqueue(mail, at=at)
    return _leave(call, application, ChangeKind.UNANSWERED, reason=NO_ANSWER, by=by, at=at)


def follow_withdrawal(
    application: PitchApplication, *, was: ApplicationState, by: Person | None, at: datetime
) -> Succession | None:
    """Do what goes with the withdrawal of a file that stood in the state `was`."""
    call = hold(application.call)
    if not call.released_at:
        drop_withdrawn(application, by=by, at=at)
        return None
    session.flush()
    after = queries.board_of(call)
    key = application.id
    if was is ApplicationState.SELECTED and not application.decline_reason:  # who gave its place up had left it
        before = after.placed(key, Outcome.SELECTED)
        return hand_on(call, application, ChangeKind.WITHDRAWN, before=before, by=by, at=at)
    close_ranks(queries.sent_files(call))
    note_change(call, ChangeKind.WITHDRAWN, before=after, after=after, by=by, at=at, note=_title(application))
    return None


@follows_withdrawals
def _withdrawn(application: PitchApplication, was: ApplicationState, by: Person | None, at: datetime) -> None:
    follow_withdrawal(application, was=was, by=by, at=at)


def check_asked(application: PitchApplication) -> None:
    """Read a file again under the lock; raises NothingToAnswer unless it is chosen and did not give up."""
    session.refresh(application)
    if application.confirmation not in queries.ON_STAGE:
        raise NothingToAnswer


def _leave(
    call: PitchCall,
    application: PitchApplication,
    kind: ChangeKind,
    *,
    reason: str,
    by: Person | None,
    at: datetime,
) -> Succession:
    before = queries.board_of(call)
    application.confirmation, application.confirmed_at = Confirmation.DECLINED, at
    application.decline_reason = reason
    session.flush()
    return hand_on(call, application, kind, before=before, by=by, at=at)


def _title(application: PitchApplication) -> str:
    return application.registration.title
